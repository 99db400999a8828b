/* The main stories, told line by line: what goes over the wire and through the signaling service, and
 * what the applications hear. Data packets are left out. */
#include <criterion/criterion.h>

#include "tale.h"

#define MS USEC_PER_MSEC

static struct tale tale;

Test(tales, connecting_by_address)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 100 * MS);
	tale_send(&tale, 0, "hello");
	tale_wait(&tale, 100 * MS);
	tale_hang_up(&tale, 1, 1234, "bye", 0);
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls the address of str:bob\n"
	                "[     0.0ms] A  sends challenge request\n"
	                "[    10.0ms] B  sends challenge reply\n"
	                "[    20.0ms] A  sends connect request\n"
	                "[    30.0ms] B  is called\n"
	                "[    30.0ms] B  accepts\n"
	                "[    30.0ms] B  sends connect ok\n"
	                "[    30.0ms] B  is connected\n"
	                "[    40.0ms] A  is connected\n"
	                "[   100.0ms] A  says \"hello\"\n"
	                "[   115.0ms] B  hears \"hello\"\n"
	                "[   200.0ms] B  hangs up: \"bye\"\n"
	                "[   200.0ms] B  sends close 1234 \"bye\"\n"
	                "[   210.0ms] A  sends no connection\n"
	                "[   210.0ms] A  hears the peer close: 1234 \"bye\"\n"
	                "[   210.0ms] A  sends no connection\n");
	tale_end(&tale);
}

Test(tales, being_refused_by_address)
{
	tale_begin(&tale);
	tale.accepts[1] = false;
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 700 * MS);
	tale_hang_up(&tale, 1, 1900, "not today", 0);
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls the address of str:bob\n"
	                "[     0.0ms] A  sends challenge request\n"
	                "[    10.0ms] B  sends challenge reply\n"
	                "[    20.0ms] A  sends connect request\n"
	                "[    30.0ms] B  is called\n"
	                "[   520.0ms] A  sends challenge request\n"
	                "[   700.0ms] B  hangs up: \"not today\"\n"
	                "[   700.0ms] B  sends close 1900 \"not today\"\n"
	                "[   710.0ms] A  sends no connection\n"
	                "[   710.0ms] A  hears the peer close: 1900 \"not today\"\n"
	                "[   710.0ms] A  sends no connection\n");
	tale_end(&tale);
}

Test(tales, an_answer_that_is_lost_is_given_again)
{
	tale_begin(&tale);
	tale.lose_lead = 0x23;
	tale.lose_count = 1;
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 2 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls the address of str:bob\n"
	                "[     0.0ms] A  sends challenge request\n"
	                "[    10.0ms] B  sends challenge reply\n"
	                "[    20.0ms] A  sends connect request\n"
	                "[    30.0ms] B  is called\n"
	                "[    30.0ms] B  accepts\n"
	                "[    30.0ms] B  sends connect ok\n"
	                "[    30.0ms] B  (it is lost)\n"
	                "[    30.0ms] B  is connected\n"
	                "[   520.0ms] A  sends challenge request\n"
	                "[   530.0ms] B  sends connect ok\n"
	                "[   540.0ms] A  is connected\n");
	tale_end(&tale);
}

Test(tales, nobody_accepts)
{
	tale_begin(&tale);
	tale.accepts[1] = false;
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 100 * MS);
	tale_forget(&tale);
	tale_wait(&tale, 9 * USEC_PER_SEC + 800 * MS);
	tale_forget(&tale);
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[ 10000.0ms] A  sends close 5003 \"the peer did not answer in time\"\n"
	                "[ 10000.0ms] A  gives up: 5003 \"the peer did not answer in time\"\n"
	                "[ 10000.0ms] A  sends close 5003 \"the peer did not answer in time\"\n"
	                "[ 10010.0ms] B  sends no connection\n"
	                "[ 10010.0ms] B  hears the peer close: 5003 \"the peer did not answer in time\"\n"
	                "[ 10010.0ms] B  sends no connection\n"
	                "[ 10010.0ms] B  sends no connection\n"
	                "[ 10100.0ms] A  sends close 5003 \"the peer did not answer in time\"\n"
	                "[ 10110.0ms] B  sends no connection\n"
	                "[ 10350.0ms] A  sends close 5003 \"the peer did not answer in time\"\n"
	                "[ 10360.0ms] B  sends no connection\n");
	tale_end(&tale);
}

