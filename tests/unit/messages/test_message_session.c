/* What a session keeps of its channels, and how long. */
#include <criterion/criterion.h>

#include "core/messages/messages_internal.h"
#include "messages_pair.h"

static struct pair pair;

static struct message_session *make_session(void)
{
	pair_open(&pair);
	return message_session_new(pair.sides[0].messages, pair.now, &pair.sides[1].identity);
}

Test(message_session, is_found_by_the_identity)
{
	struct message_session *session = make_session();
	struct messages *messages = pair.sides[0].messages;
	cr_assert_eq(message_session_find(messages, &pair.sides[1].identity), session);
	cr_assert_null(message_session_find(messages, &pair.sides[0].identity));
	message_session_destroy(session);
	cr_assert_null(message_session_find(messages, &pair.sides[1].identity));
	pair_close(&pair);
}

Test(message_session, remembers_each_channel_once)
{
	static const int32_t numbers[] = { 5, -1, 0, INT32_MAX, INT32_MIN, 5, 0, 7 };
	struct message_session *session = make_session();
	for (unsigned i = 0; i < 8; i++)
		message_session_open_channel(session, numbers[i]);
	cr_assert_eq(session->channel_count, 6);
	for (unsigned i = 1; i < session->channel_count; i++)
		cr_assert_lt(session->channels[i - 1], session->channels[i]);
	cr_assert(message_session_forget_channel(session, INT32_MIN));
	cr_assert_not(message_session_forget_channel(session, INT32_MIN));
	cr_assert_not(message_session_forget_channel(session, 6));
	cr_assert(message_session_forget_channel(session, 7));
	cr_assert_eq(session->channel_count, 4);
	pair_close(&pair);
}

Test(message_session, remembers_no_more_channels_than_it_may)
{
	struct message_session *session = make_session();
	for (int32_t i = 0; i < 5000; i++)
		message_session_open_channel(session, i * 1237);
	cr_assert_eq(session->channel_count, MESSAGE_SESSION_CHANNELS_MAX);
	pair_close(&pair);
}

Test(message_session, goes_when_it_is_idle)
{
	struct message_session *session = make_session();
	struct messages *messages = pair.sides[0].messages;
	usec_t limit = 180 * USEC_PER_SEC;
	cr_assert_eq(messages_next_timeout(messages), pair.now + limit);
	message_session_use(session, pair.now + limit / 2);
	messages_handle_timeout(messages, pair.now + limit);
	cr_assert_eq(messages_session_count(messages), 1);
	cr_assert_eq(messages_next_timeout(messages), pair.now + limit + limit / 2);
	messages_handle_timeout(messages, pair.now + limit + limit / 2);
	cr_assert_eq(messages_session_count(messages), 0);
	cr_assert_eq(messages_next_timeout(messages), USEC_NEVER);
	pair_close(&pair);
}

Test(message_session, stays_for_ever_when_told_so)
{
	pair_open(&pair);
	config_set_int(endpoint_config(pair.sides[0].endpoint), CONFIG_MESSAGES_IDLE_TIMEOUT, 0);
	message_session_new(pair.sides[0].messages, pair.now, &pair.sides[1].identity);
	cr_assert_eq(messages_next_timeout(pair.sides[0].messages), USEC_NEVER);
	pair_close(&pair);
}

Test(message_session, drops_what_is_too_short_for_a_header)
{
	static const uint8_t ones[] = { 1, 1, 1, 1, 1 };
	pair_connect(&pair);
	for (size_t size = 0; size < MESSAGES_HEADER_SIZE; size++)
		cr_assert(pair_send_raw(&pair, 0, ones, size));
	cr_assert_eq(pair_send(&pair, 0, 0x01010101, "", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	cr_assert_eq(pair.sides[1].messages->dropped_count, MESSAGES_HEADER_SIZE);
	pair_expect(&pair, 1, 0x01010101, "");
	pair_close(&pair);
}
