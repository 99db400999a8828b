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

Test(poll_group, of_another_endpoint_is_refused)
{
	struct group group;
	kith_poll_group foreign;

	open_group(&group);
	cr_assert_eq(kith_poll_group_create(group.client, &foreign), KITH_OK);
	cr_assert_eq(kith_connection_set_poll_group(group.accepted[0], foreign), KITH_E_INVALID);
	close_group(&group);
}
