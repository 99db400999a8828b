#include <criterion/criterion.h>

#include "cli/transfer/transfer_frame.h"
#include "core/base/bytes.h"

static void check_same(const struct transfer_frame *frame)
{
	uint8_t bytes[TRANSFER_FRAME_MAX + 1];
	struct transfer_frame back;
	size_t size = transfer_frame_write(frame, bytes, TRANSFER_FRAME_MAX);

	cr_assert_gt(size, 0, "kind %d", frame->kind);
	cr_assert(transfer_frame_read(&back, bytes, size), "kind %d", frame->kind);
	cr_assert_eq(back.kind, frame->kind);
	cr_assert_eq(back.index, frame->index);
	cr_assert_eq(back.count, frame->count);
	cr_assert_eq(back.state, frame->state);
	cr_assert_eq(back.entry, frame->entry);
	cr_assert_eq(back.mode, frame->mode);
	cr_assert_eq(back.modified, frame->modified);
	cr_assert_eq(back.size, frame->size);
	cr_assert_eq(back.text_size, frame->text_size);
	cr_assert(bytes_equal(back.text, frame->text, frame->text_size));
	cr_assert(bytes_equal(back.id, frame->id, sizeof(frame->id)));
	cr_assert(bytes_equal(back.hash, frame->hash, sizeof(frame->hash)));
	/* Not one byte more or less. */
	bytes[size] = 0;
	cr_assert_not(transfer_frame_read(&back, bytes, size + 1), "kind %d", frame->kind);
	for (size_t cut = 0; cut < size; cut++)
		cr_assert_not(transfer_frame_read(&back, bytes, cut), "kind %d, %zu of %zu bytes", frame->kind, cut, size);
}

Test(transfer_frame, reads_what_it_wrote)
{
	check_same(&(struct transfer_frame){ .kind = TRANSFER_HELLO, .id = { 1, 2, 3 }, .count = 7, .size = -1 });
	check_same(&(struct transfer_frame){ .kind = TRANSFER_ENTRY,
	                                     .index = 6,
	                                     .entry = TRANSFER_FILE,
	                                     .mode = 0644,
	                                     .modified = 1700000000,
	                                     .size = 1,
	                                     .text = "a/b",
	                                     .text_size = 3 });
	check_same(&(struct transfer_frame){ .kind = TRANSFER_HAVE, .index = 6, .state = 2, .size = 5, .hash = { 9 } });
	check_same(&(struct transfer_frame){ .kind = TRANSFER_START, .index = 1, .size = 5 });
	check_same(&(struct transfer_frame){ .kind = TRANSFER_END, .index = 1, .size = 5, .hash = { 8 } });
	check_same(
		&(struct transfer_frame){ .kind = TRANSFER_RESULT, .index = 1, .state = 1, .text = "no", .text_size = 2 });
	check_same(&(struct transfer_frame){ .kind = TRANSFER_DONE });
}

Test(transfer_frame, data_is_the_rest)
{
	const uint8_t bytes[] = { TRANSFER_DATA, 1, 2, 3 };
	struct transfer_frame frame;

	cr_assert(transfer_frame_read(&frame, bytes, sizeof(bytes)));
	cr_assert_eq(frame.data_size, 3);
	cr_assert_eq(frame.data, bytes + 1);
}

Test(transfer_frame, refuses_what_is_out_of_range)
{
	const struct transfer_frame bad[] = {
		{ .kind = TRANSFER_HELLO, .count = TRANSFER_ENTRIES_MAX + 1 },
		{ .kind = TRANSFER_HELLO, .size = -2 },
		{ .kind = TRANSFER_ENTRY, .entry = 3, .text = "a", .text_size = 1 },
		{ .kind = TRANSFER_ENTRY, .entry = TRANSFER_FILE, .mode = 04755, .text = "a", .text_size = 1 },
		{ .kind = TRANSFER_ENTRY, .entry = TRANSFER_FILE, .index = TRANSFER_ENTRIES_MAX, .text = "a", .text_size = 1 },
		{ .kind = TRANSFER_HAVE, .state = 3 },
		{ .kind = TRANSFER_START, .size = -1 },
		{ .kind = TRANSFER_END, .size = -1 },
		{ .kind = 0 },
		{ .kind = TRANSFER_DONE + 1 },
	};
	uint8_t bytes[TRANSFER_FRAME_MAX];
	struct transfer_frame frame;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_not(transfer_frame_read(&frame, bytes, transfer_frame_write(&bad[i], bytes, sizeof(bytes))), "%zu",
		              i);
	/* Another version. */
	transfer_frame_write(&(struct transfer_frame){ .kind = TRANSFER_HELLO }, bytes, sizeof(bytes));
	bytes[1] = TRANSFER_VERSION + 1;
	cr_assert_not(transfer_frame_read(&frame, bytes, 30));
	cr_assert_not(transfer_frame_read(&frame, bytes, 0));
}
