#include <criterion/criterion.h>
#include <string.h>

#include "cli/transfer/transfer_frame.h"
#include "cli/transfer/transfer_path.h"

Test(transfer_path, takes_what_leads_down)
{
	static const char *const good[] = { "a", "a/b", "a b/c.txt", ".hidden", "...", "a/..b", "ü/ж", "kith-part" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_assert_null(transfer_path_check(good[i], strlen(good[i])), "%s", good[i]);
}

Test(transfer_path, refuses_what_does_not)
{
	static const char *const bad[] = { "",     "/",       "/etc/passwd", "..",          "../a", "a/../b",
		                               "a/..", ".",       "./a",         "a/./b",       "a//b", "a/",
		                               "a\nb", "\x1b[2J", "a.kith-part", "x/.kith-part" };
	char long_name[300], long_path[TRANSFER_PATH_MAX + 2];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_not_null(transfer_path_check(bad[i], strlen(bad[i])), "%s", bad[i]);
	cr_assert_not_null(transfer_path_check("a\0b", 3));
	memset(long_name, 'a', sizeof(long_name));
	cr_assert_not_null(transfer_path_check(long_name, sizeof(long_name)));
	cr_assert_null(transfer_path_check(long_name, 200));
	for (size_t i = 0; i < sizeof(long_path); i++)
		long_path[i] = i % 2 ? '/' : 'a';
	cr_assert_not_null(transfer_path_check(long_path, TRANSFER_PATH_MAX + 1));
	cr_assert_null(transfer_path_check(long_path, TRANSFER_PATH_MAX - 1));
}
