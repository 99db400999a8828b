#define _GNU_SOURCE
#include "hostile.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "foreign.h"
#include "zoo.h"

enum { RANDOM_CALLS = 200, ALARM_SECONDS = 60 };

static int check_zeros(struct function *function)
{
	union value values[PARAMETERS_MAX] = { { 0 } };
	bool has_object = false;
	int64_t result;

	for (unsigned i = 0; i < function->parameters_count; i++)
		has_object = has_object || strcmp(function->parameters[i].kind, "handle") == 0 ||
		             (strcmp(function->parameters[i].kind, "pointer") == 0 && function->parameters[i].is_out);
	result = foreign_call_values(function, values);
	if (!function->is_result || !has_object || result < 0 || function->takes_null)
		return 0;
	fprintf(stderr, "  %s: nothing but zeros is fine with it\n", function->name);
	return 1;
}

static bool is_handle_error(int64_t result)
{
	return result == description_constant(foreign_description(), "KITH_E_HANDLE");
}

/* Handles that are stale or of another kind have a result of their own. */
static int check_handles(struct zoo *zoo, struct function *function)
{
	union value values[PARAMETERS_MAX];
	int64_t plain;
	int bad = 0;

	if (function->parameters_count == 0 || strcmp(function->parameters[0].kind, "handle") != 0 ||
	    strcmp(function->result_kind, "i32") != 0)
		return 0;
	/* What is wrong with the other arguments may be found first. */
	zoo_fill(zoo, function, values);
	plain = foreign_call_values(function, values);
	zoo_make_objects(zoo->live);
	for (unsigned which = 0; zoo_odd(zoo, &function->parameters[0], 0, which, &values[0]); which++) {
		uint32_t odd = values[0].u32;
		int64_t result;
		if (odd == zoo->live[zoo_kind_of(zoo, function->parameters[0].of)])
			continue;
		zoo_fill(zoo, function, values);
		values[0].u32 = odd;
		result = foreign_call_values(function, values);
		if (is_handle_error(result) || (plain < 0 && result == plain))
			continue;
		fprintf(stderr, "  %s: handle %#x gives %d, not E_HANDLE\n", function->name, odd, (int)result);
		bad++;
	}
	return bad;
}

static void try_at_random(struct zoo *zoo, struct function *function)
{
	union value values[PARAMETERS_MAX];

	srand(1);
	for (int round = 0; round < RANDOM_CALLS; round++) {
		zoo_fill(zoo, function, values);
		for (unsigned i = 0; i < function->parameters_count; i++)
			zoo_odd(zoo, &function->parameters[i], i, (unsigned)rand() % 9, &values[i]);
		foreign_call_values(function, values);
		zoo_mend(zoo);
	}
}

static int run_function(struct function *function)
{
	struct zoo *zoo = calloc(1, sizeof(*zoo));
	int bad;

	alarm(ALARM_SECONDS);
	zoo_make(zoo);
	bad = check_zeros(function);
	bad += check_handles(zoo, function);
	zoo_call_oddly(zoo, function);
	try_at_random(zoo, function);
	/* The library still works. */
	zoo_make_objects(zoo->live);
	foreign_call("kith_endpoint_destroy", (int64_t)zoo->live[0]);
	zoo_clean();
	return bad != 0;
}

void hostile_run(struct description *description, unsigned *passed, unsigned *failed)
{
	for (unsigned i = 0; i < description->functions_count; i++) {
		struct function *function = &description->functions[i];
		int status;
		pid_t child = fork();
		if (child == 0)
			_exit(run_function(function));
		if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
			++*passed;
			continue;
		}
		++*failed;
		if (WIFSIGNALED(status))
			printf("FAILED: %s with odd arguments: %s\n", function->name, strsignal(WTERMSIG(status)));
		else
			printf("FAILED: %s with odd arguments\n", function->name);
	}
}
