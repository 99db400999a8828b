#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

#include "engine/handle_table.h"

static _Atomic int finalized;

static void count_finalized(void *object)
{
	(void)object;
	atomic_fetch_add(&finalized, 1);
}

static uint32_t add(enum handle_kind kind, void *object)
{
	uint32_t handle = handle_table_add(kind, object, count_finalized);
	cr_assert(handle != 0);
	return handle;
}

Test(handle_table, a_handle_finds_its_object)
{
	int object;
	uint32_t handle = add(HANDLE_CONNECTION, &object);
	cr_assert(handle_table_pin(handle, HANDLE_CONNECTION) == &object);
	handle_table_unpin(handle);
	cr_assert(handle_table_peek(handle, HANDLE_CONNECTION) == &object);
	cr_assert_eq(handle_table_kind(handle), HANDLE_CONNECTION);
}

Test(handle_table, another_kind_finds_nothing)
{
	int object;
	uint32_t handle = add(HANDLE_LISTENER, &object);
	cr_assert(handle_table_pin(handle, HANDLE_CONNECTION) == NULL);
	cr_assert(handle_table_peek(handle, HANDLE_ENDPOINT) == NULL);
}

Test(handle_table, numbers_that_were_never_handles_find_nothing)
{
	cr_assert(handle_table_pin(0, HANDLE_ENDPOINT) == NULL);
	for (uint32_t i = 0; i < 32; i++)
		cr_assert(handle_table_pin(1u << i, HANDLE_ENDPOINT) == NULL);
	cr_assert(handle_table_pin(UINT32_MAX, HANDLE_SIGNALING) == NULL);
	cr_assert_eq(handle_table_kind(UINT32_MAX), 0);
	cr_assert_not(handle_table_remove(0));
	cr_assert_not(handle_table_remove(UINT32_MAX));
}

Test(handle_table, a_removed_handle_is_stale_and_finalized_once)
{
	int object;
	uint32_t handle = add(HANDLE_ENDPOINT, &object);
	cr_assert(handle_table_remove(handle));
	cr_assert_eq(finalized, 1);
	cr_assert_not(handle_table_remove(handle));
	cr_assert(handle_table_pin(handle, HANDLE_ENDPOINT) == NULL);
	cr_assert(handle_table_peek(handle, HANDLE_ENDPOINT) == NULL);
	cr_assert_eq(finalized, 1);
}

Test(handle_table, a_pinned_object_is_finalized_with_the_last_pin)
{
	int object;
	uint32_t handle = add(HANDLE_ENDPOINT, &object);
	cr_assert(handle_table_pin(handle, HANDLE_ENDPOINT) != NULL);
	cr_assert(handle_table_pin(handle, HANDLE_ENDPOINT) != NULL);
	cr_assert(handle_table_remove(handle));
	handle_table_unpin(handle);
	cr_assert_eq(finalized, 0);
	handle_table_unpin(handle);
	cr_assert_eq(finalized, 1);
}

Test(handle_table, numbers_do_not_come_back_soon)
{
	int object;
	uint32_t first = add(HANDLE_CONNECTION, &object);
	handle_table_remove(first);
	for (int i = 0; i < 1000000; i++) {
		uint32_t handle = add(HANDLE_CONNECTION, &object);
		cr_assert(handle != first, "after %d others", i);
		handle_table_remove(handle);
	}
}

Test(handle_table, thousands_live_at_once)
{
	enum { COUNT = 20000 };
	static uint32_t handles[COUNT];
	static int objects[COUNT];
	for (int i = 0; i < COUNT; i++)
		handles[i] = add(HANDLE_CONNECTION, &objects[i]);
	for (int i = 0; i < COUNT; i++)
		cr_assert(handle_table_peek(handles[i], HANDLE_CONNECTION) == &objects[i]);
	for (int i = 0; i < COUNT; i++)
		cr_assert(handle_table_remove(handles[i]));
	cr_assert_eq(finalized, COUNT);
}

