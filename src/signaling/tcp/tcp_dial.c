#include "signaling/tcp/tcp_dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	/* For one address: after a while without network the kernel waits ever longer with its next try. */
	CONNECT_LIMIT_MSEC = 4 * 1000,
	/* A way that is gone is noticed while what goes over it is still of use: peers whose network changed need it. */
	UNACKED_LIMIT_MSEC = 2500,
};

struct dial {
	int wake_fd;
	int (*stop)(void *stop_data);
	void *stop_data;
};

static int64_t now_msec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void set(int fd, int level, int option, int value)
{
	/* A kernel without one of these options only loses what the option gives. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

/* Waits until the connection is there; 0 or an errno, ECANCELED when told to stop. */
static int wait_connected(int fd, const struct dial *dial)
{
	int64_t limit = now_msec() + CONNECT_LIMIT_MSEC;
	struct pollfd polled[2] = { { fd, POLLOUT, 0 }, { dial->wake_fd, POLLIN, 0 } };

	for (;;) {
		int64_t left = limit - now_msec();
		if (left <= 0)
			return ETIMEDOUT;
		if (poll(polled, 2, (int)left) < 0 && errno != EINTR)
			return errno;
		if (polled[0].revents != 0) {
			int result = 0;
			socklen_t size = sizeof(result);
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &size);
			return result;
		}
		if (polled[1].revents != 0 && dial->stop(dial->stop_data))
			return ECANCELED;
		/* Woken for a new line: it waits for the connection too. */
	}
}

/* A connected socket, or -1 and errno. */
static int dial_address(const struct addrinfo *info, const struct dial *dial)
{
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int result = 0;

	if (fd < 0)
		return -1;
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 30);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 10);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKED_LIMIT_MSEC);
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (connect(fd, info->ai_addr, info->ai_addrlen) != 0)
		result = errno == EINPROGRESS ? wait_connected(fd, dial) : errno;
	if (result == 0)
		return fd;
	close(fd);
	errno = result;
	return -1;
}

int tcp_dial(const struct tcp_url *url, int wake_fd, int (*stop)(void *stop_data), void *stop_data,
             char error[TCP_DIAL_ERROR_MAX])
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	struct dial dial = { wake_fd, stop, stop_data };
	struct addrinfo *found = NULL;
	int result = getaddrinfo(url->host, url->port, &hints, &found);
	int fd = -1;

	error[0] = '\0';
	if (result != 0) {
		snprintf(error, TCP_DIAL_ERROR_MAX, "%.100s: %s", url->host,
		         result == EAI_SYSTEM ? strerror(errno) : gai_strerror(result));
		return -1;
	}
	for (const struct addrinfo *at = found; at != NULL && fd < 0 && !stop(stop_data); at = at->ai_next) {
		fd = dial_address(at, &dial);
		if (fd < 0 && errno != ECANCELED)
			snprintf(error, TCP_DIAL_ERROR_MAX, "%.100s port %s: %s", url->host, url->port, strerror(errno));
	}
	freeaddrinfo(found);
	return fd;
}

static bool is_same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)a, *b6 = (const struct sockaddr_in6 *)b;

	if (a->ss_family == AF_INET)
		return ((const struct sockaddr_in *)a)->sin_addr.s_addr == ((const struct sockaddr_in *)b)->sin_addr.s_addr;
	return IN6_ARE_ADDR_EQUAL(&a6->sin6_addr, &b6->sin6_addr);
}

bool tcp_dial_is_stranded(int fd)
{
	struct sockaddr_storage here, peer, now;
	socklen_t here_size = sizeof(here), peer_size = sizeof(peer), now_size = sizeof(now);
	bool stranded;
	int probe;

	if (getsockname(fd, (struct sockaddr *)&here, &here_size) != 0 ||
	    getpeername(fd, (struct sockaddr *)&peer, &peer_size) != 0)
		return false;
	/* The routes tell where datagrams would leave from; none is sent. */
	probe = socket(peer.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (probe < 0)
		return false;
	stranded = connect(probe, (const struct sockaddr *)&peer, peer_size) != 0 ||
	           getsockname(probe, (struct sockaddr *)&now, &now_size) != 0 || !is_same_host(&here, &now);
	close(probe);
	return stranded;
}
