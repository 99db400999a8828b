#include "signaling/tcp/tcp_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "signaling/tcp/tcp_directory.h"
#include "signaling/tcp/tcp_server_socket.h"

enum {
	EVENTS_MAX = 256,
	READ_SIZE = 64 * 1024,
	TICK_MSEC = 20,          /* how often clients that wait for tokens are looked at */
	ACCEPT_PAUSE_MSEC = 100, /* after the system ran out of descriptors or memory */
	ACCEPTS_PER_STEP = 64,   /* then the others get their turn */
	DESCRIPTORS_SPARE = 64,
};

struct tcp_server {
	struct tcp_server_options options;
	struct tcp_server_stats stats;
	struct tcp_directory directory;
	struct tcp_budget budget;
	int listen_fd;
	int epoll_fd;
	int stop_fd;
	bool stopping;
	bool accept_paused;
	int64_t accept_again_usec;
	struct tcp_server_client *greeting;  /* without a name yet, oldest first */
	struct tcp_server_client *greeted;   /* the others, unless they wait */
	struct tcp_server_client *throttled; /* wait for tokens */
	struct tcp_server_client *closed;    /* freed when the step ends: events may still name them */
	char address[TCP_SERVER_SOCKET_TEXT_MAX];
	char scratch[READ_SIZE];
};

static int64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void say(struct tcp_server *server, const char *text, const char *name)
{
	char line[TCP_LINE_IDENTITY_MAX + 96];

	if (server->options.log == NULL)
		return;
	snprintf(line, sizeof(line), name != NULL ? "%s: %s" : "%s", text, name);
	server->options.log(server->options.log_data, line);
}

void tcp_server_options_init(struct tcp_server_options *options)
{
	*options = (struct tcp_server_options){
		.host = "::",
		.port = "10000",
		.clients_max = 16384,
		.memory_max = (size_t)256 * 1024 * 1024,
		.rate = 1024 * 1024,
		.burst = 2 * 1024 * 1024,
		.greeting_usec = 10 * 1000000,
	};
}

