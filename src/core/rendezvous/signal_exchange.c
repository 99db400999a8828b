#include "core/rendezvous/signal_exchange.h"

#include <string.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* An unacknowledged entry is sent again after this long (docs/wire.md, "Rendezvous"); sooner, and then each time
 * later, where signals are known to be faster: twice their round trip, and what the peer may take to answer. */
#define RESEND_AFTER (1 * USEC_PER_SEC)
#define RESEND_SLACK (200 * USEC_PER_MSEC)
/* Signals cost the service that carries them: one per 100 ms, but the first few of a connection
 * may follow each other at once, because they decide how soon it is up. */
#define SPACING (100 * USEC_PER_MSEC)
#define CREDIT_MAX 4u

void signal_exchange_init(struct signal_exchange *exchange, usec_t now)
{
	bytes_zero(exchange, sizeof *exchange);
	exchange->first_id = 1;
	exchange->wanted_at = USEC_NEVER;
	exchange->credit_at = now;
	exchange->credit = CREDIT_MAX;
}

static void drop_entries(struct signal_exchange *exchange, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		alloc_free(exchange->entries[i].text);
	exchange->count -= count;
	exchange->first_id += count;
	bytes_move(exchange->entries, exchange->entries + count, exchange->count * sizeof exchange->entries[0]);
}

void signal_exchange_free(struct signal_exchange *exchange)
{
	drop_entries(exchange, exchange->count);
}

bool signal_exchange_add(struct signal_exchange *exchange, usec_t now, enum msg_rendezvous_entry_kind kind,
                         const char *text)
{
	struct signal_entry *entry;
	size_t size = strlen(text) + 1;

	if (exchange->count == SIGNAL_EXCHANGE_ENTRIES_MAX || exchange->stopped) {
		exchange->dropped_count++;
		return false;
	}
	entry = &exchange->entries[exchange->count++];
	entry->kind = kind;
	entry->due = now;
	entry->wait = 0;
	entry->generation = 0;
	entry->text = alloc_zeroed(size);
	bytes_copy(entry->text, text, size);
	return true;
}

void signal_exchange_blank(struct signal_exchange *exchange)
{
	for (uint32_t i = 0; i < exchange->count; i++)
		exchange->entries[i].kind = MSG_RENDEZVOUS_EMPTY;
}

/* Nobody knows which copy is acknowledged: since the first, it is no less than the round trip. Losses make it too
 * long, and a peer whose application thinks before it accepts, so a shorter one counts at once. */
static void measure(struct signal_exchange *exchange, usec_t now, const struct signal_entry *entry)
{
	usec_t rtt = now - entry->sent_at;

	if (entry->wait == 0)
		return; /* a peer that makes acknowledgements up */
	exchange->rtt = exchange->rtt == 0 || rtt < exchange->rtt ? rtt : (7 * exchange->rtt + rtt) / 8;
}

void signal_exchange_on_ack(struct signal_exchange *exchange, usec_t now, uint32_t id)
{
	if (id < exchange->first_id || id - exchange->first_id >= exchange->count)
		return; /* old news, or an id we never sent */
	measure(exchange, now, &exchange->entries[id - exchange->first_id]);
	drop_entries(exchange, id - exchange->first_id + 1);
}

void signal_exchange_on_bare_ack(struct signal_exchange *exchange, usec_t now, uint32_t id)
{
	bool sent = exchange->count > 0 && exchange->entries[0].due > now + SPACING;

	/* Once for each, as a signal may come twice. */
	if (sent && id + 1 == exchange->first_id && exchange->missed_id != exchange->first_id) {
		exchange->missed_id = exchange->first_id;
		signal_exchange_resend(exchange, now);
	}
	signal_exchange_on_ack(exchange, now, id);
}

bool signal_exchange_take(struct signal_exchange *exchange, uint32_t id)
{
	if (id != exchange->received + 1) {
		exchange->behind = exchange->behind || id > exchange->received;
		return false;
	}
	exchange->received = id;
	return true;
}

