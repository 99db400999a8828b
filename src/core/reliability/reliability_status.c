/* reliability_status: what is known, for people and for the rooms above. */
#include "core/reliability/reliability_internal.h"

/* As the sender counts: even an empty message waits. */
static int64_t pending_unreliable(const struct lane *lane)
{
	return lane->unreliable.bytes + lane->unreliable.count;
}

/* Bytes of a lane that were sent and will be sent again. */
static int64_t lost_bytes(const struct lane *lane)
{
	return seq_ranges_total(&lane->lost);
}

static int64_t lost_bytes_of_all(const struct reliability *r)
{
	const struct lane_scheduler *lanes = &r->sender.lanes;
	int64_t lost = 0;
	if (lane_set_is_empty(&lanes->lost))
		return 0;
	for (uint32_t i = 0; i < lanes->count; i++)
		lost += lost_bytes(&lanes->lanes[i]);
	return lost;
}

/* Until the pacer lets the next packet go. */
static usec_t pacing_delay(const struct reliability *r, usec_t now)
{
	return usec_max(pacer_next_send(&r->pacer) - now, 0);
}

static usec_t time_for(const struct reliability *r, usec_t now, int64_t bytes)
{
	return pacing_delay(r, now) + bytes * USEC_PER_SEC / r->congestion.rate;
}

void reliability_status(const struct reliability *r, usec_t now, struct reliability_status *out)
{
	int64_t lost = lost_bytes_of_all(r);
	int64_t pending = r->sender.pending_stream + lost;
	*out = (struct reliability_status){
		.rtt = r->loss.rtt.smoothed,
		.rtt_min = rtt_min(&r->loss.rtt),
		.rtt_deviation = r->loss.rtt.deviation,
		.rtt_worst = rtt_worst(&r->loss.rtt),
		.rtt_sampled_at = r->loss.rtt.sampled_at,
		.send_rate = r->congestion.rate,
		.pending_reliable = pending,
		.pending_unreliable = r->sender.pending_unreliable,
		.unacked_reliable = r->sender.stream_sent - r->loss.stream_acked - lost,
		.bytes_in_flight = r->loss.in_flight,
		.window = r->congestion.window,
		.queue_time = time_for(r, now, pending + r->sender.pending_unreliable),
		.largest_acked = r->loss.largest_acked,
		.packets_sent = r->packets_sent,
		.packets_acked = r->loss.packets_acked,
		.packets_lost = r->loss.packets_lost,
		.packets_retransmitting = r->packets_retransmitting,
		.packets_not_acked = r->packets_not_acked,
		.unread_messages = r->receiver.shared.inbox.count,
		.unread_bytes = r->receiver.shared.inbox.bytes,
		.held_bytes = (int64_t)r->receiver.shared.pool.used_count * STREAM_PAGE_SIZE,
		.packets_remembered = r->loss.sent.next - r->loss.sent.oldest,
		.messages_sent = r->sender.messages_queued,
		.messages_received = r->receiver.messages_taken + (uint64_t)r->receiver.shared.inbox.count,
		.messages_dropped = r->sender.messages_dropped + r->receiver.unreliable.dropped,
		.messages_expired = r->sender.messages_expired,
		.messages_late = r->receiver.shared.messages_late,
	};
}

usec_t reliability_rtt(const struct reliability *r)
{
	return r->loss.rtt.smoothed;
}

usec_t reliability_rtt_worst(const struct reliability *r)
{
	return rtt_worst(&r->loss.rtt);
}

usec_t reliability_take_ping(struct reliability *r)
{
	return rtt_take(&r->loss.rtt);
}

bool reliability_is_decided(const struct reliability *r, int64_t number, bool *arrived)
{
	const struct sent_packet *packet = sent_packets_find(&r->loss.sent, number);
	*arrived = packet == NULL || packet->state != SENT_LOST;
	return r->loss.largest_acked >= number;
}

struct size_news reliability_take_size_news(struct reliability *r)
{
	struct size_news news = r->loss.sizes;
	r->loss.sizes.arrived = r->loss.sizes.lost = 0;
	return news;
}

/* --- lanes */

static int64_t unsent(const struct lane *lane)
{
	return lane_pending_stream(lane) + lost_bytes(lane) + pending_unreliable(lane);
}

/* What leaves before a message that would be queued on `lane` now: everything of higher priority, what waits on the
 * lane itself, and of its equals their share of the time that takes. */
static int64_t bytes_before(const struct lane_scheduler *lanes, const struct lane *lane)
{
	int64_t own = unsent(lane), before = 0;
	for (uint32_t i = 0; i < lanes->count; i++) {
		const struct lane *other = &lanes->lanes[i];
		int64_t bytes = unsent(other);
		if (other->priority > lane->priority)
			continue;
		if (other->priority == lane->priority) {
			int64_t share = own / lane->weight * other->weight + own % lane->weight * other->weight / lane->weight;
			bytes = bytes < share ? bytes : share;
		}
		before += bytes;
	}
	return before;
}

bool reliability_lane_status(const struct reliability *r, usec_t now, uint32_t lane,
                             struct reliability_lane_status *out)
{
	const struct lane_scheduler *lanes = &r->sender.lanes;
	*out = (struct reliability_lane_status){ 0 };
	if (lane >= lanes->count)
		return false;
	const struct lane *its = &lanes->lanes[lane];
	out->pending_reliable = lane_pending_stream(its) + lost_bytes(its);
	out->pending_unreliable = pending_unreliable(its);
	out->unacked_reliable = lane_unacked(its) - lost_bytes(its);
	out->queue_time = time_for(r, now, bytes_before(lanes, its));
	return true;
}
