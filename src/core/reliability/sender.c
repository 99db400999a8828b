#include "core/reliability/sender.h"

/* A message that must not be late is dropped if it had to wait longer than this. */
#define NO_DELAY_QUEUE_MAX (200 * USEC_PER_MSEC)
/* Until the peer tells its window. */
#define WINDOW_BYTES_INITIAL ((int64_t)256 * 1024)
#define WINDOW_MESSAGES_INITIAL 250
/* The original's receiver with its defaults: it keeps 1 MiB above the first missing byte, 1000
 * messages unread, and refuses what would open the 30th gap (docs/wire.md, "Reliable reception"). */
#define GNS_STREAM_MAX ((int64_t)1024 * 1024 - 4096)
#define GNS_MESSAGES_MAX 600
#define GNS_GAPS_MAX 15
/* Messages one packet can hold at most, so many have to be looked at before it is written. */
#define PACKET_MESSAGES_MAX 650
/* Looking through all that waits costs time: so long at least lies between two looks, and so much for
 * each message. What would leave in between is looked at before it does. */
#define SWEEP_INTERVAL (5 * USEC_PER_MSEC)
#define SWEEP_MESSAGES_PER_USEC 2

void sender_init(struct sender *sender)
{
	*sender = (struct sender){
		.nagle_at = USEC_NEVER,
		.expires_at = USEC_NEVER,
		.told_expired = true,
		.window_bytes = WINDOW_BYTES_INITIAL,
		.window_messages = WINDOW_MESSAGES_INITIAL,
	};
	lane_scheduler_init(&sender->lanes);
}

void sender_free(struct sender *sender)
{
	lane_scheduler_free(&sender->lanes);
}

/* --- queueing */

static int64_t pending(const struct sender *sender)
{
	return sender->pending_stream + sender->pending_unreliable;
}

static void note_refused(struct sender *sender, int64_t size)
{
	if (!sender->refused || size > sender->refused_size)
		sender->refused_size = size;
	sender->refused = true;
}

bool sender_take_room(struct sender *sender, int64_t buffer_size)
{
	int64_t waiting = pending(sender);
	if (!sender->refused || waiting > buffer_size / 2)
		return false;
	/* Room for less than what was refused would make the application try in vain, again and again. */
	if (waiting > 0 && waiting + sender->refused_size > buffer_size)
		return false;
	sender->refused = false;
	return true;
}

static int32_t refuse(struct sender *sender, const struct reliability_settings *settings, usec_t queue_time,
                      const struct message *message)
{
	if (message->size > RELIABILITY_MESSAGE_SIZE_MAX)
		return KITH_E_TOO_LARGE;
	if (message->lane >= sender->lanes.count)
		return KITH_E_INVALID;
	bool fleeting = (message->flags & (MESSAGE_NO_DELAY | MESSAGE_RELIABLE)) == MESSAGE_NO_DELAY;
	if (fleeting && queue_time > NO_DELAY_QUEUE_MAX) {
		sender->messages_dropped++;
		return KITH_E_LIMIT;
	}
	/* An empty buffer takes any message, or one larger than the buffer could never go. */
	if (pending(sender) > 0 && pending(sender) + (int64_t)message->size > settings->send_buffer_size) {
		note_refused(sender, (int64_t)message->size);
		return KITH_E_AGAIN;
	}
	return KITH_OK;
}

