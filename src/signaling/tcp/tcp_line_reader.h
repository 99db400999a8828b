/* tcp_line_reader: cuts a stream of bytes into lines, bounded.
 *
 * Owns: the beginning of a line whose end has not arrived, and skipping a line that is too long.
 * A line that arrives whole is never copied, and a reader between lines holds no memory.
 * Does not know: what a line means, sockets.
 */
#ifndef SIGNALING_TCP_LINE_READER_H
#define SIGNALING_TCP_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that many readers and writers share; `used` never exceeds `max`. */
struct tcp_budget {
	size_t used;
	size_t max;
};

struct tcp_line_reader {
	struct tcp_budget *budget; /* of all who share it; null: no limit but the line's */
	char *held;                /* the unfinished line */
	size_t held_size;
	size_t held_capacity;
	bool skipping;          /* inside a line that was too long: drop until its end */
	bool yielded;           /* `held` was given out by the last call */
	uint64_t lines_dropped; /* too long, or no memory for it */
};

bool tcp_budget_take(struct tcp_budget *budget, size_t size);
void tcp_budget_give(struct tcp_budget *budget, size_t size);

void tcp_line_reader_init(struct tcp_line_reader *reader, struct tcp_budget *budget);
void tcp_line_reader_free(struct tcp_line_reader *reader);

/* Consumes from `*input` and returns the next whole line, without its '\n', valid until the next
 * call and while the input is. False: the input is used up; call again when there is more. */
bool tcp_line_reader_next(struct tcp_line_reader *reader, const char **input, size_t *input_size, const char **line,
                          size_t *line_size);

#endif
