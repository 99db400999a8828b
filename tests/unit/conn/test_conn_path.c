#include <criterion/criterion.h>

#include "conn_pair.h"

static struct conn_pair pair;

static void start(void)
{
	conn_pair_init(&pair);
	conn_pair_connect(&pair, true);
	conn_pair_open_paths(&pair);
	conn_pair_wait(&pair, USEC_PER_SEC, false);
	cr_assert_eq(conn_pair_last_state(&pair, 0), STATE_CONNECTED);
}

static void lead_to(const char *remote, usec_t rtt)
{
	struct path_change change = { .transport = 7, .kind = PATH_READY, .route = ROUTE_DIRECT, .rtt = rtt };

	address_parse(&change.remote, remote);
	conn_path_ready(pair.ends[0], pair.now, &change);
}

static unsigned routes_told(void)
{
	struct event event;
	unsigned count = 0;

	while (conn_next_event(pair.ends[0], &event))
		count += event.kind == EVENT_ROUTE;
	return count;
}

Test(conn_path, another_way_is_told_once)
{
	start();
	lead_to("192.0.2.9:9", -1);
	lead_to("192.0.2.9:9", -1);
	cr_assert_eq(routes_told(), 1);
	conn_pair_free(&pair);
}

Test(conn_path, the_same_way_after_a_failure_is_not_another)
{
	start();
	lead_to("192.0.2.9:9", -1);
	routes_told();
	conn_path_failed(pair.ends[0], pair.now);
	lead_to("192.0.2.9:9", -1);
	cr_assert_eq(routes_told(), 0);
	conn_pair_free(&pair);
}

Test(conn_path, another_way_has_another_round_trip_time)
{
	start();
	lead_to("192.0.2.9:9", 20 * USEC_PER_MSEC);
	lead_to("192.0.2.10:9", 150 * USEC_PER_MSEC);
	cr_assert_eq(conn_rtt(pair.ends[0]), 150 * USEC_PER_MSEC);
	conn_path_failed(pair.ends[0], pair.now);
	lead_to("192.0.2.11:9", 70 * USEC_PER_MSEC);
	cr_assert_eq(conn_rtt(pair.ends[0]), 70 * USEC_PER_MSEC);
	conn_pair_free(&pair);
}

Test(conn_path, what_was_under_way_is_sent_again_over_the_new_one)
{
	start();
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "lost"), KITH_OK);
	cr_assert_eq(conn_pair_collect(&pair, 0), 1); /* and forgotten */
	lead_to("192.0.2.9:9", 20 * USEC_PER_MSEC);
	conn_pair_wait(&pair, 2 * USEC_PER_SEC, false);
	cr_assert(conn_has_message(pair.ends[1]));
	conn_pair_free(&pair);
}
