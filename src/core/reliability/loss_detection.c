#include "core/reliability/loss_detection.h"

/* Probes before the timeout decides. */
#define PROBES_MAX 2
#define BACKOFF_MAX 3
/* How long a peer of our own kind waits with an acknowledgement: a quarter of the round trip
 * within these bounds (ack_tracker); the original waits up to 50 ms whatever the path. */
#define ACK_DELAY_MIN (2 * USEC_PER_MSEC)
#define ACK_DELAY_MAX (25 * USEC_PER_MSEC)
#define ACK_DELAY_GNS (50 * USEC_PER_MSEC)
#define RANGES_MAX (2 * FRAME_ACK_BLOCKS_MAX + 1)
/* Steps a probe looks through packets in flight for one with reliable bytes. */
#define PROBE_SEARCH_MAX 64

void loss_detection_init(struct loss_detection *loss, usec_t now)
{
	*loss = (struct loss_detection){
		.first_waiting = 2,
		.delivered_at = now,
		.first_sent_at = now,
		.last_sent_at = now,
		.heard_at = now,
		.ack_delay = -1,
	};
	sent_packets_init(&loss->sent);
	rtt_init(&loss->rtt);
	refusal_init(&loss->refusal);
}

void loss_detection_set_peer(struct loss_detection *loss, bool peer_is_gns)
{
	loss->ack_delay = peer_is_gns ? ACK_DELAY_GNS : -1;
}

void loss_detection_free(struct loss_detection *loss)
{
	sent_packets_free(&loss->sent);
	seq_ranges_free(&loss->lost_numbers);
}

void loss_detection_on_path_change(struct loss_detection *loss, usec_t now)
{
	rtt_init(&loss->rtt);
	refusal_init(&loss->refusal);
	loss->sizes = (struct size_news){ 0 };
	loss->path++;
	loss->probes = 0;
	loss->backoff = 0;
	loss->delivered_at = now;
	loss->first_sent_at = now;
}

/* --- what becomes of a packet */

static void leave_flight(struct loss_detection *loss, const struct sent_packet *packet)
{
	if (!packet->wants_ack)
		return;
	loss->in_flight -= packet->size;
	loss->packets_in_flight--;
}

/* The newest packet acknowledged makes the sample: what was delivered since it left. */
static void take_sample(struct congestion_sample *sample, const struct loss_detection *loss,
                        const struct sent_packet *packet)
{
	if (packet->path != loss->path || packet->delivered < sample->prior_delivered)
		return;
	sample->prior_delivered = packet->delivered;
	sample->app_limited = packet->app_limited;
	usec_t sending = packet->sent_at - packet->first_sent_at;
	usec_t acking = loss->delivered_at - packet->delivered_at;
	sample->interval = usec_max(sending, acking);
}

static void on_acked(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes, struct sent_packet *packet,
                     struct congestion_sample *sample)
{
	for (uint16_t i = 0; i < packet->piece_count; i++) {
		const struct sent_piece *piece = sent_packets_piece(&loss->sent, packet, i);
		struct lane *lane = &lanes->lanes[piece->lane];
		loss->stream_acked += lane_on_acked(lane, piece->begin, piece->begin + piece->size);
		lane_scheduler_update(lanes, lane);
	}
	if (packet->state == SENT_IN_FLIGHT)
		leave_flight(loss, packet);
	if (packet->path == loss->path)
		size_news_on_acked(&loss->sizes, packet);
	packet->state = SENT_NOTHING;
	if (packet->piece_count > 0)
		refusal_on_acked(&loss->refusal);
	if (!packet->wants_ack)
		return;
	loss->packets_acked++;
	loss->delivered += packet->size;
	loss->delivered_at = now;
	sample->acked += packet->size;
	take_sample(sample, loss, packet);
	if (packet->path == loss->path)
		loss->first_sent_at = usec_max(loss->first_sent_at, packet->sent_at);
}

