/* progress: how far a transfer is: a bar on a terminal, a JSON object a second with --json, else
 * nothing.
 *
 * Owns: when it is said, the rate, and that the bar is gone before another line is printed.
 * Does not know: what is transferred.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/output.h"

struct progress {
	struct output *output;
	bool bar; /* standard error is a terminal */
	bool shown;
	int64_t begin_us, said_us;
	int64_t base; /* what was there at the beginning of the interval ... */
	int64_t base_us;
	double rate; /* ... from which this is: bytes a second, -1: not known yet */
};

void progress_init(struct progress *progress, struct output *output, int64_t now_us);
/* `passed` of `total` bytes (-1: unknown); `name`: what is on its way. Says so if it is time. */
void progress_update(struct progress *progress, int64_t now_us, int64_t passed, int64_t total, const char *name);
/* Before any other line. */
void progress_clear(struct progress *progress);

/* "12.3 MB" of a number of bytes, decimal units. */
enum { PROGRESS_SIZE_TEXT = 16 };
const char *progress_print_size(char out[PROGRESS_SIZE_TEXT], double bytes);
/* The bar with its numbers, at most 79 columns. `rate` < 0: unknown. */
enum { PROGRESS_LINE = 80 };
void progress_print_bar(char out[PROGRESS_LINE], int64_t passed, int64_t total, double rate, const char *name);

#endif
