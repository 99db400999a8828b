#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/document.h"

static char folder[] = "/tmp/kith-document-XXXXXX";
static char path[64];

static void set_up(void)
{
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
}

static void tear_down(void)
{
	unlink(path);
	rmdir(folder);
}

static void expect_file(const char *text)
{
	struct document document;

	cr_assert_null(document_read(&document, path));
	cr_expect_eq(document.size, strlen(text));
	cr_expect_str_eq(document.bytes, text);
	document_free(&document);
}

Test(document, is_read_as_it_was_written, .init = set_up, .fini = tear_down)
{
	cr_expect_not(document_exists(path));
	cr_assert_null(document_write(path, "one", 3));
	cr_expect(document_exists(path));
	expect_file("one");
	cr_assert_null(document_write(path, "", 0));
	expect_file("");
}

Test(document, takes_the_place_of_a_file_and_leaves_no_other, .init = set_up, .fini = tear_down)
{
	struct stat status;

	cr_assert_null(document_write(path, "one", 3));
	cr_assert_null(document_write(path, "another", 7));
	expect_file("another");
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0644);
	unlink(path);
	cr_expect_eq(rmdir(folder), 0); /* it is empty */
	cr_expect_not_null(document_write(path, "one", 3));
}

Test(document, tells_why_it_cannot_be_read, .init = set_up, .fini = tear_down)
{
	struct document document;

	cr_expect_str_eq(document_read(&document, path), "No such file or directory");
	cr_expect_null(document.bytes);
	cr_expect_str_eq(document_read(&document, folder), "Is a directory");
	cr_expect_null(document.bytes);
}

Test(document, has_a_greatest_size, .init = set_up, .fini = tear_down)
{
	char *large = calloc(1, DOCUMENT_SIZE_MAX + 1);
	struct document document;

	cr_assert_null(document_write(path, large, DOCUMENT_SIZE_MAX));
	cr_expect_null(document_read(&document, path));
	cr_expect_eq(document.size, DOCUMENT_SIZE_MAX);
	document_free(&document);
	cr_assert_null(document_write(path, large, DOCUMENT_SIZE_MAX + 1));
	cr_expect_str_eq(document_read(&document, path), "the file is too large");
	free(large);
}

Test(document, is_written_to_what_is_no_file)
{
	cr_expect_null(document_write("/dev/null", "one", 3));
	cr_expect_str_eq(document_write("/dev/full", "one", 3), "No space left on device");
	cr_expect_str_eq(document_write("/", "one", 3), "Is a directory");
}

Test(document, grows_by_lines)
{
	struct document document = { NULL, 0 };

	document_append(&document, "a", 1);
	cr_expect_str_eq(document.bytes, "a\n");
	document_append(&document, "", 0);
	document_append(&document, "b\n", 2);
	cr_expect_str_eq(document.bytes, "a\nb\n");
	cr_expect_eq(document.size, 4);
	document_free(&document);
	cr_expect_null(document.bytes);
}
