#include "core/reliability/sent_packets.h"

#include <assert.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

#define CAPACITY_MIN 16
/* A ring that is empty for a moment is not given back unless it grew large. */
#define CAPACITY_KEPT 256

void sent_packets_init(struct sent_packets *sent)
{
	*sent = (struct sent_packets){ .oldest = 2, .next = 2 };
}

void sent_packets_free(struct sent_packets *sent)
{
	alloc_free(sent->packets);
	alloc_free(sent->pieces);
	sent_packets_init(sent);
}

static struct sent_packet *packet_at(const struct sent_packets *sent, int64_t number)
{
	return &sent->packets[number & (sent->packet_capacity - 1)];
}

static struct sent_piece *piece_at(const struct sent_packets *sent, uint32_t index)
{
	return &sent->pieces[index & (sent->piece_capacity - 1)];
}

static void grow_packets(struct sent_packets *sent)
{
	uint32_t capacity = sent->packet_capacity == 0 ? CAPACITY_MIN : sent->packet_capacity * 2;
	struct sent_packets larger = *sent;
	larger.packets = alloc_array(capacity, sizeof(*larger.packets));
	larger.packet_capacity = capacity;
	for (int64_t number = sent->oldest; number < sent->next; number++)
		*packet_at(&larger, number) = *packet_at(sent, number);
	alloc_free(sent->packets);
	*sent = larger;
}

static void grow_pieces(struct sent_packets *sent)
{
	uint32_t capacity = sent->piece_capacity == 0 ? CAPACITY_MIN : sent->piece_capacity * 2;
	struct sent_packets larger = *sent;
	larger.pieces = alloc_array(capacity, sizeof(*larger.pieces));
	larger.piece_capacity = capacity;
	for (uint32_t index = sent->piece_first; index != sent->piece_next; index++)
		*piece_at(&larger, index) = *piece_at(sent, index);
	alloc_free(sent->pieces);
	*sent = larger;
}

static void drop_oldest(struct sent_packets *sent)
{
	const struct sent_packet *packet = packet_at(sent, sent->oldest);
	sent->piece_first = packet->first_piece + packet->piece_count;
	sent->oldest++;
}

static struct sent_packet *append(struct sent_packets *sent)
{
	if (sent->next - sent->oldest == SENT_PACKETS_MAX)
		drop_oldest(sent);
	if (sent->next - sent->oldest == sent->packet_capacity)
		grow_packets(sent);
	struct sent_packet *packet = packet_at(sent, sent->next++);
	*packet = (struct sent_packet){ .first_piece = sent->piece_next };
	return packet;
}

struct sent_packet *sent_packets_add(struct sent_packets *sent, int64_t number)
{
	assert(number >= sent->next);
	if (number - sent->next >= SENT_PACKETS_MAX) {
		sent->oldest = sent->next = number;
		sent->piece_first = sent->piece_next;
	}
	while (sent->next < number)
		append(sent);
	return append(sent);
}

void sent_packets_add_piece(struct sent_packets *sent, uint16_t lane, int64_t begin, uint16_t size)
{
	if (sent->piece_next - sent->piece_first == sent->piece_capacity)
		grow_pieces(sent);
	*piece_at(sent, sent->piece_next++) = (struct sent_piece){ begin, size, lane };
	packet_at(sent, sent->next - 1)->piece_count++;
}

struct sent_packet *sent_packets_last(const struct sent_packets *sent)
{
	return packet_at(sent, sent->next - 1);
}

struct sent_packet *sent_packets_find(const struct sent_packets *sent, int64_t number)
{
	if (number < sent->oldest || number >= sent->next)
		return NULL;
	struct sent_packet *packet = packet_at(sent, number);
	return packet->state == SENT_NOTHING ? NULL : packet;
}

const struct sent_piece *sent_packets_piece(const struct sent_packets *sent, const struct sent_packet *packet,
                                            uint16_t index)
{
	return piece_at(sent, packet->first_piece + index);
}

void sent_packets_forget(struct sent_packets *sent, usec_t lost_before)
{
	while (sent->oldest < sent->next) {
		const struct sent_packet *packet = packet_at(sent, sent->oldest);
		bool old = packet->sent_at < lost_before;
		if (packet->state == SENT_IN_FLIGHT && (packet->wants_ack || !old))
			break;
		if (packet->state == SENT_LOST && !old)
			break;
		drop_oldest(sent);
	}
}

void sent_packets_shrink(struct sent_packets *sent)
{
	if (sent->oldest != sent->next || sent->packet_capacity <= CAPACITY_KEPT)
		return;
	alloc_free(sent->packets);
	alloc_free(sent->pieces);
	sent->packets = NULL;
	sent->pieces = NULL;
	sent->packet_capacity = 0;
	sent->piece_capacity = 0;
	sent->piece_first = sent->piece_next;
}
