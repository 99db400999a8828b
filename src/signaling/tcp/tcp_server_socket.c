#include "signaling/tcp/tcp_server_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	BACKLOG = 4096, /* thousands may come back at once after a restart */
	KEEPALIVE_IDLE_SECONDS = 30,
	KEEPALIVE_INTERVAL_SECONDS = 10,
	KEEPALIVE_PROBES = 3,
	UNACKED_LIMIT_MSEC = 60 * 1000,
};

static void set(int fd, int level, int option, int value)
{
	/* A kernel without one of these options only loses what the option gives. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

static int listen_on(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (info->ai_family == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		int saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

int tcp_server_socket_listen(const char *host, const char *port, char *error, size_t error_size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct addrinfo *found = NULL;
	int result = getaddrinfo(host, port, &hints, &found);
	int fd = -1;

	if (result != 0) {
		snprintf(error, error_size, "cannot listen on %s port %s: %s", host, port, gai_strerror(result));
		return -1;
	}
	for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next)
		fd = listen_on(at);
	if (fd < 0 && strcmp(host, "::") == 0 && errno == EAFNOSUPPORT) {
		/* No IPv6 in this kernel: "any address" still means what it says. */
		freeaddrinfo(found);
		return tcp_server_socket_listen("0.0.0.0", port, error, error_size);
	}
	if (fd < 0)
		snprintf(error, error_size, "cannot listen on %s port %s: %s", host, port, strerror(errno));
	freeaddrinfo(found);
	return fd;
}

void tcp_server_socket_text(int fd, char text[TCP_SERVER_SOCKET_TEXT_MAX])
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char host[46] = "?";
	char port[8] = "?";

	text[0] = '\0';
	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return;
	getnameinfo((struct sockaddr *)&address, size, host, sizeof(host), port, sizeof(port),
	            NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, TCP_SERVER_SOCKET_TEXT_MAX, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

void tcp_server_socket_tune(int fd)
{
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKED_LIMIT_MSEC);
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}