/* One thread makes and ends objects, others pin whatever handle they were told of last. */
struct race {
	_Atomic uint32_t handle;
	_Atomic bool done;
};

struct object {
	_Atomic int alive;
};

static void end_object(void *data)
{
	struct object *object = data;
	atomic_store(&object->alive, 0);
}

static void *pin_what_is_told(void *data)
{
	struct race *race = data;
	while (!atomic_load(&race->done)) {
		uint32_t handle = atomic_load(&race->handle);
		struct object *object = handle_table_pin(handle, HANDLE_CONNECTION);
		if (object == NULL)
			continue;
		cr_assert_eq(atomic_load(&object->alive), 1);
		handle_table_unpin(handle);
	}
	return NULL;
}

Test(handle_table, a_pinned_object_is_alive_whatever_others_do)
{
	enum { ROUNDS = 100000, THREADS = 3 };
	static struct object objects[ROUNDS];
	static struct race race;
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, pin_what_is_told, &race);
	for (int i = 0; i < ROUNDS; i++) {
		atomic_store(&objects[i].alive, 1);
		uint32_t handle = handle_table_add(HANDLE_CONNECTION, &objects[i], end_object);
		atomic_store(&race.handle, handle);
		cr_assert(handle_table_remove(handle));
	}
	atomic_store(&race.done, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < ROUNDS; i++)
		cr_assert_eq(objects[i].alive, 0);
}

Test(handle_table, all_of_a_kind_are_found_one_after_the_other)
{
	enum { COUNT = 3000 };
	static struct object objects[COUNT];
	uint32_t handles[COUNT];
	uint32_t place = 0, handle;
	int found = 0;

	for (int i = 0; i < COUNT; i++)
		handles[i] = handle_table_add(i % 3 == 0 ? HANDLE_ENDPOINT : HANDLE_LISTENER, &objects[i], end_object);
	while ((handle = handle_table_next(HANDLE_ENDPOINT, &place)) != 0) {
		cr_assert_eq(handle_table_kind(handle), HANDLE_ENDPOINT);
		cr_assert(handle_table_peek(handle, HANDLE_ENDPOINT) != NULL);
		found++;
	}
	cr_assert_eq(found, COUNT / 3);
	cr_assert_eq(handle_table_next(HANDLE_ENDPOINT, &place), 0);
	for (int i = 0; i < COUNT; i++)
		handle_table_remove(handles[i]);
	place = 0;
	cr_assert_eq(handle_table_next(HANDLE_ENDPOINT, &place), 0);
}

Test(handle_table, what_is_forgotten_is_stale_and_never_finalized)
{
	int object;
	uint32_t pinned = add(HANDLE_ENDPOINT, &object), other = add(HANDLE_CONNECTION, &object), fresh;
	cr_assert(handle_table_pin(pinned, HANDLE_ENDPOINT) == &object);
	handle_table_hold();
	handle_table_let_go(true);
	cr_assert(handle_table_pin(pinned, HANDLE_ENDPOINT) == NULL);
	cr_assert(handle_table_peek(other, HANDLE_CONNECTION) == NULL);
	cr_assert_not(handle_table_remove(pinned));
	handle_table_unpin(pinned);
	cr_assert_eq(finalized, 0);
	fresh = add(HANDLE_ENDPOINT, &object);
	cr_assert(fresh != pinned && fresh != other);
	cr_assert(handle_table_remove(fresh));
	cr_assert_eq(finalized, 1);
}

Test(handle_table, what_is_held_and_let_go_is_as_before)
{
	int object;
	uint32_t handle = add(HANDLE_ENDPOINT, &object);
	handle_table_hold();
	handle_table_let_go(false);
	cr_assert(handle_table_pin(handle, HANDLE_ENDPOINT) == &object);
	handle_table_unpin(handle);
	cr_assert(handle_table_remove(handle));
	cr_assert_eq(finalized, 1);
}
