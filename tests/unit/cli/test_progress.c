#include <criterion/criterion.h>
#include <string.h>

#include "cli/progress.h"

Test(progress, sizes_are_short)
{
	char out[PROGRESS_SIZE_TEXT];

	cr_assert_str_eq(progress_print_size(out, 0), "0 B");
	cr_assert_str_eq(progress_print_size(out, 999), "999 B");
	cr_assert_str_eq(progress_print_size(out, 1000), "1.0 kB");
	cr_assert_str_eq(progress_print_size(out, 12345678), "12.3 MB");
	cr_assert_str_eq(progress_print_size(out, 999.96e6), "1.0 GB");
	cr_assert_str_eq(progress_print_size(out, 123.4e9), "123 GB");
	cr_assert_str_eq(progress_print_size(out, 9.2e18), "9.2 EB");
}

Test(progress, the_bar_fits_a_line)
{
	char out[PROGRESS_LINE], name[500];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	progress_print_bar(out, 500000, 1000000, 100000, "a");
	cr_assert_str_eq(out, " 50% [##########..........] 500 kB of 1.0 MB, 100 kB/s 0:00:05 a");
	progress_print_bar(out, 500000, -1, 100000, "a");
	cr_assert_str_eq(out, "500 kB, 100 kB/s a");
	progress_print_bar(out, 3, 0, -1, name);
	cr_assert_eq(strlen(out), PROGRESS_LINE - 1);
	progress_print_bar(out, INT64_MAX, 1, 1e300, name);
	cr_assert_eq(strlen(out), PROGRESS_LINE - 1);
	progress_print_bar(out, 0, INT64_MAX, 1, "a");
	cr_assert_eq(strncmp(out, "  0% [....", 9), 0);
}
