/* rendezvous_signal: the signals as they go out: what each one has to carry.
 *
 * Owns: the composition (docs/wire.md, "Rendezvous"), how many entries fit.
 * Does not know: when to send.
 */
#ifndef RENDEZVOUS_RENDEZVOUS_SIGNAL_H
#define RENDEZVOUS_RENDEZVOUS_SIGNAL_H

#include "core/rendezvous/rendezvous.h"

/* Builds the signal that is due now into `out`. Returns its size; 0: nothing to say. */
size_t rendezvous_signal_build(struct rendezvous *rendezvous, usec_t now, uint8_t *out, size_t capacity);

/* A refusal for a request that has no connection. */
struct rendezvous_refusal {
	const struct identity *own;
	uint32_t own_id; /* any but 0: without one a GNS peer ignores it */
	const struct identity *to;
	uint32_t to_id;
	uint32_t reason;
	const char *text;
};

size_t rendezvous_signal_refuse(const struct rendezvous_refusal *refusal, uint8_t *out, size_t capacity);

#endif
