#include "cli/bench/bench_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/bench/bench_child.h"
#include "core/base/bytes.h"

enum {
	VARIANT_CUBIC,
	VARIANT_BBR,
	BUFFER = 1024 * 1024,
	FRAME = 4, /* size of a message, before it */
	EVENTS = 64,
};

static const char *const algorithms[] = { "cubic", "bbr" };

struct tcp_link {
	const struct bench_plan *plan;
	int epoll_fd;
	int listen_fd;
	int fd; /* the one that messages go through */
	struct sockaddr_in address;
	int *fds;
	int fds_count;
	int up;
	uint8_t *out, *in;
	size_t out_begin, out_end, in_begin, in_end;
};

static const char *missing(int variant)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result =
		setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, algorithms[variant], (socklen_t)strlen(algorithms[variant]));

	close(fd);
	return result == 0 ? NULL : "this kernel does not have it";
}

static void watch(struct tcp_link *link, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	if (epoll_ctl(link->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		bench_child_fail("epoll: %s", strerror(errno));
}

static int open_socket(const struct tcp_link *link)
{
	const char *algorithm = algorithms[link->plan->peer->variant];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		bench_child_fail("socket: %s", strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, algorithm, (socklen_t)strlen(algorithm));
	return fd;
}

static void listen_here(struct tcp_link *link, char where[BENCH_WHERE_MAX])
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);

	link->listen_fd = open_socket(link);
	if (bind(link->listen_fd, (struct sockaddr *)&address, size) != 0 || listen(link->listen_fd, 4096) != 0 ||
	    getsockname(link->listen_fd, (struct sockaddr *)&address, &size) != 0)
		bench_child_fail("listening: %s", strerror(errno));
	watch(link, link->listen_fd, EPOLLIN);
	snprintf(where, BENCH_WHERE_MAX, "%d", ntohs(address.sin_port));
}

static void *open_link(const struct bench_plan *plan, char where[BENCH_WHERE_MAX])
{
	struct tcp_link *link = calloc(1, sizeof(*link));

	link->plan = plan;
	link->fd = link->listen_fd = -1;
	link->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	link->fds = calloc((size_t)(plan->connections > 0 ? plan->connections : 1), sizeof(*link->fds));
	link->out = malloc(BUFFER);
	link->in = malloc(BUFFER);
	if (plan->is_server) {
		listen_here(link, where);
	} else {
		link->address.sin_family = AF_INET;
		link->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		link->address.sin_port = htons((uint16_t)atoi(where));
	}
	return link;
}

static void call(void *data, int count)
{
	struct tcp_link *link = data;

	for (int i = 0; i < count; i++) {
		int fd = open_socket(link);
		if (connect(fd, (struct sockaddr *)&link->address, sizeof(link->address)) != 0 && errno != EINPROGRESS)
			bench_child_fail("connecting: %s", strerror(errno));
		link->fds[link->fds_count++] = fd;
		watch(link, fd, EPOLLOUT);
	}
}

static void hang_up(void *data)
{
	struct tcp_link *link = data;

	for (int i = 0; i < link->fds_count; i++)
		close(link->fds[i]);
	link->fds_count = 0;
	link->up = 0;
	link->fd = -1;
}

/* --- connections */

static void on_up(struct tcp_link *link, int fd)
{
	if (link->up++ == 0)
		link->fd = fd;
}

