/* field: a field of a public struct by its name: what it is, and whether that is what a scenario wants. */
#ifndef BINDINGS_FIELD_H
#define BINDINGS_FIELD_H

#include "value.h"

enum { FIELD_TEXT_MAX = 4096 };

struct field {
	const char *structure, *name;
	size_t offset;
	const char *kind; /* as in abi/kith.json; a struct's name; "text": an array of characters */
	size_t count;     /* of an array, else 1 */
};

/* Null: there is none. An element of an array is NAME[N]. */
const struct field *field_find(const char *structure, const char *name);
/* Whether the field is what the text says by a relation: "is", "not", "min", "max" or "contains". */
bool field_holds(struct world *world, const struct field *field, const char *name, const void *structure,
                 const char *relation, const char *text);
/* As people and scenarios write it. */
void field_print(struct world *world, const struct field *field, const char *name, const void *structure,
                 char buffer[FIELD_TEXT_MAX]);

#endif
