/* output: what the command says: lines for people, or with --json one object a line.
 *
 * Owns: the form of every line (docs/cli.md), escaping, and keeping a peer's control characters
 * away from the terminal.
 * Does not know: connections, what the numbers mean.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct output {
	FILE *stream; /* standard error where standard output is for data */
	bool json;
	bool verbose;
	bool has_field;
};

void output_init(struct output *output, FILE *stream, bool json, bool verbose);

/* One JSON object: open, fields, close. */
void output_open(struct output *output, const char *event);
void output_string(struct output *output, const char *name, const char *value);
/* The same in small letters: the names of the library's constants are in capital ones. */
void output_word(struct output *output, const char *name, const char *value);
void output_integer(struct output *output, const char *name, int64_t value);
void output_true(struct output *output, const char *name);
void output_real(struct output *output, const char *name, double value, int decimals);
void output_integers(struct output *output, const char *name, const uint32_t *values, uint32_t count);
void output_list(struct output *output, const char *name, const char *const *values, int count);
/* A nested object; its fields follow, then output_close_nested. */
void output_open_nested(struct output *output, const char *name);
void output_close_nested(struct output *output);
void output_close(struct output *output);

/* Into small letters, cut to `size` bytes with the NUL. */
void output_lower(const char *text, char *out, size_t size);

/* One line for people: printf, with control characters and broken UTF-8 replaced; ends the line. */
void output_line(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same on standard error, only with --verbose. */
void output_verbose(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One more line on standard error, about what an error was. */
void output_detail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One line of the library's log, on standard error: "connection info: ...". From any thread. */
void output_log(struct output *output, const char *subject, const char *level, const char *text);

/* `{"event":"error",…}` or "kith: …" on standard error. `code` is a kith_result or an end reason. */
void output_error(struct output *output, int64_t code, const char *reason, const char *text);

#endif
