#include <criterion/criterion.h>

#include "cli/transfer/transfer_sink.h"
#include "scratch.h"

static struct scratch scratch;
static struct transfer_sink sink;
static struct transfer_sink_entry entry;
static char text[TRANSFER_SINK_TEXT_MAX];

static void set_up(void)
{
	scratch_init(&scratch);
	cr_assert(transfer_sink_init(&sink, scratch.folder, false));
}

static void tear_down(void)
{
	transfer_sink_free(&sink);
	scratch_free(&scratch);
}

TestSuite(transfer_sink, .init = set_up, .fini = tear_down);

static void begin(const char *path, int64_t size)
{
	entry = (struct transfer_sink_entry){ .kind = TRANSFER_FILE, .mode = 0640, .modified = 1000000000, .size = size };
	snprintf(entry.path, sizeof(entry.path), "%s", path);
}

static void hash_of(const void *bytes, size_t size, uint8_t out[TRANSFER_HASH_SIZE])
{
	struct transfer_digest digest;

	transfer_digest_init(&digest);
	transfer_digest_add(&digest, bytes, size);
	transfer_digest_get(&digest, out);
}

Test(transfer_sink, a_file_appears_when_it_is_whole)
{
	uint8_t hash[TRANSFER_HASH_SIZE];
	struct stat about;

	begin("a/b/c", 5);
	cr_assert(transfer_sink_look(&sink, &entry, text));
	cr_assert_eq(entry.digest.size, 0);
	cr_assert(transfer_sink_start(&sink, &entry, 0, text));
	cr_assert(transfer_sink_write(&sink, "hello", 5, text));
	cr_assert_eq(scratch_size(scratch_path(&scratch, "a/b/c")), -1);
	hash_of("hello", 5, hash);
	cr_assert(transfer_sink_finish(&sink, 5, hash, text));
	cr_assert_eq(stat(scratch_path(&scratch, "a/b/c"), &about), 0);
	cr_assert_eq(about.st_mtime, 1000000000);
	cr_assert_eq(about.st_mode & 0700, 0600);
	cr_assert_eq(scratch_size(scratch_path(&scratch, "a/b/c.kith-part")), -1);
}

Test(transfer_sink, goes_on_with_a_part)
{
	uint8_t hash[TRANSFER_HASH_SIZE], have[TRANSFER_HASH_SIZE];

	begin("c", 10);
	cr_assert(transfer_sink_look(&sink, &entry, text) && transfer_sink_start(&sink, &entry, 0, text));
	cr_assert(transfer_sink_write(&sink, "hello", 5, text));
	transfer_sink_leave(&sink);
	begin("c", 10);
	cr_assert(transfer_sink_look(&sink, &entry, text));
	cr_assert_eq(entry.digest.size, 5);
	transfer_digest_get(&entry.digest, have);
	hash_of("hello", 5, hash);
	cr_assert_arr_eq(have, hash, sizeof(hash));
	cr_assert_not(transfer_sink_start(&sink, &entry, 4, text));
	cr_assert(transfer_sink_start(&sink, &entry, 5, text));
	cr_assert(transfer_sink_write(&sink, "world", 5, text));
	hash_of("helloworld", 10, hash);
	cr_assert(transfer_sink_finish(&sink, 10, hash, text));
	cr_assert_eq(scratch_size(scratch_path(&scratch, "c")), 10);
}

Test(transfer_sink, a_wrong_checksum_leaves_nothing)
{
	uint8_t hash[TRANSFER_HASH_SIZE] = { 0 };

	begin("c", 5);
	cr_assert(transfer_sink_look(&sink, &entry, text) && transfer_sink_start(&sink, &entry, 0, text));
	cr_assert(transfer_sink_write(&sink, "hello", 5, text));
	cr_assert_not(transfer_sink_finish(&sink, 5, hash, text));
	cr_assert_eq(scratch_size(scratch_path(&scratch, "c")), -1);
	begin("c", 5);
	cr_assert(transfer_sink_look(&sink, &entry, text));
	cr_assert_eq(entry.digest.size, 0);
}

Test(transfer_sink, keeps_what_is_there)
{
	scratch_write(&scratch, "c", 6, 1);
	begin("c", 5);
	cr_assert_not(transfer_sink_look(&sink, &entry, text));
	begin("c", 6);
	cr_assert(transfer_sink_look(&sink, &entry, text));
	cr_assert_eq(entry.have, TRANSFER_HAVE_OTHER);
	cr_assert_not(transfer_sink_start(&sink, &entry, 0, text));
	sink.overwrite = true;
	begin("c", 6);
	cr_assert(transfer_sink_look(&sink, &entry, text));
	cr_assert_eq(entry.have, TRANSFER_HAVE_WHOLE);
	cr_assert(transfer_sink_start(&sink, &entry, 0, text));
}

Test(transfer_sink, does_not_follow_links)
{
	struct scratch outside;

	scratch_init(&outside);
	scratch_write(&outside, "victim", 3, 0);
	cr_assert_eq(symlink(outside.folder, scratch_path(&scratch, "link")), 0);
	cr_assert_eq(symlink(scratch_path(&outside, "victim"), scratch_path(&scratch, "file")), 0);
	cr_assert_eq(symlink(scratch_path(&outside, "victim"), scratch_path(&scratch, "p.kith-part")), 0);
	begin("link/x", 1);
	cr_assert_not(transfer_sink_look(&sink, &entry, text));
	begin("file", 3);
	cr_assert_not(transfer_sink_look(&sink, &entry, text));
	begin("p", 3);
	cr_assert(transfer_sink_look(&sink, &entry, text));
	cr_assert_not(transfer_sink_start(&sink, &entry, 0, text));
	begin("../x", 1);
	cr_assert_not(transfer_sink_look(&sink, &entry, text));
	cr_assert_eq(scratch_size(scratch_path(&outside, "victim")), 3);
	scratch_free(&outside);
}

Test(transfer_sink, two_do_not_write_one_file)
{
	struct transfer_sink other;
	struct transfer_sink_entry same;

	begin("c", 5);
	same = entry;
	cr_assert(transfer_sink_init(&other, scratch.folder, false));
	cr_assert(transfer_sink_look(&sink, &entry, text) && transfer_sink_start(&sink, &entry, 0, text));
	cr_assert(transfer_sink_look(&other, &same, text));
	cr_assert_not(transfer_sink_start(&other, &same, 0, text));
	cr_assert_not(transfer_sink_write(&other, "x", 1, text));
	transfer_sink_free(&other);
}
