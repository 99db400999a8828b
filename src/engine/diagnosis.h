/* diagnosis: from what was tried, to the stage that failed and words for it.
 *
 * Owns: the judgement, and its text.
 * Does not know: where the facts come from; locks, handles.
 */
#ifndef ENGINE_DIAGNOSIS_H
#define ENGINE_DIAGNOSIS_H

#include <kith/diagnosis.h>

#include "core/types/attempt.h"

/* The endpoint's signaling services at one moment. */
struct diagnosis_signaling {
	int32_t count, connected;
	char text[KITH_EVENT_TEXT_MAX]; /* what the last failed one said */
};

struct diagnosis_facts {
	int32_t state; /* KITH_STATE_* */
	int32_t reason;
	const char *end_text;
	const char *peer;   /* identity; may be empty */
	const char *remote; /* address; may be empty */
	struct attempt attempt;
	struct diagnosis_signaling signaling;
};

/* KITH_STAGE_*. */
int32_t diagnosis_stage(const struct diagnosis_facts *facts);
/* `out` is initialized. */
void diagnosis_fill(const struct diagnosis_facts *facts, struct kith_diagnosis *out);

#endif
