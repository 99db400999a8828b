/* reliability_transmit: when a packet is to be written, and what is put into it besides messages. */
#include "core/reliability/reliability_internal.h"

/* The peer's check of packet numbers closes at a jump of 16,384; what is not acknowledged stays
 * well below, with room for acks and pings meanwhile. */
#define UNDECIDED_MAX 12000
/* The original acknowledges unreliable data only when asked; we ask this often. */
#define ACK_ASK_INTERVAL (20 * USEC_PER_MSEC)
/* With more gaps than this, acks are long: they then ride only when they are due. */
#define ACK_RIDES_GAPS 8
/* A closed window is knocked at this long after the last news, then ever more rarely. */
#define BLOCKED_PROBE_MIN (10 * USEC_PER_MSEC)
#define BLOCKED_PROBE_MAX (500 * USEC_PER_MSEC)
/* Nobody acknowledges a window, so after this long it goes along again: a sender that missed it
 * would stand still. */
#define WINDOW_AGAIN (25 * USEC_PER_MSEC)

/* --- when */

static bool window_is_open(const struct reliability *r)
{
	return r->loss.in_flight < r->congestion.window && r->loss.sent.next - r->loss.largest_acked < UNDECIDED_MAX;
}

static usec_t blocked_probe_at(const struct reliability *r)
{
	usec_t delay = usec_max(2 * r->loss.rtt.smoothed, BLOCKED_PROBE_MIN) << r->blocked_probes;
	return usec_max(r->blocked_at, r->loss.last_sent_at) + usec_min(delay, BLOCKED_PROBE_MAX);
}

static bool is_blocked(const struct reliability *r)
{
	return !r->sender.held && r->loss.packets_in_flight == 0 && r->sender.overdraft == 0 &&
	       sender_is_blocked(&r->sender);
}

void reliability_hold(struct reliability *r)
{
	r->sender.held = !r->sender.window_told && refusal_holds(&r->loss.refusal, r->loss.in_flight);
}

/* When a peer that refuses is asked again. */
static usec_t ask_at(const struct reliability *r)
{
	bool asks = r->gate && !r->sender.window_told && r->loss.refusal.refuses && !r->loss.probe_due;
	return asks ? r->loss.refusal.ask_at : USEC_NEVER;
}

/* When messages may leave; USEC_NEVER if that depends on what the peer says. */
static usec_t next_send(const struct reliability *r)
{
	if (!r->gate)
		return USEC_NEVER;
	if (r->loss.probe_due)
		return 0;
	if (!window_is_open(r))
		return USEC_NEVER;
	usec_t at = sender_next_send(&r->sender, r->settings.payload_max);
	return at == USEC_NEVER ? USEC_NEVER : usec_max(at, pacer_next_send(&r->pacer));
}

bool reliability_wants_to_send(const struct reliability *r, usec_t now)
{
	return ack_tracker_next_timeout(&r->acks) <= now || next_send(r) <= now;
}

bool reliability_wants_ack_request(const struct reliability *r, usec_t now)
{
	if (!r->settings.peer_is_gns || !r->gate || r->sender.pending_unreliable == 0)
		return false;
	return r->ack_asked_at < 0 || now - r->ack_asked_at >= ACK_ASK_INTERVAL;
}

usec_t reliability_next_timeout(const struct reliability *r)
{
	usec_t at = usec_min(ack_tracker_next_timeout(&r->acks), loss_detection_next_timeout(&r->loss));
	at = usec_min(at, usec_min(next_send(r), ask_at(r)));
	at = usec_min(at, sender_next_expiry(&r->sender));
	if (r->gate && is_blocked(r))
		at = usec_min(at, blocked_probe_at(r));
	return at;
}

usec_t reliability_next_expiry(const struct reliability *r)
{
	return sender_next_expiry(&r->sender);
}

