/* box: a callback's user data, released once after the last call.
 *
 * Owns: the count of who may still call. Holders take a reference, call with no lock held, and give
 * it back, which they may do under a lock: the release itself waits until none is held.
 */
#ifndef ENGINE_BOX_H
#define ENGINE_BOX_H

#include <stdatomic.h>

#include "engine/deferred.h"

typedef void box_release_fn(void *user_data);

struct box {
	struct deferred deferred; /* the release */
	_Atomic int references;
	void *user_data;
	box_release_fn *release; /* may be null */
};

/* With one reference. The struct that begins with `box` is freed with the last one, by alloc_free. */
void box_init(struct box *box, void *user_data, box_release_fn *release);
void box_ref(struct box *box);
void box_unref(struct box *box); /* null is allowed */

#endif
