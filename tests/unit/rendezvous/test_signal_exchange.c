#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/rendezvous/signal_exchange.h"

#define MS USEC_PER_MSEC

static struct signal_exchange exchange;
static uint32_t first;

static void start(void)
{
	signal_exchange_init(&exchange, 0);
}

static void add(usec_t now, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		cr_assert(signal_exchange_add(&exchange, now, MSG_RENDEZVOUS_CANDIDATE, "candidate"));
}

Test(signal_exchange, entries_go_again_after_a_second_until_they_are_acknowledged)
{
	start();
	add(0, 3);
	cr_assert_eq(signal_exchange_on_send(&exchange, 0, false, &first), 3u);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), USEC_PER_SEC);
	cr_assert_eq(signal_exchange_on_send(&exchange, 500 * MS, false, &first), 0u);
	cr_assert_eq(signal_exchange_on_send(&exchange, USEC_PER_SEC, false, &first), 3u);
	cr_assert_eq(first, 0u);
	signal_exchange_on_ack(&exchange, 1500 * MS, 2);
	cr_assert_eq(exchange.first_id, 3u);
	cr_assert_eq(signal_exchange_on_send(&exchange, 2 * USEC_PER_SEC, false, &first), 1u);
	signal_exchange_on_ack(&exchange, 3 * USEC_PER_SEC, 3);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), USEC_NEVER);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, a_signal_carries_from_the_first_that_is_due)
{
	start();
	add(0, 2);
	signal_exchange_on_send(&exchange, 0, false, &first);
	add(10 * MS, 1);
	cr_assert_eq(signal_exchange_on_send(&exchange, 10 * MS, false, &first), 1u);
	cr_assert_eq(first, 2u);
	/* A request or an answer carries all that is open. */
	cr_assert_eq(signal_exchange_on_send(&exchange, 20 * MS, true, &first), 3u);
	cr_assert_eq(first, 0u);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, what_the_peer_waits_for_goes_again_at_once_but_once)
{
	start();
	add(0, 1);
	signal_exchange_on_send(&exchange, 0, false, &first);
	add(10 * MS, 1);
	signal_exchange_on_send(&exchange, 10 * MS, false, &first);
	signal_exchange_on_bare_ack(&exchange, 60 * MS, 0);
	cr_assert_eq(signal_exchange_on_send(&exchange, 60 * MS, false, &first), 2u);
	cr_assert_eq(first, 0u);
	signal_exchange_on_bare_ack(&exchange, 70 * MS, 0);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 1060 * MS);
	/* One that brings news means nothing of the kind. */
	signal_exchange_on_bare_ack(&exchange, 100 * MS, 1);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 1060 * MS);
	signal_exchange_on_bare_ack(&exchange, 110 * MS, 1);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 110 * MS);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, acknowledgements_that_cannot_be_are_ignored)
{
	start();
	add(0, 2);
	signal_exchange_on_ack(&exchange, 0, 0);
	signal_exchange_on_ack(&exchange, 0, 3);
	signal_exchange_on_ack(&exchange, 0, UINT32_MAX);
	cr_assert_eq(exchange.count, 2u);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, entries_are_taken_once_and_in_order)
{
	start();
	cr_assert_not(signal_exchange_take(&exchange, 0));
	cr_assert_not(signal_exchange_take(&exchange, 2));
	cr_assert(signal_exchange_take(&exchange, 1));
	cr_assert_not(signal_exchange_take(&exchange, 1));
	cr_assert(signal_exchange_take(&exchange, 2));
	cr_assert_eq(exchange.received, 2u);
}

Test(signal_exchange, where_signals_are_fast_they_go_again_sooner_and_then_later_each_time)
{
	start();
	add(0, 1);
	signal_exchange_on_send(&exchange, 0, false, &first);
	signal_exchange_on_ack(&exchange, 100 * MS, 1);
	add(USEC_PER_SEC, 1);
	signal_exchange_on_send(&exchange, 1000 * MS, false, &first);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 1400 * MS);
	signal_exchange_on_send(&exchange, 1400 * MS, false, &first);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 2200 * MS);
	signal_exchange_on_send(&exchange, 2200 * MS, false, &first);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 3200 * MS);
	/* What is new waits for as long. */
	add(2500 * MS, 1);
	signal_exchange_on_send(&exchange, 2500 * MS, false, &first);
	cr_assert_eq(exchange.entries[1].due, 3500 * MS);
	/* Nobody knows which of them was answered. */
	signal_exchange_on_ack(&exchange, 2600 * MS, 2);
	cr_assert_eq(exchange.rtt, (7 * 100 + 1600) * MS / 8);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, a_peer_that_took_its_time_to_accept_makes_signals_slow_only_until_the_next)
{
	start();
	add(0, 1);
	signal_exchange_on_send(&exchange, 0, false, &first);
	signal_exchange_on_ack(&exchange, 5 * USEC_PER_SEC, 1);
	add(6 * USEC_PER_SEC, 2);
	signal_exchange_on_send(&exchange, 6 * USEC_PER_SEC, false, &first);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 7 * USEC_PER_SEC);
	signal_exchange_on_ack(&exchange, 6100 * MS, 2);
	cr_assert_eq(exchange.rtt, 100 * MS);
	signal_exchange_on_ack(&exchange, 6180 * MS, 3);
	cr_assert_eq(exchange.rtt, 110 * MS);
	signal_exchange_free(&exchange);
}

