#include "cli/doctor/doctor_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kith/endpoint.h>

#include "cli/host_port.h"
#include "core/base/bytes.h"

enum { REPLY_MAX = 2048, REPEAT_FIRST_US = 500000 };

bool doctor_net_resolve(const char *text, int family, union doctor_net_address *out, char why[DOCTOR_NET_WHY_MAX])
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found = NULL;
	struct host_port where;
	int result;

	if (!host_port_parse(&where, text)) {
		snprintf(why, DOCTOR_NET_WHY_MAX, "not HOST:PORT");
		return false;
	}
	result = getaddrinfo(where.host, where.port, &hints, &found);
	if (result != 0) {
		snprintf(why, DOCTOR_NET_WHY_MAX, "%s", gai_strerror(result));
		return false;
	}
	bytes_zero(out, sizeof(*out));
	bytes_copy(out, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return true;
}

socklen_t doctor_net_length(const union doctor_net_address *address)
{
	return address->any.sa_family == AF_INET6 ? sizeof(address->v6) : sizeof(address->v4);
}

const char *doctor_net_print(char out[DOCTOR_NET_TEXT_MAX], const union doctor_net_address *address)
{
	char ip[INET6_ADDRSTRLEN] = "?";

	if (address->any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &address->v6.sin6_addr, ip, sizeof(ip));
		snprintf(out, DOCTOR_NET_TEXT_MAX, "[%s]:%d", ip, ntohs(address->v6.sin6_port));
	} else {
		inet_ntop(AF_INET, &address->v4.sin_addr, ip, sizeof(ip));
		snprintf(out, DOCTOR_NET_TEXT_MAX, "%s:%d", ip, ntohs(address->v4.sin_port));
	}
	return out;
}

bool doctor_net_equal(const union doctor_net_address *a, const union doctor_net_address *b, bool with_port)
{
	if (a->any.sa_family != b->any.sa_family)
		return false;
	if (a->any.sa_family == AF_INET6)
		return bytes_equal(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof(a->v6.sin6_addr)) &&
		       (!with_port || a->v6.sin6_port == b->v6.sin6_port);
	return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr && (!with_port || a->v4.sin_port == b->v4.sin_port);
}

bool doctor_net_source(const union doctor_net_address *remote, union doctor_net_address *out)
{
	socklen_t length = sizeof(*out);
	int fd = doctor_net_open_udp(remote->any.sa_family);
	bool good;

	bytes_zero(out, sizeof(*out));
	good = fd >= 0 && connect(fd, &remote->any, doctor_net_length(remote)) == 0 &&
	       getsockname(fd, &out->any, &length) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

int doctor_net_open_udp(int family)
{
	return socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int wait_connected(int fd, int64_t limit_usec)
{
	struct pollfd polled = { fd, POLLOUT, 0 };
	int error = ETIMEDOUT;
	socklen_t size = sizeof(error);

	if (poll(&polled, 1, (int)(limit_usec / 1000)) == 1)
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error;
}

int doctor_net_open_tcp(const union doctor_net_address *remote, int64_t limit_usec, char why[DOCTOR_NET_WHY_MAX])
{
	int fd = socket(remote->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error = 0;

	if (fd < 0 || (connect(fd, &remote->any, doctor_net_length(remote)) != 0 && errno != EINPROGRESS))
		error = errno;
	else
		error = wait_connected(fd, limit_usec);
	if (error == 0)
		return fd;
	snprintf(why, DOCTOR_NET_WHY_MAX, "%s", strerror(error));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- asking */

static void send_question(const struct doctor_net_question *question)
{
	if (question->stream)
		(void)!write(question->fd, question->bytes, question->size);
	else
		(void)!sendto(question->fd, question->bytes, question->size, MSG_NOSIGNAL, &question->to->any,
		              doctor_net_length(question->to));
}

/* Reads what is there behind what came before. The size of a whole message, 0: not yet, -1: the end. */
static int read_stream(int fd, uint8_t *buffer, size_t *held)
{
	ssize_t got = read(fd, buffer + *held, REPLY_MAX - *held);
	size_t wanted;

	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
	*held += (size_t)got;
	if (*held < 20)
		return 0;
	wanted = 20u + ((size_t)buffer[2] << 8 | buffer[3]);
	if (wanted > REPLY_MAX)
		return -1;
	return *held >= wanted ? (int)wanted : 0;
}

static int read_some(const struct doctor_net_question *question, uint8_t *buffer, size_t *held)
{
	ssize_t got;

	if (question->stream)
		return read_stream(question->fd, buffer, held);
	got = recv(question->fd, buffer, REPLY_MAX, MSG_DONTWAIT);
	return got < 0 ? 0 : (int)got;
}

int64_t doctor_net_ask(const struct doctor_net_question *question)
{
	uint8_t buffer[REPLY_MAX];
	int64_t begin = kith_now_us(), repeat = begin + REPEAT_FIRST_US, pause = 2 * REPEAT_FIRST_US;
	size_t held = 0;

	send_question(question);
	for (;;) {
		struct pollfd polled = { question->fd, POLLIN, 0 };
		int64_t now = kith_now_us(), end = begin + question->limit_usec;
		int64_t wait = (!question->stream && repeat < end ? repeat : end) - now;
		int size;
		if (now >= end)
			return -1;
		if (poll(&polled, 1, wait > 0 ? (int)(wait / 1000 + 1) : 0) == 1) {
			size = read_some(question, buffer, &held);
			if (size < 0)
				return -1;
			if (size > 0 && question->accept(question->owner, buffer, (size_t)size))
				return kith_now_us() - begin;
		}
		if (!question->stream && kith_now_us() >= repeat) {
			send_question(question);
			repeat += pause;
			pause *= 2;
		}
	}
}
