#include "cli/bench/bench_udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/bench/bench_child.h"
#include "cli/bench/bench_seal.h"
#include "cli/bench/bench_usage.h"
#include "core/base/bytes.h"

enum {
	VARIANT_PLAIN,
	VARIANT_GSO,
	VARIANT_LIMIT,
	DATAGRAM = 1300, /* as Kith's */
	HEADER = 8,
	CONTENT = DATAGRAM - HEADER - BENCH_SEAL_TAG,
	BURST = 64, /* the kernel takes no more segments at once */
	BURST_BYTES = 65000,
	SLOTS = 16,
	SLOT = 65536,
	SOCKET_BUFFER = 8 * 1024 * 1024,
	/* How far ahead of the receiver. Each datagram that is not coalesced takes a page of its buffer. */
	WINDOW = 1024,
	WINDOW_BYTES = 1024 * 1024,
	CREDIT_LOST_NSEC = 20 * 1000 * 1000,
};

struct udp_link {
	const struct bench_plan *plan;
	int fd;
	bool gso;
	bool up;
	struct bench_seal *seal; /* null: plain */
	/* sending */
	uint8_t *burst;
	size_t burst_size, segment;
	int burst_count;
	uint64_t sent, credited, given_up;
	int64_t credit_nsec; /* when the last came */
	int chunks;          /* of a message */
	/* receiving */
	struct mmsghdr headers[SLOTS];
	struct iovec vectors[SLOTS];
	char controls[SLOTS][64];
	uint8_t *slots;
	uint64_t arrived;
	uint8_t *message; /* being put together */
	int chunk;        /* the next of it; negative: one is missing */
	uint64_t expected;
};

static const char *missing(int variant)
{
	return variant == VARIANT_LIMIT ? bench_seal_missing() : NULL;
}

static void prepare_slots(struct udp_link *link)
{
	for (int i = 0; i < SLOTS; i++) {
		link->vectors[i] = (struct iovec){ link->slots + (size_t)i * SLOT, SLOT };
		link->headers[i].msg_hdr = (struct msghdr){ .msg_iov = &link->vectors[i], .msg_iovlen = 1 };
		link->headers[i].msg_hdr.msg_control = link->controls[i];
		link->headers[i].msg_hdr.msg_controllen = sizeof(link->controls[i]);
	}
}

static void set_buffers(int fd)
{
	int size = SOCKET_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static void *open_link(const struct bench_plan *plan, char where[BENCH_WHERE_MAX])
{
	struct udp_link *link = calloc(1, sizeof(*link));
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int on = 1;

	link->plan = plan;
	link->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (link->fd < 0 || bind(link->fd, (struct sockaddr *)&address, size) != 0)
		bench_child_fail("socket: %s", strerror(errno));
	set_buffers(link->fd);
	link->gso = plan->peer->variant != VARIANT_PLAIN;
	if (link->gso && setsockopt(link->fd, SOL_UDP, UDP_GRO, &on, sizeof(on)) != 0)
		bench_child_fail("UDP_GRO: %s", strerror(errno));
	if (plan->peer->variant == VARIANT_LIMIT)
		link->seal = bench_seal_new();
	link->burst = malloc(BURST_BYTES + DATAGRAM);
	link->slots = malloc((size_t)SLOTS * SLOT);
	link->message = malloc(plan->size + CONTENT + BENCH_SEAL_TAG);
	link->chunks = (int)((plan->size + CONTENT - 1) / CONTENT);
	getsockname(link->fd, (struct sockaddr *)&address, &size);
	if (plan->is_server) {
		snprintf(where, BENCH_WHERE_MAX, "%d", ntohs(address.sin_port));
	} else {
		address.sin_port = htons((uint16_t)atoi(where));
		if (connect(link->fd, (struct sockaddr *)&address, size) != 0)
			bench_child_fail("connecting: %s", strerror(errno));
	}
	return link;
}

/* A first datagram tells the server who we are. */
static void call(void *data, int count)
{
	struct udp_link *link = data;
	uint64_t hello = 0;

	(void)count;
	if (send(link->fd, &hello, sizeof(hello), 0) < 0)
		bench_child_fail("sending: %s", strerror(errno));
	link->up = true;
}

static void hang_up(void *data)
{
	(void)data;
}

static int connected(void *data)
{
	struct udp_link *link = data;
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint64_t hello;

	if (!link->up && recvfrom(link->fd, &hello, sizeof(hello), 0, (struct sockaddr *)&from, &size) > 0)
		link->up = connect(link->fd, (struct sockaddr *)&from, size) == 0;
	return link->up ? 1 : 0;
}

/* --- out */

static void add_segment_size(struct msghdr *message, char control[CMSG_SPACE(sizeof(uint16_t))], size_t segment)
{
	uint16_t size = (uint16_t)segment;
	struct cmsghdr *header;

	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(sizeof(size));
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_UDP;
	header->cmsg_type = UDP_SEGMENT;
	header->cmsg_len = CMSG_LEN(sizeof(size));
	bytes_copy(CMSG_DATA(header), &size, sizeof(size));
}

static void flush_burst(struct udp_link *link)
{
	char control[CMSG_SPACE(sizeof(uint16_t))] = { 0 };
	struct iovec vector = { link->burst, link->burst_size };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };

	if (link->burst_count > 1)
		add_segment_size(&message, control, link->segment);
	if (link->burst_count > 0 && sendmsg(link->fd, &message, 0) < 0 && errno != EAGAIN)
		bench_child_fail("sending: %s", strerror(errno));
	link->burst_count = 0;
	link->burst_size = 0;
}