static bool watch(struct tcp_server *server, int fd, void *what)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };

	return epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void watch_client(struct tcp_server *server, struct tcp_server_client *client)
{
	struct epoll_event event = { .data.ptr = client };

	event.events = (client->throttled ? 0 : EPOLLIN) | (client->writing ? EPOLLOUT : 0);
	epoll_ctl(server->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

static void raise_descriptor_limit(size_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted;
	if (limit.rlim_max < wanted)
		limit.rlim_max = wanted; /* only root may; else as many as we may have */
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct tcp_server *tcp_server_new(const struct tcp_server_options *options, char error[TCP_SERVER_ERROR_MAX])
{
	struct tcp_server *server = calloc(1, sizeof(*server));
	uint64_t key = 0;

	if (server == NULL) {
		snprintf(error, TCP_SERVER_ERROR_MAX, "out of memory");
		return NULL;
	}
	server->options = *options;
	server->budget.max = options->memory_max;
	server->epoll_fd = -1;
	server->stop_fd = -1;
	raise_descriptor_limit(options->clients_max + DESCRIPTORS_SPARE);
	server->listen_fd = tcp_server_socket_listen(options->host, options->port, error, TCP_SERVER_ERROR_MAX);
	if (server->listen_fd < 0) {
		tcp_server_destroy(server);
		return NULL;
	}
	tcp_server_socket_text(server->listen_fd, server->address);
	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	server->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (server->epoll_fd < 0 || server->stop_fd < 0 || getrandom(&key, sizeof(key), 0) != sizeof(key) ||
	    !tcp_directory_init(&server->directory, options->clients_max, key) ||
	    !watch(server, server->listen_fd, &server->listen_fd) || !watch(server, server->stop_fd, &server->stop_fd)) {
		snprintf(error, TCP_SERVER_ERROR_MAX, "cannot start: %s", strerror(errno));
		tcp_server_destroy(server);
		return NULL;
	}
	return server;
}

static struct tcp_server_client **list_of(struct tcp_server *server, const struct tcp_server_client *client)
{
	if (client->closed)
		return &server->closed;
	if (client->throttled)
		return &server->throttled;
	return client->name == NULL ? &server->greeting : &server->greeted;
}

static void leave_list(struct tcp_server *server, struct tcp_server_client *client)
{
	struct tcp_server_client **head = list_of(server, client);

	DL_DELETE2(*head, client, list_prev, list_next);
}

static void enter_list(struct tcp_server *server, struct tcp_server_client *client)
{
	struct tcp_server_client **head = list_of(server, client);

	DL_APPEND2(*head, client, list_prev, list_next);
}

static void close_client(struct tcp_server *server, struct tcp_server_client *client, const char *why)
{
	if (client->closed)
		return;
	say(server, why, client->name);
	if (client->name != NULL)
		tcp_directory_remove(&server->directory, client);
	leave_list(server, client);
	client->closed = true;
	enter_list(server, client);
	epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, client->fd, NULL);
	server->stats.clients--;
}

static void free_closed(struct tcp_server *server)
{
	while (server->closed != NULL) {
		struct tcp_server_client *client = server->closed;
		leave_list(server, client);
		tcp_server_client_destroy(client);
	}
}

void tcp_server_destroy(struct tcp_server *server)
{
	struct tcp_server_client **lists[] = { &server->greeting, &server->greeted, &server->throttled };

	server->options.log = NULL;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		while (*lists[i] != NULL)
			close_client(server, *lists[i], "stopped");
	free_closed(server);
	tcp_directory_free(&server->directory);
	if (server->listen_fd >= 0)
		close(server->listen_fd);
	if (server->epoll_fd >= 0)
		close(server->epoll_fd);
	if (server->stop_fd >= 0)
		close(server->stop_fd);
	free(server);
}

static void greet(struct tcp_server *server, struct tcp_server_client *client, const char *line, size_t size)
{
	const char *name;
	size_t name_size = tcp_line_greeting(&name, line, size);
	struct tcp_server_client *old;

	if (name_size == 0) {
		server->stats.dropped_malformed++;
		close_client(server, client, "no usable name in the greeting");
		return;
	}
	old = tcp_directory_find(&server->directory, name, name_size);
	if (old != NULL) {
		server->stats.replaced++;
		close_client(server, old, "replaced by a new connection");
	}
	leave_list(server, client);
	if (!tcp_server_client_set_name(client, name, name_size)) {
		enter_list(server, client);
		close_client(server, client, "out of memory");
		return;
	}
	enter_list(server, client);
	tcp_directory_add(&server->directory, client);
	say(server, "client", client->name);
}

static void deliver(struct tcp_server *server, struct tcp_server_client *from, const char *line, size_t size)
{
	struct tcp_line parts;
	struct tcp_server_client *to;

	if (!tcp_line_split(&parts, line, size)) {
		server->stats.dropped_malformed++;
		return;
	}
	to = tcp_directory_find(&server->directory, parts.peer, parts.peer_size);
	if (to == NULL) {
		server->stats.dropped_unknown++;
		return;
	}
	switch (tcp_server_client_send(to, from->name, from->name_size, parts.payload, parts.payload_size)) {
	case TCP_SERVER_SENT:
		server->stats.delivered++;
		break;
	case TCP_SERVER_DROPPED:
		server->stats.dropped_full++;
		break;
	case TCP_SERVER_BROKEN:
		server->stats.dropped_full++;
		close_client(server, to, "connection lost");
		return;
	}
	if (!to->writing && !tcp_server_client_is_empty(to)) {
		to->writing = true;
		watch_client(server, to);
	}
}

static void throttle(struct tcp_server *server, struct tcp_server_client *client, bool on)
{
	leave_list(server, client);
	client->throttled = on;
	enter_list(server, client);
	watch_client(server, client);
}

static void read_lines(struct tcp_server *server, struct tcp_server_client *client, const char *input, size_t size)
{
	uint64_t dropped = client->reader.lines_dropped;
	const char *line;
	size_t line_size;

	client->tokens -= (int64_t)size;
	while (!client->closed && tcp_line_reader_next(&client->reader, &input, &size, &line, &line_size)) {
		client->tokens -= TCP_SERVER_CLIENT_LINE_COST;
		if (client->name == NULL)
			greet(server, client, line, line_size);
		else
			deliver(server, client, line, line_size);
	}
	server->stats.dropped_malformed += client->reader.lines_dropped - dropped;
	if (client->name == NULL && client->reader.lines_dropped > 0)
		close_client(server, client, "no usable name in the greeting");
}

static void on_readable(struct tcp_server *server, struct tcp_server_client *client, int64_t now)
{
	ssize_t size = recv(client->fd, server->scratch, sizeof(server->scratch), MSG_DONTWAIT);

	if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (size <= 0) {
		close_client(server, client, "left");
		return;
	}
	read_lines(server, client, server->scratch, (size_t)size);
	if (client->closed)
		return;
	tcp_server_client_refill(client, now, server->options.rate, server->options.burst);
	if (client->tokens < 0) {
		server->stats.throttled++;
		throttle(server, client, true);
	}
}

static void on_client(struct tcp_server *server, struct tcp_server_client *client, uint32_t events, int64_t now)
{
	if (client->closed)
		return;
	if ((events & EPOLLOUT) != 0) {
		if (!tcp_server_client_flush(client)) {
			close_client(server, client, "connection lost");
			return;
		}
		client->writing = !tcp_server_client_is_empty(client);
		watch_client(server, client);
	}
	if ((events & EPOLLIN) != 0 && !client->throttled)
		on_readable(server, client, now);
	else if ((events & (EPOLLERR | EPOLLHUP)) != 0)
		close_client(server, client, "connection lost");
}

/* Out of descriptors or memory: those who are in stay in, and the kernel's queue holds the others. */
static void pause_accepting(struct tcp_server *server, int64_t now)
{
	struct epoll_event event = { .events = 0, .data.ptr = &server->listen_fd };
	char text[128];

	snprintf(text, sizeof(text), "cannot accept more clients now (%s)", strerror(errno));
	say(server, text, NULL);
	server->stats.refused++;
	server->accept_paused = true;
	server->accept_again_usec = now + ACCEPT_PAUSE_MSEC * 1000;
	epoll_ctl(server->epoll_fd, EPOLL_CTL_MOD, server->listen_fd, &event);
}

static void add_client(struct tcp_server *server, int fd, int64_t now)
{
	struct tcp_server_client *client = NULL;

	if (server->stats.clients < server->options.clients_max)
		client = tcp_server_client_new(fd, &server->budget, now, server->options.burst);
	if (client == NULL || !watch(server, fd, client)) {
		server->stats.refused++;
		say(server, "refused a client: full", NULL);
		if (client != NULL)
			tcp_server_client_destroy(client);
		else
			close(fd);
		return;
	}
	tcp_server_socket_tune(fd);
	server->stats.clients++;
	server->stats.accepted++;
	enter_list(server, client);
}

static void on_accept(struct tcp_server *server, int64_t now)
{
	for (int i = 0; i < ACCEPTS_PER_STEP; i++) {
		int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			add_client(server, fd, now);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_accepting(server, now);
		if (errno != EINTR && errno != ECONNABORTED)
			return;
	}
}

/* What is due by the clock; cheap when nothing is. */
static void handle_timeouts(struct tcp_server *server, int64_t now)
{
	struct tcp_server_client *client, *next;

	while (server->greeting != NULL && now - server->greeting->accepted_usec >= server->options.greeting_usec)
		close_client(server, server->greeting, "no greeting in time");
	DL_FOREACH_SAFE2(server->throttled, client, next, list_next)
	{
		tcp_server_client_refill(client, now, server->options.rate, server->options.burst);
		if (client->tokens > 0)
			throttle(server, client, false);
	}
	if (server->accept_paused && now >= server->accept_again_usec) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &server->listen_fd };
		server->accept_paused = false;
		epoll_ctl(server->epoll_fd, EPOLL_CTL_MOD, server->listen_fd, &event);
	}
}

