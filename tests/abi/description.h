/* description: abi/kith.json in memory: what a foreign function interface knows of the library. */
#ifndef TESTS_ABI_DESCRIPTION_H
#define TESTS_ABI_DESCRIPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ffi.h>

enum { PARAMETERS_MAX = 8 };

struct parameter {
	const char *name;
	const char *kind; /* "i32", "pointer", "handle", ... */
	const char *of;   /* which handle or callback; null: neither */
	const char *to;   /* of a pointer: the struct it leads to; null: something else */
	bool is_out;      /* a pointer through which something comes out */
	bool is_plain;    /* it leads to bytes or numbers, not to more pointers */
	ffi_type *ffi;
};

/* A function, or a type of callback. */
struct function {
	const char *name;
	const char *node; /* version; null for callbacks */
	bool is_result;   /* returns a kith_result */
	bool takes_null;  /* each of its pointers may be null */
	const char *result_kind;
	ffi_type *result;
	struct parameter parameters[PARAMETERS_MAX];
	unsigned parameters_count;
	ffi_type *types[PARAMETERS_MAX];
	ffi_cif cif;
	void *address;
	unsigned calls, successes;
};

struct field {
	const char *name;
	size_t offset, size;
	const char *kind;
	const char *of; /* of a struct inside: which */
};

struct structure {
	const char *name;
	size_t size;
	bool versioned;
	struct field *fields;
	unsigned fields_count;
};

struct constant {
	const char *name;
	int64_t value;
};

struct description {
	struct function *functions, *callbacks;
	unsigned functions_count, callbacks_count;
	struct structure *structures;
	unsigned structures_count;
	struct constant *constants;
	unsigned constants_count;
};

/* Ends the program when the file is not what it should be. Lives as long as the program. */
void description_load(struct description *description, const char *path);
/* These end the program when there is no such thing: a test that is out of date. */
struct function *description_function(struct description *description, const char *name);
struct function *description_callback(struct description *description, const char *name);
const struct structure *description_structure(const struct description *description, const char *name);
int64_t description_constant(const struct description *description, const char *name);

#endif