Test(tales, all_closes_are_lost_and_the_next_word_tells)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 100 * MS);
	tale_forget(&tale);
	tale.lose_lead = 0x24;
	tale.lose_count = 3;
	tale_hang_up(&tale, 1, 1234, "bye", 0);
	tale_wait(&tale, 2 * USEC_PER_SEC);
	tale_send(&tale, 0, "are you there?");
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[   100.0ms] B  hangs up: \"bye\"\n"
	                "[   100.0ms] B  sends close 1234 \"bye\"\n"
	                "[   100.0ms] B  (it is lost)\n"
	                "[   200.0ms] B  sends close 1234 \"bye\"\n"
	                "[   200.0ms] B  (it is lost)\n"
	                "[   450.0ms] B  sends close 1234 \"bye\"\n"
	                "[   450.0ms] B  (it is lost)\n"
	                "[  2100.0ms] A  says \"are you there?\"\n"
	                "[  2115.0ms] B  sends close 1234 \"bye\"\n"
	                "[  2125.0ms] A  sends no connection\n"
	                "[  2125.0ms] A  hears the peer close: 1234 \"bye\"\n"
	                "[  2125.0ms] A  sends no connection\n");
	tale_end(&tale);
}

Test(tales, a_peer_dies_by_address)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, USEC_PER_SEC);
	tale_forget(&tale);
	tale_die(&tale, 1);
	tale_wait(&tale, 60 * USEC_PER_SEC);
	tale_was(&tale, "[  1000.0ms] B  dies\n"
	                "[ 20600.0ms] A  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 20600.0ms] A  gives up: 5003 \"the peer does not answer any more\"\n"
	                "[ 20600.0ms] A  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 20700.0ms] A  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 20950.0ms] A  sends close 5003 \"the peer does not answer any more\"\n");
	tale_end(&tale);
}

Test(tales, all_is_said_before_the_line_is_cut)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 100 * MS);
	tale_forget(&tale);
	tale.quiet = true; /* the network is down for a while */
	tale_send(&tale, 0, "one");
	tale_wait(&tale, 50 * MS);
	tale_send(&tale, 0, "two");
	tale_hang_up(&tale, 0, 1234, "bye", 10 * USEC_PER_SEC);
	tale_wait(&tale, 500 * MS);
	tale.quiet = false;
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[   100.0ms] A  says \"one\"\n"
	                "[   150.0ms] A  says \"two\"\n"
	                "[   150.0ms] A  hangs up when all is said: \"bye\"\n"
	                "[   692.5ms] B  hears \"one\"\n"
	                "[   715.5ms] B  hears \"two\"\n"
	                "[   730.5ms] A  sends close 1234 \"bye\"\n"
	                "[   740.5ms] B  sends no connection\n"
	                "[   740.5ms] B  hears the peer close: 1234 \"bye\"\n"
	                "[   740.5ms] B  sends no connection\n");
	tale_end(&tale);
}

