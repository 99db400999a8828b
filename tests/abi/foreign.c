#define _GNU_SOURCE
#include "foreign.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct description *known;
static double last_double;

unsigned foreign_open(struct description *description, const char *library)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	unsigned missing = 0;

	if (handle == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	known = description;
	for (unsigned i = 0; i < description->functions_count; i++) {
		struct function *function = &description->functions[i];
		function->address = dlvsym(handle, function->name, function->node);
		if (function->address == NULL) {
			fprintf(stderr, "%s\n", dlerror());
			missing++;
		}
	}
	return missing;
}

struct description *foreign_description(void)
{
	return known;
}

/* --- functions */

static bool is(const char *kind, const char *word)
{
	return strcmp(kind, word) == 0;
}

static int64_t widen(const char *kind, const union value *value)
{
	if (is(kind, "i32"))
		return (int32_t)value->word;
	if (is(kind, "u32") || is(kind, "handle"))
		return (uint32_t)value->word;
	if (is(kind, "void"))
		return 0;
	return value->i64;
}

int64_t foreign_call_values(struct function *function, union value *values)
{
	void *pointers[PARAMETERS_MAX];
	union value result = { 0 };
	int64_t widened;

	for (unsigned i = 0; i < function->parameters_count; i++)
		pointers[i] = &values[i];
	ffi_call(&function->cif, FFI_FN(function->address), &result, pointers);
	function->calls++;
	last_double = is(function->result_kind, "f64") ? result.f64 : 0;
	widened = widen(function->result_kind, &result);
	function->successes += !is(function->result_kind, "i32") || widened >= 0;
	return widened;
}

int64_t foreign_call(const char *name, ...)
{
	struct function *function = description_function(known, name);
	union value values[PARAMETERS_MAX];
	va_list arguments;

	va_start(arguments, name);
	for (unsigned i = 0; i < function->parameters_count; i++) {
		const char *kind = function->parameters[i].kind;
		if (is(kind, "f64"))
			values[i].f64 = va_arg(arguments, double);
		else if (is(kind, "pointer") || is(kind, "callback"))
			values[i].pointer = va_arg(arguments, void *);
		else
			values[i].i64 = va_arg(arguments, int64_t);
	}
	va_end(arguments);
	return foreign_call_values(function, values);
}

double foreign_last_double(void)
{
	return last_double;
}

/* --- structs */

void *foreign_new(const char *structure)
{
	const struct structure *about = description_structure(known, structure);
	void *at = calloc(1, about->size);

	if (about->versioned)
		foreign_set(structure, at, "struct_size", (int64_t)about->size);
	return at;
}

static const struct field *find_field(const char *structure, const char *path, size_t *offset)
{
	const struct structure *about = description_structure(known, structure);
	size_t size = strcspn(path, ".");

	for (unsigned i = 0; i < about->fields_count; i++) {
		const struct field *field = &about->fields[i];
		if (strlen(field->name) != size || strncmp(field->name, path, size) != 0)
			continue;
		*offset += field->offset;
		return path[size] == '.' ? find_field(field->of, path + size + 1, offset) : field;
	}
	fprintf(stderr, "struct %s has no field %s\n", structure, path);
	exit(2);
}

void *foreign_at(const char *structure, const void *at, const char *path)
{
	size_t offset = 0;

	find_field(structure, path, &offset);
	return (char *)at + offset;
}

void foreign_set(const char *structure, void *at, const char *path, int64_t value)
{
	size_t offset = 0;
	const struct field *field = find_field(structure, path, &offset);

	/* Little-endian machines only, as the rest of the test is. */
	memcpy((char *)at + offset, &value, field->size);
}

void foreign_set_pointer(const char *structure, void *at, const char *path, const void *value)
{
	memcpy(foreign_at(structure, at, path), &value, sizeof(value));
}

int64_t foreign_get(const char *structure, const void *at, const char *path)
{
	size_t offset = 0;
	const struct field *field = find_field(structure, path, &offset);
	int64_t value = 0;

	memcpy(&value, (const char *)at + offset, field->size);
	return is(field->kind, "i32") ? (int32_t)value : value;
}

double foreign_get_double(const char *structure, const void *at, const char *path)
{
	double value;

	memcpy(&value, foreign_at(structure, at, path), sizeof(value));
	return value;
}

/* --- callbacks */

struct closure {
	ffi_closure *writable;
	foreign_handler *handler;
	void *data;
	struct function *type;
};

static void on_call(ffi_cif *cif, void *result, void **values, void *data)
{
	struct closure *closure = data;
	int64_t value = closure->handler != NULL ? closure->handler(closure->data, closure->type, values) : 0;

	(void)cif;
	closure->type->calls++;
	if (!is(closure->type->result_kind, "void"))
		*(ffi_arg *)result = (ffi_arg)value;
}

void *foreign_closure(const char *type, foreign_handler *handler, void *data)
{
	struct closure *closure = calloc(1, sizeof(*closure));
	void *code;

	closure->handler = handler;
	closure->data = data;
	closure->type = description_callback(known, type);
	closure->writable = ffi_closure_alloc(sizeof(ffi_closure), &code);
	if (closure->writable == NULL ||
	    ffi_prep_closure_loc(closure->writable, &closure->type->cif, on_call, closure, code) != FFI_OK) {
		fprintf(stderr, "no closure for %s\n", type);
		exit(2);
	}
	return code;
}
