#include "transport/udp.h"
#include "core/base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/alloc.h"
#include "transport/udp_options.h"

enum {
	/* The largest a coalesced message can be. */
	SLOT_SIZE = 65536,
	/* A listening socket hears many peers at once, a calling one a single one. */
	SLOTS_LISTENING = 16,
	SLOTS_CALLING = 2,
	/* What a kernel takes at once, as segments (UDP_MAX_SEGMENTS) or as messages, and in bytes. */
	SEND_MAX = 64,
	SEND_BYTES_MAX = 65000,
};

/* One received message: one datagram, or several of one sender behind each other. */
struct slot {
	union udp_sockaddr from;
	union udp_control control;
	struct iovec buffer;
};

struct udp {
	int fd;
	int family;
	bool use_gso;
	bool use_batch;
	bool everywhere;       /* bound to no address: each datagram tells where it arrived */
	struct address source; /* of a calling socket: the address its datagrams leave from */
	struct address bound;
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

/* Asks the routes which address datagrams to `remote` leave from; the socket itself is bound to any. */
static void find_source(struct udp *udp, const struct address *remote)
{
	union udp_sockaddr address;
	socklen_t length = udp_options_to_sockaddr(remote, udp->family, &address);
	int probe = udp_options_open(udp->family);

	if (probe < 0)
		return;
	if (connect(probe, &address.any, length) == 0 && !udp_options_local(probe, &udp->source))
		bytes_zero(&udp->source, sizeof(udp->source));
	close(probe);
}

static void configure(struct udp *udp, const struct udp_options *options, unsigned slots)
{
	udp_options_local(udp->fd, &udp->bound);
	udp->everywhere = address_is_any(&udp->bound) && udp->source.port == 0;
	if (udp->everywhere)
		udp_options_set_arrival(udp->fd, udp->family);
	udp_options_set_buffers(udp->fd, options->buffer_size);
	udp_options_set_whole(udp->fd, udp->family, false);
	udp->use_gso = options->use_gso && udp_options_set_coalescing(udp->fd);
	udp->use_batch = options->use_batch;
	udp->slot_count = options->use_batch ? slots : 1;
}

struct udp *udp_open(const struct address *local, const struct address *remote, const struct udp_options *options,
                     int *error)
{
	struct udp *udp = alloc_zeroed(sizeof(*udp));

	udp->family = family_of(local, remote);
	udp->fd = udp_options_open(udp->family);
	if (udp->fd < 0 && errno == EAFNOSUPPORT && local != NULL && address_is_any(local)) {
		udp->family = AF_INET;
		udp->fd = udp_options_open(udp->family);
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
	*out = udp->bound;
	if (udp->source.port != 0)
		bytes_copy(out->ip, udp->source.ip, sizeof(out->ip));
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
		message->msg_control = slot->control.bytes;
		message->msg_controllen = sizeof(slot->control.bytes);
	}
}

/* The plain way where batches are switched off. */
static int receive_messages(struct udp *udp)
{
	ssize_t size;

	if (udp->use_batch)
		return recvmmsg(udp->fd, udp->messages, udp->slot_count, MSG_DONTWAIT, NULL);
	size = recvmsg(udp->fd, &udp->messages[0].msg_hdr, MSG_DONTWAIT);
	udp->messages[0].msg_len = size > 0 ? (unsigned)size : 0;
	return size >= 0 ? 1 : -1;
}

/* Errors of earlier sends (nobody listens there) are reported here: not a reason to stop. */
static bool fill(struct udp *udp)
{
	int count;

	if (udp->slots == NULL)
		make_slots(udp);
	udp->filled = udp->current = 0;
	for (int attempt = 0; attempt < 4; attempt++) {
		prepare_slots(udp);
		count = receive_messages(udp);
		if (count > 0) {
			udp->filled = (unsigned)count;
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
	size_t size = message->msg_len;
	struct datagram datagram = { .local = udp->bound };
	struct udp_arrival arrival;
	size_t count = 0;

	udp_options_read_arrival(&message->msg_hdr, &arrival);
	if (arrival.segment_size == 0 || arrival.segment_size > size)
		arrival.segment_size = size;
	udp_options_from_sockaddr(&slot->from, &datagram.remote);
	if (udp->everywhere)
		bytes_copy(datagram.local.ip, arrival.local.ip, sizeof(datagram.local.ip));
	else if (udp->source.port != 0)
		bytes_copy(datagram.local.ip, udp->source.ip, sizeof(datagram.local.ip));
	while (count < max && udp->offset < size) {
		size_t left = size - udp->offset;
		datagram.bytes = (uint8_t *)slot->buffer.iov_base + udp->offset;
		datagram.size = left < arrival.segment_size ? left : arrival.segment_size;
		udp->offset += datagram.size;
		out[count++] = datagram;
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

bool udp_has_some(const struct udp *udp)
{
	return udp->current < udp->filled;
}

bool udp_may_have_more(const struct udp *udp)
{
	return udp->current < udp->filled || udp->filled == udp->slot_count;
}

/* --- out */

/* A burst on its way: what all its messages have in common. */
struct outgoing {
	struct udp *udp;
	union udp_sockaddr to;
	union udp_control control;
	struct msghdr message;
	struct iovec buffer;
	size_t segment_size;
};

static bool send_message(struct outgoing *out)
{
	for (int attempt = 0; attempt < 3; attempt++) {
		if (sendmsg(out->udp->fd, &out->message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return true;
		/* The address it should leave from is not ours any more: then from any. */
		if ((errno == EINVAL || errno == EADDRNOTAVAIL || errno == ENETUNREACH) && out->message.msg_controllen > 0)
			out->message.msg_controllen = 0;
		/* Else the error of an earlier datagram: this one has not been tried yet. */
		else if (errno != ECONNREFUSED && errno != EINTR)
			break;
	}
	return false;
}

static size_t size_at(const struct outgoing *out, size_t left)
{
	return left < out->segment_size ? left : out->segment_size;
}

static bool send_each(struct outgoing *out, uint8_t *bytes, size_t size)
{
	bool all = true;

	for (size_t at = 0; at < size; at += out->segment_size) {
		out->buffer.iov_base = bytes + at;
		out->buffer.iov_len = size_at(out, size - at);
		all &= send_message(out);
	}
	return all;
}

/* Many messages in one call. What the kernel does not take of them goes one by one. */
static bool send_batch(struct outgoing *out, uint8_t *bytes, size_t size)
{
	struct mmsghdr messages[SEND_MAX];
	struct iovec buffers[SEND_MAX];
	unsigned count = 0;
	int sent;

	for (size_t at = 0; at < size; at += out->segment_size) {
		buffers[count] = (struct iovec){ bytes + at, size_at(out, size - at) };
		messages[count].msg_hdr = out->message;
		messages[count].msg_hdr.msg_iov = &buffers[count];
		count++;
	}
	sent = sendmmsg(out->udp->fd, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0)
		sent = 0;
	if ((unsigned)sent == count)
		return true;
	return send_each(out, bytes + (size_t)sent * out->segment_size, size - (size_t)sent * out->segment_size);
}

/* As segments, which the kernel cuts. False: it did not go that way. */
static bool send_segments(struct outgoing *out, uint8_t *bytes, size_t size)
{
	size_t without = out->message.msg_controllen;
	bool sent;

	if (!udp_options_add_segment_size(&out->message, &out->control, (uint16_t)out->segment_size))
		return false;
	out->buffer.iov_base = bytes;
	out->buffer.iov_len = size;
	sent = sendmsg(out->udp->fd, &out->message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
	out->message.msg_controllen = without;
	return sent;
}

/* No more than a kernel takes at once. */
static bool send_chunk(struct outgoing *out, uint8_t *bytes, size_t size)
{
	if (size <= out->segment_size)
		return send_each(out, bytes, size);
	if (out->udp->use_gso) {
		if (send_segments(out, bytes, size))
			return true;
		/* No room: it would not be there for its pieces either. */
		if (errno == EAGAIN || errno == ENOBUFS)
			return false;
	}
	return out->udp->use_batch ? send_batch(out, bytes, size) : send_each(out, bytes, size);
}

bool udp_send(struct udp *udp, const struct datagram_burst *burst)
{
	struct outgoing out = { .udp = udp, .segment_size = burst->segment_size };
	size_t chunk = SEND_BYTES_MAX / burst->segment_size;
	bool all = true;

	chunk = (chunk < SEND_MAX ? chunk : SEND_MAX) * burst->segment_size;
	out.message.msg_name = &out.to;
	out.message.msg_namelen = udp_options_to_sockaddr(&burst->remote, udp->family, &out.to);
	out.message.msg_iov = &out.buffer;
	out.message.msg_iovlen = 1;
	if (udp->everywhere && !address_is_any(&burst->local))
		udp_options_add_source(&out.message, &out.control, udp->family, &burst->local);
	/* What another thread sends meanwhile is whole too: that harms nothing but what is too large. */
	if (burst->whole)
		udp_options_set_whole(udp->fd, udp->family, true);
	for (size_t at = 0; at < burst->size; at += chunk)
		all &= send_chunk(&out, burst->bytes + at, burst->size - at < chunk ? burst->size - at : chunk);
	if (burst->whole)
		udp_options_set_whole(udp->fd, udp->family, false);
	return all;
}