/* The newcomer's handshakes do not keep the old connection alive; when it has timed out, the door is open. */
Test(tales, a_peer_returns_to_the_same_address)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, USEC_PER_SEC);
	tale_die(&tale, 0);
	tale_return(&tale, 0);
	for (int i = 0; i < 3; i++) {
		tale_forget(&tale);
		tale.world.peers[0].next_port = 10000;
		tale_call_address(&tale, 0);
		tale_wait(&tale, 10 * USEC_PER_SEC + 100 * MS);
	}
	tale_was(&tale, "[ 21200.0ms] A  calls the address of str:bob\n"
	                "[ 21200.0ms] A  sends challenge request\n"
	                "[ 21700.0ms] A  sends challenge request\n"
	                "[ 22200.0ms] A  sends challenge request\n"
	                "[ 22700.0ms] A  sends challenge request\n"
	                "[ 23200.0ms] A  sends challenge request\n"
	                "[ 23700.0ms] A  sends challenge request\n"
	                "[ 24200.0ms] A  sends challenge request\n"
	                "[ 24700.0ms] A  sends challenge request\n"
	                "[ 25200.0ms] A  sends challenge request\n"
	                "[ 25700.0ms] A  sends challenge request\n"
	                "[ 25710.0ms] B  sends challenge reply\n"
	                "[ 25720.0ms] A  sends connect request\n"
	                "[ 25730.0ms] B  is called\n"
	                "[ 25730.0ms] B  accepts\n"
	                "[ 25730.0ms] B  sends connect ok\n"
	                "[ 25730.0ms] B  is connected\n"
	                "[ 25740.0ms] A  is connected\n");
	tale_end(&tale);
}

Test(tales, a_listener_is_closed_while_somebody_waits)
{
	tale_begin(&tale);
	tale.accepts[1] = false;
	tale_listen(&tale, 1, true, false);
	tale_call_address(&tale, 0);
	tale_wait(&tale, 100 * MS);
	tale_forget(&tale);
	sockets_listen_close(tale.world.peers[1].core, tale.world.now, tale.listeners[1]);
	tale_wait(&tale, USEC_PER_SEC);
	tale_was(&tale, "[   100.0ms] B  sends close 5001 \"the listener was closed\"\n"
	                "[   100.0ms] B  gives up: 5001 \"the listener was closed\"\n"
	                "[   100.0ms] B  sends close 5001 \"the listener was closed\"\n"
	                "[   110.0ms] A  sends no connection\n"
	                "[   110.0ms] A  hears the peer close: 5001 \"the listener was closed\"\n"
	                "[   110.0ms] A  sends no connection\n"
	                "[   110.0ms] A  sends no connection\n");
	tale_end(&tale);
}

/* --- peer to peer */

Test(tales, connecting_by_signals)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, false, false);
	tale_call(&tale, 0, false);
	tale_wait(&tale, 200 * MS);
	tale_send(&tale, 1, "hello");
	tale_wait(&tale, 100 * MS);
	tale_hang_up(&tale, 0, 1234, "bye", 0);
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[    11.6ms] B  is called\n"
	                "[    11.6ms] B  accepts\n"
	                "[    11.6ms] B  has keys, looks for a route\n"
	                "[    14.0ms] B  signals str:alice: connect ok, password, 1 candidate, ack 2\n"
	                "[    24.0ms] A  has keys, looks for a route\n"
	                "[    34.0ms] A  signals str:bob: ack 2\n"
	                "[    44.0ms] A  is connected\n"
	                "[    54.0ms] B  is connected\n"
	                "[   200.0ms] B  says \"hello\"\n"
	                "[   215.0ms] A  hears \"hello\"\n"
	                "[   300.0ms] A  hangs up: \"bye\"\n"
	                "[   300.0ms] A  sends close 1234 \"bye\"\n"
	                "[   300.0ms] A  signals str:bob: close 1234 \"bye\"\n"
	                "[   310.0ms] B  sends no connection\n"
	                "[   310.0ms] B  hears the peer close: 1234 \"bye\"\n"
	                "[   310.0ms] B  sends no connection\n"
	                "[   310.0ms] B  signals str:alice: close 9999 \"\"\n");
	tale_end(&tale);
}

Test(tales, being_refused_by_signals)
{
	tale_begin(&tale);
	tale.accepts[1] = false;
	tale_listen(&tale, 1, false, false);
	tale_call(&tale, 0, false);
	tale_wait(&tale, 700 * MS);
	tale_hang_up(&tale, 1, 1900, "not today", 0);
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[    11.6ms] B  is called\n"
	                "[   501.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[   700.0ms] B  hangs up: \"not today\"\n"
	                "[   700.0ms] B  signals str:alice: close 1900 \"not today\"\n"
	                "[   710.0ms] A  signals str:bob: close 9999 \"\"\n"
	                "[   710.0ms] A  hears the peer close: 1900 \"not today\"\n");
	tale_end(&tale);
}

