/* signal_exchange: the small reliable stream inside rendezvous signals, one per connection.
 *
 * Owns: numbered entries out until acknowledged, the number seen in, when the next signal may go.
 * Does not know: the signal's other fields, ICE; entries are a password or a candidate line.
 */
#ifndef RENDEZVOUS_SIGNAL_EXCHANGE_H
#define RENDEZVOUS_SIGNAL_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/usec.h"
#include "core/wire/msg_rendezvous.h"

/* Enough for two generations of password and candidates; more are dropped and counted. */
#define SIGNAL_EXCHANGE_ENTRIES_MAX 80

struct signal_entry {
	enum msg_rendezvous_entry_kind kind;
	usec_t due;     /* when it may be sent (again) */
	usec_t wait;    /* from when it was last sent until then; 0: it was not yet */
	usec_t sent_at; /* for the first time */
	char *text;
	uint32_t generation; /* of a password */
};

struct signal_exchange {
	struct signal_entry entries[SIGNAL_EXCHANGE_ENTRIES_MAX]; /* ids first_id.. in order */
	uint32_t count;
	uint32_t first_id;  /* id of entries[0]; ids begin with 1 */
	uint32_t received;  /* highest contiguous id taken from the peer */
	uint32_t missed_id; /* that the peer waited for, and was sent again before its time; 0: none yet */
	uint32_t dropped_count;
	usec_t wanted_at; /* a signal shall go at this time or later; USEC_NEVER: none wanted */
	usec_t rtt;       /* of signals; 0: not known yet */
	usec_t credit_at; /* token bucket of signals, kept as the time it was last full */
	unsigned credit;
	bool behind; /* a signal of the peer's was lost, and it was not told so yet */
	bool stopped;
};

void signal_exchange_init(struct signal_exchange *exchange, usec_t now);
void signal_exchange_free(struct signal_exchange *exchange);

/* Queues an entry (copied). False: too many are unacknowledged; it is dropped and counted. */
bool signal_exchange_add(struct signal_exchange *exchange, usec_t now, enum msg_rendezvous_entry_kind kind,
                         const char *text);
/* What was queued belongs to an ICE session that is gone: keep the numbers, forget the content. */
void signal_exchange_blank(struct signal_exchange *exchange);
/* The peer has everything up to `id`. */
void signal_exchange_on_ack(struct signal_exchange *exchange, usec_t now, uint32_t id);
/* The same from a signal that only answers one of ours. It has nothing new: what the peer waits for was lost. */
void signal_exchange_on_bare_ack(struct signal_exchange *exchange, usec_t now, uint32_t id);
/* True: entry `id` is the next one and is now taken. False: seen before, or after a gap. */
bool signal_exchange_take(struct signal_exchange *exchange, uint32_t id);
/* Everything unacknowledged may go again at once. */
void signal_exchange_resend(struct signal_exchange *exchange, usec_t now);
/* What would go within `wait` anyway goes after `delay`, all together. */
void signal_exchange_hasten(struct signal_exchange *exchange, usec_t now, usec_t wait, usec_t delay);
/* After a close nothing more is sent. */
void signal_exchange_stop(struct signal_exchange *exchange);

/* Asks for a signal within `delay`. */
void signal_exchange_want(struct signal_exchange *exchange, usec_t now, usec_t delay);
/* When the next signal has to be built, spacing included. */
usec_t signal_exchange_next_timeout(const struct signal_exchange *exchange);
/* Called when a signal is built: returns how many entries it carries, from `*first` (an index) on.
 * `from_start`: a request or an answer carries all that is unacknowledged. */
uint32_t signal_exchange_on_send(struct signal_exchange *exchange, usec_t now, bool from_start, uint32_t *first);

#endif
