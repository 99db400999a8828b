#include <criterion/criterion.h>
#include <string.h>

#include "cli/moment.h"

#define SECOND INT64_C(1000000)

static int64_t read_text(const char *text)
{
	int64_t unix_us;

	cr_assert(moment_parse(text, &unix_us), "%s", text);
	return unix_us;
}

static bool is_refused(const char *text)
{
	int64_t unix_us;

	return !moment_parse(text, &unix_us);
}

static void print_and_compare(int64_t unix_us, const char *text)
{
	char printed[MOMENT_TEXT_MAX];

	moment_print(unix_us, printed);
	cr_expect_str_eq(printed, text);
}

Test(moment, reads_days_and_seconds)
{
	cr_expect_eq(read_text("1970-01-01"), 0);
	cr_expect_eq(read_text("2000-03-01"), 951868800 * SECOND);
	cr_expect_eq(read_text("2000-03-01T00:00:01Z"), 951868801 * SECOND);
	cr_expect_eq(read_text("2000-03-01 23:59:59"), 951955199 * SECOND);
	cr_expect_eq(read_text("2024-02-29"), 1709164800 * SECOND);
	cr_expect_eq(read_text("2105-12-31T23:59:59"), 4291747199 * SECOND);
}

Test(moment, refuses_what_is_no_date)
{
	cr_expect(is_refused(""));
	cr_expect(is_refused("tomorrow"));
	cr_expect(is_refused("2000"));
	cr_expect(is_refused("2000-1-1"));
	cr_expect(is_refused("2000-00-01"));
	cr_expect(is_refused("2000-13-01"));
	cr_expect(is_refused("2000-01-00"));
	cr_expect(is_refused("2023-02-29"));
	cr_expect(is_refused("2000-01-01T24:00:00"));
	cr_expect(is_refused("2000-01-01T10:60:00"));
	cr_expect(is_refused("2000-01-01T10:00"));
	cr_expect(is_refused("2000-01-01T10:00:00+1"));
	cr_expect(is_refused("2000-01-01Z"));
	cr_expect(is_refused("1969-12-31"));
	cr_expect(is_refused("2106-01-01"));
}

Test(moment, prints_what_it_reads)
{
	print_and_compare(0, "1970-01-01T00:00:00Z");
	print_and_compare(951868801 * SECOND + 999999, "2000-03-01T00:00:01Z");
	print_and_compare(read_text("2105-12-31"), "2105-12-31T00:00:00Z");
}
