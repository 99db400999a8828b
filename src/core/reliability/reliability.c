#include "core/reliability/reliability_internal.h"

#include "core/base/alloc.h"
#include "core/wire/wire.h"

/* Lead byte, connection, number, tag: what a datagram is larger than its payload. */
#define DATAGRAM_OVERHEAD 23
#define RATE_MIN 1024

static void apply_limits(struct reliability *r)
{
	const struct reliability_settings *settings = &r->settings;
	r->sender.window_told = settings->window_frames;
	r->receiver.window_told = settings->window_frames;
	r->receiver.shared.sequenced = settings->sequenced;
	loss_detection_set_peer(&r->loss, settings->peer_is_gns);
	struct reassembly *shared = &r->receiver.shared;
	shared->messages = settings->messages;
	shared->buffer_size = settings->recv_buffer_size;
	shared->buffer_messages = settings->recv_buffer_messages;
	shared->message_size_max = settings->recv_max_message_size;
	shared->pool.used_max = (uint32_t)(settings->recv_buffer_size / STREAM_PAGE_SIZE) + 64;
	r->receiver.segments_max = settings->recv_max_segments_per_packet;
	struct congestion_limits *limits = &r->congestion.limits;
	limits->rate_min = settings->send_rate_min > RATE_MIN ? settings->send_rate_min : RATE_MIN;
	limits->rate_max = settings->send_rate_max > limits->rate_min ? settings->send_rate_max : limits->rate_min;
	limits->packet_size = (int64_t)settings->payload_max + DATAGRAM_OVERHEAD;
	r->pacer.packet_size = limits->packet_size;
}

static void start_congestion(struct reliability *r, usec_t now)
{
	const struct congestion_limits limits = r->congestion.limits;
	bool fixed = r->settings.congestion == CONGESTION_FIXED;
	congestion_init(&r->congestion, fixed ? &congestion_fixed_ops : &congestion_bbr_ops, &limits);
	r->congestion.ops->init(&r->congestion, now, r->loss.rtt.smoothed);
	pacer_init(&r->pacer, now, r->congestion.rate, limits.packet_size);
	r->pacer.strict = fixed;
}

struct reliability *reliability_new(usec_t now, const struct reliability_settings *settings)
{
	struct reliability *r = alloc_zeroed(sizeof(*r));
	r->settings = *settings;
	r->gate = true;
	r->ack_asked_at = -1;
	r->blocked_at = now;
	sender_init(&r->sender);
	receiver_init(&r->receiver);
	ack_tracker_init(&r->acks);
	loss_detection_init(&r->loss, now);
	apply_limits(r);
	start_congestion(r, now);
	return r;
}

void reliability_destroy(struct reliability *r)
{
	if (r == NULL)
		return;
	sender_free(&r->sender);
	receiver_free(&r->receiver);
	ack_tracker_free(&r->acks);
	loss_detection_free(&r->loss);
	alloc_free(r);
}

void reliability_configure(struct reliability *r, usec_t now, const struct reliability_settings *settings)
{
	enum congestion_kind before = r->settings.congestion;
	r->settings = *settings;
	apply_limits(r);
	if (r->loss.delivered == 0 || before != settings->congestion || settings->congestion == CONGESTION_FIXED)
		start_congestion(r, now);
}

void reliability_on_path_change(struct reliability *r, usec_t now)
{
	loss_detection_on_path_change(&r->loss, now);
	ack_tracker_set_rtt(&r->acks, -1);
	start_congestion(r, now);
}

void reliability_add_rtt_sample(struct reliability *r, usec_t now, usec_t rtt)
{
	bool first = r->loss.rtt.smoothed < 0;
	if (rtt_add_sample(&r->loss.rtt, now, rtt) < 0)
		return;
	ack_tracker_set_rtt(&r->acks, r->loss.rtt.smoothed);
	/* The first guess of the rate is a window per round trip. */
	if (first && r->loss.delivered == 0)
		start_congestion(r, now);
}

/* --- the application's side */

static int64_t unacked_bytes(const struct reliability *r)
{
	return r->sender.stream_sent - r->loss.stream_acked;
}

