#include "signaling/tcp/tcp_client.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "signaling/tcp/tcp_dial.h"
#include "signaling/tcp/tcp_line.h"
#include "signaling/tcp/tcp_line_reader.h"
#include "signaling/tcp/tcp_pause.h"
#include "signaling/tcp/tcp_queue.h"

enum {
	READ_SIZE = 64 * 1024,
	/* What was sent shortly before a connection failed may have failed with it: it goes again over the
	 * next one. Signals may be doubled, and without this the protocol repeats them only after a while. */
	RECENT_USEC = 4 * 1000000,
	RECENT_MAX = 8,
};

struct tcp_client {
	/* Shared by the thread and whoever sends; `lock` guards what is marked. */
	pthread_mutex_t lock;
	int references;         /* lock */
	bool stopping;          /* lock */
	struct tcp_queue queue; /* lock */
	int wake_fd;
	kith_endpoint endpoint;
	kith_signaling signaling;
	struct tcp_url url;
	char greeting[KITH_IDENTITY_TEXT_MAX + 1];

	/* The thread's own. */
	struct tcp_line_reader reader;
	struct tcp_queue_line *sending;
	size_t sent;             /* of `sending` */
	bool greeted;            /* our name is no line to send again */
	struct tcp_queue recent; /* sent over this connection, */
	struct tcp_queue again;  /* and over the one before */
	char input[READ_SIZE];
	uint8_t signal[TCP_LINE_SIGNAL_MAX];
};

static int64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void unreference(struct tcp_client *client)
{
	bool last;

	pthread_mutex_lock(&client->lock);
	last = --client->references == 0;
	pthread_mutex_unlock(&client->lock);
	if (!last)
		return;
	tcp_queue_free(&client->queue);
	tcp_queue_free(&client->recent);
	tcp_queue_free(&client->again);
	close(client->wake_fd);
	pthread_mutex_destroy(&client->lock);
	free(client);
}

