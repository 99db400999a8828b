#define _GNU_SOURCE
#include "zoo.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 17 };

/* What is taken for the name of a file shall not stay. */
static char folder[] = "/tmp/kith-abi-XXXXXX";

static int64_t must(int64_t result, const char *what)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "  %s gave %d\n", what, (int)result);
	_exit(3);
}

void zoo_make_objects(uint32_t out[ZOO_HANDLE_KINDS])
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

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *ftw)
{
	(void)about, (void)type, (void)ftw;
	return remove(path);
}

void zoo_clean(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void zoo_make(struct zoo *zoo)
{
	static const char *const kinds[ZOO_HANDLE_KINDS] = { "kith_endpoint", "kith_connection", "kith_listener",
		                                                 "kith_poll_group", "kith_signaling" };

	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		_exit(3);
	memcpy(zoo->kinds, kinds, sizeof(kinds));
	zoo_make_objects(zoo->stale);
	must(foreign_call("kith_endpoint_destroy", (int64_t)zoo->stale[0]), "kith_endpoint_destroy");
	zoo_make_objects(zoo->live);
	must(foreign_call("kith_message_new", "hello", (int64_t)5, &zoo->message), "kith_message_new");
	for (int i = 0; i < PARAMETERS_MAX; i++)
		zoo->blocks[i] = malloc(BLOCK);
	zoo->long_text = malloc(BLOCK);
	memset(zoo->long_text, 'x', BLOCK - 1);
	zoo->long_text[BLOCK - 1] = '\0';
}

/* --- values */

int zoo_kind_of(const struct zoo *zoo, const char *name)
{
	for (int i = 0; i < ZOO_HANDLE_KINDS; i++)
		if (strcmp(zoo->kinds[i], name) == 0)
			return i;
	return 0;
}

static bool is_message(const struct parameter *parameter)
{
	return strcmp(parameter->name, "message") == 0;
}

union value zoo_plain(struct zoo *zoo, const struct parameter *parameter, unsigned index)
{
	union value value = { 0 };

	memset(zoo->blocks[index], 0, BLOCK);
	if (strcmp(parameter->kind, "handle") == 0)
		value.u32 = zoo->live[zoo_kind_of(zoo, parameter->of)];
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

bool zoo_odd(struct zoo *zoo, const struct parameter *parameter, unsigned index, unsigned which, union value *out)
{
	static const int64_t numbers[] = { 0, -1, 2, 255, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN };
	static const uint32_t sizes[] = { 0, 1, 3, 4, 8, BLOCK / 2 };
	static const double reals[] = { -1e308, 1e308, 0.0 / 1.0, -0.0 };
	union value value = zoo_plain(zoo, parameter, index);
	const char *kind = parameter->kind;

	if (strcmp(kind, "handle") == 0) {
		if (which >= 4 + ZOO_HANDLE_KINDS * 2)
			return false;
		value.u32 = which == 0                     ? 0
		            : which == 1                   ? UINT32_MAX
		            : which == 2                   ? 1
		            : which == 3                   ? value.u32 ^ 1
		            : which < 4 + ZOO_HANDLE_KINDS ? zoo->stale[which - 4]
		                                           : zoo->live[which - 4 - ZOO_HANDLE_KINDS];
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

void zoo_mend(struct zoo *zoo)
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

void zoo_fill(struct zoo *zoo, const struct function *function, union value *values)
{
	for (unsigned i = 0; i < function->parameters_count; i++)
		values[i] = zoo_plain(zoo, &function->parameters[i], i);
	if (consumes_message(function))
		foreign_call("kith_message_ref", zoo->message);
}

void zoo_call_oddly(struct zoo *zoo, struct function *function)
{
	union value values[PARAMETERS_MAX], odd;

	for (unsigned i = 0; i < function->parameters_count; i++) {
		/* With a live object the others may do what they are for: end it. */
		for (unsigned which = 0; zoo_odd(zoo, &function->parameters[i], i, which, &odd); which++) {
			zoo_fill(zoo, function, values);
			zoo_odd(zoo, &function->parameters[i], i, which, &values[i]);
			foreign_call_values(function, values);
			zoo_mend(zoo);
		}
	}
}