static int64_t pending_bytes(const struct reliability *r)
{
	return r->sender.pending_stream + r->sender.pending_unreliable;
}

static usec_t queue_time(const struct reliability *r)
{
	return pending_bytes(r) * USEC_PER_SEC / r->congestion.rate;
}

int32_t reliability_enqueue(struct reliability *r, usec_t now, struct message *message)
{
	usec_t wait = r->gate ? queue_time(r) : USEC_NEVER;
	return sender_enqueue(&r->sender, now, &r->settings, wait, message);
}

void reliability_set_gate(struct reliability *r, bool open)
{
	r->gate = open;
}

void reliability_flush(struct reliability *r, usec_t now)
{
	(void)now;
	sender_flush(&r->sender);
}

int32_t reliability_configure_lanes(struct reliability *r, int count, const int *priorities, const uint16_t *weights)
{
	if (count < 1 || count > RELIABILITY_LANES_MAX)
		return KITH_E_INVALID;
	if ((uint32_t)count < r->sender.lanes.count)
		return KITH_E_STATE;
	lane_scheduler_configure(&r->sender.lanes, (uint32_t)count, priorities, weights);
	return KITH_OK;
}

bool reliability_take_writable(struct reliability *r)
{
	return sender_take_room(&r->sender, r->settings.send_buffer_size);
}

bool reliability_take_expired(struct reliability *r)
{
	bool news = !r->sender.told_expired;
	r->sender.told_expired = true;
	return news;
}

struct message *reliability_next_message(struct reliability *r, usec_t now)
{
	struct message *message = receiver_next_message(&r->receiver, now);
	/* The sender may stand at the window's edge: it is told as soon as there is room worth it. */
	if (message != NULL && receiver_window_is_news(&r->receiver, true))
		ack_tracker_request(&r->acks, now);
	return message;
}

bool reliability_has_message(const struct reliability *r)
{
	return r->receiver.shared.inbox.head != NULL;
}

/* --- packets in */

void reliability_on_sample(struct reliability *r, usec_t now, const struct congestion_sample *sample)
{
	if (sample->rtt >= 0)
		ack_tracker_set_rtt(&r->acks, r->loss.rtt.smoothed);
	if (sample->acked == 0 && sample->lost == 0)
		return;
	struct refusal_news news = { r->loss.rtt.smoothed, sample->acked, sample->lost, r->congestion.window };
	refusal_update(&r->loss.refusal, now, &news);
	reliability_hold(r);
	r->congestion.ops->on_sample(&r->congestion, now, sample);
	pacer_set_rate(&r->pacer, now, r->congestion.rate);
}

static enum reliability_result violate(struct reliability *r, const char *text)
{
	r->receiver.shared.violation = text;
	return RELIABILITY_VIOLATION;
}

static enum reliability_result take_ack(struct reliability *r, usec_t now, const struct frame *frame, unsigned flags)
{
	struct congestion_sample sample;
	bool take_rtt = !(flags & RELIABILITY_NO_RTT);
	switch (loss_detection_on_ack(&r->loss, now, &r->sender.lanes, &frame->ack, take_rtt, &sample)) {
	case LOSS_ABANDON:
		return RELIABILITY_ABANDON;
	case LOSS_VIOLATION:
		return violate(r, "ack of packets that cannot be");
	case LOSS_OK:
		break;
	}
	reliability_on_sample(r, now, &sample);
	return RELIABILITY_OK;
}

static enum reliability_result take_stop_waiting(struct reliability *r, usec_t now, int64_t number,
                                                 const struct frame *frame)
{
	int64_t floor;
	if (!frame_stop_waiting_floor(&frame->stop_waiting, number, &floor))
		return violate(r, "stop-waiting beyond its packet");
	if (!ack_tracker_stop_waiting(&r->acks, now, number, floor))
		return violate(r, "stop-waiting moves backwards");
	return RELIABILITY_OK;
}

static void take_window(struct reliability *r, const struct frame *frame)
{
	if (sender_on_window(&r->sender, &frame->window))
		r->blocked_probes = 0;
}

