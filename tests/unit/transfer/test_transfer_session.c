/* A sender and a receiver, their messages carried by hand. */
#include <criterion/criterion.h>

#include "cli/transfer/transfer_receiver.h"
#include "cli/transfer/transfer_sender.h"
#include "scratch.h"

static struct scratch from, into;
static struct transfer_source source;
static struct transfer_sender sender;
static struct transfer_receiver receiver;
static int sent, not_sent, received, not_received;

static void on_skip(void *owner, const char *file, const char *why)
{
	(void)owner, (void)file, (void)why;
}

static void on_sent(void *owner, const struct transfer_sender *of, uint32_t index, const char *text)
{
	(void)owner, (void)of, (void)index;
	if (text[0] == '\0')
		sent++;
	else
		not_sent++;
}

static void on_received(void *owner, const struct transfer_sink_entry *entry, int64_t resumed, const char *text)
{
	(void)owner, (void)entry, (void)resumed;
	if (text[0] == '\0')
		received++;
	else
		not_received++;
}

static void set_up(void)
{
	scratch_init(&from);
	scratch_init(&into);
	transfer_source_init(&source, on_skip, NULL);
	cr_assert(transfer_receiver_init(&receiver, into.folder, false, on_received, NULL));
}

static void tear_down(void)
{
	transfer_sender_free(&sender);
	transfer_source_free(&source);
	transfer_receiver_free(&receiver);
	scratch_free(&from);
	scratch_free(&into);
}

TestSuite(transfer_session, .init = set_up, .fini = tear_down);

static void add(const char *name)
{
	const char *why;

	cr_assert(transfer_source_add(&source, scratch_path(&from, name), NULL, &why));
}

/* Carries at most `messages` of the sender's, and the answers. */
static void carry(int messages)
{
	static uint8_t message[TRANSFER_MESSAGE_MAX];
	uint8_t reply[TRANSFER_FRAME_MAX];
	size_t size, reply_size;

	while (messages-- > 0 && (size = transfer_sender_next(&sender, message)) > 0) {
		cr_assert(transfer_receiver_receive(&receiver, message, size, reply, &reply_size));
		if (reply_size > 0)
			cr_assert(transfer_sender_receive(&sender, reply, reply_size));
	}
}

static void connection_breaks(void)
{
	transfer_receiver_free(&receiver);
	cr_assert(transfer_receiver_init(&receiver, into.folder, false, on_received, NULL));
	cr_assert(transfer_sender_restart(&sender));
}

Test(transfer_session, a_tree_arrives)
{
	mkdir(scratch_path(&from, "t"), 0755);
	mkdir(scratch_path(&from, "t/empty"), 0755);
	for (int i = 0; i < 100; i++) {
		char name[32];
		snprintf(name, sizeof(name), "t/f%02d", i);
		scratch_write(&from, name, (size_t)i * 3000, (unsigned)i);
	}
	add("t");
	transfer_sender_init(&sender, &source, on_sent, NULL);
	carry(100000);
	cr_assert(transfer_sender_is_complete(&sender));
	cr_assert(receiver.complete);
	cr_assert_eq(sent, 102);
	cr_assert_eq(received, 102);
	cr_assert_eq(not_sent + not_received, 0);
	cr_assert(scratch_equal(scratch_path(&from, "t/f77"), scratch_path(&into, "t/f77")));
	cr_assert(scratch_equal(scratch_path(&from, "t/f00"), scratch_path(&into, "t/f00")));
	cr_assert_eq(sender.passed, receiver.passed);
}

Test(transfer_session, goes_on_where_a_connection_broke)
{
	scratch_write(&from, "big", 1000000, 3);
	scratch_write(&from, "small", 100, 4);
	add("big");
	add("small");
	transfer_sender_init(&sender, &source, on_sent, NULL);
	carry(10);
	cr_assert_gt(sender.passed, 300000);
	connection_breaks();
	carry(100000);
	cr_assert(transfer_sender_is_complete(&sender));
	cr_assert_eq(sent, 2);
	cr_assert_gt(sender.entries[0].resumed, 300000);
	cr_assert(scratch_equal(scratch_path(&from, "big"), scratch_path(&into, "big")));
	cr_assert(scratch_equal(scratch_path(&from, "small"), scratch_path(&into, "small")));
}

Test(transfer_session, a_beginning_that_differs_is_sent_anew)
{
	scratch_write(&from, "big", 200000, 3);
	scratch_write(&into, "big.kith-part", 100000, 9);
	add("big");
	transfer_sender_init(&sender, &source, on_sent, NULL);
	carry(100000);
	cr_assert_eq(sender.entries[0].resumed, 0);
	cr_assert(scratch_equal(scratch_path(&from, "big"), scratch_path(&into, "big")));
}

