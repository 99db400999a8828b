#include "signaling/tcp/tcp_line_reader.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "signaling/tcp/tcp_line.h"

bool tcp_budget_take(struct tcp_budget *budget, size_t size)
{
	if (budget == NULL)
		return true;
	if (size > budget->max - budget->used)
		return false;
	budget->used += size;
	return true;
}

void tcp_budget_give(struct tcp_budget *budget, size_t size)
{
	if (budget != NULL)
		budget->used -= size;
}

void tcp_line_reader_init(struct tcp_line_reader *reader, struct tcp_budget *budget)
{
	*reader = (struct tcp_line_reader){ .budget = budget };
}

void tcp_line_reader_free(struct tcp_line_reader *reader)
{
	free(reader->held);
	tcp_budget_give(reader->budget, reader->held_capacity);
	reader->held = NULL;
	reader->held_size = 0;
	reader->held_capacity = 0;
	reader->yielded = false;
}

static bool reserve(struct tcp_line_reader *reader, size_t size)
{
	size_t capacity = reader->held_capacity > 0 ? reader->held_capacity : 256;
	char *grown;

	if (size <= reader->held_capacity)
		return true;
	while (capacity < size)
		capacity *= 2;
	if (!tcp_budget_take(reader->budget, capacity - reader->held_capacity))
		return false;
	grown = realloc(reader->held, capacity);
	if (grown == NULL) {
		tcp_budget_give(reader->budget, capacity - reader->held_capacity);
		return false;
	}
	reader->held = grown;
	reader->held_capacity = capacity;
	return true;
}

/* Keeps `size` bytes of an unfinished line, or gives the whole line up. */
static void hold(struct tcp_line_reader *reader, const char *bytes, size_t size)
{
	if (reader->skipping || size == 0)
		return;
	/* The '\n' counts: a line of TCP_LINE_MAX bytes with its end is the longest. */
	if (reader->held_size + size > TCP_LINE_MAX - 1 || !reserve(reader, reader->held_size + size)) {
		tcp_line_reader_free(reader);
		reader->skipping = true;
		reader->lines_dropped++;
		return;
	}
	bytes_copy(reader->held + reader->held_size, bytes, size);
	reader->held_size += size;
}

bool tcp_line_reader_next(struct tcp_line_reader *reader, const char **input, size_t *input_size, const char **line,
                          size_t *line_size)
{
	if (reader->yielded)
		tcp_line_reader_free(reader);
	while (*input_size > 0) {
		const char *start = *input;
		const char *end = memchr(start, '\n', *input_size);
		size_t size = end != NULL ? (size_t)(end - start) : *input_size;
		bool whole = end != NULL && reader->held_size == 0 && !reader->skipping && size < TCP_LINE_MAX;

		*input += size + (end != NULL);
		*input_size -= size + (end != NULL);
		if (whole) {
			*line = start;
			*line_size = size;
			return true;
		}
		hold(reader, start, size);
		if (end == NULL)
			return false;
		if (reader->skipping) {
			reader->skipping = false;
			continue;
		}
		*line = reader->held;
		*line_size = reader->held_size;
		reader->yielded = true;
		return true;
	}
	return false;
}