static void lose_pieces(const struct loss_detection *loss, struct lane_scheduler *lanes,
                        const struct sent_packet *packet)
{
	for (uint16_t i = 0; i < packet->piece_count; i++) {
		const struct sent_piece *piece = sent_packets_piece(&loss->sent, packet, i);
		struct lane *lane = &lanes->lanes[piece->lane];
		lane_on_lost(lane, piece->begin, piece->begin + piece->size);
		lane_scheduler_update(lanes, lane);
	}
}

/* Not `told`: time decides. */
static void on_lost(struct loss_detection *loss, struct lane_scheduler *lanes, int64_t number,
                    struct sent_packet *packet, struct congestion_sample *sample, bool told)
{
	lose_pieces(loss, lanes, packet);
	if (packet->path == loss->path)
		size_news_on_lost(&loss->sizes, packet, told);
	leave_flight(loss, packet);
	packet->state = SENT_LOST;
	if (packet->piece_count > 0)
		refusal_on_lost(&loss->refusal);
	seq_ranges_add(&loss->lost_numbers, number, number + 1);
	if (!packet->wants_ack)
		return;
	loss->packets_lost++;
	sample->lost += packet->size;
}

/* --- sending */

struct sent_packet *loss_detection_begin(struct loss_detection *loss, struct lane_scheduler *lanes, int64_t number)
{
	struct congestion_sample unused = { 0 };
	/* The ring is about to forget its oldest packet: what was in it must not be forgotten. */
	if (loss->sent.next - loss->sent.oldest == SENT_PACKETS_MAX) {
		struct sent_packet *oldest = sent_packets_find(&loss->sent, loss->sent.oldest);
		if (oldest != NULL && oldest->state == SENT_IN_FLIGHT)
			on_lost(loss, lanes, loss->sent.oldest, oldest, &unused, false);
	}
	return sent_packets_add(&loss->sent, number);
}

void loss_detection_on_sent(struct loss_detection *loss, usec_t now, const struct loss_sent *sent)
{
	struct sent_packet *packet = sent_packets_last(&loss->sent);
	packet->state = SENT_IN_FLIGHT;
	packet->sent_at = now;
	packet->size = (uint16_t)sent->size;
	packet->wants_ack = sent->wants_ack;
	packet->path = loss->path;
	packet->is_size_probe = sent->is_size_probe;
	if (!sent->wants_ack)
		return;
	if (loss->packets_in_flight == 0) {
		loss->first_sent_at = now;
		loss->delivered_at = now;
		loss->first_waiting = loss->sent.next - 1;
	}
	loss->in_flight += sent->size;
	loss->packets_in_flight++;
	if (sent->limited)
		loss->limited_until = loss->delivered + loss->in_flight;
	packet->delivered = loss->delivered;
	packet->delivered_at = loss->delivered_at;
	packet->first_sent_at = loss->first_sent_at;
	packet->app_limited = loss->limited_until > loss->delivered;
	loss->last_sent_at = now;
	loss->probe_due = false;
}

/* --- acknowledgements */

/* All that the frame says, newest first. False: a violation. */
static bool read_ranges(const struct frame_ack_received *ack, int64_t latest, int64_t floor,
                        struct frame_ack_range ranges[RANGES_MAX], size_t *count)
{
	struct frame_ack_ranges reader;
	frame_ack_ranges_init(&reader, ack, latest, floor);
	*count = 0;
	while (*count < RANGES_MAX && frame_ack_ranges_next(&reader, &ranges[*count]))
		++*count;
	return !reader.bad;
}

/* Packets that nobody has judged yet: those above all that was ever acknowledged. */
static void apply_new(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes,
                      const struct frame_ack_range *range, struct congestion_sample *sample)
{
	int64_t begin = range->begin > loss->largest_acked ? range->begin : loss->largest_acked;
	if (begin < loss->sent.oldest)
		begin = loss->sent.oldest;
	for (int64_t number = begin; number < range->end; number++) {
		struct sent_packet *packet = sent_packets_find(&loss->sent, number);
		if (packet == NULL)
			continue;
		if (range->acked)
			on_acked(loss, now, lanes, packet, sample);
		else if (packet->state == SENT_IN_FLIGHT)
			on_lost(loss, lanes, number, packet, sample, true);
		else if (packet->path == loss->path)
			size_news_on_lost(&loss->sizes, packet, true);
	}
}