Test(tales, a_signal_is_lost_on_the_way_and_on_the_way_back)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, false, false);
	tale.lose_signals = 1;
	tale_call(&tale, 0, false);
	tale_wait(&tale, 505 * MS);
	tale.lose_signals = 1;
	tale_wait(&tale, 2 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[     1.6ms] A  (it is lost)\n"
	                "[   501.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[   511.6ms] B  is called\n"
	                "[   511.6ms] B  accepts\n"
	                "[   511.6ms] B  has keys, looks for a route\n"
	                "[   513.5ms] B  signals str:alice: connect ok, password, 1 candidate, ack 2\n"
	                "[   513.5ms] B  (it is lost)\n"
	                "[  1001.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[  1011.6ms] B  signals str:alice: connect ok, password, 1 candidate, ack 2\n"
	                "[  1021.6ms] A  has keys, looks for a route\n"
	                "[  1031.6ms] A  signals str:bob: ack 2\n"
	                "[  1051.6ms] B  is connected\n"
	                "[  1061.6ms] A  is connected\n");
	tale_end(&tale);
}

Test(tales, a_close_is_lost_by_signal_and_on_the_path)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, false, false);
	tale_call(&tale, 0, false);
	tale_wait(&tale, USEC_PER_SEC);
	tale_forget(&tale);
	tale.lose_signals = 1;
	tale.lose_lead = 0x24;
	tale.lose_count = 1;
	tale_hang_up(&tale, 1, 1234, "bye", 0);
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[  1000.0ms] B  hangs up: \"bye\"\n"
	                "[  1000.0ms] B  sends close 1234 \"bye\"\n"
	                "[  1000.0ms] B  (it is lost)\n"
	                "[  1000.0ms] B  signals str:alice: close 1234 \"bye\"\n"
	                "[  1000.0ms] B  (it is lost)\n"
	                "[  1100.0ms] B  sends close 1234 \"bye\"\n"
	                "[  1110.0ms] A  sends no connection\n"
	                "[  1110.0ms] A  hears the peer close: 1234 \"bye\"\n"
	                "[  1110.0ms] A  sends no connection\n");
	tale_end(&tale);
}

Test(tales, nobody_listens)
{
	tale_begin(&tale);
	tale_call(&tale, 0, false);
	tale_wait(&tale, 9 * USEC_PER_SEC + 700 * MS);
	tale_forget(&tale);
	tale_wait(&tale, 10 * USEC_PER_SEC);
	tale_was(&tale, "[ 10000.0ms] A  signals str:bob: close 5003 \"the peer did not answer in time\"\n"
	                "[ 10000.0ms] A  gives up: 5003 \"the peer did not answer in time\"\n");
	tale_end(&tale);
}

Test(tales, a_peer_dies_by_signals)
{
	tale_begin(&tale);
	tale_listen(&tale, 1, false, false);
	tale_call(&tale, 0, false);
	tale_wait(&tale, USEC_PER_SEC);
	tale_forget(&tale);
	tale_die(&tale, 1);
	tale_wait(&tale, 60 * USEC_PER_SEC);
	tale_was(&tale, "[  1000.0ms] B  dies\n"
	                "[  3848.0ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  4092.8ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  4582.4ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  5561.7ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  6561.7ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  7561.7ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  8561.7ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  9561.7ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  9846.9ms] A  signals str:bob: password, 1 candidate, blanks, ack 2\n"
	                "[ 10846.9ms] A  signals str:bob: password, 1 candidate, blanks, ack 2\n"
	                "[ 11846.9ms] A  signals str:bob: password, 1 candidate, blanks, ack 2\n"
	                "[ 12846.9ms] A  signals str:bob: password, 1 candidate, blanks, ack 2\n"
	                "[ 13554.0ms] A  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 13554.0ms] A  signals str:bob: close 5003 \"the peer does not answer any more\"\n"
	                "[ 13554.0ms] A  gives up: 5003 \"the peer does not answer any more\"\n"
	                "[ 13554.0ms] A  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 13654.0ms] A  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 13904.0ms] A  sends close 5003 \"the peer does not answer any more\"\n");
	tale_end(&tale);
}