static void write_chunk(struct udp_link *link, const uint8_t *bytes, size_t size)
{
	uint8_t *at = link->burst + link->burst_size;
	size_t whole = HEADER + size + (link->seal != NULL ? BENCH_SEAL_TAG : 0);

	if (link->burst_count == 0)
		link->segment = whole;
	bytes_copy(at, &link->sent, HEADER);
	if (link->seal == NULL)
		bytes_copy(at + HEADER, bytes, size);
	else
		bench_seal_close(link->seal, link->sent, bytes, size, at + HEADER);
	link->sent++;
	link->burst_count++;
	link->burst_size += whole;
	/* A shorter one ends a burst; so does what the kernel takes at most. */
	if (!link->gso || whole < link->segment || link->burst_count == BURST ||
	    link->burst_size + link->segment > BURST_BYTES)
		flush_burst(link);
}

static void read_credit(struct udp_link *link)
{
	uint64_t credit;

	while (recv(link->fd, &credit, sizeof(credit), MSG_DONTWAIT) == (ssize_t)sizeof(credit)) {
		link->credited = credit;
		link->credit_nsec = bench_usage_now();
	}
	if (link->sent - link->given_up > link->credited && bench_usage_now() - link->credit_nsec > CREDIT_LOST_NSEC) {
		link->given_up = link->sent - link->credited;
		link->credit_nsec = bench_usage_now();
	}
}

static int64_t ahead(const struct udp_link *link)
{
	return (int64_t)(link->sent - link->given_up) - (int64_t)link->credited;
}

static int64_t window(const struct udp_link *link)
{
	size_t size = link->plan->size < CONTENT ? link->plan->size : CONTENT;

	return WINDOW_BYTES / (int64_t)size < WINDOW ? WINDOW_BYTES / (int64_t)size : WINDOW;
}

static int send_messages(void *data, const uint8_t *const *messages, int count)
{
	struct udp_link *link = data;
	int sent = 0;

	if (link->credit_nsec == 0)
		link->credit_nsec = bench_usage_now();
	if (!link->plan->urgent && ahead(link) + link->chunks > window(link) / 2)
		read_credit(link);
	for (; sent < count && (link->plan->urgent || ahead(link) + link->chunks <= window(link)); sent++) {
		for (size_t at = 0; at < link->plan->size; at += CONTENT) {
			size_t left = link->plan->size - at;
			write_chunk(link, messages[sent] + at, left < CONTENT ? left : CONTENT);
		}
	}
	flush_burst(link);
	return sent;
}

