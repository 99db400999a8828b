/* step: one line of a scenario file, taken apart: README.md has the grammar. Who uses an argument or a key
 * says so by asking for it; what nobody asked for is a mistake in the scenario. */
#ifndef BINDINGS_STEP_H
#define BINDINGS_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STEP_ARGUMENTS_MAX = 6, STEP_KEYS_MAX = 24 };

/* Bytes with a NUL behind them, and perhaps inside. */
struct step_text {
	const char *bytes;
	size_t size;
};

struct step_key {
	const char *name;
	struct step_text value;
	bool is_used;
};

struct step {
	int line;
	const char *verb;  /* null: there is nothing in this line */
	const char *fails; /* the result that is expected; null: none */
	struct step_text arguments[STEP_ARGUMENTS_MAX];
	unsigned arguments_count, arguments_used;
	struct step_key keys[STEP_KEYS_MAX];
	unsigned keys_count;
};

/* Takes a line apart, in place: the step borrows from it. Null: it is well formed; else what is wrong. */
const char *step_read(char *line, int number, struct step *step);

/* Null when there are not as many. */
const struct step_text *step_argument(struct step *step, unsigned index);
const struct step_text *step_key(struct step *step, const char *name);
/* The value alone; null, or 0, when there is none. */
const char *step_string(struct step *step, const char *name);
int64_t step_integer(struct step *step, const char *name, int64_t otherwise);
/* The next key of the form PREFIX.NAME from `*index` on: its name without the prefix, or null. */
const char *step_key_within(struct step *step, const char *prefix, unsigned *index, const char **out_value);
/* The next number of a list with commas; `*list` goes behind it, null at the end. */
int64_t step_next_number(const char **list);
/* The first argument or key that nobody asked for; null: none. */
const char *step_unused(const struct step *step);

#endif