/* An acknowledgement beside entries may have crossed what it lacks, so one alone has to follow. */
Test(signal_exchange, what_was_lost_is_said_in_a_signal_without_entries)
{
	start();
	add(0, 1);
	cr_assert_not(signal_exchange_take(&exchange, 3));
	cr_assert_eq(signal_exchange_on_send(&exchange, 0, false, &first), 1u);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 0);
	cr_assert_eq(signal_exchange_on_send(&exchange, 0, false, &first), 0u);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), USEC_PER_SEC);
	/* One that was only doubled is no gap. */
	cr_assert(signal_exchange_take(&exchange, 1));
	cr_assert_not(signal_exchange_take(&exchange, 1));
	add(0, 1);
	cr_assert_eq(signal_exchange_on_send(&exchange, 0, true, &first), 2u);
	cr_assert_neq(signal_exchange_next_timeout(&exchange), 0);
	signal_exchange_free(&exchange);
}

/* A request never goes without entries, and must not be repeated for that. */
Test(signal_exchange, a_gap_is_answered_once)
{
	start();
	add(0, 1);
	cr_assert_not(signal_exchange_take(&exchange, 3));
	signal_exchange_on_send(&exchange, 0, true, &first);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), 0);
	signal_exchange_on_send(&exchange, 0, true, &first);
	cr_assert_neq(signal_exchange_next_timeout(&exchange), 0);
	signal_exchange_free(&exchange);
}

/* The first few may follow each other at once, then one in 100 ms. */
Test(signal_exchange, signals_are_rationed)
{
	unsigned sent = 0;

	start();
	for (usec_t now = 0; now < 2 * USEC_PER_SEC; now += MS) {
		signal_exchange_want(&exchange, now, 0);
		if (signal_exchange_next_timeout(&exchange) > now)
			continue;
		signal_exchange_on_send(&exchange, now, false, &first);
		sent++;
	}
	cr_assert(sent >= 23 && sent <= 24, "%u", sent);
}

Test(signal_exchange, holds_so_many_entries_and_no_more)
{
	start();
	add(0, SIGNAL_EXCHANGE_ENTRIES_MAX);
	cr_assert_not(signal_exchange_add(&exchange, 0, MSG_RENDEZVOUS_CANDIDATE, "one more"));
	cr_assert_eq(exchange.dropped_count, 1u);
	signal_exchange_on_ack(&exchange, 0, 1);
	add(0, 1);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, nothing_is_said_after_the_end)
{
	start();
	add(0, 1);
	signal_exchange_stop(&exchange);
	signal_exchange_want(&exchange, 0, 0);
	cr_assert_eq(signal_exchange_next_timeout(&exchange), USEC_NEVER);
	cr_assert_not(signal_exchange_add(&exchange, 0, MSG_RENDEZVOUS_CANDIDATE, "late"));
	signal_exchange_free(&exchange);
}

/* Their numbers may be under way: they stay, without content. */
Test(signal_exchange, entries_of_a_session_that_is_gone_are_blanked)
{
	start();
	add(0, 2);
	signal_exchange_blank(&exchange);
	cr_assert_eq(exchange.count, 2u);
	cr_assert_eq(exchange.entries[0].kind, MSG_RENDEZVOUS_EMPTY);
	add(0, 1);
	cr_assert_eq(exchange.entries[2].kind, MSG_RENDEZVOUS_CANDIDATE);
	signal_exchange_free(&exchange);
}

Test(signal_exchange, what_waits_for_company_goes_with_it_and_what_waits_for_its_repetition_does_not)
{
	signal_exchange_init(&exchange, 1000);
	signal_exchange_add(&exchange, 1000, MSG_RENDEZVOUS_PASSWORD, "sent");
	signal_exchange_on_send(&exchange, 1000, true, &first);
	signal_exchange_add(&exchange, 1000 + 8000, MSG_RENDEZVOUS_PASSWORD, "waits");
	signal_exchange_hasten(&exchange, 1000, 8000, 2000);
	cr_assert_eq(exchange.entries[1].due, 3000);
	cr_assert_eq(exchange.entries[0].due, 1000 + USEC_PER_SEC);
	signal_exchange_free(&exchange);
}
