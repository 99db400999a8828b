#include <criterion/criterion.h>

#include "conn_pair.h"
#include "core/conn/conn_internal.h"

static struct conn_pair pair;

static void start(bool p2p)
{
	conn_pair_init(&pair);
	conn_pair_connect(&pair, p2p);
	if (p2p)
		conn_pair_open_paths(&pair);
	else
		conn_pair_wait(&pair, USEC_PER_SEC, false);
	cr_assert_eq(conn_pair_last_state(&pair, 0), STATE_CONNECTED);
	cr_assert_eq(conn_pair_last_state(&pair, 1), STATE_CONNECTED);
}

Test(conn_liveness, an_idle_connection_stays_up)
{
	start(false);
	conn_pair_wait(&pair, 300 * USEC_PER_SEC, false);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	cr_assert_eq(conn_state(pair.ends[1]), STATE_CONNECTED);
	conn_pair_free(&pair);
}

Test(conn_liveness, silence_by_address_ends_it_within_the_keepalive_and_the_timeout)
{
	start(false);
	conn_pair_wait(&pair, 18 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	conn_pair_wait(&pair, 4 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(conn_end_reason(pair.ends[0]), 5003);
	conn_pair_free(&pair);
}

Test(conn_liveness, silence_peer_to_peer_is_noticed_sooner)
{
	start(true);
	conn_pair_wait(&pair, 15 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(conn_end_reason(pair.ends[0]), 5003);
	conn_pair_free(&pair);
}

/* What came meanwhile was not read yet, so it is no silence. A machine that is always late finds out all the same. */
Test(conn_liveness, who_is_late_himself_waits_for_an_answer_again_but_not_for_ever)
{
	start(true);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "well?"), KITH_OK);
	conn_pair_wait(&pair, 20 * USEC_PER_MSEC, true);
	for (int i = 0; i < 4; i++) {
		cr_assert_not(conn_liveness_is_suspect(pair.ends[0]), "after %d", i);
		pair.now += 3 * USEC_PER_SEC;
		conn_handle_timeout(pair.ends[0], pair.now);
	}
	cr_assert(conn_liveness_is_suspect(pair.ends[0]));
	conn_pair_free(&pair);
}

Test(conn_liveness, who_is_in_time_does_not)
{
	start(true);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "well?"), KITH_OK);
	conn_pair_wait(&pair, 3 * USEC_PER_SEC, true);
	cr_assert(conn_liveness_is_suspect(pair.ends[0]));
	conn_pair_free(&pair);
}

Test(conn_liveness, a_lost_path_ends_it_after_the_timeout)
{
	start(true);
	conn_path_failed(pair.ends[0], pair.now);
	conn_pair_wait(&pair, 9 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	conn_pair_wait(&pair, 2 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_PROBLEM_DETECTED_LOCALLY);
	conn_pair_free(&pair);
}

/* A packet that was under way when the path failed proves nothing about the path. */
Test(conn_liveness, a_late_packet_does_not_keep_a_connection_without_a_path)
{
	start(true);
	cr_assert_eq(conn_pair_send(&pair, 1, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "late"), KITH_OK);
	cr_assert_eq(conn_pair_collect(&pair, 1), 1);
	conn_path_failed(pair.ends[0], pair.now);
	pair.now += 20 * USEC_PER_MSEC;
	conn_pair_deliver(&pair, 0, 0);
	conn_pair_wait(&pair, 12 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(conn_end_reason(pair.ends[0]), 5003);
	conn_pair_free(&pair);
}

Test(conn_liveness, a_path_that_comes_back_saves_it)
{
	start(true);
	conn_path_failed(pair.ends[0], pair.now);
	conn_path_failed(pair.ends[1], pair.now);
	conn_pair_wait(&pair, 8 * USEC_PER_SEC, true);
	conn_pair_path_ready(&pair, 0);
	conn_pair_path_ready(&pair, 1);
	conn_pair_wait(&pair, 60 * USEC_PER_SEC, false);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	cr_assert_eq(conn_state(pair.ends[1]), STATE_CONNECTED);
	conn_pair_free(&pair);
}

Test(conn_liveness, an_answer_in_time_starts_the_patience_anew)
{
	start(false);
	conn_pair_wait(&pair, 18 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	conn_pair_wait(&pair, 2 * USEC_PER_SEC, false);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	conn_pair_wait(&pair, 18 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	conn_pair_free(&pair);
}

Test(conn_liveness, without_a_limit_silence_never_ends_it)
{
	conn_pair_init(&pair);
	config_set_int(&pair.config, CONFIG_TIMEOUT_CONNECTED, 0);
	conn_pair_connect(&pair, false);
	conn_pair_wait(&pair, 600 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	conn_pair_free(&pair);
}

Test(conn_liveness, a_lingering_end_does_not_wait_for_a_peer_that_is_gone)
{
	start(false);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE, "last words"), KITH_OK);
	conn_close(pair.ends[0], pair.now, 1000, "bye", 3600 * USEC_PER_SEC);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_LINGER);
	conn_pair_wait(&pair, 30 * USEC_PER_SEC, true);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_DEAD);
	conn_pair_free(&pair);
}
