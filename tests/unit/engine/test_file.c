#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/errors.h>

#include "engine/failure.h"
#include "engine/file.h"

static char folder[32], path[64];

static void set_up(void)
{
	strcpy(folder, "/tmp/kith-file-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
}

static void tear_down(void)
{
	unlink(path);
	rmdir(folder);
}

TestSuite(file, .init = set_up, .fini = tear_down);

Test(file, comes_back_as_it_was_written)
{
	char data[1000], back[1000];
	size_t size;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7);
	cr_assert_eq(file_write_new(path, data, sizeof(data), true), KITH_OK);
	cr_assert_eq(file_read(path, back, sizeof(back), &size), KITH_OK);
	cr_assert_eq(size, sizeof(data));
	cr_assert(memcmp(data, back, size) == 0);
}

Test(file, says_when_there_is_more_than_fits)
{
	char back[3] = "";
	size_t size;

	cr_assert_eq(file_write_new(path, "abcd", 4, false), KITH_OK);
	cr_assert_eq(file_read(path, back, 3, &size), KITH_OK);
	cr_assert_eq(size, 4);
	cr_assert_eq(file_read(path, back, 0, &size), KITH_OK);
	cr_assert_eq(size, 1);
}

Test(file, is_for_its_owner_only_when_it_is_secret)
{
	struct stat status;

	umask(0);
	cr_assert_eq(file_write_new(path, "x", 1, true), KITH_OK);
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0600);
	unlink(path);
	cr_assert_eq(file_write_new(path, "x", 1, false), KITH_OK);
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0644);
}

Test(file, is_never_written_over)
{
	char back[8] = "";
	size_t size;

	cr_assert_eq(file_write_new(path, "first", 5, false), KITH_OK);
	cr_assert_eq(file_write_new(path, "second", 6, false), KITH_E_EXISTS);
	cr_assert_eq(file_read(path, back, sizeof(back), &size), KITH_OK);
	cr_assert(size == 5 && memcmp(back, "first", 5) == 0);
}

Test(file, that_is_not_there_or_cannot_be_read_is_told)
{
	char back[8];
	size_t size;

	cr_assert_eq(file_read(path, back, sizeof(back), &size), KITH_E_NOT_FOUND);
	cr_assert_not_null(strstr(failure_text(), path));
	cr_assert_eq(file_read(folder, back, sizeof(back), &size), KITH_E_SYSTEM);
	cr_assert_eq(file_write_new("/nowhere/at/all", "x", 1, false), KITH_E_SYSTEM);
	cr_assert_eq(file_write_new("/dev/full", "x", 1, false), KITH_E_EXISTS);
}