static enum reliability_result segment_result(bool taken)
{
	return taken ? RELIABILITY_OK : RELIABILITY_VIOLATION;
}

/* The payload, frame by frame; anything but RELIABILITY_OK ends it. */
static enum reliability_result take_frames(struct reliability *r, usec_t now, int64_t number,
                                           struct frame_reader *reader, struct receiver_packet *packet, unsigned flags)
{
	struct frame frame;
	enum frame_result read = FRAME_END;
	enum reliability_result result = RELIABILITY_OK;
	while (result == RELIABILITY_OK && (read = frame_next(reader, &frame)) == FRAME_OK) {
		switch (frame.kind) {
		case FRAME_RELIABLE:
			result = segment_result(receiver_take_reliable(&r->receiver, &reader->context, &frame.reliable, packet));
			break;
		case FRAME_UNRELIABLE:
			result =
				segment_result(receiver_take_unreliable(&r->receiver, &reader->context, &frame.unreliable, packet));
			break;
		case FRAME_ACK:
			result = take_ack(r, now, &frame, flags);
			break;
		case FRAME_STOP_WAITING:
			result = take_stop_waiting(r, now, number, &frame);
			break;
		case FRAME_WINDOW:
			take_window(r, &frame);
			break;
		case FRAME_PATH_CHALLENGE:
			r->last.challenged = true;
			r->last.challenge = frame.path_token;
			break;
		case FRAME_PATH_RESPONSE:
			r->last.answered = true;
			r->last.answer = frame.path_token;
			break;
		case FRAME_SELECT_LANE:
			break;
		}
		if (packet->segments > r->receiver.segments_max)
			return RELIABILITY_OK;
	}
	return result == RELIABILITY_OK && read == FRAME_BAD ? violate(r, reader->error) : result;
}

enum reliability_result reliability_receive_packet(struct reliability *r, usec_t now, int64_t number,
                                                   const uint8_t *payload, size_t size, unsigned flags)
{
	struct frame_reader reader;
	uint64_t extensions = (r->settings.window_frames ? WIRE_CAPABILITY_WINDOW : 0) |
	                      (r->settings.sequenced ? WIRE_CAPABILITY_SEQUENCED : 0) |
	                      (r->settings.path_frames ? WIRE_CAPABILITY_PATH_CHALLENGE : 0);
	struct receiver_packet packet = { .take_unreliable = (flags & RELIABILITY_TAKE_UNRELIABLE) != 0 };
	r->last = (struct reliability_contents){ 0 };
	if (r->receiver.shared.violation != NULL)
		return RELIABILITY_VIOLATION;
	r->receiver.shared.now = now;
	frame_reader_init(&reader, payload, size, extensions);
	enum reliability_result result = take_frames(r, now, number, &reader, &packet, flags);
	r->last.segments = packet.has_segments;
	if (result != RELIABILITY_OK)
		return result;
	if (!packet.refused && ack_tracker_add(&r->acks, now, number, packet.has_segments))
		return RELIABILITY_OK;
	r->packets_not_acked++;
	/* A sender that knows of the window sees from it why nothing is acknowledged. */
	if (r->settings.window_frames)
		ack_tracker_request(&r->acks, now);
	return RELIABILITY_DO_NOT_ACK;
}

const struct reliability_contents *reliability_last_contents(const struct reliability *r)
{
	return &r->last;
}

const char *reliability_violation(const struct reliability *r)
{
	return r->receiver.shared.violation != NULL ? r->receiver.shared.violation : "";
}

void reliability_request_ack(struct reliability *r, usec_t now, usec_t within)
{
	ack_tracker_request(&r->acks, usec_add(now, within));
}

/* --- what is known */

int64_t reliability_outstanding(const struct reliability *r)
{
	return r->sender.pending_stream + unacked_bytes(r);
}

bool reliability_is_receiving(const struct reliability *r)
{
	return receiver_is_receiving(&r->receiver);
}

bool reliability_expects_reply(const struct reliability *r)
{
	return r->loss.packets_in_flight > 0 && unacked_bytes(r) > 0;
}
