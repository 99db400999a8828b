/* scenario_driver: runs the scenarios of a file against the C interface, each with events taken one by one and
 * with callbacks. README.md has what a file says.
 *
 *     scenario_driver FILE [SCENARIO...]
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verbs.h"

struct run {
	const char *path;
	FILE *file;
	char *const *wanted; /* names, ended by null; empty: all */
	int passed, failed, skipped;
};

static const struct verb *find_verb(const char *name)
{
	static const struct verb *const families[] = { verbs_certificate, verbs_config,  verbs_connection, verbs_endpoint,
		                                           verbs_event,       verbs_fact,    verbs_key,        verbs_log,
		                                           verbs_message,     verbs_session, verbs_signaling,  verbs_trust,
		                                           verbs_value };

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		for (const struct verb *verb = families[i]; verb->name != NULL; verb++) {
			if (strcmp(verb->name, name) == 0)
				return verb;
		}
	}
	return NULL;
}

/* --- one step */

static kith_result check_error(struct world *world, struct step *step)
{
	const char *contains = step_string(step, "contains");

	VERBS_EXPECT(world, contains != NULL && strstr(world->last_error, contains) != NULL, "the error was: %s",
	             world->last_error);
	return KITH_OK;
}

static void judge(struct world *world, struct step *step, kith_result result)
{
	if (result != KITH_OK)
		snprintf(world->last_error, sizeof(world->last_error), "%s", kith_last_error());
	if (step->fails != NULL)
		VERBS_EXPECT(world, strcmp(kith_result_name(result), step->fails) == 0, "%s, not %s", kith_result_name(result),
		             step->fails);
	else if (result != KITH_OK)
		world_fail(world, "%s: %s", kith_result_name(result), world->last_error);
	else if (step_unused(step) != NULL)
		world_fail(world, "%s knows no %s", step->verb, step_unused(step));
}

static void take_step(struct world *world, struct step *step)
{
	const struct verb *verb = find_verb(step->verb);

	if (strcmp(step->verb, "error") == 0)
		judge(world, step, check_error(world, step));
	else if (verb != NULL)
		judge(world, step, verb->run(world, step));
	else
		world_fail(world, "there is no verb %s", step->verb);
	world_end_step(world);
}

/* --- one scenario */

static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder != NULL)
		closedir(folder);
}

/* What the first step wants and is not there; null: all is. C has everything but perhaps the server. */
static const char *missing(const struct step *step)
{
	for (unsigned i = 0; i < step->arguments_count; i++) {
		if (strcmp(step->arguments[i].bytes, "server") == 0 && getenv("KITH_TEST_SIGNALING") == NULL)
			return "KITH_TEST_SIGNALING is not set";
	}
	return NULL;
}

static void report(struct run *run, const char *name, int line, const struct world *world)
{
	if (world->failure[0] == '\0') {
		run->passed++;
		return;
	}
	run->failed++;
	printf("%s:%d: %s (%s): %s\n", run->path, line, name, world->uses_callbacks ? "callbacks" : "events",
	       world->failure);
}

/* Runs the steps from the file's place to the next scenario, or only reads them when the scenario is not wanted. */
static void run_scenario(struct run *run, const char *name, int line, const char *folder, bool uses_callbacks)
{
	const char *why = NULL, *problem;
	struct world world;
	struct step step;
	char *text = NULL;
	size_t room = 0;
	int failed_at = 0;

	world_init(&world, folder, uses_callbacks);
	while (getline(&text, &room, run->file) > 0 && world.failure[0] == '\0' && why == NULL) {
		problem = step_read(text, ++line, &step);
		failed_at = line;
		if (problem != NULL)
			world_fail(&world, "%s", problem);
		else if (step.verb == NULL)
			continue;
		else if (strcmp(step.verb, "scenario") == 0)
			break;
		else if (strcmp(step.verb, "needs") == 0)
			why = missing(&step);
		else
			take_step(&world, &step);
	}
	free(text);
	world_free(&world);
	empty_folder(folder);
	if (why == NULL) {
		report(run, name, failed_at, &world);
		return;
	}
	run->skipped++;
	printf("skipped %s: %s\n", name, why);
}

static bool is_wanted(const struct run *run, const char *name)
{
	for (char *const *wanted = run->wanted; *wanted != NULL; wanted++) {
		if (strcmp(*wanted, name) == 0)
			return true;
	}
	return run->wanted[0] == NULL;
}

static void run_file(struct run *run, const char *folder)
{
	struct step step;
	char *text = NULL, name[64];
	size_t room = 0;
	long place;

	for (int line = 1; getline(&text, &room, run->file) > 0; line++) {
		if (strncmp(text, "scenario ", 9) != 0 || step_read(text, line, &step) != NULL || step.arguments_count != 1 ||
		    !is_wanted(run, step.arguments[0].bytes))
			continue;
		snprintf(name, sizeof(name), "%s", step.arguments[0].bytes);
		place = ftell(run->file);
		for (int style = 0; style < 2; style++) {
			fseek(run->file, place, SEEK_SET);
			run_scenario(run, name, line, folder, style == 1);
		}
		fseek(run->file, place, SEEK_SET);
	}
	free(text);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/kith-scenarios-XXXXXX";
	struct run run = { .path = argc > 1 ? argv[1] : "", .wanted = argv + (argc > 1 ? 2 : 1) };

	run.file = fopen(run.path, "r");
	if (run.file == NULL || mkdtemp(folder) == NULL) {
		fprintf(stderr, "scenario_driver FILE [SCENARIO...]: %s: %s\n", run.path, strerror(errno));
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	run_file(&run, folder);
	fclose(run.file);
	rmdir(folder);
	printf("%d passed, %d failed, %d skipped\n", run.passed, run.failed, run.skipped);
	return run.failed > 0;
}
