#define _GNU_SOURCE
#include "hostile.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "foreign.h"

enum { BLOCK = 1 << 17, RANDOM_CALLS = 200, ALARM_SECONDS = 60, HANDLE_KINDS = 5 };

/* Objects of every kind, live and stale. */
struct zoo {
	const char *kinds[HANDLE_KINDS];
	uint32_t live[HANDLE_KINDS], stale[HANDLE_KINDS];
	void *message;
	void *blocks[PARAMETERS_MAX]; /* zeroed, large enough for anything */
	char *long_text;
};

static int64_t must(int64_t result, const char *what)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "  %s gave %d\n", what, (int)result);
	_exit(3);
}

static void make_objects(uint32_t out[HANDLE_KINDS])
{
	void *address = foreign_new("kith_address");
	void *callbacks = foreign_new("kith_signaling_callbacks");

	must(foreign_call("kith_endpoint_create", NULL, &out[0]), "kith_endpoint_create");
	must(foreign_call("kith_address_parse", "127.0.0.1:0", address), "kith_address_parse");
	must(foreign_call("kith_endpoint_listen_address", (int64_t)out[0], address, NULL, &out[2]), "listening");
	must(foreign_call("kith_address_parse", "127.0.0.1:9", address), "kith_address_parse");
	must(foreign_call("kith_endpoint_connect_address", (int64_t)out[0], address, NULL, &out[1]), "connecting");
	must(foreign_call("kith_poll_group_create", (int64_t)out[0], &out[3]), "kith_poll_group_create");
	foreign_set_pointer("kith_signaling_callbacks", callbacks, "send",
	                    foreign_closure("kith_signaling_send_fn", NULL, NULL));
	must(foreign_call("kith_signaling_add", (int64_t)out[0], callbacks, &out[4]), "kith_signaling_add");
	free(address);
	free(callbacks);
}

static void make_zoo(struct zoo *zoo)
{
	static const char *const kinds[HANDLE_KINDS] = { "kith_endpoint", "kith_connection", "kith_listener",
		                                             "kith_poll_group", "kith_signaling" };

	memcpy(zoo->kinds, kinds, sizeof(kinds));
	make_objects(zoo->stale);
	must(foreign_call("kith_endpoint_destroy", (int64_t)zoo->stale[0]), "kith_endpoint_destroy");
	make_objects(zoo->live);
	must(foreign_call("kith_message_new", "hello", (int64_t)5, &zoo->message), "kith_message_new");
	for (int i = 0; i < PARAMETERS_MAX; i++)
		zoo->blocks[i] = malloc(BLOCK);
	zoo->long_text = malloc(BLOCK);
	memset(zoo->long_text, 'x', BLOCK - 1);
	zoo->long_text[BLOCK - 1] = '\0';
}

/* --- values */

static int kind_of(const struct zoo *zoo, const char *name)
{
	for (int i = 0; i < HANDLE_KINDS; i++)
		if (strcmp(zoo->kinds[i], name) == 0)
			return i;
	return 0;
}

static bool is_message(const struct parameter *parameter)
{
	return strcmp(parameter->name, "message") == 0;
}

/* What an honest caller might give. */
static union value plain_value(struct zoo *zoo, const struct parameter *parameter, unsigned index)
{
	union value value = { 0 };

	memset(zoo->blocks[index], 0, BLOCK);
	if (strcmp(parameter->kind, "handle") == 0)
		value.u32 = zoo->live[kind_of(zoo, parameter->of)];
	else if (is_message(parameter))
		value.pointer = zoo->message;
	else if (strcmp(parameter->kind, "pointer") == 0)
		value.pointer = zoo->blocks[index];
	else if (strcmp(parameter->kind, "f64") == 0)
		value.f64 = 1;
	else if (strstr(parameter->name, "timeout") == NULL && strcmp(parameter->kind, "callback") != 0)
		value.i64 = 1;
	/* A struct that says its size. */
	if (strcmp(parameter->kind, "pointer") == 0 && parameter->to != NULL) {
		const struct structure *about = description_structure(foreign_description(), parameter->to);
		uint32_t size = (uint32_t)about->size;
		if (about->versioned)
			memcpy(value.pointer, &size, sizeof(size));
	}
	return value;
}

/* The `which`-th odd value; false: there are no more. */
static bool odd_value(struct zoo *zoo, const struct parameter *parameter, unsigned index, unsigned which,
                      union value *out)
{
	static const int64_t numbers[] = { 0, -1, 2, 255, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN };
	static const uint32_t sizes[] = { 0, 1, 3, 4, 8, BLOCK / 2 };
	static const double reals[] = { -1e308, 1e308, 0.0 / 1.0, -0.0 };
	union value value = plain_value(zoo, parameter, index);
	const char *kind = parameter->kind;

