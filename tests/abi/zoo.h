/* zoo: objects of every kind, live and stale, and arguments made of them for any function of the description:
 * those that an honest caller might give, and odd ones. */
#ifndef TESTS_ABI_ZOO_H
#define TESTS_ABI_ZOO_H

#include "description.h"
#include "foreign.h"

enum { ZOO_HANDLE_KINDS = 5 };

/* Which handle is at which place. */
enum { ZOO_ENDPOINT, ZOO_CONNECTION, ZOO_LISTENER, ZOO_POLL_GROUP, ZOO_SIGNALING };

struct zoo {
	const char *kinds[ZOO_HANDLE_KINDS];
	uint32_t live[ZOO_HANDLE_KINDS], stale[ZOO_HANDLE_KINDS];
	void *message;
	void *blocks[PARAMETERS_MAX]; /* zeroed, large enough for anything */
	char *long_text;
};

/* These end the program when the library does not even do what it is for. */
void zoo_make(struct zoo *zoo); /* once in a process, which is in a folder of its own then */
void zoo_make_objects(uint32_t out[ZOO_HANDLE_KINDS]);

/* Removes the folder. */
void zoo_clean(void);

int zoo_kind_of(const struct zoo *zoo, const char *name);

/* What an honest caller might give; `index`: which parameter it is. */
union value zoo_plain(struct zoo *zoo, const struct parameter *parameter, unsigned index);
/* The `which`-th odd value; false: there are no more. */
bool zoo_odd(struct zoo *zoo, const struct parameter *parameter, unsigned index, unsigned which, union value *out);
/* All of a function's. */
void zoo_fill(struct zoo *zoo, const struct function *function, union value *values);
/* What a call may have left behind would be used up by the next one. */
void zoo_mend(struct zoo *zoo);
/* Each parameter by turns with each odd value, the others plain. */
void zoo_call_oddly(struct zoo *zoo, struct function *function);

#endif
