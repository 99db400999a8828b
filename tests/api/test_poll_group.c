#include "pair.h"

#include <poll.h>
#include <string.h>

enum { CLIENTS = 5 };

struct group {
	kith_endpoint server, client;
	kith_poll_group group;
	kith_connection called[CLIENTS], accepted[CLIENTS];
};

static void open_group(struct group *group)
{
	struct kith_listener_options options = KITH_LISTENER_OPTIONS_INIT;
	struct kith_address address;

	group->server = pair_endpoint();
	group->client = pair_endpoint();
	cr_assert_eq(kith_poll_group_create(group->server, &group->group), KITH_OK);
	options.poll_group = group->group;
	pair_listen(group->server, &options, &address);
	for (int i = 0; i < CLIENTS; i++) {
		cr_assert_eq(kith_endpoint_connect_address(group->client, &address, NULL, &group->called[i]), KITH_OK);
		group->accepted[i] = pair_await(group->server, KITH_EVENT_STATE, KITH_STATE_CONNECTING).connection;
		cr_assert_eq(kith_connection_accept(group->accepted[i]), KITH_OK);
		cr_assert_eq(kith_connection_set_user_data(group->accepted[i], i), KITH_OK);
		pair_await(group->client, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	}
}

static void close_group(struct group *group)
{
	kith_endpoint_destroy(group->client);
	kith_endpoint_destroy(group->server);
}

static kith_message *receive(struct group *group)
{
	kith_message *message = NULL;

	cr_assert_eq(kith_poll_group_wait(group->group, PAIR_PATIENCE_US), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_poll_group_receive(group->group, &message, 1), 1);
	return message;
}

Test(poll_group, messages_of_all_members_come_out_of_one_call)
{
	struct group group;
	int seen[CLIENTS] = { 0 };

	open_group(&group);
	for (int i = 0; i < CLIENTS; i++)
		pair_send(group.client, group.called[i], &i, sizeof(i), KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	for (int i = 0; i < CLIENTS; i++) {
		kith_message *message = receive(&group);
		int from = *(int *)kith_message_data(message);
		cr_assert_eq(kith_message_connection(message), group.accepted[from]);
		cr_assert_eq(kith_message_user_data(message), from);
		seen[from]++;
		kith_message_release(message);
	}
	for (int i = 0; i < CLIENTS; i++)
		cr_assert_eq(seen[i], 1);
	close_group(&group);
}

Test(poll_group, its_descriptor_is_readable_while_a_message_waits)
{
	struct group group;
	int32_t fd;

	open_group(&group);
	cr_assert_eq(kith_poll_group_fd(group.group, &fd), KITH_OK);
	struct pollfd polled = { fd, POLLIN, 0 };
	cr_assert_eq(poll(&polled, 1, 0), 0);
	cr_assert_eq(kith_poll_group_wait(group.group, 1000), KITH_E_TIMEOUT);
	pair_send(group.client, group.called[0], "ab", 2, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	cr_assert_eq(poll(&polled, 1, 20000), 1);
	pair_await(group.server, KITH_EVENT_READABLE, 0);
	cr_assert_eq(poll(&polled, 1, 0), 1);
	kith_message_release(receive(&group));
	cr_assert_eq(poll(&polled, 1, 0), 0);
	close_group(&group);
}

Test(poll_group, the_event_names_the_group)
{
	struct group group;
	struct kith_event event;

	open_group(&group);
	pair_send(group.client, group.called[0], "ab", 2, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	event = pair_await(group.server, KITH_EVENT_READABLE, 0);
	cr_assert_eq(event.poll_group, group.group);
	cr_assert_eq(event.connection, KITH_NO_HANDLE);
	close_group(&group);
}

Test(poll_group, a_member_may_leave_with_its_messages)
{
	struct group group;
	kith_message *message;
	struct kith_info info = KITH_INFO_INIT;

	open_group(&group);
	pair_send(group.client, group.called[0], "ab", 2, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	cr_assert_eq(kith_poll_group_wait(group.group, PAIR_PATIENCE_US), KITH_OK);
	cr_assert_eq(kith_connection_set_poll_group(group.accepted[0], KITH_NO_HANDLE), KITH_OK);
	cr_assert_eq(kith_poll_group_receive(group.group, &message, 1), 0);
	cr_assert_eq(kith_poll_group_wait(group.group, 0), KITH_E_TIMEOUT);
	cr_assert_eq(pair_await(group.server, KITH_EVENT_READABLE, 0).connection, group.accepted[0]);
	message = pair_receive(group.server, group.accepted[0]);
	kith_message_release(message);
	cr_assert_eq(kith_connection_info(group.accepted[0], &info), KITH_OK);
	cr_assert_eq(info.poll_group, KITH_NO_HANDLE);
	close_group(&group);
}

Test(poll_group, ends_with_members_inside)
{
	struct group group;
	kith_message *message;

	open_group(&group);
	cr_assert_eq(kith_poll_group_destroy(group.group), KITH_OK);
	cr_assert_eq(kith_poll_group_destroy(group.group), KITH_E_HANDLE);
	pair_send(group.client, group.called[1], "ab", 2, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	message = pair_receive(group.server, group.accepted[1]);
	kith_message_release(message);
	cr_assert_eq(kith_poll_group_receive(group.group, &message, 1), KITH_E_HANDLE);
	close_group(&group);
}

/* --- fairness */

enum { FLOOD = 1000, BATCH_MAX = 64 };

/* Until so many messages of a member wait to be received. */
static void await_unread(const struct group *group, int member, int64_t count)
{
	struct kith_status status = KITH_STATUS_INIT;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	do {
		cr_assert_eq(kith_connection_status(group->accepted[member], &status), KITH_OK);
		cr_assert(kith_now_us() < deadline, "%d: %d of %d", member, (int)status.unread_messages, (int)count);
	} while (status.unread_messages < count);
}

static void send_numbers(const struct group *group, int member, int count)
{
	for (int i = 0; i < count; i++)
		pair_send(group->client, group->called[member], &i, sizeof(i), KITH_SEND_RELIABLE, 0);
	cr_assert_eq(kith_connection_flush(group->called[member]), KITH_OK);
	await_unread(group, member, count);
}

/* Receives a batch; the messages of each member have to come in order. */
static int take_batch(struct group *group, int32_t max, int next[CLIENTS])
{
	kith_message *messages[BATCH_MAX];
	int32_t count = kith_poll_group_receive(group->group, messages, max);

	for (int32_t i = 0; i < count; i++) {
		int member = (int)kith_message_user_data(messages[i]);
		cr_assert_eq(*(const int *)kith_message_data(messages[i]), next[member], "of %d", member);
		next[member]++;
	}
	kith_message_release_batch(messages, (size_t)(count > 0 ? count : 0));
	return count;
}

/* One member has a thousand messages, then each of the others has one: how many come before all of theirs? */
static int taken_until_all_had_their_turn(int32_t max)
{
	struct group group;
	int next[CLIENTS] = { 0 }, taken = 0, before, left = FLOOD + CLIENTS - 1;

	open_group(&group);
	send_numbers(&group, 0, FLOOD);
	for (int i = 1; i < CLIENTS; i++)
		send_numbers(&group, i, 1);
	do {
		taken += take_batch(&group, max, next);
		before = next[1] + next[2] + next[3] + next[4];
	} while (before < CLIENTS - 1 && taken < left);
	while (take_batch(&group, max, next) > 0)
		continue;
	cr_assert_eq(next[0], FLOOD);
	close_group(&group);
	return taken;
}

Test(poll_group, a_member_that_floods_does_not_starve_the_others)
{
	cr_assert_leq(taken_until_all_had_their_turn(BATCH_MAX), BATCH_MAX);
	cr_assert_leq(taken_until_all_had_their_turn(8), 8 * CLIENTS);
	cr_assert_leq(taken_until_all_had_their_turn(1), CLIENTS);
}

Test(poll_group, its_descriptor_stays_readable_until_the_last_message)
{
	struct group group;
	int next[CLIENTS] = { 0 };
	int32_t fd;

	open_group(&group);
	cr_assert_eq(kith_poll_group_fd(group.group, &fd), KITH_OK);
	struct pollfd polled = { fd, POLLIN, 0 };
	send_numbers(&group, 2, 40);
	send_numbers(&group, 3, 1);
	for (int taken = 0; taken < 41; taken++) {
		cr_assert_eq(poll(&polled, 1, 0), 1, "after %d", taken);
		cr_assert_eq(take_batch(&group, 1, next), 1);
	}
	cr_assert_eq(poll(&polled, 1, 0), 0);
	cr_assert_eq(take_batch(&group, 1, next), 0);
	close_group(&group);
}

/* --- moving and ending with messages inside */

Test(poll_group, a_member_may_move_with_its_messages)
{
	struct group group;
	kith_poll_group first, second;
	int next[CLIENTS] = { 0 };

	open_group(&group);
	first = group.group;
	cr_assert_eq(kith_poll_group_create(group.server, &second), KITH_OK);
	send_numbers(&group, 0, 50);
	send_numbers(&group, 1, 3);
	cr_assert_eq(take_batch(&group, 10, next), 10);
	cr_assert_eq(kith_connection_set_poll_group(group.accepted[0], second), KITH_OK);
	group.group = second;
	cr_assert_eq(kith_poll_group_wait(second, 0), KITH_OK);
	cr_assert_eq(take_batch(&group, BATCH_MAX, next), 40);
	group.group = first;
	cr_assert_eq(take_batch(&group, BATCH_MAX, next), 3);
	cr_assert_eq(kith_poll_group_wait(first, 0), KITH_E_TIMEOUT);
	/* What comes now comes to the new one, and its event names it. */
	pair_await_nothing(group.server, 1000);
	pair_send(group.client, group.called[0], &next[0], sizeof(next[0]), KITH_SEND_RELIABLE, 0);
	cr_assert_eq(pair_await(group.server, KITH_EVENT_READABLE, 0).poll_group, second);
	group.group = second;
	cr_assert_eq(take_batch(&group, BATCH_MAX, next), 1);
	close_group(&group);
}

Test(poll_group, ends_with_messages_inside)
{
	struct group group;
	struct kith_event event;
	kith_message *message;

	open_group(&group);
	send_numbers(&group, 3, 2);
	cr_assert_eq(kith_poll_group_destroy(group.group), KITH_OK);
	/* One event, for the one that has something. */
	event = pair_await(group.server, KITH_EVENT_READABLE, 0);
	cr_assert_eq(event.connection, group.accepted[3]);
	pair_await_nothing(group.server, 1000);
	for (int i = 0; i < 2; i++) {
		message = pair_receive(group.server, group.accepted[3]);
		cr_assert_eq(*(const int *)kith_message_data(message), i);
		kith_message_release(message);
	}
	close_group(&group);
}

Test(poll_group, what_a_member_sent_before_it_closed_can_be_received)
{
	struct group group;
	int next[CLIENTS] = { 0 };

	open_group(&group);
	send_numbers(&group, 1, 5);
	cr_assert_eq(kith_connection_close(group.called[1], 1001, "that was all", -1), KITH_OK);
	pair_await(group.server, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(kith_poll_group_wait(group.group, 0), KITH_OK);
	cr_assert_eq(take_batch(&group, BATCH_MAX, next), 5);
	cr_assert_eq(kith_poll_group_wait(group.group, 0), KITH_E_TIMEOUT);
	close_group(&group);
}

Test(poll_group, forgets_a_member_that_is_closed_here)
{
	struct group group;
	int next[CLIENTS] = { 0 };

	open_group(&group);
	send_numbers(&group, 1, 5);
	send_numbers(&group, 2, 1);
	cr_assert_eq(kith_connection_close(group.accepted[1], 0, NULL, 0), KITH_OK);
	cr_assert_eq(take_batch(&group, BATCH_MAX, next), 1);
	cr_assert_eq(next[2], 1);
	cr_assert_eq(kith_poll_group_wait(group.group, 0), KITH_E_TIMEOUT);
	close_group(&group);
}

Test(poll_group, of_another_endpoint_is_refused)
{
	struct group group;
	kith_poll_group foreign;

	open_group(&group);
	cr_assert_eq(kith_poll_group_create(group.client, &foreign), KITH_OK);
	cr_assert_eq(kith_connection_set_poll_group(group.accepted[0], foreign), KITH_E_INVALID);
	close_group(&group);
}