/* Packets that were given up and have arrived after all. */
static void apply_late(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes,
                       const struct frame_ack_range *range, struct congestion_sample *sample)
{
	if (!range->acked)
		return;
	size_t index = seq_ranges_find(&loss->lost_numbers, range->begin);
	for (; index < seq_ranges_count(&loss->lost_numbers); index++) {
		struct seq_range late = seq_ranges_at(&loss->lost_numbers, index);
		int64_t begin = late.begin > range->begin ? late.begin : range->begin;
		int64_t end = late.end < range->end ? late.end : range->end;
		if (begin >= end)
			break;
		for (int64_t number = begin; number < end; number++) {
			struct sent_packet *packet = sent_packets_find(&loss->sent, number);
			if (packet != NULL)
				on_acked(loss, now, lanes, packet, sample);
		}
	}
	seq_ranges_remove(&loss->lost_numbers, range->begin, range->end);
}

static void take_rtt_sample(struct loss_detection *loss, usec_t now, const struct frame_ack_received *ack,
                            int64_t latest, struct congestion_sample *sample)
{
	const struct sent_packet *packet = sent_packets_find(&loss->sent, latest);
	if (packet == NULL || packet->path != loss->path || ack->delay == FRAME_ACK_DELAY_UNKNOWN)
		return;
	usec_t delay = (usec_t)ack->delay * FRAME_ACK_DELAY_UNIT_USEC;
	sample->rtt = rtt_add_sample(&loss->rtt, now, now - packet->sent_at - delay);
}

static usec_t timeout_of(const struct loss_detection *loss)
{
	return rtt_retransmission_timeout(&loss->rtt) << loss->backoff;
}

static void forget_old(struct loss_detection *loss, usec_t now)
{
	usec_t timeout = timeout_of(loss);
	sent_packets_forget(&loss->sent, now - 2 * timeout - (loss->rtt.smoothed < 0 ? USEC_PER_SEC : 0));
	if (loss->lost_numbers.count > 0)
		seq_ranges_remove_below(&loss->lost_numbers, loss->sent.oldest);
	if (loss->first_waiting < loss->sent.oldest)
		loss->first_waiting = loss->sent.oldest;
	sent_packets_shrink(&loss->sent);
}

/* The first packet whose fate is open. */
static void update_waiting(struct loss_detection *loss)
{
	for (; loss->first_waiting < loss->sent.next; loss->first_waiting++) {
		const struct sent_packet *packet = sent_packets_find(&loss->sent, loss->first_waiting);
		if (packet != NULL && packet->state == SENT_IN_FLIGHT && packet->wants_ack)
			return;
	}
}

static void finish(struct loss_detection *loss, usec_t now, const struct lane_scheduler *lanes,
                   struct congestion_sample *sample)
{
	if (sample->acked > 0) {
		loss->heard_at = now;
		loss->probes = 0;
		loss->backoff = 0;
	}
	/* What it was to carry has arrived. */
	if (lane_set_is_empty(&lanes->lost))
		loss->probe_due = false;
	sample->in_flight = loss->in_flight;
	sample->delivered = loss->delivered;
	sample->interval_bytes = loss->delivered - sample->prior_delivered;
	update_waiting(loss);
	forget_old(loss, now);
}

static void begin_sample(struct congestion_sample *sample)
{
	*sample = (struct congestion_sample){ .prior_delivered = -1, .rtt = -1 };
}

