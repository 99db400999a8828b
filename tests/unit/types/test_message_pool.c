#include "core/types/message_pool.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/base/bytes.h"

enum { MANY = 200 };

Test(message_pool, a_message_has_room_for_its_bytes_whatever_was_there_before)
{
	struct message_pool *pool = message_pool_new();

	for (size_t size = 0; size <= 524288; size = size * 5 / 4 + 1) {
		for (int again = 0; again < 2; again++) {
			struct message *message = message_pool_take(pool, size);
			cr_assert_eq(message->size, size);
			cr_assert_eq(message->references, 1);
			cr_assert_eq(message->number, 0);
			cr_assert_eq(message->flags, 0);
			cr_assert_null(message->next);
			cr_assert_null(message->peer);
			cr_assert_null(message->release);
			memset(message->data, 0x5a, size);
			message->number = 7;
			message->flags = MESSAGE_RELIABLE;
			message_unref(message);
		}
	}
	message_pool_close(pool);
}

Test(message_pool, a_released_message_is_the_next_of_its_size)
{
	struct message_pool *pool = message_pool_new();
	struct message *first = message_pool_take(pool, 1000);

	message_unref(first);
	/* A size that shares the list gets the same block, another does not. */
	struct message *same = message_pool_take(pool, 900);
	cr_assert_eq(same, first);
	message_unref(same);
	struct message *other = message_pool_take(pool, 100);
	cr_assert_neq(other, first);
	message_unref(other);
	message_pool_close(pool);
}

Test(message_pool, a_message_with_another_reference_stays)
{
	struct message_pool *pool = message_pool_new();
	struct message *held = message_ref(message_pool_take(pool, 64));

	message_unref(held);
	struct message *other = message_pool_take(pool, 64);
	cr_assert_neq(other, held);
	message_unref(held);
	message_unref(other);
	message_pool_close(pool);
}

Test(message_pool, many_are_released_together)
{
	struct message_pool *pools[2] = { message_pool_new(), message_pool_new() };
	struct message *messages[MANY];

	for (int i = 0; i < MANY; i++)
		messages[i] = i % 7 == 0 ? NULL : i % 5 == 0 ? message_new(64) : message_pool_take(pools[i / 9 % 2], 64);
	message_unref_all(messages, MANY);
	message_unref_all(messages, 0);
	message_pool_close(pools[0]);
	message_pool_close(pools[1]);
}

Test(message_pool, large_ones_and_no_pool_come_from_the_allocator)
{
	struct message_pool *pool = message_pool_new();
	struct message *large = message_pool_take(pool, 600000);
	struct message *single = message_pool_take(NULL, 10);

	cr_assert_null(large->pool);
	cr_assert_null(single->pool);
	message_unref(large);
	message_unref(single);
	message_pool_close(pool);
}

Test(message_pool, more_than_is_kept_is_freed)
{
	enum { COUNT = 150, SIZE = 300000 };
	struct message_pool *pool = message_pool_new();
	struct message *messages[COUNT];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < COUNT; i++)
			messages[i] = message_pool_take(pool, SIZE);
		for (int i = 0; i < COUNT; i++)
			message_unref(messages[i]);
		cr_assert_leq(message_pool_kept(pool), 2 * 16 * 1024 * 1024);
	}
	message_pool_trim(pool);
	cr_assert_eq(message_pool_kept(pool), 0);
	message_pool_close(pool);
}

/* The sanitizers tell if one of these is freed twice, or never. */
Test(message_pool, messages_outlive_their_pool)
{
	struct message_pool *pool = message_pool_new();
	struct message *messages[MANY];

	for (int i = 0; i < MANY; i++)
		messages[i] = message_pool_take(pool, (size_t)i * 1000);
	for (int i = 0; i < MANY / 2; i++)
		message_unref(messages[i]);
	message_pool_close(pool);
	for (int i = MANY / 2; i < MANY; i++) {
		cr_assert_eq(messages[i]->size, (size_t)i * 1000);
		message_unref(messages[i]);
	}
}

struct relay {
	pthread_mutex_t lock;
	struct message *waiting[MANY];
	int count;
	bool done;
};

static void *release_what_comes(void *data)
{
	struct relay *relay = data;
	struct message *mine[MANY];
	bool done = false;

	while (!done) {
		int count;
		pthread_mutex_lock(&relay->lock);
		count = relay->count;
		bytes_copy(mine, relay->waiting, (size_t)count * sizeof(mine[0]));
		relay->count = 0;
		done = relay->done;
		pthread_mutex_unlock(&relay->lock);
		for (int i = 0; i < count; i++)
			cr_assert_eq(mine[i]->data[0], (uint8_t)mine[i]->size);
		message_unref_all(mine, (size_t)(count / 2));
		for (int i = count / 2; i < count; i++)
			message_unref(mine[i]);
	}
	return NULL;
}

Test(message_pool, other_threads_release_and_the_pool_closes_meanwhile)
{
	for (int round = 0; round < 20; round++) {
		struct relay relay = { .lock = PTHREAD_MUTEX_INITIALIZER };
		struct message_pool *pool = message_pool_new();
		pthread_t threads[3];
		for (int i = 0; i < 3; i++)
			cr_assert_eq(pthread_create(&threads[i], NULL, release_what_comes, &relay), 0);
		for (int sent = 0; sent < 3000;) {
			pthread_mutex_lock(&relay.lock);
			while (relay.count < MANY && sent < 3000) {
				struct message *message = message_pool_take(pool, (size_t)(sent % 700) + 1);
				message->data[0] = (uint8_t)message->size;
				relay.waiting[relay.count++] = message;
				sent++;
			}
			pthread_mutex_unlock(&relay.lock);
		}
		pthread_mutex_lock(&relay.lock);
		relay.done = true;
		pthread_mutex_unlock(&relay.lock);
		message_pool_close(pool);
		for (int i = 0; i < 3; i++)
			pthread_join(threads[i], NULL);
		/* What the last to look has left. */
		for (int i = 0; i < relay.count; i++)
			message_unref(relay.waiting[i]);
	}
}

Test(message_pool, what_was_not_needed_for_a_while_goes)
{
	struct message_pool *pool = message_pool_new();
	struct message *messages[MANY];
	size_t each;

	for (int i = 0; i < MANY; i++)
		messages[i] = message_pool_take(pool, 100);
	message_unref(messages[0]);
	each = message_pool_kept(pool);
	cr_assert_gt(each, 100);
	message_unref_all(messages + 1, MANY - 1);
	cr_assert_eq(message_pool_kept(pool), MANY * each);
	message_pool_relax(pool);
	cr_assert_eq(message_pool_kept(pool), MANY * each, "all were needed until now");
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 10; i++)
			messages[i] = message_pool_take(pool, 100);
		message_unref_all(messages, 10);
		message_pool_relax(pool);
		cr_assert_eq(message_pool_kept(pool), 10 * each);
	}
	message_pool_trim(pool);
	cr_assert_eq(message_pool_kept(pool), 0);
	message_pool_close(pool);
}
