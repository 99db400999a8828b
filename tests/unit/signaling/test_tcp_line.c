#include <criterion/criterion.h>
#include <string.h>

#include "signaling/tcp/tcp_line.h"

static bool split(struct tcp_line *out, const char *text)
{
	return tcp_line_split(out, text, strlen(text));
}

Test(tcp_line, splits_at_the_first_space)
{
	struct tcp_line line;

	cr_assert(split(&line, "str:bob 0a0b 0c"));
	cr_assert_eq(line.peer_size, 7);
	cr_assert(strncmp(line.peer, "str:bob", 7) == 0);
	cr_assert_eq(line.payload_size, 7);
	cr_assert(strncmp(line.payload, "0a0b 0c", 7) == 0);
}

Test(tcp_line, passes_an_empty_payload_and_a_carriage_return_through)
{
	struct tcp_line line;

	cr_assert(split(&line, "str:bob "));
	cr_assert_eq(line.payload_size, 0);
	cr_assert(split(&line, "str:bob 00\r"));
	cr_assert_eq(line.payload_size, 3);
}

Test(tcp_line, refuses_a_line_without_a_usable_name)
{
	struct tcp_line line;
	char long_name[200];

	cr_assert_not(split(&line, ""));
	cr_assert_not(split(&line, "str:bob"));
	cr_assert_not(split(&line, " 0a0b"));
	cr_assert_not(split(&line, "str:\x01 0a"));
	memset(long_name, 'a', sizeof(long_name));
	long_name[TCP_LINE_IDENTITY_MAX] = ' ';
	cr_assert(tcp_line_split(&line, long_name, sizeof(long_name)));
	long_name[TCP_LINE_IDENTITY_MAX] = 'a';
	long_name[TCP_LINE_IDENTITY_MAX + 1] = ' ';
	cr_assert_not(tcp_line_split(&line, long_name, sizeof(long_name)));
}

static size_t greeting(const char *text)
{
	const char *name;

	return tcp_line_greeting(&name, text, strlen(text));
}

Test(tcp_line, trims_a_greeting)
{
	const char *name;
	const char *text = " \t str:alice \r";

	cr_assert_eq(tcp_line_greeting(&name, text, strlen(text)), 9);
	cr_assert(strncmp(name, "str:alice", 9) == 0);
	cr_assert_eq(greeting("str:alice"), 9);
}

Test(tcp_line, refuses_a_greeting_that_nobody_could_address)
{
	char long_name[TCP_LINE_IDENTITY_MAX + 2];

	cr_assert_eq(greeting(""), 0);
	cr_assert_eq(greeting("  \r"), 0);
	cr_assert_eq(greeting("str:two words"), 0);
	cr_assert_eq(greeting("str:\x7f"), 0);
	memset(long_name, 'a', sizeof(long_name));
	long_name[TCP_LINE_IDENTITY_MAX + 1] = '\0';
	cr_assert_eq(greeting(long_name), 0);
	long_name[TCP_LINE_IDENTITY_MAX] = '\0';
	cr_assert_eq(greeting(long_name), TCP_LINE_IDENTITY_MAX);
}

Test(tcp_line, decodes_both_cases_and_ignores_an_odd_digit)
{
	uint8_t out[8];
	size_t size;

	cr_assert(tcp_line_decode(out, sizeof(out), &size, "00fFAb7", 7));
	cr_assert_eq(size, 3);
	cr_assert_eq(out[0], 0x00);
	cr_assert_eq(out[1], 0xff);
	cr_assert_eq(out[2], 0xab);
	cr_assert(tcp_line_decode(out, sizeof(out), &size, "0102\r", 5));
	cr_assert_eq(size, 2);
}

Test(tcp_line, refuses_what_is_not_hex_empty_or_too_large)
{
	uint8_t out[2];
	size_t size = 7;

	cr_assert_not(tcp_line_decode(out, sizeof(out), &size, "0g", 2));
	cr_assert_eq(size, 0);
	cr_assert_not(tcp_line_decode(out, sizeof(out), &size, "00x", 3));
	cr_assert_not(tcp_line_decode(out, sizeof(out), &size, "", 0));
	cr_assert_not(tcp_line_decode(out, sizeof(out), &size, "0", 1));
	cr_assert_not(tcp_line_decode(out, sizeof(out), &size, "01 02", 5));
	cr_assert_not(tcp_line_decode(out, sizeof(out), &size, "010203", 6));
	cr_assert(tcp_line_decode(out, sizeof(out), &size, "0102", 4));
}

Test(tcp_line, writes_what_it_reads)
{
	const uint8_t signal[] = { 0x00, 0x7f, 0xff };
	char line[64];
	uint8_t back[8];
	size_t back_size;
	struct tcp_line parts;
	size_t size = tcp_line_write(line, sizeof(line), "str:bob", signal, sizeof(signal));

	cr_assert_eq(size, strlen("str:bob 007fff\n"));
	cr_assert(strncmp(line, "str:bob 007fff\n", size) == 0);
	cr_assert_eq(size, tcp_line_size(7, sizeof(signal)));
	cr_assert(tcp_line_split(&parts, line, size - 1));
	cr_assert(tcp_line_decode(back, sizeof(back), &back_size, parts.payload, parts.payload_size));
	cr_assert_eq(back_size, sizeof(signal));
	cr_assert(memcmp(back, signal, sizeof(signal)) == 0);
}

Test(tcp_line, writes_nothing_that_does_not_fit_or_cannot_be_read)
{
	char line[32];
	uint8_t signal[64] = { 0 };

	cr_assert_eq(tcp_line_write(line, 14, "str:bob", signal, 3), 0);
	cr_assert_eq(tcp_line_write(line, 15, "str:bob", signal, 3), 15);
	cr_assert_eq(tcp_line_write(line, sizeof(line), "str:a b", signal, 3), 0);
	cr_assert_eq(tcp_line_write(line, sizeof(line), "str:a\n", signal, 3), 0);
	cr_assert_eq(tcp_line_write(line, sizeof(line), "", signal, 3), 0);
	cr_assert_eq(tcp_line_write(line, sizeof(line), "str:bob", signal, 0), 0);
	cr_assert_eq(tcp_line_write(line, sizeof(line), "str:bob", signal, sizeof(signal)), 0);
}

Test(tcp_line, has_room_for_the_largest_signal)
{
	cr_assert(tcp_line_size(TCP_LINE_IDENTITY_MAX, TCP_LINE_SIGNAL_MAX) <= TCP_LINE_MAX);
}
