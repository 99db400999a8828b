#include <criterion/criterion.h>

#include "cli/transfer/transfer_source.h"
#include "scratch.h"

static int skipped;

static void on_skip(void *owner, const char *file, const char *why)
{
	(void)owner, (void)file, (void)why;
	skipped++;
}

Test(transfer_source, lists_a_folder_before_what_is_in_it)
{
	struct transfer_source source;
	struct scratch scratch;
	const char *why;

	scratch_init(&scratch);
	mkdir(scratch_path(&scratch, "tree"), 0755);
	mkdir(scratch_path(&scratch, "tree/sub"), 0700);
	scratch_write(&scratch, "tree/b", 5, 0);
	scratch_write(&scratch, "tree/sub/a", 7, 0);
	cr_assert_eq(symlink("/etc", scratch_path(&scratch, "tree/link")), 0);
	cr_assert_eq(mkfifo(scratch_path(&scratch, "tree/pipe"), 0600), 0);
	transfer_source_init(&source, on_skip, NULL);
	cr_assert(transfer_source_add(&source, scratch_path(&scratch, "tree/"), NULL, &why));
	cr_assert_eq(source.count, 4);
	cr_assert_str_eq(source.entries[0].path, "tree");
	cr_assert_eq(source.entries[0].kind, TRANSFER_FOLDER);
	cr_assert_str_eq(source.entries[1].path, "tree/b");
	cr_assert_str_eq(source.entries[2].path, "tree/sub");
	cr_assert_str_eq(source.entries[3].path, "tree/sub/a");
	cr_assert_eq(source.entries[3].size, 7);
	cr_assert_eq(source.size, 12);
	cr_assert_eq(skipped, 2);
	transfer_source_free(&source);
	scratch_free(&scratch);
}

Test(transfer_source, takes_another_name)
{
	struct transfer_source source;
	struct scratch scratch;
	const char *why;

	scratch_init(&scratch);
	scratch_write(&scratch, "b", 5, 0);
	transfer_source_init(&source, on_skip, NULL);
	cr_assert(transfer_source_add(&source, scratch_path(&scratch, "b"), "c", &why));
	cr_assert_str_eq(source.entries[0].path, "c");
	cr_assert_not(transfer_source_add(&source, scratch_path(&scratch, "b"), "../c", &why));
	cr_assert(transfer_source_add_stdin(&source, NULL, &why));
	cr_assert_str_eq(source.entries[1].path, "stdin");
	cr_assert_eq(source.size, -1);
	transfer_source_free(&source);
	scratch_free(&scratch);
}

Test(transfer_source, says_what_it_cannot_send)
{
	struct transfer_source source;
	const char *why = "";

	transfer_source_init(&source, on_skip, NULL);
	cr_assert_not(transfer_source_add(&source, "/nonexistent", NULL, &why));
	cr_assert_str_eq(why, "No such file or directory");
	cr_assert_not(transfer_source_add(&source, "/dev/null", NULL, &why));
	cr_assert_str_eq(why, "neither a file nor a folder");
	cr_assert_not(transfer_source_add(&source, "/", NULL, &why));
	cr_assert_eq(source.count, 0);
	transfer_source_free(&source);
}
