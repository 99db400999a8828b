#include <criterion/criterion.h>

#include "core/base/alloc.h"
#include "engine/box.h"
#include "engine/deferred.h"

static int order[8];
static int runs;
static int released;

struct call {
	struct deferred deferred;
	int number;
	struct call *then;
};

static void run(struct deferred *deferred)
{
	struct call *call = (struct call *)deferred;
	order[runs++] = call->number;
	if (call->then != NULL) {
		deferred_enter();
		deferred_add(&call->then->deferred);
		cr_assert_eq(order[runs - 1], call->number);
		deferred_leave();
	}
}

Test(deferred, a_call_runs_at_once_without_a_lock)
{
	struct call call = { { NULL, run }, 1, NULL };
	deferred_add(&call.deferred);
	cr_assert_eq(runs, 1);
}

Test(deferred, calls_wait_for_the_last_lock_in_order)
{
	struct call a = { { NULL, run }, 1, NULL }, b = { { NULL, run }, 2, NULL };
	deferred_enter();
	deferred_enter();
	deferred_add(&a.deferred);
	deferred_add(&b.deferred);
	deferred_leave();
	cr_assert_eq(runs, 0);
	deferred_leave();
	cr_assert_eq(runs, 2);
	cr_assert_eq(order[0], 1);
	cr_assert_eq(order[1], 2);
}

Test(deferred, a_call_may_take_locks_and_add_calls)
{
	struct call b = { { NULL, run }, 2, NULL };
	struct call a = { { NULL, run }, 1, &b };
	deferred_enter();
	deferred_add(&a.deferred);
	deferred_leave();
	cr_assert_eq(runs, 2);
	cr_assert_eq(order[1], 2);
}

static void count_release(void *user_data)
{
	cr_assert(user_data == &released);
	released++;
}

static struct box *new_box(void)
{
	struct box *box = alloc_zeroed(sizeof(*box));
	box_init(box, &released, count_release);
	return box;
}

Test(box, is_released_once_with_the_last_reference)
{
	struct box *box = new_box();
	box_ref(box);
	box_unref(box);
	cr_assert_eq(released, 0);
	box_unref(box);
	cr_assert_eq(released, 1);
	box_unref(NULL);
}

Test(box, is_not_released_under_a_lock)
{
	struct box *box = new_box();
	deferred_enter();
	box_unref(box);
	cr_assert_eq(released, 0);
	deferred_leave();
	cr_assert_eq(released, 1);
}