static void wake(struct tcp_client *client)
{
	uint64_t one = 1;

	/* It can only fail when the counter is full, and then the thread is awake. */
	while (write(client->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

/* Also makes `wake_fd` quiet. */
static int must_stop(void *data)
{
	struct tcp_client *client = data;
	uint64_t count;
	bool stopping;

	while (read(client->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
		continue;
	pthread_mutex_lock(&client->lock);
	stopping = client->stopping;
	pthread_mutex_unlock(&client->lock);
	return stopping;
}

/* --- called by the endpoint, on its threads */

/* A name with a space in it would end early for every reader of a line. */
static bool is_carriable(const char *identity)
{
	const char *name;

	return tcp_line_greeting(&name, identity, strlen(identity)) == strlen(identity);
}

/* On the wire the identity of a key is generic bytes, so that other programs know it too. */
static void write_wire_name(char out[KITH_IDENTITY_TEXT_MAX], const char *identity)
{
	if (strncmp(identity, "key:", 4) == 0)
		snprintf(out, KITH_IDENTITY_TEXT_MAX, "gen:%s", identity + 4);
	else
		snprintf(out, KITH_IDENTITY_TEXT_MAX, "%s", identity);
}

static kith_result on_send(void *data, const char *peer, const void *signal, size_t size)
{
	struct tcp_client *client = data;
	char name[KITH_IDENTITY_TEXT_MAX];
	struct tcp_queue_line *line;

	write_wire_name(name, peer);
	line = tcp_queue_line_new(tcp_line_size(strlen(name), size));
	if (line == NULL)
		return KITH_E_SYSTEM;
	if (tcp_line_write(line->text, line->size, name, signal, size) == 0) {
		tcp_queue_line_free(line);
		return KITH_E_INVALID;
	}
	pthread_mutex_lock(&client->lock);
	tcp_queue_add(&client->queue, line, now_usec());
	pthread_mutex_unlock(&client->lock);
	wake(client);
	return KITH_OK;
}

static void on_release(void *data)
{
	struct tcp_client *client = data;

	pthread_mutex_lock(&client->lock);
	client->stopping = true;
	pthread_mutex_unlock(&client->lock);
	wake(client);
	unreference(client);
}

/* --- the thread */

static void tell_state(struct tcp_client *client, int32_t state, const char *text)
{
	/* It may be closed by now; then nobody wants to know. */
	(void)kith_signaling_set_state(client->signaling, state, text);
}

static void on_line(struct tcp_client *client, const char *line, size_t size)
{
	struct tcp_line parts;
	size_t signal_size;

	if (!tcp_line_split(&parts, line, size))
		return;
	if (!tcp_line_decode(client->signal, sizeof(client->signal), &signal_size, parts.payload, parts.payload_size))
		return;
	/* A signal that is no good is the endpoint's to count; nothing here depends on it. */
	(void)kith_endpoint_receive_signal(client->endpoint, client->signaling, client->signal, signal_size);
}

static bool read_lines(struct tcp_client *client, int fd)
{
	ssize_t result = recv(fd, client->input, sizeof(client->input), MSG_DONTWAIT);
	const char *input = client->input;
	const char *line;
	size_t line_size, size;

	if (result < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (result == 0) {
		errno = ECONNRESET;
		return false;
	}
	size = (size_t)result;
	while (tcp_line_reader_next(&client->reader, &input, &size, &line, &line_size))
		on_line(client, line, line_size);
	return true;
}

static bool next_line(struct tcp_client *client)
{
	if (client->sending != NULL)
		return true;
	client->sent = 0;
	client->sending = tcp_queue_take(&client->again, now_usec());
	if (client->sending != NULL)
		return true;
	pthread_mutex_lock(&client->lock);
	client->sending = tcp_queue_take(&client->queue, now_usec());
	pthread_mutex_unlock(&client->lock);
	return client->sending != NULL;
}

static void drop_line(struct tcp_client *client)
{
	tcp_queue_line_free(client->sending);
	client->sending = NULL;
}

/* It is with the system now; whether it arrives is not known. */
static void keep_line(struct tcp_client *client)
{
	if (!client->greeted) {
		client->greeted = true;
		drop_line(client);
		return;
	}
	if (client->recent.count == RECENT_MAX)
		tcp_queue_line_free(tcp_queue_take(&client->recent, 0));
	tcp_queue_add(&client->recent, client->sending, now_usec());
	client->sending = NULL;
}

/* The connection failed. */
static void send_again(struct tcp_client *client)
{
	struct tcp_queue_line *line;
	int64_t now = now_usec();

	while ((line = tcp_queue_take(&client->recent, 0)) != NULL) {
		if (now - line->added_usec < RECENT_USEC)
			tcp_queue_add(&client->again, line, line->added_usec);
		else
			tcp_queue_line_free(line);
	}
}

/* Sends what waits. False: the connection has failed. `*blocked`: the socket takes no more now. */
static bool send_lines(struct tcp_client *client, int fd, bool *blocked)
{
	*blocked = false;
	while (next_line(client)) {
		ssize_t result = send(fd, client->sending->text + client->sent, client->sending->size - client->sent,
		                      MSG_DONTWAIT | MSG_NOSIGNAL);
		if (result < 0) {
			*blocked = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
			return *blocked;
		}
		client->sent += (size_t)result;
		if (client->sent == client->sending->size)
			keep_line(client);
	}
	return true;
}

/* Our name goes first, like any line. */
static bool greet(struct tcp_client *client, int fd)
{
	bool blocked;

	client->sending = tcp_queue_line_new(strlen(client->greeting));
	if (client->sending == NULL)
		return false;
	client->greeted = false;
	client->sent = 0;
	bytes_copy(client->sending->text, client->greeting, client->sending->size);
	return send_lines(client, fd, &blocked);
}

static bool has_lines(struct tcp_client *client)
{
	bool has;

	pthread_mutex_lock(&client->lock);
	has = !tcp_queue_is_empty(&client->queue);
	pthread_mutex_unlock(&client->lock);
	return has;
}

/* Carries lines until the connection ends or the client must stop. */
static void serve(struct tcp_client *client, int fd)
{
	bool blocked = false;

	/* Before a line is given to a connection that leads nowhere. */
	while (!must_stop(client) && !(has_lines(client) && tcp_dial_is_stranded(fd)) && send_lines(client, fd, &blocked)) {
		struct pollfd polled[2] = { { fd, POLLIN, 0 }, { client->wake_fd, POLLIN, 0 } };
		if (blocked)
			polled[0].events |= POLLOUT;
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			return;
		if ((polled[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_lines(client, fd))
			return;
	}
}

static void sleep_for(struct tcp_client *client, struct tcp_pause *pause)
{
	struct pollfd polled = { client->wake_fd, POLLIN, 0 };

	while (!must_stop(client)) {
		int64_t left = tcp_pause_end(pause, has_lines(client)) - now_usec();
		if (left <= 0)
			return;
		if (poll(&polled, 1, (int)(left / 1000 + 1)) > 0)
			tcp_pause_hasten(pause);
	}
}

static uint32_t draw(void)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint32_t)now_usec();
	return random;
}

/* One attempt; returns how it ended, as tcp_pause.h has it. */
static int64_t attempt(struct tcp_client *client)
{
	char error[TCP_DIAL_ERROR_MAX];
	int64_t begun;
	bool stranded;
	int fd;

	tell_state(client, KITH_SIGNALING_CONNECTING, NULL);
	fd = tcp_dial(&client->url, client->wake_fd, must_stop, client, error);
	if (fd < 0) {
		tell_state(client, KITH_SIGNALING_FAILED, error);
		return TCP_PAUSE_NOBODY;
	}
	begun = now_usec();
	tcp_line_reader_init(&client->reader, NULL);
	if (greet(client, fd)) {
		tell_state(client, KITH_SIGNALING_CONNECTED, NULL);
		serve(client, fd);
	}
	drop_line(client);
	send_again(client);
	tcp_line_reader_free(&client->reader);
	stranded = tcp_dial_is_stranded(fd);
	close(fd);
	snprintf(error, sizeof(error), "%.100s port %s: connection lost", client->url.host, client->url.port);
	tell_state(client, KITH_SIGNALING_FAILED, error);
	/* That was nobody's fault. */
	return stranded ? TCP_PAUSE_GOOD : now_usec() - begun;
}

static void *run(void *data)
{
	struct tcp_client *client = data;
	struct tcp_backoff backoff = { 0 };

	while (!must_stop(client)) {
		int64_t lasted = attempt(client);
		struct tcp_pause pause = tcp_pause_after(&backoff, now_usec(), lasted, draw());
		sleep_for(client, &pause);
	}
	unreference(client);
	return NULL;
}

/* Detached: it may sit in the system's resolver when it should end, and closing must not wait for
 * that. Signals are the application's, so it takes none. */
static bool start_thread(struct tcp_client *client)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	bool started;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&thread, &attributes, run, client) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return started;
}

static struct tcp_client *client_new(kith_endpoint endpoint, const struct tcp_url *url, const char *identity)
{
	struct tcp_client *client = calloc(1, sizeof(*client));
	char name[KITH_IDENTITY_TEXT_MAX];

	if (client == NULL)
		return NULL;
	client->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (client->wake_fd < 0) {
		free(client);
		return NULL;
	}
	pthread_mutex_init(&client->lock, NULL);
	client->references = 2; /* the endpoint's and the thread's */
	client->endpoint = endpoint;
	client->url = *url;
	write_wire_name(name, identity);
	snprintf(client->greeting, sizeof(client->greeting), "%s\n", name);
	return client;
}

kith_result tcp_client_open(kith_endpoint endpoint, const char *url, kith_signaling *out)
{
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;
	struct kith_identity identity;
	struct tcp_url parsed;
	char error[TCP_URL_ERROR_MAX];
	enum tcp_url_result read = tcp_url_parse(&parsed, url, error);
	struct tcp_client *client;
	kith_result result;

	*out = KITH_NO_HANDLE;
	if (read != TCP_URL_OK)
		return read == TCP_URL_UNSUPPORTED ? KITH_E_UNSUPPORTED : KITH_E_INVALID;
	result = kith_endpoint_identity(endpoint, &identity);
	if (result != KITH_OK)
		return result;
	if (!is_carriable(identity.text))
		return KITH_E_UNSUPPORTED;
	client = client_new(endpoint, &parsed, identity.text);
	if (client == NULL)
		return KITH_E_SYSTEM;
	callbacks.send = on_send;
	callbacks.release = on_release;
	callbacks.user_data = client;
	result = kith_signaling_add(endpoint, &callbacks, &client->signaling);
	if (result != KITH_OK) {
		unreference(client);
		unreference(client);
		return result;
	}
	*out = client->signaling;
	if (!start_thread(client)) {
		unreference(client);
		kith_signaling_close(*out);
		*out = KITH_NO_HANDLE;
		return KITH_E_SYSTEM;
	}
	return KITH_OK;
}