void signal_exchange_resend(struct signal_exchange *exchange, usec_t now)
{
	for (uint32_t i = 0; i < exchange->count; i++)
		exchange->entries[i].due = usec_min(exchange->entries[i].due, now);
}

void signal_exchange_hasten(struct signal_exchange *exchange, usec_t now, usec_t wait, usec_t delay)
{
	for (uint32_t i = 0; i < exchange->count; i++) {
		struct signal_entry *entry = &exchange->entries[i];
		if (entry->due <= usec_add(now, wait))
			entry->due = usec_min(entry->due, usec_add(now, delay));
	}
	if (exchange->wanted_at != USEC_NEVER)
		signal_exchange_want(exchange, now, delay);
}

void signal_exchange_stop(struct signal_exchange *exchange)
{
	exchange->stopped = true;
	exchange->wanted_at = USEC_NEVER;
}

void signal_exchange_want(struct signal_exchange *exchange, usec_t now, usec_t delay)
{
	if (!exchange->stopped)
		exchange->wanted_at = usec_min(exchange->wanted_at, usec_add(now, delay));
}

/* When a signal may go, by the bucket alone. */
static usec_t credit_available_at(const struct signal_exchange *exchange)
{
	return exchange->credit > 0 ? 0 : exchange->credit_at + SPACING;
}

usec_t signal_exchange_next_timeout(const struct signal_exchange *exchange)
{
	usec_t at = exchange->wanted_at;

	if (exchange->stopped)
		return USEC_NEVER;
	if (exchange->count > 0)
		at = usec_min(at, exchange->entries[0].due);
	for (uint32_t i = 1; i < exchange->count; i++)
		at = usec_min(at, exchange->entries[i].due);
	return at == USEC_NEVER ? at : usec_max(at, credit_available_at(exchange));
}

static void take_credit(struct signal_exchange *exchange, usec_t now)
{
	usec_t gained = (now - exchange->credit_at) / SPACING;

	if (gained >= (usec_t)(CREDIT_MAX - exchange->credit)) {
		exchange->credit = CREDIT_MAX;
		exchange->credit_at = now;
	} else {
		exchange->credit += (unsigned)gained;
		exchange->credit_at += gained * SPACING;
	}
	if (exchange->credit > 0)
		exchange->credit--;
}

/* What is new need not hurry either while the peer acknowledges nothing. */
static usec_t first_wait(const struct signal_exchange *exchange)
{
	usec_t wait = exchange->rtt == 0 ? RESEND_AFTER : usec_min(2 * exchange->rtt + RESEND_SLACK, RESEND_AFTER);

	return usec_max(wait, exchange->entries[0].wait);
}

static void note_sent(struct signal_exchange *exchange, usec_t now, struct signal_entry *entry)
{
	if (entry->wait == 0)
		entry->sent_at = now;
	entry->wait = entry->wait == 0 ? first_wait(exchange) : usec_min(2 * entry->wait, RESEND_AFTER);
	entry->due = now + entry->wait;
}

uint32_t signal_exchange_on_send(struct signal_exchange *exchange, usec_t now, bool from_start, uint32_t *first)
{
	uint32_t index = 0;

	take_credit(exchange, now);
	exchange->wanted_at = USEC_NEVER;
	while (!from_start && index < exchange->count && exchange->entries[index].due > now)
		index++;
	for (uint32_t i = index; i < exchange->count; i++)
		note_sent(exchange, now, &exchange->entries[i]);
	/* An acknowledgement beside entries may have crossed what it lacks, one alone tells that it is lost. Once for each
	 * gap: requests have entries every time. */
	if (exchange->behind && index < exchange->count)
		signal_exchange_want(exchange, now, 0);
	exchange->behind = false;
	*first = index;
	return exchange->count - index;
}
