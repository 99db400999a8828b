/* reliability: messages over lossy packets, both directions of one connection.
 *
 * Owns: queues and lanes, segments, acks, retransmission, pacing, congestion and flow control,
 * reassembly, the queue of received messages.
 * Does not know: packet headers, encryption, paths, connection states, the clock. Packet 1 of each
 * direction is the handshake and counts as received; the first packet written is number 2.
 */
#ifndef RELIABILITY_RELIABILITY_H
#define RELIABILITY_RELIABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kith/errors.h>

#include "core/base/usec.h"
#include "core/reliability/size_news.h"
#include "core/types/message.h"

#define RELIABILITY_LANES_MAX 256
#define RELIABILITY_MESSAGE_SIZE_MAX 524288
#define RELIABILITY_UNRELIABLE_SIZE_MAX 16500 /* larger ones travel as reliable */

enum congestion_kind {
	CONGESTION_BBR,   /* by delivery rate and RTT, between the limits */
	CONGESTION_FIXED, /* send_rate_max, as the original does */
};

struct message_pool; /* types/message_pool.h */

struct reliability_settings {
	struct message_pool *messages; /* where received ones come from; null: the allocator */
	size_t payload_max;            /* the largest plaintext of one packet on the current path */
	int64_t send_buffer_size;
	int64_t recv_buffer_size;
	int64_t recv_buffer_messages;
	int64_t recv_max_message_size;
	int32_t recv_max_segments_per_packet;
	usec_t nagle_time;
	int64_t send_rate_min; /* bytes/s */
	int64_t send_rate_max;
	enum congestion_kind congestion;
	bool peer_is_gns;   /* the peer announced no capabilities: keep to the original's limits */
	bool window_frames; /* both announced receive-window frames (capability bit 5) */
	bool sequenced;     /* both announced sequenced messages (capability bit 2); else they are unreliable ones */
	bool path_frames;   /* both announced path challenges (capability bit 0) */
};

struct reliability; /* one per connection */

struct reliability *reliability_new(usec_t now, const struct reliability_settings *settings);
void reliability_destroy(struct reliability *reliability); /* null is allowed */
/* Options or the path's packet size changed; lanes and data in flight stay. */
void reliability_configure(struct reliability *reliability, usec_t now, const struct reliability_settings *settings);
/* Data now takes another way: RTT and rate start anew, and acks of older packets give no samples.
 * Call reliability_add_rtt_sample and reliability_configure after it if more is known. */
void reliability_on_path_change(struct reliability *reliability, usec_t now);

/* --- the application's side */

/* Queues a message and sets its number; takes the caller's reference on KITH_OK only.
 * KITH_E_AGAIN: no room (reliability_take_writable tells when there is).
 * KITH_E_TOO_LARGE: over 512 KiB. KITH_E_INVALID: no such lane.
 * KITH_E_LIMIT: an unreliable no-delay message that could not leave soon; it is dropped. */
int32_t reliability_enqueue(struct reliability *reliability, usec_t now, struct message *message);
/* Messages may wait (connection not up yet) while closed: nothing but acks is sent. Open from new. */
void reliability_set_gate(struct reliability *reliability, bool open);
/* What Nagle holds back may leave. */
void reliability_flush(struct reliability *reliability, usec_t now);
/* Lanes 0..count-1, `count` 1-256, never fewer than before. Lower priority values first; weights
 * share within equal priority (0 counts as 1). Null: all equal. KITH_OK; KITH_E_INVALID; KITH_E_STATE: fewer. */
int32_t reliability_configure_lanes(struct reliability *reliability, int count, const int *priorities,
                                    const uint16_t *weights);
/* True once after room came back that a message was refused for. */
bool reliability_take_writable(struct reliability *reliability);
/* True once after messages were dropped because they had waited for longer than they may. */
bool reliability_take_expired(struct reliability *reliability);

/* The next received message in order of arrival (the caller owns the reference), or null. May make
 * an acknowledgement due that tells the peer of the room: drain transmissions after it. */
struct message *reliability_next_message(struct reliability *reliability, usec_t now);
bool reliability_has_message(const struct reliability *reliability);

/* --- packets in */

enum reliability_result {
	RELIABILITY_OK,         /* processed, will be acknowledged */
	RELIABILITY_DO_NOT_ACK, /* processed, but something could not be kept: it will come again */
	RELIABILITY_ABANDON,    /* what is left of it is void; not acknowledged, no error */
	RELIABILITY_VIOLATION,  /* the peer broke the protocol: close with 5002 and reliability_violation() */
};

#define RELIABILITY_TAKE_UNRELIABLE 1u /* else: in FindingRoute, Linger; such packets are not acknowledged */
#define RELIABILITY_NO_RTT 2u          /* arrived on another path than data takes: acks give no RTT sample */

/* A decrypted, not replayed packet. `number` as expanded. `flags`: RELIABILITY_TAKE_UNRELIABLE,
 * RELIABILITY_NO_RTT. The payload is borrowed. */
enum reliability_result reliability_receive_packet(struct reliability *reliability, usec_t now, int64_t number,
                                                   const uint8_t *payload, size_t size, unsigned flags);
/* What the last violation was; static text, not null. */
const char *reliability_violation(const struct reliability *reliability);

/* What the last packet received had in it. Path challenges are about addresses, of which nothing is
 * known here. */
struct reliability_contents {
	bool segments; /* of messages */
	bool challenged, answered;
	uint64_t challenge, answer;
};