Test(tales, the_path_is_lost_and_comes_back)
{
	tale_begin(&tale);
	tale.trace.what = SIM_TRACE_PATHS;
	tale_listen(&tale, 1, false, false);
	tale_call(&tale, 0, false);
	tale_wait(&tale, USEC_PER_SEC);
	tale_forget(&tale);
	tale.quiet = true;
	sim_world_break_paths(&tale.world, 0);
	sim_world_break_paths(&tale.world, 1);
	tale_send(&tale, 0, "can you hear me?");
	tale_wait(&tale, 300 * MS);
	tale.quiet = false;
	tale_wait(&tale, 20 * USEC_PER_SEC);
	tale_was(&tale, "[  1000.0ms] A  path 1 has failed\n"
	                "[  1000.0ms] B  path 1 has failed\n"
	                "[  1000.0ms] A  says \"can you hear me?\"\n"
	                "[  1002.2ms] A  path 2: candidate:1 0 udp 2130706431 198.51.100.1 10001 typ host\n"
	                "[  1002.2ms] A  path 2 has all its candidates\n"
	                "[  1002.2ms] A  signals str:bob: password, 1 candidate, ack 2\n"
	                "[  1002.7ms] B  path 2: candidate:1 0 udp 2130706431 198.51.100.2 10001 typ host\n"
	                "[  1002.7ms] B  path 2 has all its candidates\n"
	                "[  1002.7ms] B  signals str:alice: password, 1 candidate, ack 2\n"
	                "[  1020.0ms] A  path 1 leads to 198.51.100.2:10000\n"
	                "[  1020.0ms] B  path 1 leads to 198.51.100.1:10000\n"
	                "[  1022.2ms] B  signals str:alice: ack 4\n"
	                "[  1022.7ms] A  signals str:bob: ack 4\n"
	                "[  1032.2ms] B  path 2 leads to 198.51.100.1:10001\n"
	                "[  1032.2ms] B  goes another way\n"
	                "[  1032.7ms] A  path 2 leads to 198.51.100.2:10001\n"
	                "[  1032.7ms] A  goes another way\n"
	                "[  1315.5ms] B  hears \"can you hear me?\"\n");
	tale_end(&tale);
}

/* --- both call */

Test(tales, both_call_at_the_same_moment)
{
	tale_begin(&tale);
	tale_call(&tale, 0, true);
	tale_call(&tale, 1, true);
	tale_wait(&tale, USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     0.0ms] B  calls str:alice\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[     2.1ms] B  signals str:alice: connect request, password, 1 candidate\n"
	                "[    11.6ms] B  has keys, looks for a route\n"
	                "[    14.4ms] B  signals str:alice: connect ok, password, 1 candidate, blanks, ack 2\n"
	                "[    24.4ms] A  has keys, looks for a route\n"
	                "[    34.4ms] A  signals str:bob: ack 4\n"
	                "[    44.4ms] A  is connected\n"
	                "[    54.4ms] B  is connected\n");
	tale_end(&tale);
}

Test(tales, both_call_and_the_first_request_is_lost)
{
	tale_begin(&tale);
	tale.lose_signals = 1;
	tale_call(&tale, 0, true);
	tale_wait(&tale, 9 * MS);
	tale_call(&tale, 1, true);
	tale_wait(&tale, 2 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[     1.6ms] A  (it is lost)\n"
	                "[     9.0ms] B  calls str:alice\n"
	                "[    11.9ms] B  signals str:alice: connect request, password, 1 candidate\n"
	                "[   501.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[   511.6ms] B  has keys, looks for a route\n"
	                "[   514.6ms] B  signals str:alice: connect ok, password, 1 candidate, blanks, ack 2\n"
	                "[   524.6ms] A  has keys, looks for a route\n"
	                "[   534.6ms] A  signals str:bob: ack 4\n"
	                "[   544.6ms] A  is connected\n"
	                "[   554.6ms] B  is connected\n");
	tale_end(&tale);
}