enum loss_result loss_detection_on_ack(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes,
                                       const struct frame_ack_received *ack, bool take_rtt,
                                       struct congestion_sample *sample)
{
	struct frame_ack_range ranges[RANGES_MAX];
	size_t count;
	int64_t latest = frame_ack_latest(ack, loss->sent.next);
	begin_sample(sample);
	if (latest < 0)
		return LOSS_VIOLATION;
	if (latest >= loss->sent.next)
		return LOSS_ABANDON;
	if (!read_ranges(ack, latest, loss->largest_acked, ranges, &count))
		return LOSS_VIOLATION;
	if (take_rtt)
		take_rtt_sample(loss, now, ack, latest, sample);
	/* Oldest first: streams and samples then advance in order. */
	for (size_t i = count; i > 0; i--) {
		if (loss->lost_numbers.count > 0)
			apply_late(loss, now, lanes, &ranges[i - 1], sample);
		if (ranges[i - 1].end > loss->largest_acked)
			apply_new(loss, now, lanes, &ranges[i - 1], sample);
	}
	if (latest > loss->largest_acked)
		loss->largest_acked = latest;
	finish(loss, now, lanes, sample);
	return LOSS_OK;
}

/* --- timeouts */

static usec_t probe_at(const struct loss_detection *loss)
{
	usec_t delay = loss->ack_delay;
	if (delay < 0)
		delay = usec_max(ACK_DELAY_MIN, usec_min(ACK_DELAY_MAX, loss->rtt.smoothed / 2));
	return loss->last_sent_at + (rtt_probe_timeout(&loss->rtt, delay) << loss->probes);
}

usec_t loss_detection_next_timeout(const struct loss_detection *loss)
{
	if (loss->packets_in_flight == 0)
		return USEC_NEVER;
	const struct sent_packet *packet = sent_packets_find(&loss->sent, loss->first_waiting);
	if (packet == NULL)
		return USEC_NEVER;
	usec_t at = packet->sent_at + timeout_of(loss);
	return loss->probes < PROBES_MAX && !loss->probe_due ? usec_min(at, probe_at(loss)) : at;
}

void loss_detection_ask(struct loss_detection *loss, struct lane_scheduler *lanes)
{
	loss->probe_due = !lane_set_is_empty(&lanes->lost);
	int64_t end = loss->first_waiting + PROBE_SEARCH_MAX;
	for (int64_t number = loss->first_waiting; number < loss->sent.next && number < end; number++) {
		const struct sent_packet *packet = sent_packets_find(&loss->sent, number);
		if (packet == NULL || packet->state != SENT_IN_FLIGHT || packet->piece_count == 0)
			continue;
		lose_pieces(loss, lanes, packet);
		loss->probe_due = !lane_set_is_empty(&lanes->lost);
		return;
	}
}

/* Sends the oldest reliable bytes again although they may be on their way: whichever packet number
 * is acknowledged then tells about all before it. */
static void probe(struct loss_detection *loss, struct lane_scheduler *lanes)
{
	loss->probes++;
	loss->probe_due = !lane_set_is_empty(&lanes->lost);
	if (!loss->probe_due)
		loss_detection_ask(loss, lanes);
}

bool loss_detection_handle_timeout(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes,
                                   struct congestion_sample *sample)
{
	begin_sample(sample);
	if (now < loss_detection_next_timeout(loss))
		return false;
	bool silent = false;
	usec_t timeout = timeout_of(loss);
	for (int64_t number = loss->first_waiting; number < loss->sent.next; number++) {
		struct sent_packet *packet = sent_packets_find(&loss->sent, number);
		if (packet == NULL || packet->state != SENT_IN_FLIGHT)
			continue;
		if (packet->sent_at + timeout > now)
			break;
		silent |= packet->sent_at >= loss->heard_at && packet->wants_ack;
		on_lost(loss, lanes, number, packet, sample, false);
	}
	if (sample->lost == 0 && loss->probes < PROBES_MAX && now >= probe_at(loss))
		probe(loss, lanes);
	if (silent && loss->backoff < BACKOFF_MAX)
		loss->backoff++;
	finish(loss, now, lanes, sample);
	return silent;
}
