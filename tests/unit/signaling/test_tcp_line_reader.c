#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/tcp/tcp_line.h"
#include "signaling/tcp/tcp_line_reader.h"

/* Feeds `text` in pieces of `step` bytes and joins the lines it gives with '|'. */
static void feed(struct tcp_line_reader *reader, const char *text, size_t step, char *out)
{
	size_t size = strlen(text);

	out[0] = '\0';
	for (size_t at = 0; at < size; at += step) {
		const char *input = text + at;
		size_t input_size = size - at < step ? size - at : step;
		const char *line;
		size_t line_size;
		while (tcp_line_reader_next(reader, &input, &input_size, &line, &line_size)) {
			strncat(out, line, line_size);
			strcat(out, "|");
		}
		cr_assert_eq(input_size, 0);
	}
}

Test(tcp_line_reader, gives_the_same_lines_however_they_arrive)
{
	for (size_t step = 1; step < 20; step++) {
		struct tcp_line_reader reader;
		char out[64];
		tcp_line_reader_init(&reader, NULL);
		feed(&reader, "one\n\ntwo words\nthree\nrest", step, out);
		cr_assert(strcmp(out, "one||two words|three|") == 0, "in steps of %zu: %s", step, out);
		feed(&reader, "!\n", step, out);
		cr_assert(strcmp(out, "rest!|") == 0, "in steps of %zu: %s", step, out);
		cr_assert_eq(reader.lines_dropped, 0);
		tcp_line_reader_free(&reader);
	}
}

Test(tcp_line_reader, holds_no_memory_between_lines)
{
	struct tcp_budget budget = { .max = 1000 };
	struct tcp_line_reader reader;
	char out[64];

	tcp_line_reader_init(&reader, &budget);
	feed(&reader, "whole\n", 100, out);
	cr_assert_eq(budget.used, 0);
	feed(&reader, "half", 100, out);
	cr_assert(budget.used > 0);
	feed(&reader, "\n", 100, out);
	cr_assert_eq(budget.used, 0);
	cr_assert(reader.held == NULL);
}

static char *line_of(size_t size)
{
	char *text = malloc(size + 4);

	memset(text, 'x', size);
	strcpy(text + size, "\na\n");
	return text;
}

Test(tcp_line_reader, skips_a_line_that_is_too_long_and_goes_on)
{
	static const size_t steps[] = { 1000, 65536, 1 << 20 };

	for (size_t i = 0; i < 3; i++) {
		struct tcp_line_reader reader;
		char *text = line_of(TCP_LINE_MAX);
		char out[16];
		tcp_line_reader_init(&reader, NULL);
		feed(&reader, text, steps[i], out);
		cr_assert(strcmp(out, "a|") == 0);
		cr_assert_eq(reader.lines_dropped, 1);
		cr_assert_eq(reader.held_capacity, 0);
		free(text);
	}
}

Test(tcp_line_reader, takes_the_longest_line)
{
	struct tcp_line_reader reader;
	char *text = line_of(TCP_LINE_MAX - 1);
	char *out = malloc(TCP_LINE_MAX + 16);

	tcp_line_reader_init(&reader, NULL);
	feed(&reader, text, 1000, out);
	cr_assert_eq(strlen(out), TCP_LINE_MAX - 1 + strlen("|a|"));
	cr_assert_eq(reader.lines_dropped, 0);
	free(text);
	free(out);
}

Test(tcp_line_reader, drops_a_line_when_the_shared_memory_is_used_up)
{
	struct tcp_budget budget = { .max = 300 };
	struct tcp_line_reader first, second;
	char out[64];

	tcp_line_reader_init(&first, &budget);
	tcp_line_reader_init(&second, &budget);
	feed(&first, "held", 10, out);
	feed(&second, "no room", 10, out);
	cr_assert_eq(second.lines_dropped, 1);
	feed(&second, "\nnext\n", 10, out);
	cr_assert(strcmp(out, "next|") == 0);
	feed(&first, "\n", 10, out);
	cr_assert(strcmp(out, "held|") == 0);
	cr_assert_eq(budget.used, 0);
}
