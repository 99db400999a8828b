#include "signaling/tcp/tcp_server_client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/bytes.h"

struct tcp_server_client *tcp_server_client_new(int fd, struct tcp_budget *budget, int64_t now, int64_t burst)
{
	struct tcp_server_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->fd = fd;
	client->tokens = burst;
	client->refilled_usec = now;
	client->accepted_usec = now;
	tcp_line_reader_init(&client->reader, budget);
	return client;
}

static void queue_free(struct tcp_server_client *client)
{
	free(client->queue);
	tcp_budget_give(client->reader.budget, client->queue_capacity);
	client->queue = NULL;
	client->queue_start = 0;
	client->queue_end = 0;
	client->queue_capacity = 0;
}

void tcp_server_client_destroy(struct tcp_server_client *client)
{
	close(client->fd);
	queue_free(client);
	tcp_line_reader_free(&client->reader);
	free(client->name);
	free(client);
}

bool tcp_server_client_set_name(struct tcp_server_client *client, const char *name, size_t size)
{
	char *copy = malloc(size + 1);

	if (copy == NULL)
		return false;
	bytes_copy(copy, name, size);
	copy[size] = '\0';
	free(client->name);
	client->name = copy;
	client->name_size = (uint8_t)size;
	return true;
}

bool tcp_server_client_is_empty(const struct tcp_server_client *client)
{
	return client->queue_start == client->queue_end;
}

/* Makes room for `size` more bytes at the end of the queue. */
static bool queue_reserve(struct tcp_server_client *client, size_t size)
{
	size_t used = client->queue_end - client->queue_start;
	size_t capacity = client->queue_capacity > 0 ? client->queue_capacity : 4096;
	char *grown;

	if (client->queue_end + size <= client->queue_capacity)
		return true;
	if (used + size > TCP_SERVER_CLIENT_QUEUE_MAX)
		return false;
	if (client->queue_start > 0) {
		bytes_move(client->queue, client->queue + client->queue_start, used);
		client->queue_start = 0;
		client->queue_end = used;
	}
	while (capacity < used + size)
		capacity *= 2;
	if (capacity == client->queue_capacity)
		return true;
	if (!tcp_budget_take(client->reader.budget, capacity - client->queue_capacity))
		return false;
	grown = realloc(client->queue, capacity);
	if (grown == NULL) {
		tcp_budget_give(client->reader.budget, capacity - client->queue_capacity);
		return false;
	}
	client->queue = grown;
	client->queue_capacity = capacity;
	return true;
}

static void queue_add(struct tcp_server_client *client, const char *bytes, size_t size)
{
	bytes_copy(client->queue + client->queue_end, bytes, size);
	client->queue_end += size;
}

static bool would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS;
}

enum tcp_server_send_result tcp_server_client_send(struct tcp_server_client *client, const char *from, size_t from_size,
                                                   const char *payload, size_t payload_size)
{
	struct iovec parts[4] = {
		{ (void *)from, from_size },
		{ (void *)" ", 1 },
		{ (void *)payload, payload_size },
		{ (void *)"\n", 1 },
	};
	size_t size = from_size + payload_size + 2;
	size_t sent = 0;

	if (tcp_server_client_is_empty(client)) {
		struct msghdr header = { .msg_iov = parts, .msg_iovlen = 4 };
		ssize_t result = sendmsg(client->fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (result < 0 && !would_block())
			return TCP_SERVER_BROKEN;
		sent = result > 0 ? (size_t)result : 0;
	}
	if (sent == size)
		return TCP_SERVER_SENT;
	/* Half a line would spoil the next one: without room for the rest the client has to go. */
	if (!queue_reserve(client, size - sent))
		return sent > 0 ? TCP_SERVER_BROKEN : TCP_SERVER_DROPPED;
	for (int i = 0; i < 4; i++) {
		size_t skip = sent < parts[i].iov_len ? sent : parts[i].iov_len;
		queue_add(client, (const char *)parts[i].iov_base + skip, parts[i].iov_len - skip);
		sent -= skip;
	}
	return TCP_SERVER_SENT;
}

bool tcp_server_client_flush(struct tcp_server_client *client)
{
	while (!tcp_server_client_is_empty(client)) {
		ssize_t result = send(client->fd, client->queue + client->queue_start, client->queue_end - client->queue_start,
		                      MSG_DONTWAIT | MSG_NOSIGNAL);
		if (result < 0)
			return would_block();
		client->queue_start += (size_t)result;
	}
	queue_free(client);
	return true;
}

void tcp_server_client_refill(struct tcp_server_client *client, int64_t now, int64_t rate, int64_t burst)
{
	int64_t elapsed = now - client->refilled_usec;
	int64_t full_usec = (burst - client->tokens) * 1000000 / rate;
	int64_t gained = elapsed >= full_usec ? burst - client->tokens : elapsed * rate / 1000000;

	/* Less than one token: let the time add up. */
	if (gained <= 0)
		return;
	client->tokens += gained;
	client->refilled_usec = now;
}