Test(transfer_session, what_is_there_is_not_sent_and_not_replaced)
{
	scratch_write(&from, "same", 200000, 3);
	scratch_write(&into, "same", 200000, 3);
	scratch_write(&from, "other", 200000, 3);
	scratch_write(&into, "other", 200000, 4);
	scratch_write(&from, "size", 2000, 3);
	scratch_write(&into, "size", 2001, 3);
	add("same");
	add("other");
	add("size");
	transfer_sender_init(&sender, &source, on_sent, NULL);
	carry(20);
	cr_assert(transfer_sender_is_complete(&sender));
	cr_assert_eq(sent, 1);
	cr_assert_eq(not_sent, 2);
	cr_assert_eq(not_received, 2);
	cr_assert_eq(sender.entries[0].resumed, 200000);
	cr_assert_not(scratch_equal(scratch_path(&from, "other"), scratch_path(&into, "other")));
}

Test(transfer_session, a_file_that_is_gone_does_not_stop_the_others)
{
	scratch_write(&from, "a", 10, 1);
	scratch_write(&from, "b", 10, 2);
	add("a");
	add("b");
	unlink(scratch_path(&from, "a"));
	transfer_sender_init(&sender, &source, on_sent, NULL);
	carry(100);
	cr_assert(transfer_sender_is_complete(&sender));
	cr_assert_eq(not_sent, 1);
	cr_assert_eq(not_received, 1);
	cr_assert(scratch_equal(scratch_path(&from, "b"), scratch_path(&into, "b")));
}

Test(transfer_session, a_file_may_change_while_it_is_sent)
{
	scratch_write(&from, "log", 100000, 1);
	add("log");
	scratch_write(&from, "log", 150000, 1);
	transfer_sender_init(&sender, &source, on_sent, NULL);
	carry(100);
	cr_assert_eq(sent, 1);
	cr_assert_eq(scratch_size(scratch_path(&into, "log")), 150000);
}

/* --- a receiver believes nothing */

static bool gives(const struct transfer_frame *frame)
{
	uint8_t bytes[TRANSFER_FRAME_MAX], reply[TRANSFER_FRAME_MAX];
	size_t reply_size;
	size_t size = transfer_frame_write(frame, bytes, sizeof(bytes));

	return transfer_receiver_receive(&receiver, bytes, size, reply, &reply_size);
}

static bool gives_entry(uint32_t index, const char *path)
{
	return gives(&(struct transfer_frame){ .kind = TRANSFER_ENTRY,
	                                       .index = index,
	                                       .entry = TRANSFER_FILE,
	                                       .size = 5,
	                                       .text = path,
	                                       .text_size = strlen(path) });
}

Test(transfer_session, the_order_is_kept)
{
	const uint8_t data[] = { TRANSFER_DATA, 1 };
	uint8_t reply[TRANSFER_FRAME_MAX];
	size_t reply_size;

	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_DONE }));
	cr_assert_not(gives_entry(0, "a"));
	cr_assert(gives(&(struct transfer_frame){ .kind = TRANSFER_HELLO, .count = 100 }));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_HELLO, .count = 100 }));
	cr_assert_not(gives_entry(100, "a"));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_START }));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_END }));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_HAVE }));
	cr_assert_not(transfer_receiver_receive(&receiver, data, sizeof(data), reply, &reply_size));
	cr_assert(gives_entry(0, "a"));
	cr_assert_not(gives_entry(0, "b"));
	cr_assert(gives(&(struct transfer_frame){ .kind = TRANSFER_START }));
	cr_assert(gives_entry(1, "b"));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_START, .index = 1 }));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_END, .index = 1 }));
	cr_assert_not(gives(&(struct transfer_frame){ .kind = TRANSFER_DONE }));
	/* An entry outside: refused, and the transfer goes on. */
	cr_assert(gives_entry(2, "../a"));
	cr_assert_eq(not_received, 1);
}

Test(transfer_session, announced_entries_are_bounded)
{
	char name[] = "a0";

	cr_assert(gives(&(struct transfer_frame){ .kind = TRANSFER_HELLO, .count = 1000 }));
	for (uint32_t i = 0; i < TRANSFER_AHEAD_MAX; i++) {
		name[1] = (char)('0' + i);
		cr_assert(gives_entry(i, name));
	}
	cr_assert_not(gives_entry(TRANSFER_AHEAD_MAX, "b"));
}
