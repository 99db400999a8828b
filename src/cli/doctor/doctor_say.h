/* doctor_say: the findings: a line each, or a JSON object each, and their sum.
 *
 * Owns: the form (docs/cli.md), the counts that make the exit status.
 * Does not know: how anything is found out.
 */
#ifndef CLI_DOCTOR_DOCTOR_SAY_H
#define CLI_DOCTOR_DOCTOR_SAY_H

#include "cli/output.h"

enum doctor_result { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_FAILED, DOCTOR_RESULTS };

struct doctor_say {
	struct output *output;
	int counts[DOCTOR_RESULTS];
};

/* One finding about `target` (may be empty); `usec` is how long the answer took, -1: nothing was asked. */
struct doctor_finding {
	enum doctor_result result;
	const char *check;
	const char *target;
	int64_t usec;
};

void doctor_say(struct doctor_say *say, const struct doctor_finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void doctor_say_sum(struct doctor_say *say);

#endif
