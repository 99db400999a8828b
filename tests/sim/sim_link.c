#include "sim/sim_link.h"

#include <stdlib.h>
#include <string.h>

#define BURST 8

void sim_link_init(struct sim_link *link, const struct sim_link_settings *settings, uint64_t seed)
{
	*link = (struct sim_link){ .settings = *settings, .random = { .state = seed } };
}

void sim_link_free(struct sim_link *link)
{
	for (size_t i = 0; i < link->count; i++)
		free(link->heap[i]);
	for (size_t i = 0; i < link->spare_count; i++)
		free(link->spare[i]);
	free(link->heap);
	free(link->spare);
	*link = (struct sim_link){ 0 };
}

static bool before(const struct sim_link_packet *a, const struct sim_link_packet *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(struct sim_link *link, struct sim_link_packet *packet)
{
	if (link->count == link->capacity) {
		link->capacity = link->capacity == 0 ? 64 : link->capacity * 2;
		link->heap = realloc(link->heap, link->capacity * sizeof(*link->heap));
	}
	size_t at = link->count++;
	for (; at > 0 && before(packet, link->heap[(at - 1) / 2]); at = (at - 1) / 2)
		link->heap[at] = link->heap[(at - 1) / 2];
	link->heap[at] = packet;
}

static struct sim_link_packet *pop(struct sim_link *link)
{
	struct sim_link_packet *first = link->heap[0];
	struct sim_link_packet *last = link->heap[--link->count];
	size_t at = 0;
	for (size_t child; (child = 2 * at + 1) < link->count; at = child) {
		if (child + 1 < link->count && before(link->heap[child + 1], link->heap[child]))
			child++;
		if (!before(link->heap[child], last))
			break;
		link->heap[at] = link->heap[child];
	}
	link->heap[at] = last;
	return first;
}

static struct sim_link_packet *take_spare(struct sim_link *link)
{
	return link->spare_count > 0 ? link->spare[--link->spare_count] : malloc(sizeof(struct sim_link_packet));
}

void sim_link_give_back(struct sim_link *link, struct sim_link_packet *packet)
{
	if (link->spare_count == link->spare_capacity) {
		link->spare_capacity = link->spare_capacity == 0 ? 64 : link->spare_capacity * 2;
		link->spare = realloc(link->spare, link->spare_capacity * sizeof(*link->spare));
	}
	link->spare[link->spare_count++] = packet;
}

/* When the bottleneck has passed a packet on; USEC_NEVER: its queue is full. */
static usec_t pass_bottleneck(struct sim_link *link, usec_t now, size_t wire_size)
{
	if (link->settings.rate == 0)
		return now;
	usec_t start = usec_max(now, link->free_at);
	usec_t waiting = start - now;
	if (waiting * link->settings.rate / USEC_PER_SEC > link->settings.queue)
		return USEC_NEVER;
	link->queued_max = usec_max(link->queued_max, waiting);
	link->free_at = start + (usec_t)wire_size * USEC_PER_SEC / link->settings.rate;
	return link->free_at;
}

static bool is_lost(struct sim_link *link)
{
	if (link->broken)
		return true;
	if (link->burst_left > 0) {
		link->burst_left--;
		return true;
	}
	if (!sim_random_chance(&link->random, link->settings.loss))
		return false;
	if (sim_random_chance(&link->random, link->settings.burst_loss))
		link->burst_left = BURST;
	return true;
}

static void deliver(struct sim_link *link, usec_t at, int64_t number, const uint8_t *bytes, size_t size)
{
	struct sim_link_packet *packet = take_spare(link);
	packet->at = at;
	packet->order = link->next_order++;
	packet->number = number;
	packet->size = size;
	memcpy(packet->bytes, bytes, size);
	push(link, packet);
}

void sim_link_send(struct sim_link *link, usec_t now, int64_t number, const uint8_t *bytes, size_t size,
                   size_t wire_size)
{
	const struct sim_link_settings *settings = &link->settings;
	link->sent++;
	usec_t at = pass_bottleneck(link, now, wire_size);
	if (at == USEC_NEVER) {
		link->overflowed++;
		return;
	}
	if (is_lost(link)) {
		link->lost++;
		return;
	}
	at += settings->delay;
	if (settings->jitter > 0)
		at += (usec_t)sim_random_below(&link->random, (uint64_t)settings->jitter);
	at = usec_max(at, link->last_at);
	if (sim_random_chance(&link->random, settings->reorder))
		at += settings->reorder_delay;
	else
		link->last_at = at;
	deliver(link, at, number, bytes, size);
	if (sim_random_chance(&link->random, settings->duplicate))
		deliver(link, at + settings->reorder_delay, number, bytes, size);
}

usec_t sim_link_next(const struct sim_link *link)
{
	return link->count == 0 ? USEC_NEVER : link->heap[0]->at;
}

struct sim_link_packet *sim_link_take(struct sim_link *link, usec_t now)
{
	return link->count > 0 && link->heap[0]->at <= now ? pop(link) : NULL;
}
