/* sender: what goes into the next packet, in which order, and whether it may go now.
 *
 * Owns: the lanes of our messages, the send buffer's limit, Nagle's delay, when messages expire, flow
 * control by the peer's receive window (told, or assumed of the original).
 * Does not know: acks and timeouts (loss_detection), the rate (congestion, pacer).
 */
#ifndef RELIABILITY_SENDER_H
#define RELIABILITY_SENDER_H

#include "core/reliability/lane_scheduler.h"
#include "core/reliability/reliability.h"
#include "core/reliability/segmenter.h"
#include "core/wire/frame_control.h"

struct sender {
	struct lane_scheduler lanes;
	int64_t pending_stream; /* bytes never sent */
	int64_t pending_unreliable;
	usec_t nagle_at;                       /* until then less than a packet may wait for more */
	bool released;                         /* nothing waits: no-nagle, flushed, or the delay is over */
	bool refused;                          /* a message got KITH_E_AGAIN since the last sign of room, */
	int64_t refused_size;                  /* the largest of those this large */
	bool window_told;                      /* the peer tells its window; else the original's limits hold */
	int64_t window_bytes, window_messages; /* sums since the beginning that the peer takes */
	int64_t stream_sent, messages_sent;    /* of these, used */
	bool held;                             /* streams wait: the peer refuses them (refusal) */
	size_t overdraft;                      /* bytes allowed once above the window, to learn of a new one */
	usec_t expires_at;                     /* no message of any lane expires before; USEC_NEVER: none ever */
	usec_t sweep_at;                       /* lanes are not looked through before, for the work that is */
	bool told_expired;                     /* the application was told of all that expired */
	uint64_t messages_queued, messages_dropped, messages_expired;
};

void sender_init(struct sender *sender);
void sender_free(struct sender *sender);

/* As reliability_enqueue. `queue_time`: until it would leave; USEC_NEVER: not known. */
int32_t sender_enqueue(struct sender *sender, usec_t now, const struct reliability_settings *settings,
                       usec_t queue_time, struct message *message);
void sender_flush(struct sender *sender);
/* True once after room came back for what was refused. */
bool sender_take_room(struct sender *sender, int64_t buffer_size);
/* True if it has opened. */
bool sender_on_window(struct sender *sender, const struct frame_window *window);

/* When something may go, as far as the sender is concerned: 0 at once, USEC_NEVER nothing or only
 * what the window holds back. `payload_max`: of a packet. */
usec_t sender_next_send(const struct sender *sender, size_t payload_max);
/* True if all that waits is held back by the peer's window. */
bool sender_is_blocked(const struct sender *sender);
/* When messages may have to be dropped. */
usec_t sender_next_expiry(const struct sender *sender);
/* Nagle's delay is over, or a message's time. */
void sender_handle_timeout(struct sender *sender, usec_t now);

/* Fills the packet: first what was lost, then new messages. */
void sender_write(struct sender *sender, usec_t now, usec_t nagle_time, struct segmenter *segmenter);

#endif
