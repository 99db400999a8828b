/* reliability_internal: the one struct that the facade's files share. */
#ifndef RELIABILITY_INTERNAL_H
#define RELIABILITY_INTERNAL_H

#include "core/reliability/ack_tracker.h"
#include "core/reliability/congestion.h"
#include "core/reliability/loss_detection.h"
#include "core/reliability/pacer.h"
#include "core/reliability/receiver.h"
#include "core/reliability/reliability.h"
#include "core/reliability/sender.h"

struct reliability {
	struct reliability_settings settings;
	struct sender sender;
	struct receiver receiver;
	struct ack_tracker acks;
	struct loss_detection loss;
	struct congestion congestion;
	struct pacer pacer;
	bool gate;              /* messages may leave */
	bool written_wants_ack; /* of the packet written and not reported as sent yet */
	bool written_is_size_probe;
	uint8_t blocked_probes; /* since the peer's window opened last */
	usec_t ack_asked_at;    /* when a packet with the header's flag left last; -1 never */
	usec_t blocked_at;      /* when the last packet went beyond a closed window */
	usec_t window_told_at;
	struct reliability_contents last;
	uint64_t packets_sent, packets_retransmitting, packets_not_acked;
};

/* What reliability_transmit.c offers to reliability.c. */
/* Whether streams wait may have changed. */
void reliability_hold(struct reliability *r);
void reliability_on_sample(struct reliability *r, usec_t now, const struct congestion_sample *sample);

#endif
