/* loss_detection: acks and time, into what has arrived and what is lost.
 *
 * Owns: packets in flight, delivery-rate samples, the retransmission timeout and tail probes.
 * Does not know: the ack frame's bytes (wire), what is sent next (sender), the rate (congestion).
 */
#ifndef RELIABILITY_LOSS_DETECTION_H
#define RELIABILITY_LOSS_DETECTION_H

#include "core/base/seq_ranges.h"
#include "core/reliability/congestion.h"
#include "core/reliability/lane_scheduler.h"
#include "core/reliability/refusal.h"
#include "core/reliability/rtt.h"
#include "core/reliability/sent_packets.h"
#include "core/reliability/size_news.h"
#include "core/wire/frame_ack.h"

struct loss_detection {
	struct sent_packets sent;
	struct rtt rtt;
	struct seq_ranges lost_numbers; /* packets that are lost but may still be acknowledged */
	int64_t largest_acked;          /* our stop-waiting value: all below it is decided */
	int64_t first_waiting;          /* no packet below it is in flight and wants an ack */
	int64_t in_flight;              /* bytes of packets in flight that want an ack */
	int64_t packets_in_flight;
	int64_t stream_acked; /* bytes of all lanes' streams that have arrived */
	int64_t delivered;    /* bytes of acknowledged packets that wanted it, ever */
	usec_t delivered_at;
	usec_t first_sent_at;
	int64_t limited_until; /* samples are limited by the application until this much is delivered */
	usec_t last_sent_at;   /* of a packet that wants an ack */
	usec_t heard_at;       /* last new acknowledgement */
	usec_t ack_delay;      /* how long the peer may wait with one */
	uint8_t probes;        /* since then */
	uint8_t backoff;       /* doublings of the timeout since then */
	uint8_t path;
	bool probe_due; /* a packet is to leave whatever the window says */
	struct refusal refusal;
	struct size_news sizes;
	uint64_t packets_acked, packets_lost;
};

void loss_detection_init(struct loss_detection *loss, usec_t now);
void loss_detection_free(struct loss_detection *loss);
/* How long acknowledgements may take depends on who the peer is. */
void loss_detection_set_peer(struct loss_detection *loss, bool peer_is_gns);
void loss_detection_on_path_change(struct loss_detection *loss, usec_t now);

/* Before a packet is written: remembers `number`, pieces can be added. */
struct sent_packet *loss_detection_begin(struct loss_detection *loss, struct lane_scheduler *lanes, int64_t number);
/* The packet begun last has left. */
struct loss_sent {
	int64_t size;
	bool wants_ack;
	bool limited;       /* there was nothing more to send */
	bool is_size_probe; /* its loss is no sign of congestion */
};
void loss_detection_on_sent(struct loss_detection *loss, usec_t now, const struct loss_sent *sent);

enum loss_result { LOSS_OK, LOSS_ABANDON, LOSS_VIOLATION };

/* An ack frame arrived. Lanes learn what is acked and lost; `*sample` tells congestion, all zero if
 * nothing is new. `take_rtt`: it came by the path that data takes. */
enum loss_result loss_detection_on_ack(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes,
                                       const struct frame_ack_received *ack, bool take_rtt,
                                       struct congestion_sample *sample);

/* USEC_NEVER: nothing is in flight. */
usec_t loss_detection_next_timeout(const struct loss_detection *loss);
/* Declares what is overdue lost, or asks for a probe. True: congestion is to be told of silence. */
bool loss_detection_handle_timeout(struct loss_detection *loss, usec_t now, struct lane_scheduler *lanes,
                                   struct congestion_sample *sample);
/* A packet with the oldest bytes of a stream is to leave, whatever the window says. */
void loss_detection_ask(struct loss_detection *loss, struct lane_scheduler *lanes);

#endif
