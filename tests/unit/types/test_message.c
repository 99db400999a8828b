#include "core/types/message.h"

#include <criterion/criterion.h>
#include <pthread.h>

static int released;

static void release(void *user_data, void *data, size_t size)
{
	cr_assert_eq(user_data, &released);
	cr_assert_eq(size, 5);
	cr_assert_eq(*(char *)data, 'h');
	released++;
}

Test(message, has_room_for_its_bytes)
{
	struct message *message = message_new(1000);
	memset(message->data, 7, message->size);
	cr_assert_eq(message->size, 1000);
	cr_assert_eq(message->references, 1);
	cr_assert_null(message->next);
	message_unref(message);
	message_unref(message_new(0));
	message_unref(NULL);
}

Test(message, releases_the_callers_bytes_once_with_the_last_reference)
{
	static char bytes[] = "hello";
	struct message *message = message_new_external(bytes, 5, release, &released);
	cr_assert_eq(message_ref(message), message);
	message_unref(message);
	cr_assert_eq(released, 0);
	message_unref(message);
	cr_assert_eq(released, 1);
}

static void *reference_and_release(void *argument)
{
	for (int i = 0; i < 10000; i++)
		message_unref(message_ref(argument));
	message_unref(argument);
	return NULL;
}

Test(message, references_may_be_dropped_by_any_thread)
{
	static char bytes[] = "hello";
	pthread_t threads[4];
	struct message *message = message_new_external(bytes, 5, release, &released);
	for (int i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, reference_and_release, message_ref(message)), 0);
	message_unref(message);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	cr_assert_eq(released, 1);
}

Test(message, a_peer_lives_as_long_as_what_it_sent)
{
	struct identity identity;
	struct message_peer *peer;
	struct message *first = message_new(1), *second = message_new(1);
	cr_assert(identity_parse(&identity, "str:alice", 9));
	peer = message_peer_new(&identity);
	first->peer = message_peer_ref(peer);
	second->peer = message_peer_ref(peer);
	message_peer_unref(peer);
	message_unref(first);
	cr_assert(identity_equal(&second->peer->identity, &identity));
	cr_assert_eq(second->peer->references, 1);
	message_unref(second);
	message_peer_unref(NULL);
}
