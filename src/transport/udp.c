#include "transport/udp.h"
#include "core/base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/alloc.h"
#include "transport/udp_options.h"

enum {
	/* The largest a coalesced message can be. */
	SLOT_SIZE = 65536,
	/* A listening socket hears many peers at once, a calling one a single one. */
	SLOTS_LISTENING = 16,
	SLOTS_CALLING = 2,
};

/* One received message: one datagram, or several of one sender behind each other. */
struct slot {
	union udp_sockaddr from;
	char control[UDP_OPTIONS_CONTROL_SIZE];
	struct iovec buffer;
};

struct udp {
	int fd;
	int family;
	bool use_gso;
	struct address source; /* of a calling socket: the address its datagrams leave from */
	unsigned slot_count;
	struct slot *slots; /* made with the first receive */
	struct mmsghdr *messages;
	uint8_t *bytes;
	unsigned filled;  /* messages of the last call ... */
	unsigned current; /* ... the one being handed out ... */
	size_t offset;    /* ... and where in it */
};

static bool bind_to(struct udp *udp, const struct address *local)
{
	union udp_sockaddr address;
	struct address any = { { 0 }, 0 };
	socklen_t length = udp_options_to_sockaddr(local != NULL ? local : &any, udp->family, &address);

	if (local == NULL && udp->family == AF_INET)
		address.v4.sin_addr.s_addr = htonl(INADDR_ANY);
	return bind(udp->fd, &address.any, length) == 0;
}

/* The unspecified IPv6 address serves both families where the system has IPv6 at all. */
static int family_of(const struct address *local, const struct address *remote)
{
	const struct address *decides = local != NULL ? local : remote;

	return address_is_ipv4(decides) ? AF_INET : AF_INET6;
}

static int open_socket(int family)
{
	return socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
}

/* Asks the routes which address datagrams to `remote` leave from; the socket itself is bound to any. */
static void find_source(struct udp *udp, const struct address *remote)
{
	union udp_sockaddr address;
	socklen_t length = udp_options_to_sockaddr(remote, udp->family, &address);
	int probe = open_socket(udp->family);

	if (probe < 0)
		return;
	if (connect(probe, &address.any, length) == 0) {
		length = sizeof(address);
		if (getsockname(probe, &address.any, &length) == 0)
			udp_options_from_sockaddr(&address, &udp->source);
	}
	close(probe);
}

static void configure(struct udp *udp, const struct udp_options *options, unsigned slots)
{
	udp_options_set_buffers(udp->fd, options->buffer_size);
	udp_options_set_no_fragments(udp->fd);
	udp->use_gso = options->use_gso && udp_options_set_coalescing(udp->fd);
	udp->slot_count = options->use_batch ? slots : 1;
}

struct udp *udp_open(const struct address *local, const struct address *remote, const struct udp_options *options,
                     int *error)
{
	struct udp *udp = alloc_zeroed(sizeof(*udp));

	udp->family = family_of(local, remote);
	udp->fd = open_socket(udp->family);
	if (udp->fd < 0 && errno == EAFNOSUPPORT && local != NULL && address_is_any(local)) {
		udp->family = AF_INET;
		udp->fd = open_socket(udp->family);
	}
	if (udp->fd >= 0 && udp->family == AF_INET6 && local != NULL && address_is_any(local))
		udp_options_set_dual_stack(udp->fd);
	if (udp->fd < 0 || !bind_to(udp, local)) {
		*error = errno;
		udp_close(udp);
		return NULL;
	}
	if (local == NULL)
		find_source(udp, remote);
	configure(udp, options, local != NULL ? SLOTS_LISTENING : SLOTS_CALLING);
	return udp;
}

struct udp *udp_adopt(int fd, int family, const struct udp_options *options)
{
	struct udp *udp = alloc_zeroed(sizeof(*udp));

	udp->fd = fd;
	udp->family = family;
	configure(udp, options, SLOTS_CALLING);
	return udp;
}

void udp_close(struct udp *udp)
{
	if (udp->fd >= 0)
		close(udp->fd);
	alloc_free(udp->slots);
	alloc_free(udp->messages);
	alloc_free(udp->bytes);
	alloc_free(udp);
}

int udp_fd(const struct udp *udp)
{
	return udp->fd;
}

void udp_local(const struct udp *udp, struct address *out)
{
	union udp_sockaddr address;
	socklen_t length = sizeof(address);

	bytes_zero(&address, sizeof(address));
	getsockname(udp->fd, &address.any, &length);
	udp_options_from_sockaddr(&address, out);
	if (udp->source.port != 0) {
		uint16_t port = out->port;
		*out = udp->source;
		out->port = port;
	}
	/* 0.0.0.0 is told as ::, which is how "any" is written everywhere. */
	if (address_is_any(out) && address_is_ipv4(out))
		bytes_zero(out->ip, sizeof(out->ip));
}