Test(tales, a_call_accepts_the_one_that_waits)
{
	tale_begin(&tale);
	tale.accepts[1] = false;
	tale_listen(&tale, 1, false, true);
	tale_call(&tale, 0, true);
	tale_wait(&tale, 100 * MS);
	tale_call(&tale, 1, true);
	tale_wait(&tale, USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[    11.6ms] B  is called\n"
	                "[   100.0ms] B  calls str:alice\n"
	                "[   100.0ms] B  has keys, looks for a route\n"
	                "[   102.4ms] B  signals str:alice: connect ok, password, 1 candidate, ack 2\n"
	                "[   112.4ms] A  has keys, looks for a route\n"
	                "[   122.4ms] A  signals str:bob: ack 2\n"
	                "[   132.4ms] A  is connected\n"
	                "[   142.4ms] B  is connected\n");
	tale_end(&tale);
}

/* What lingers is nobody's connection any more, but there may be a newer one behind it. */
Test(tales, calling_twice_while_an_old_connection_lingers)
{
	struct conn *first;

	tale_begin(&tale);
	tale_call(&tale, 0, true);
	tale_call(&tale, 1, true);
	tale_wait(&tale, USEC_PER_SEC);
	tale.quiet = true;
	tale_send(&tale, 0, "last words");
	tale_hang_up(&tale, 0, 1234, "bye", 10 * USEC_PER_SEC);
	tale_wait(&tale, 10 * MS);
	tale_call(&tale, 0, true);
	first = tale.conns[0];
	tale_call(&tale, 0, true);
	cr_assert_eq(tale.conns[0], first);
	tale_end(&tale);
}

/* The request names a connection that the peer still has: it is not answered until that one is gone. */
Test(tales, a_peer_returns_and_calls_while_the_old_connection_lives)
{
	tale_begin(&tale);
	tale_call(&tale, 0, true);
	tale_call(&tale, 1, true);
	tale_wait(&tale, USEC_PER_SEC);
	tale_die(&tale, 0);
	tale_return(&tale, 0);
	tale_call(&tale, 0, true);
	tale_wait(&tale, 9 * USEC_PER_SEC);
	tale_forget(&tale);
	tale_wait(&tale, 6 * USEC_PER_SEC);
	tale_call(&tale, 0, true);
	tale_call(&tale, 1, true);
	tale_wait(&tale, USEC_PER_SEC);
	tale_was(&tale, "[ 10003.9ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[ 10503.9ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[ 10906.9ms] B  signals str:alice: password, 1 candidate, blanks, ack 2\n"
	                "[ 11000.0ms] A  signals str:bob: close 5003 \"the peer did not answer in time\"\n"
	                "[ 11000.0ms] A  gives up: 5003 \"the peer did not answer in time\"\n"
	                "[ 11906.9ms] B  signals str:alice: password, 1 candidate, blanks, ack 2\n"
	                "[ 12906.9ms] B  signals str:alice: password, 1 candidate, blanks, ack 2\n"
	                "[ 13614.4ms] B  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 13614.4ms] B  signals str:alice: close 5003 \"the peer does not answer any more\"\n"
	                "[ 13614.4ms] B  gives up: 5003 \"the peer does not answer any more\"\n"
	                "[ 13614.4ms] B  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 13714.4ms] B  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 13964.4ms] B  sends close 5003 \"the peer does not answer any more\"\n"
	                "[ 16000.0ms] A  calls str:bob\n"
	                "[ 16000.0ms] B  calls str:alice\n"
	                "[ 16002.4ms] B  signals str:alice: connect request, password, 1 candidate\n"
	                "[ 16004.0ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[ 16012.4ms] A  has keys, looks for a route\n"
	                "[ 16014.6ms] A  signals str:bob: connect ok, password, 1 candidate, blanks, ack 2\n"
	                "[ 16024.6ms] B  has keys, looks for a route\n"
	                "[ 16034.6ms] B  signals str:alice: ack 4\n"
	                "[ 16044.6ms] B  is connected\n"
	                "[ 16054.6ms] A  is connected\n");
	tale_end(&tale);
}

