/* foreign: calling the library as a language would that knows nothing but the description: functions
 * by name, structs by field, callbacks as closures. */
#ifndef TESTS_ABI_FOREIGN_H
#define TESTS_ABI_FOREIGN_H

#include "description.h"

/* Loads the library and finds every function in its version node. Returns how many are missing. */
unsigned foreign_open(struct description *description, const char *library);
struct description *foreign_description(void);

/* One argument or result. */
union value {
	int32_t i32;
	uint32_t u32;
	int64_t i64;
	uint64_t u64;
	double f64;
	void *pointer;
	ffi_arg word;
};

/* Calls by name. Each argument is an int64_t, a double (of "f64") or a void *, by its kind. Returns the
 * result, widened; a pointer as its address. */
int64_t foreign_call(const char *name, ...);
/* The same with values that fit the kinds. */
int64_t foreign_call_values(struct function *function, union value *values);
/* The double that the last call returned. */
double foreign_last_double(void);

/* --- structs. A path is "field" or "field.field". */
void *foreign_new(const char *structure); /* zeroed, struct_size set; for free() */
void foreign_set(const char *structure, void *at, const char *path, int64_t value);
void foreign_set_pointer(const char *structure, void *at, const char *path, const void *value);
int64_t foreign_get(const char *structure, const void *at, const char *path);
double foreign_get_double(const char *structure, const void *at, const char *path);
/* Where a field is: texts and structs inside. */
void *foreign_at(const char *structure, const void *at, const char *path);

/* --- callbacks */

/* What a callback of any type becomes; `values` by the kinds of its parameters. */
typedef int64_t foreign_handler(void *data, const struct function *type, void **values);

/* A function pointer of a described type that calls `handler`. Lives as long as the program. */
void *foreign_closure(const char *type, foreign_handler *handler, void *data);

#endif