const struct reliability_contents *reliability_last_contents(const struct reliability *reliability);

/* The peer asked for an acknowledgement in its header: due after `within` (0: at once). */
void reliability_request_ack(struct reliability *reliability, usec_t now, usec_t within);

/* --- packets out */

/* True if a packet should be written now. Ask, write, report as sent, and ask again. */
bool reliability_wants_to_send(const struct reliability *reliability, usec_t now);
/* True if the packet to be written next should carry the header's "acknowledge" flag: the peer
 * would not acknowledge what is in it by itself. */
bool reliability_wants_ack_request(const struct reliability *reliability, usec_t now);

#define RELIABILITY_ACKS_ONLY 1u /* stop-waiting and acks, no messages: for probes, pings, Linger's end */

#define RELIABILITY_BARE 2u /* nothing at all: the caller writes the payload */
/* The same as RELIABILITY_ACKS_ONLY; the caller makes the datagram as large as it wants to know whether that
 * passes, and has it acknowledged. reliability_take_size_news tells of it. */
#define RELIABILITY_SIZE_PROBE 4u

/* Writes the payload of packet `number` (each one higher than the last, from 2) and remembers what
 * is in it. Never empty, but for RELIABILITY_BARE: at least stop-waiting and, once something was
 * received, an ack. `capacity` at least 64. May be called without reliability_wants_to_send, for
 * packets with other reasons.
 * Must be followed by reliability_on_sent for the same number, with the size of the datagram. */
size_t reliability_write_packet(struct reliability *reliability, usec_t now, int64_t number, uint8_t *payload,
                                size_t capacity, unsigned flags);
void reliability_on_sent(struct reliability *reliability, usec_t now, int64_t number, size_t datagram_size);

/* --- time */

/* When reliability_handle_timeout or sending is due; USEC_NEVER: not before the next input. */
usec_t reliability_next_timeout(const struct reliability *reliability);
/* The same while nothing can be sent at all: when messages have waited too long. */
usec_t reliability_next_expiry(const struct reliability *reliability);
void reliability_handle_timeout(struct reliability *reliability, usec_t now);

/* A round trip measured elsewhere: handshake timestamps, a connectivity check. */
void reliability_add_rtt_sample(struct reliability *reliability, usec_t now, usec_t rtt);

/* --- what is known */

struct reliability_status {
	usec_t rtt;     /* smoothed; -1 unknown */
	usec_t rtt_min; /* of the last 10 s or so; -1 unknown */
	usec_t rtt_deviation;
	usec_t rtt_worst;         /* of the recent samples, for reply timeouts; -1 unknown */
	usec_t rtt_sampled_at;    /* when the last sample came; -1 never */
	int64_t send_rate;        /* bytes/s that may be sent */
	int64_t pending_reliable; /* bytes of messages not sent yet, or lost and to be sent again */
	int64_t pending_unreliable;
	int64_t unacked_reliable; /* bytes sent, not lost, and not known to have arrived */
	int64_t bytes_in_flight;
	int64_t window;        /* bytes that may be in flight */
	usec_t queue_time;     /* until a message sent now would leave */
	int64_t largest_acked; /* of our packets; 0 before the first ack */
	uint64_t packets_sent, packets_acked, packets_lost;
	uint64_t packets_retransmitting;                             /* packets with reliable bytes sent again */
	uint64_t packets_not_acked;                                  /* received, answered with RELIABILITY_DO_NOT_ACK */
	int64_t unread_messages, unread_bytes;                       /* received, and taken by nobody yet */
	int64_t held_bytes;                                          /* memory for what came before its turn */
	int64_t packets_remembered;                                  /* of those sent */
	uint64_t messages_sent, messages_received, messages_dropped; /* dropped: unreliable, of either side */
	uint64_t messages_expired;                                   /* ours that had waited too long; of messages_sent */
	uint64_t messages_late;                                      /* sequenced ones that came after a newer one */
};

void reliability_status(const struct reliability *reliability, usec_t now, struct reliability_status *out);
usec_t reliability_rtt(const struct reliability *reliability);       /* smoothed; -1 unknown */
usec_t reliability_rtt_worst(const struct reliability *reliability); /* of the recent samples; -1 unknown */
/* The last round trip that was measured, once; -1: there is no new one. */
usec_t reliability_take_ping(struct reliability *reliability);
/* Whether the peer has told about packet `number`; `*arrived`: whether it got there. */
bool reliability_is_decided(const struct reliability *reliability, int64_t number, bool *arrived);

/* What acknowledgements tell about sizes on this path, since this was asked last. `large_lost` goes on until
 * a large packet arrives. */
struct size_news reliability_take_size_news(struct reliability *reliability);

struct reliability_lane_status {
	int64_t pending_reliable, pending_unreliable, unacked_reliable; /* as above, of this lane */
	usec_t queue_time; /* until a message sent on it now would leave, by priorities and weights */
};

/* False: there is no such lane. */
bool reliability_lane_status(const struct reliability *reliability, usec_t now, uint32_t lane,
                             struct reliability_lane_status *out);
/* Reliable bytes that are queued or not acknowledged yet: Linger waits for 0. */
int64_t reliability_outstanding(const struct reliability *reliability);
/* A reliable message has come in part: more of it is on its way. */
bool reliability_is_receiving(const struct reliability *reliability);
/* Reliable data or a handshake-like answer is being waited for: conn arms its reply timer. */
bool reliability_expects_reply(const struct reliability *reliability);

#endif