/* --- in */

static void make_slots(struct udp *udp)
{
	udp->slots = alloc_array(udp->slot_count, sizeof(*udp->slots));
	udp->messages = alloc_array(udp->slot_count, sizeof(*udp->messages));
	udp->bytes = alloc_bytes((size_t)udp->slot_count * SLOT_SIZE);
}

static void prepare_slots(struct udp *udp)
{
	for (unsigned i = 0; i < udp->slot_count; i++) {
		struct slot *slot = &udp->slots[i];
		struct msghdr *message = &udp->messages[i].msg_hdr;
		slot->buffer.iov_base = udp->bytes + (size_t)i * SLOT_SIZE;
		slot->buffer.iov_len = SLOT_SIZE;
		bytes_zero(message, sizeof(*message));
		message->msg_name = &slot->from;
		message->msg_namelen = sizeof(slot->from);
		message->msg_iov = &slot->buffer;
		message->msg_iovlen = 1;
		message->msg_control = slot->control;
		message->msg_controllen = sizeof(slot->control);
	}
}

/* Errors of earlier sends (nobody listens there) are reported here: not a reason to stop. */
static bool fill(struct udp *udp)
{
	int count;

	if (udp->slots == NULL)
		make_slots(udp);
	for (int attempt = 0; attempt < 4; attempt++) {
		prepare_slots(udp);
		count = recvmmsg(udp->fd, udp->messages, udp->slot_count, MSG_DONTWAIT, NULL);
		if (count > 0) {
			udp->filled = (unsigned)count;
			udp->current = 0;
			udp->offset = 0;
			return true;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			break;
	}
	return false;
}

/* Takes datagrams from the current message. Returns how many. */
static size_t split(struct udp *udp, struct datagram *out, size_t max)
{
	struct mmsghdr *message = &udp->messages[udp->current];
	struct slot *slot = &udp->slots[udp->current];
	size_t segment = udp_options_get_segment_size(&message->msg_hdr);
	size_t size = message->msg_len;
	size_t count = 0;

	if (segment == 0 || segment > size)
		segment = size;
	while (count < max && udp->offset < size) {
		size_t left = size - udp->offset;
		struct datagram *datagram = &out[count++];
		udp_options_from_sockaddr(&slot->from, &datagram->remote);
		datagram->bytes = (uint8_t *)slot->buffer.iov_base + udp->offset;
		datagram->size = left < segment ? left : segment;
		udp->offset += datagram->size;
	}
	if (udp->offset >= size) {
		udp->current++;
		udp->offset = 0;
	}
	return count;
}

size_t udp_receive(struct udp *udp, struct datagram *out, size_t max)
{
	size_t count = 0;

	/* What was handed out before must stay valid within one call only: fill at its start. */
	if (udp->current == udp->filled && !fill(udp))
		return 0;
	while (count < max && udp->current < udp->filled)
		count += split(udp, out + count, max - count);
	return count;
}

/* --- out */

static bool send_one(int fd, struct msghdr *message)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		if (sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return true;
		/* The error of an earlier datagram: this one has not been tried yet. */
		if (errno != ECONNREFUSED)
			break;
	}
	return false;
}

static bool send_each(int fd, struct msghdr *message, const struct datagram_burst *burst)
{
	bool all = true;

	message->msg_control = NULL;
	message->msg_controllen = 0;
	for (size_t at = 0; at < burst->size; at += burst->segment_size) {
		size_t left = burst->size - at;
		message->msg_iov->iov_base = burst->bytes + at;
		message->msg_iov->iov_len = left < burst->segment_size ? left : burst->segment_size;
		all &= send_one(fd, message);
	}
	return all;
}

bool udp_send(struct udp *udp, const struct datagram_burst *burst)
{
	union udp_sockaddr to;
	char control[UDP_OPTIONS_CONTROL_SIZE];
	struct iovec buffer = { burst->bytes, burst->size };
	struct msghdr message = { .msg_iov = &buffer, .msg_iovlen = 1 };

	message.msg_name = &to;
	message.msg_namelen = udp_options_to_sockaddr(&burst->remote, udp->family, &to);
	if (burst->size <= burst->segment_size)
		return send_one(udp->fd, &message);
	if (udp->use_gso && udp_options_add_segment_size(&message, control, (uint16_t)burst->segment_size)) {
		if (send_one(udp->fd, &message) || errno == EAGAIN || errno == ENOBUFS)
			return true;
	}
	return send_each(udp->fd, &message, burst);
}
