/* verbs: what a step does. Each family has a table, ended by an empty entry. A verb returns the result of its
 * call, for `fails`; what is wrong otherwise it says by world_fail(). */
#ifndef BINDINGS_VERBS_H
#define BINDINGS_VERBS_H

#include "value.h"

struct verb {
	const char *name;
	kith_result (*run)(struct world *world, struct step *step);
};

extern const struct verb verbs_certificate[], verbs_config[], verbs_connection[], verbs_endpoint[], verbs_event[],
	verbs_fact[], verbs_key[], verbs_log[], verbs_message[], verbs_session[], verbs_signaling[], verbs_trust[],
	verbs_value[];

/* Fails the step when the condition is false, with what stands in the format. */
#define VERBS_EXPECT(world, condition, ...) \
	do { \
		if (!(condition)) \
			world_fail(world, __VA_ARGS__); \
	} while (0)

#endif