static void wait_link(void *data, bool for_room, int64_t usec)
{
	struct udp_link *link = data;
	struct pollfd watched = { .fd = link->fd, .events = POLLIN };

	(void)for_room;
	poll(&watched, 1, (int)((usec + 999) / 1000));
	if (!link->plan->is_server && !link->plan->urgent)
		read_credit(link);
}

/* --- in */

static size_t segment_of(struct msghdr *message, size_t whole)
{
	int size;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_UDP || header->cmsg_type != UDP_GRO)
			continue;
		bytes_copy(&size, CMSG_DATA(header), sizeof(size));
		return size > 0 ? (size_t)size : whole;
	}
	return whole;
}

/* Puts a chunk where it belongs in the message. True: that is whole now. */
static bool take_chunk(struct udp_link *link, const uint8_t *bytes, size_t size)
{
	size_t tag = link->seal != NULL ? BENCH_SEAL_TAG : 0;
	uint64_t number;
	int chunk;
	uint8_t *to;

	if (size <= HEADER + tag || size - HEADER - tag > CONTENT)
		return false;
	bytes_copy(&number, bytes, HEADER);
	chunk = (int)(number % (uint64_t)link->chunks);
	if (chunk == 0)
		link->chunk = 0;
	else if (number != link->expected)
		link->chunk = -1;
	link->expected = number + 1;
	link->arrived++;
	if (link->chunk != chunk)
		return false;
	to = link->message + (size_t)chunk * CONTENT;
	if (link->seal == NULL)
		bytes_copy(to, bytes + HEADER, size - HEADER);
	else if (!bench_seal_open(link->seal, number, bytes + HEADER, size - HEADER, to))
		bench_child_fail("a datagram is not what was sealed");
	link->chunk++;
	return link->chunk == link->chunks;
}

static int take_slot(struct udp_link *link, int slot, bench_take_fn *take, void *take_data)
{
	const uint8_t *bytes = link->vectors[slot].iov_base;
	size_t size = link->headers[slot].msg_len;
	size_t segment = segment_of(&link->headers[slot].msg_hdr, size);
	int count = 0;

	for (size_t at = 0; at < size; at += segment) {
		if (!take_chunk(link, bytes + at, size - at < segment ? size - at : segment))
			continue;
		take(take_data, link->message, link->plan->size);
		count++;
	}
	return count;
}

static int receive(void *data, bench_take_fn *take, void *take_data)
{
	struct udp_link *link = data;
	uint64_t before = link->arrived;
	int count = 0, filled;

	prepare_slots(link);
	if (link->gso)
		filled = recvmmsg(link->fd, link->headers, SLOTS, MSG_DONTWAIT, NULL);
	else
		filled = recvmmsg(link->fd, link->headers, 1, MSG_DONTWAIT, NULL);
	for (int i = 0; i < filled; i++)
		count += take_slot(link, i, take, take_data);
	/* Half a window at a time is often enough, and nothing beside the messages. */
	if (!link->plan->urgent && link->arrived / 64 != before / 64)
		send(link->fd, &link->arrived, sizeof(link->arrived), MSG_DONTWAIT);
	return count;
}

const struct bench_peer bench_udp_plain = {
	.name = "udp",
	.about = "UDP, one datagram a system call; not encrypted, nothing is repeated",
	.missing = missing,
	.abilities = BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE,
	.variant = VARIANT_PLAIN,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};

const struct bench_peer bench_udp_gso = {
	.name = "udp-gso",
	.about = "UDP with GSO and GRO; not encrypted, nothing is repeated",
	.missing = missing,
	.abilities = BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE,
	.variant = VARIANT_GSO,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};

const struct bench_peer bench_udp_limit = {
	.name = "limit",
	.about = "UDP with GSO and GRO and AES-256-GCM, and nothing else",
	.missing = missing,
	.abilities = BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE,
	.variant = VARIANT_LIMIT,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};