int32_t sender_enqueue(struct sender *sender, usec_t now, const struct reliability_settings *settings,
                       usec_t queue_time, struct message *message)
{
	int32_t result = refuse(sender, settings, queue_time, message);
	if (result != KITH_OK)
		return result;
	struct lane *lane = &sender->lanes.lanes[message->lane];
	bool reliable = (message->flags & MESSAGE_RELIABLE) || message->size > RELIABILITY_UNRELIABLE_SIZE_MAX ||
	                lane_must_be_reliable(lane);
	if (pending(sender) == 0) {
		sender->released = false;
		sender->nagle_at = usec_add(now, settings->nagle_time);
	}
	if ((message->flags & (MESSAGE_NO_NAGLE | MESSAGE_NO_DELAY)) || settings->nagle_time == 0)
		sender->released = true;
	message->at = now;
	message->expires_at = message->ttl > 0 ? usec_add(now, message->ttl) : USEC_NEVER;
	sender->expires_at = usec_min(sender->expires_at, message->expires_at);
	int64_t end = lane->end;
	/* An empty unreliable message waits too: it counts as a byte. */
	if (!reliable)
		sender->pending_unreliable += (int64_t)message->size + 1;
	lane_push(lane, message, reliable);
	sender->pending_stream += lane->end - end;
	sender->messages_queued++;
	lane_scheduler_update(&sender->lanes, lane);
	return KITH_OK;
}

void sender_flush(struct sender *sender)
{
	sender->released = pending(sender) > 0;
}

/* --- expiring */

usec_t sender_next_expiry(const struct sender *sender)
{
	return sender->expires_at == USEC_NEVER ? USEC_NEVER : usec_max(sender->expires_at, sender->sweep_at);
}

static void expire_lane(struct sender *sender, usec_t now, struct lane *lane, uint32_t most)
{
	int64_t stream = lane->end;
	int64_t unreliable = lane->unreliable.bytes + lane->unreliable.count;
	uint64_t expired = lane_expire(lane, now, most);
	if (expired == 0)
		return;
	sender->pending_stream -= stream - lane->end;
	sender->pending_unreliable -= unreliable - lane->unreliable.bytes - lane->unreliable.count;
	sender->messages_expired += expired;
	sender->told_expired = false;
	lane_scheduler_update(&sender->lanes, lane);
}

static void expire_lanes(struct sender *sender, usec_t now, uint32_t most)
{
	for (uint32_t i = 0; i < sender->lanes.count; i++)
		if (sender->lanes.lanes[i].expires_at <= now)
			expire_lane(sender, now, &sender->lanes.lanes[i], most);
}

/* Looks through all that waits. */
static void sweep(struct sender *sender, usec_t now)
{
	int64_t waiting = 0;
	expire_lanes(sender, now, LANE_EXPIRE_ALL);
	sender->expires_at = USEC_NEVER;
	for (uint32_t i = 0; i < sender->lanes.count; i++) {
		const struct lane *lane = &sender->lanes.lanes[i];
		sender->expires_at = usec_min(sender->expires_at, lane->expires_at);
		waiting += lane->unreliable.count + lane->message_count;
	}
	sender->sweep_at = now + SWEEP_INTERVAL + waiting / SWEEP_MESSAGES_PER_USEC;
}

/* --- flow control */

static bool raise(int64_t *limit, uint64_t told)
{
	if (told > INT64_MAX || (int64_t)told <= *limit)
		return false;
	*limit = (int64_t)told;
	return true;
}

bool sender_on_window(struct sender *sender, const struct frame_window *window)
{
	bool bytes = raise(&sender->window_bytes, window->bytes);
	bool messages = raise(&sender->window_messages, window->messages);
	return bytes || messages;
}

static struct segmenter_credit credit_of(const struct sender *sender, const struct lane *lane)
{
	struct segmenter_credit credit = { 0, 0 };
	if (sender->held)
		return credit;
	if (sender->window_told) {
		credit.bytes = sender->window_bytes - sender->stream_sent;
		credit.messages = sender->window_messages - sender->messages_sent;
	} else {
		credit.bytes = GNS_STREAM_MAX - (lane->sent_end - lane->acked_end);
		credit.messages = GNS_MESSAGES_MAX - (int64_t)lane->message_sending;
		if (lane->acked.count >= GNS_GAPS_MAX)
			credit.bytes = 0;
	}
	if (sender->overdraft > 0 && (credit.bytes <= 0 || credit.messages <= 0))
		credit = (struct segmenter_credit){ (int64_t)sender->overdraft, 1 };
	return credit;
}

