#include "core/base/text.h"

#include <criterion/criterion.h>

Test(text, builds_and_cuts_at_the_end_of_the_buffer)
{
	char buffer[12];
	struct text text;
	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "abc");
	text_add_i64(&text, -42);
	text_add_hex(&text, 0xbeef);
	cr_assert_str_eq(buffer, "abc-42beef");
	cr_assert_not(text.cut);
	text_add(&text, "xyz");
	cr_assert_str_eq(buffer, "abc-42beefx");
	cr_assert(text.cut);
	cr_assert_eq(text.size, 11);
}

Test(text, writes_numbers_at_their_limits)
{
	char buffer[64];
	struct text text;
	text_init(&text, buffer, sizeof(buffer));
	text_add_i64(&text, INT64_MIN);
	text_add_char(&text, ' ');
	text_add_u64(&text, UINT64_MAX);
	text_add_char(&text, ' ');
	text_add_hex(&text, 0);
	cr_assert_str_eq(buffer, "-9223372036854775808 18446744073709551615 0");
}

Test(text, writes_decimals_without_tail)
{
	char buffer[64];
	struct text text;
	text_init(&text, buffer, sizeof(buffer));
	text_add_double(&text, 100);
	text_add_char(&text, ' ');
	text_add_double(&text, -0.25);
	text_add_char(&text, ' ');
	text_add_double(&text, 1.0625);
	text_add_char(&text, ' ');
	text_add_double(&text, 0.9996);
	cr_assert_str_eq(buffer, "100 -0.25 1.063 1");
}

Test(text, reads_whole_numbers_only)
{
	uint64_t u = 7;
	int64_t i = 7;
	cr_assert(text_read_u64("18446744073709551615", 20, &u) && u == UINT64_MAX);
	cr_assert_not(text_read_u64("18446744073709551616", 20, &u));
	cr_assert_not(text_read_u64("", 0, &u));
	cr_assert_not(text_read_u64("-1", 2, &u));
	cr_assert_not(text_read_u64("1 ", 2, &u));
	cr_assert_not(text_read_u64("+1", 2, &u));
	cr_assert_eq(u, UINT64_MAX, "a refusal changes nothing");
	cr_assert(text_read_i64("-9223372036854775808", 20, &i) && i == INT64_MIN);
	cr_assert(text_read_i64("9223372036854775807", 19, &i) && i == INT64_MAX);
	cr_assert_not(text_read_i64("9223372036854775808", 19, &i));
	cr_assert_not(text_read_i64("-9223372036854775809", 20, &i));
	cr_assert_not(text_read_i64("-", 1, &i));
}

Test(text, reads_decimals)
{
	double d = 0;
	cr_assert(text_read_double("-1.5", 4, &d) && d == -1.5);
	cr_assert(text_read_double("100", 3, &d) && d == 100);
	cr_assert_not(text_read_double(".", 1, &d));
	cr_assert_not(text_read_double("1e3", 3, &d));
	cr_assert_not(text_read_double("1.2.3", 5, &d));
	cr_assert_not(text_read_double("", 0, &d));
}

Test(text, hexadecimal_comes_back)
{
	static const uint8_t bytes[] = { 0x00, 0x9a, 0xff };
	uint8_t read[3];
	char buffer[16];
	struct text text;
	text_init(&text, buffer, sizeof(buffer));
	text_add_hex_bytes(&text, bytes, sizeof(bytes));
	cr_assert_str_eq(buffer, "009aff");
	cr_assert_eq(text_read_hex("009AfF", 6, read, 3), 3);
	cr_assert_arr_eq(read, bytes, 3);
	cr_assert_eq(text_read_hex("009af", 5, read, 3), 0, "an odd digit");
	cr_assert_eq(text_read_hex("00112233", 8, read, 3), 0, "too long");
	cr_assert_eq(text_read_hex("0g", 2, read, 3), 0);
}

Test(text, control_characters_can_be_taken_out)
{
	char string[] = "a\nb\033[0m\177 \xc3\xa9";

	text_clean(string);
	cr_assert_str_eq(string, "a?b?[0m? \xc3\xa9");
	string[0] = '\0';
	text_clean(string);
	cr_assert_str_eq(string, "");
}
