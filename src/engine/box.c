#include "engine/box.h"

#include <stddef.h>

#include "core/base/alloc.h"

static void run_release(struct deferred *deferred)
{
	struct box *box = (struct box *)deferred;

	if (box->release != NULL)
		box->release(box->user_data);
	alloc_free(box);
}

void box_init(struct box *box, void *user_data, box_release_fn *release)
{
	box->deferred.run = run_release;
	atomic_init(&box->references, 1);
	box->user_data = user_data;
	box->release = release;
}

void box_ref(struct box *box)
{
	atomic_fetch_add_explicit(&box->references, 1, memory_order_relaxed);
}

void box_unref(struct box *box)
{
	if (box != NULL && atomic_fetch_sub_explicit(&box->references, 1, memory_order_acq_rel) == 1)
		deferred_add(&box->deferred);
}