static bool lane_is_blocked(const struct sender *sender, const struct lane *lane)
{
	if (lane_has_unreliable(lane))
		return false;
	struct segmenter_credit credit = credit_of(sender, lane);
	return credit.bytes <= 0 || credit.messages <= 0;
}

bool sender_is_blocked(const struct sender *sender)
{
	if (pending(sender) == 0 || (!sender->held && !lane_set_is_empty(&sender->lanes.lost)))
		return false;
	for (uint32_t i = 0; i < sender->lanes.count; i++) {
		const struct lane *lane = &sender->lanes.lanes[i];
		if (lane_has_new(lane) && !lane_is_blocked(sender, lane))
			return false;
	}
	return true;
}

/* --- when */

usec_t sender_next_send(const struct sender *sender, size_t payload_max)
{
	if (!sender->held && !lane_set_is_empty(&sender->lanes.lost))
		return 0;
	if (pending(sender) == 0 || sender_is_blocked(sender))
		return USEC_NEVER;
	if (sender->released || pending(sender) >= (int64_t)payload_max)
		return 0;
	return sender->nagle_at;
}

void sender_handle_timeout(struct sender *sender, usec_t now)
{
	if (now >= sender_next_expiry(sender))
		sweep(sender, now);
	if (now >= sender->nagle_at)
		sender->released = pending(sender) > 0;
}

/* --- writing */

static void write_lost(struct sender *sender, struct segmenter *segmenter)
{
	struct lane_set done = { { 0 } };
	struct lane *lane;
	while (!segmenter->full && (lane = lane_scheduler_next_lost(&sender->lanes, &done)) != NULL) {
		segmenter_write_lost(segmenter, lane);
		lane_scheduler_update(&sender->lanes, lane);
		lane_set_add(&done, lane->id);
	}
}

static void write_lane(struct sender *sender, struct segmenter *segmenter, struct lane *lane)
{
	struct segmenter_credit credit = credit_of(sender, lane);
	struct segmenter_credit before = credit;
	int64_t unreliable = lane->unreliable.bytes + lane->unreliable.count;
	size_t size = segmenter_write_fresh(segmenter, lane, &credit);
	sender->stream_sent += before.bytes - credit.bytes;
	sender->messages_sent += before.messages - credit.messages;
	sender->pending_stream -= before.bytes - credit.bytes;
	sender->pending_unreliable -= unreliable - lane->unreliable.bytes - lane->unreliable.count;
	lane_scheduler_update(&sender->lanes, lane);
	lane_scheduler_charge(&sender->lanes, lane, (int64_t)size);
}

/* What stays behind waits for company from its own time on. */
static void restart_nagle(struct sender *sender, usec_t now, usec_t nagle_time)
{
	if (pending(sender) == 0) {
		sender->released = false;
		sender->nagle_at = USEC_NEVER;
		sender->expires_at = USEC_NEVER;
	} else if (!sender->released && now >= sender->nagle_at) {
		sender->nagle_at = usec_add(now, nagle_time);
	}
}

void sender_write(struct sender *sender, usec_t now, usec_t nagle_time, struct segmenter *segmenter)
{
	struct lane_set done = { { 0 } };
	struct lane *lane;
	if (sender->expires_at <= now)
		expire_lanes(sender, now, PACKET_MESSAGES_MAX);
	if (!sender->held && !lane_set_is_empty(&sender->lanes.lost))
		write_lost(sender, segmenter);
	while (!segmenter->full && (lane = lane_scheduler_next_fresh(&sender->lanes, &done)) != NULL) {
		write_lane(sender, segmenter, lane);
		lane_set_add(&done, lane->id);
	}
	sender->overdraft = 0;
	restart_nagle(sender, now, nagle_time);
}