	if (strcmp(kind, "handle") == 0) {
		if (which >= 4 + HANDLE_KINDS * 2)
			return false;
		value.u32 = which == 0                 ? 0
		            : which == 1               ? UINT32_MAX
		            : which == 2               ? 1
		            : which == 3               ? value.u32 ^ 1
		            : which < 4 + HANDLE_KINDS ? zoo->stale[which - 4]
		                                       : zoo->live[which - 4 - HANDLE_KINDS];
	} else if (strcmp(kind, "pointer") == 0) {
		if (which >= 3 + sizeof(sizes) / sizeof(sizes[0]))
			return false;
		if (which == 0)
			value.pointer = NULL;
		else if (which == 1 && parameter->is_plain && !is_message(parameter))
			value.pointer = memset(zoo->blocks[index], 0xff, 128);
		else if (which == 2 && parameter->is_plain && !parameter->is_out && !is_message(parameter))
			value.pointer = zoo->long_text;
		else if (which >= 3 && parameter->to != NULL)
			memcpy(zoo->blocks[index], &sizes[which - 3], sizeof(uint32_t));
	} else if (strcmp(kind, "f64") == 0) {
		if (which >= sizeof(reals) / sizeof(reals[0]))
			return false;
		value.f64 = reals[which];
	} else if (strcmp(kind, "callback") == 0) {
		if (which >= 1)
			return false;
		value.pointer = foreign_closure(parameter->of, NULL, NULL);
	} else {
		bool bounded = strcmp(kind, "size") == 0 || strstr(parameter->name, "timeout") != NULL ||
		               strstr(parameter->name, "count") != NULL || strcmp(parameter->name, "max") == 0;
		/* What says how large a block is must not be a lie, and nobody waits for ever here. */
		if (which >= (bounded ? 1 : sizeof(numbers) / sizeof(numbers[0])))
			return false;
		value.i64 = numbers[which];
	}
	*out = value;
	return true;
}

/* --- calls */

/* What a call may have left behind would be used up by the next one. */
static void mend(struct zoo *zoo)
{
	if (foreign_call("kith_message_size", zoo->message) != 5)
		must(foreign_call("kith_message_new", "hello", (int64_t)5, &zoo->message), "kith_message_new");
}

/* These give the object away that they get; a call with a live one is not hostile but the end of it. */
static bool consumes_message(const struct function *function)
{
	return strcmp(function->name, "kith_message_release") == 0 ||
	       strcmp(function->name, "kith_connection_send_message") == 0;
}

static void fill_plain(struct zoo *zoo, const struct function *function, union value *values)
{
	for (unsigned i = 0; i < function->parameters_count; i++)
		values[i] = plain_value(zoo, &function->parameters[i], i);
	if (consumes_message(function))
		foreign_call("kith_message_ref", zoo->message);
}

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
	fill_plain(zoo, function, values);
	plain = foreign_call_values(function, values);
	make_objects(zoo->live);
	for (unsigned which = 0; odd_value(zoo, &function->parameters[0], 0, which, &values[0]); which++) {
		uint32_t odd = values[0].u32;
		int64_t result;
		if (odd == zoo->live[kind_of(zoo, function->parameters[0].of)])
			continue;
		fill_plain(zoo, function, values);
		values[0].u32 = odd;
		result = foreign_call_values(function, values);
		if (is_handle_error(result) || (plain < 0 && result == plain))
			continue;
		fprintf(stderr, "  %s: handle %#x gives %d, not E_HANDLE\n", function->name, odd, (int)result);
		bad++;
	}
	return bad;
}

static void try_each(struct zoo *zoo, struct function *function)
{
	union value values[PARAMETERS_MAX], odd;

	for (unsigned i = 0; i < function->parameters_count; i++) {
		/* With a live object the others may do what they are for: end it. */
		for (unsigned which = 0; odd_value(zoo, &function->parameters[i], i, which, &odd); which++) {
			fill_plain(zoo, function, values);
			odd_value(zoo, &function->parameters[i], i, which, &values[i]);
			foreign_call_values(function, values);
			mend(zoo);
		}
	}
}

static void try_at_random(struct zoo *zoo, struct function *function)
{
	union value values[PARAMETERS_MAX];

	srand(1);
	for (int round = 0; round < RANDOM_CALLS; round++) {
		fill_plain(zoo, function, values);
		for (unsigned i = 0; i < function->parameters_count; i++)
			odd_value(zoo, &function->parameters[i], i, (unsigned)rand() % 9, &values[i]);
		foreign_call_values(function, values);
		mend(zoo);
	}
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *ftw)
{
	(void)about, (void)type, (void)ftw;
	return remove(path);
}

static int run_function(struct function *function)
{
	struct zoo *zoo = calloc(1, sizeof(*zoo));
	char folder[] = "/tmp/kith-abi-XXXXXX";
	int bad;

	/* What is taken for the name of a file shall not stay. */
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;

	alarm(ALARM_SECONDS);
	make_zoo(zoo);
	bad = check_zeros(function);
	bad += check_handles(zoo, function);
	try_each(zoo, function);
	try_at_random(zoo, function);
	/* The library still works. */
	make_objects(zoo->live);
	foreign_call("kith_endpoint_destroy", (int64_t)zoo->live[0]);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
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