/* A's call is taken back, B's stands. */
Test(tales, a_call_is_taken_back_while_another_crosses_it)
{
	tale_begin(&tale);
	tale_listen(&tale, 0, false, true);
	tale_call(&tale, 0, true);
	tale_wait(&tale, 5 * MS);
	tale_call(&tale, 1, true);
	tale_wait(&tale, 5 * MS);
	tale_hang_up(&tale, 0, 1234, "never mind", 0);
	tale_wait(&tale, USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[     5.0ms] B  calls str:alice\n"
	                "[     7.4ms] B  signals str:alice: connect request, password, 1 candidate\n"
	                "[    10.0ms] A  hangs up: \"never mind\"\n"
	                "[    10.0ms] A  signals str:bob: close 1234 \"never mind\"\n"
	                "[    17.4ms] A  is called\n"
	                "[    17.4ms] A  accepts\n"
	                "[    17.4ms] A  has keys, looks for a route\n"
	                "[    21.0ms] A  signals str:bob: connect ok, password, 1 candidate, ack 2\n"
	                "[    31.0ms] B  has keys, looks for a route\n"
	                "[    41.0ms] B  signals str:alice: ack 2\n"
	                "[    51.0ms] B  is connected\n"
	                "[    61.0ms] A  is connected\n");
	tale_end(&tale);
}

/* B's call has become A's, which has ended, when A accepts B's: B has nothing left to be accepted. */
Test(tales, a_call_that_has_become_another_is_accepted_too_late)
{
	tale_begin(&tale);
	tale_listen(&tale, 0, false, true);
	tale_listen(&tale, 1, false, true);
	tale_call(&tale, 0, true);
	tale_wait(&tale, 5 * MS);
	tale_call(&tale, 1, true);
	tale_wait(&tale, 5 * MS);
	tale_hang_up(&tale, 0, 1234, "never mind", 0);
	tale_wait(&tale, 10 * USEC_PER_SEC);
	tale_was(&tale, "[     0.0ms] A  calls str:bob\n"
	                "[     1.6ms] A  signals str:bob: connect request, password, 1 candidate\n"
	                "[     5.0ms] B  calls str:alice\n"
	                "[     7.4ms] B  signals str:alice: connect request, password, 1 candidate\n"
	                "[    10.0ms] A  hangs up: \"never mind\"\n"
	                "[    10.0ms] A  signals str:bob: close 1234 \"never mind\"\n"
	                "[    11.6ms] B  has keys, looks for a route\n"
	                "[    15.2ms] B  signals str:alice: connect ok, password, 1 candidate, blanks, ack 2\n"
	                "[    17.4ms] A  is called\n"
	                "[    17.4ms] A  accepts\n"
	                "[    17.4ms] A  has keys, looks for a route\n"
	                "[    20.0ms] B  signals str:alice: close 9999 \"\"\n"
	                "[    20.0ms] B  hears the peer close: 1234 \"never mind\"\n"
	                "[    20.1ms] A  signals str:bob: connect ok, password, 1 candidate, ack 2\n"
	                "[    25.2ms] A  signals str:bob: close 1234 \"never mind\"\n"
	                "[    30.1ms] B  signals str:alice: close 9999 \"\"\n"
	                "[    35.2ms] B  signals str:alice: close 9999 \"\"\n"
	                "[    40.1ms] A  hears the peer close: 5010 \"the peer knows nothing of this connection\"\n");
	tale_end(&tale);
}