/* How long the loop may sleep, in milliseconds. */
static int sleep_msec(const struct tcp_server *server, int timeout_msec, int64_t now)
{
	int64_t limit = -1;

	if (server->greeting != NULL)
		limit = (server->greeting->accepted_usec + server->options.greeting_usec - now) / 1000 + 1;
	if ((server->throttled != NULL || server->accept_paused) && (limit < 0 || limit > TICK_MSEC))
		limit = TICK_MSEC;
	if (limit < 0 || (timeout_msec >= 0 && timeout_msec < limit))
		return timeout_msec;
	return (int)limit;
}

bool tcp_server_step(struct tcp_server *server, int timeout_msec)
{
	struct epoll_event events[EVENTS_MAX];
	int count;
	int64_t now;

	count = epoll_wait(server->epoll_fd, events, EVENTS_MAX, sleep_msec(server, timeout_msec, now_usec()));
	now = now_usec();
	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr == &server->stop_fd)
			server->stopping = true;
		else if (events[i].data.ptr == &server->listen_fd)
			on_accept(server, now);
		else
			on_client(server, events[i].data.ptr, events[i].events, now);
	}
	handle_timeouts(server, now);
	free_closed(server);
	return !server->stopping;
}

void tcp_server_stop(struct tcp_server *server)
{
	uint64_t one = 1;
	int saved = errno;

	if (write(server->stop_fd, &one, sizeof(one)) != sizeof(one))
		errno = saved; /* the counter is full: it will stop anyway */
	errno = saved;
}

const char *tcp_server_address(const struct tcp_server *server)
{
	return server->address;
}

void tcp_server_stats(const struct tcp_server *server, struct tcp_server_stats *out)
{
	*out = server->stats;
}