static void accept_all(struct tcp_link *link)
{
	int on = 1;

	for (;;) {
		int fd = accept4(link->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		watch(link, fd, EPOLLRDHUP);
		on_up(link, fd);
	}
}

static void on_ready(struct tcp_link *link, const struct epoll_event *event)
{
	struct epoll_event quiet = { .events = EPOLLRDHUP, .data.fd = event->data.fd };

	if (event->data.fd == link->listen_fd) {
		accept_all(link);
	} else if ((event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
		if (!link->plan->is_server)
			bench_child_fail("the connection ended");
		close(event->data.fd);
		link->up--;
	} else if ((event->events & EPOLLOUT) != 0) {
		epoll_ctl(link->epoll_fd, EPOLL_CTL_MOD, event->data.fd, &quiet);
		on_up(link, event->data.fd);
	}
}

static void look_around(struct tcp_link *link, int timeout_msec)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(link->epoll_fd, events, EVENTS, timeout_msec);

	for (int i = 0; i < count; i++)
		on_ready(link, &events[i]);
}

static int connected(void *data)
{
	struct tcp_link *link = data;

	look_around(link, 0);
	return link->up;
}

/* --- messages */

static void flush_out(struct tcp_link *link)
{
	while (link->out_begin < link->out_end) {
		ssize_t size = send(link->fd, link->out + link->out_begin, link->out_end - link->out_begin, MSG_NOSIGNAL);
		if (size < 0 && errno == EAGAIN)
			break;
		if (size < 0)
			bench_child_fail("sending: %s", strerror(errno));
		link->out_begin += (size_t)size;
	}
	if (link->out_begin == link->out_end)
		link->out_begin = link->out_end = 0;
}

static void wait_link(void *data, bool for_room, int64_t usec)
{
	struct tcp_link *link = data;
	struct pollfd watched = { .fd = link->fd, .events = POLLIN };
	int timeout_msec = (int)((usec + 999) / 1000);

	if (link->fd < 0 || link->plan->connections > 1 || link->plan->size == 0) {
		look_around(link, timeout_msec);
		return;
	}
	if (link->out_end > 0)
		watched.events |= POLLOUT;
	(void)for_room;
	poll(&watched, 1, timeout_msec);
	if (link->out_end > 0)
		flush_out(link);
}

static int send_messages(void *data, const uint8_t *const *messages, int count)
{
	struct tcp_link *link = data;
	uint32_t size = (uint32_t)link->plan->size;
	int sent = 0;

	/* What is left of the last batch first, so that the buffer never has to be moved. */
	flush_out(link);
	if (link->out_end > 0)
		return 0;
	for (; sent < count && link->out_end + FRAME + size <= BUFFER; sent++) {
		bytes_copy(link->out + link->out_end, &size, FRAME);
		bytes_copy(link->out + link->out_end + FRAME, messages[sent], size);
		link->out_end += FRAME + size;
	}
	flush_out(link);
	return sent;
}

static int take_messages(struct tcp_link *link, bench_take_fn *take, void *take_data)
{
	int count = 0;

	while (link->in_end - link->in_begin >= FRAME) {
		uint32_t size;
		bytes_copy(&size, link->in + link->in_begin, FRAME);
		if (size > BUFFER / 2)
			bench_child_fail("a message of %u bytes", size);
		if (link->in_end - link->in_begin < FRAME + size)
			break;
		take(take_data, link->in + link->in_begin + FRAME, size);
		link->in_begin += FRAME + size;
		count++;
	}
	bytes_move(link->in, link->in + link->in_begin, link->in_end - link->in_begin);
	link->in_end -= link->in_begin;
	link->in_begin = 0;
	return count;
}

static int receive(void *data, bench_take_fn *take, void *take_data)
{
	struct tcp_link *link = data;
	ssize_t size = recv(link->fd, link->in + link->in_end, BUFFER - link->in_end, 0);

	if (size == 0 || (size < 0 && errno != EAGAIN))
		bench_child_fail("receiving: %s", size == 0 ? "the connection ended" : strerror(errno));
	if (size < 0)
		return 0;
	link->in_end += (size_t)size;
	return take_messages(link, take, take_data);
}

const struct bench_peer bench_tcp_cubic = {
	.name = "tcp-cubic",
	.about = "TCP with CUBIC, TCP_NODELAY, messages written together; not encrypted",
	.missing = missing,
	.abilities = BENCH_CAN_RELIABLE | BENCH_CAN_CONNECT | BENCH_CAN_CONNECT_MANY | BENCH_CAN_IDLE,
	.variant = VARIANT_CUBIC,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};

const struct bench_peer bench_tcp_bbr = {
	.name = "tcp-bbr",
	.about = "TCP with BBR, TCP_NODELAY, messages written together; not encrypted",
	.missing = missing,
	.abilities = BENCH_CAN_RELIABLE | BENCH_CAN_CONNECT | BENCH_CAN_CONNECT_MANY | BENCH_CAN_IDLE,
	.variant = VARIANT_BBR,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};