void reliability_handle_timeout(struct reliability *r, usec_t now)
{
	struct congestion_sample sample;
	bool silent = loss_detection_handle_timeout(&r->loss, now, &r->sender.lanes, &sample);
	if (silent)
		r->congestion.ops->on_silence(&r->congestion, now);
	reliability_on_sample(r, now, &sample);
	sender_handle_timeout(&r->sender, now);
	if (ask_at(r) <= now) {
		loss_detection_ask(&r->loss, &r->sender.lanes);
		refusal_on_asked(&r->loss.refusal, now, r->loss.rtt.smoothed);
	}
	if (r->gate && is_blocked(r) && now >= blocked_probe_at(r)) {
		r->sender.overdraft = r->settings.payload_max;
		r->blocked_at = now;
		if (r->blocked_probes < 6)
			r->blocked_probes++;
	}
}

/* --- what */

static void write_window(struct reliability *r, usec_t now, struct byte_writer *out)
{
	struct frame_window window;
	if (!r->settings.window_frames)
		return;
	if (!receiver_window_is_news(&r->receiver, false) && now - r->window_told_at < WINDOW_AGAIN)
		return;
	window = receiver_window(&r->receiver);
	if (!frame_window_write(out, &window))
		return;
	r->receiver.told = window;
	r->window_told_at = now;
}

static void write_ack(struct reliability *r, usec_t now, struct byte_writer *out, bool only)
{
	struct frame_ack ack;
	bool due = ack_tracker_next_timeout(&r->acks) <= now;
	bool rides = ack_tracker_has_news(&r->acks) && ack_tracker_gap_count(&r->acks) <= ACK_RIDES_GAPS;
	if (!only && !due && !rides)
		return;
	if (ack_tracker_report(&r->acks, now, byte_writer_remaining(out), &ack))
		frame_ack_write(out, &ack);
	write_window(r, now, out);
}

static void write_messages(struct reliability *r, usec_t now, struct byte_writer *out)
{
	struct segmenter segmenter;
	segmenter_init(&segmenter, out, &r->loss.sent, r->settings.payload_max);
	segmenter.sequenced = r->settings.sequenced;
	bool again = !lane_set_is_empty(&r->sender.lanes.lost);
	if (r->loss.probe_due)
		r->sender.held = false;
	sender_write(&r->sender, now, r->settings.nagle_time, &segmenter);
	r->written_wants_ack = segmenter.has_reliable || segmenter.has_unreliable;
	r->packets_retransmitting += again;
}

size_t reliability_write_packet(struct reliability *r, usec_t now, int64_t number, uint8_t *payload, size_t capacity,
                                unsigned flags)
{
	struct byte_writer out;
	byte_writer_init(&out, payload, capacity);
	loss_detection_begin(&r->loss, &r->sender.lanes, number);
	r->written_wants_ack = false;
	r->written_is_size_probe = (flags & RELIABILITY_SIZE_PROBE) != 0;
	if (flags & RELIABILITY_BARE)
		return 0;
	frame_stop_waiting_write(&out, number, r->loss.largest_acked);
	bool messages = r->gate && !(flags & (RELIABILITY_ACKS_ONLY | RELIABILITY_SIZE_PROBE)) && next_send(r) <= now;
	write_ack(r, now, &out, !messages);
	if (reliability_wants_ack_request(r, now))
		r->ack_asked_at = now;
	if (messages)
		write_messages(r, now, &out);
	return byte_writer_size(&out);
}

void reliability_on_sent(struct reliability *r, usec_t now, int64_t number, size_t datagram_size)
{
	(void)number;
	bool wants_ack = r->written_wants_ack;
	if (wants_ack && r->loss.packets_in_flight == 0)
		r->congestion.ops->on_restart(&r->congestion, now);
	bool more = sender_next_send(&r->sender, r->settings.payload_max) != USEC_NEVER;
	bool full = r->loss.in_flight + (int64_t)datagram_size >= r->congestion.window;
	struct loss_sent sent = { (int64_t)datagram_size, wants_ack, !more && !full, r->written_is_size_probe };
	loss_detection_on_sent(&r->loss, now, &sent);
	pacer_spend(&r->pacer, now, (int64_t)datagram_size);
	reliability_hold(r);
	r->packets_sent++;
}
