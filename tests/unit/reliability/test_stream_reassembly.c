#include <criterion/criterion.h>
#include <string.h>

#include "core/base/alloc.h"
#include "core/base/byte_writer.h"
#include "core/reliability/stream_reassembly.h"

#define SIZE_MAX_ 524288

static struct reassembly shared;
static struct stream_reassembly stream;
static struct lane_numbers numbers;
static uint8_t bytes[1 << 20];
static size_t bytes_size;
static bool mark_sequenced;

static void start(void)
{
	shared = (struct reassembly){ .buffer_size = 1 << 20, .buffer_messages = 1000, .message_size_max = SIZE_MAX_ };
	shared.pool.used_max = 300;
	stream_reassembly_init(&stream, 7);
	numbers = (struct lane_numbers){ 0 };
	mark_sequenced = false;
	bytes_size = 0;
}

static void stop(void)
{
	stream_reassembly_free(&stream, &shared);
	message_queue_clear(&shared.inbox);
	cr_assert_eq(shared.pool.used_count, 0u);
	stream_pool_free(&shared.pool);
}

/* Appends a framed message of `size` bytes, each `fill`, to the stream. */
static void append(uint64_t increment, size_t size, uint8_t fill)
{
	struct byte_writer writer;
	const struct stream_header header = { increment, size, mark_sequenced };
	byte_writer_init(&writer, bytes + bytes_size, sizeof(bytes) - bytes_size);
	frame_segment_write_stream_header(&writer, &header);
	bytes_size += byte_writer_size(&writer);
	memset(bytes + bytes_size, fill, size);
	bytes_size += size;
}

/* Receives stream bytes [from, to), counted from 0. */
static enum stream_result receive(size_t from, size_t to)
{
	return stream_reassembly_receive(&stream, &shared, &numbers, 1 + (int64_t)from, bytes + from, to - from);
}

static void expect(int64_t number, size_t size, uint8_t fill)
{
	struct message *message = message_queue_pop(&shared.inbox);
	cr_assert(message != NULL, "message %ld", (long)number);
	cr_assert_eq(message->number, number);
	cr_assert_eq(message->size, size);
	cr_assert_eq(message->lane, 7);
	for (size_t i = 0; i < size; i++)
		cr_assert_eq(message->data[i], fill);
	message_unref(message);
}

Test(stream_reassembly, delivers_messages_of_one_segment)
{
	start();
	append(1, 5, 'a');
	append(3, 0, 0);
	append(1, 40, 'b');
	cr_assert_eq(receive(0, bytes_size), STREAM_OK);
	expect(1, 5, 'a');
	expect(4, 0, 0);
	expect(5, 40, 'b');
	cr_assert_eq(numbers.highest, 5);
	stop();
}

Test(stream_reassembly, takes_single_bytes)
{
	start();
	append(1, 100, 'x');
	append(500, 50, 'y');
	for (size_t i = 0; i < bytes_size; i++)
		cr_assert_eq(receive(i, i + 1), STREAM_OK);
	expect(1, 100, 'x');
	expect(501, 50, 'y');
	stop();
}

Test(stream_reassembly, puts_any_order_right)
{
	/* Every order of five pieces of four messages, cut without regard to them. */
	for (int order = 0; order < 120; order++) {
		start();
		append(1, 3000, 'a');
		append(1, 10, 'b');
		append(1, 9000, 'c');
		append(2, 2000, 'd');
		int left[5] = { 0, 1, 2, 3, 4 };
		size_t cut = bytes_size / 5 + 1;
		for (int i = 5, rest = order; i > 0; rest /= i, i--) {
			int chosen = left[rest % i];
			left[rest % i] = left[i - 1];
			size_t from = (size_t)chosen * cut;
			size_t to = from + cut < bytes_size ? from + cut : bytes_size;
			cr_assert_eq(receive(from, to), STREAM_OK);
		}
		expect(1, 3000, 'a');
		expect(2, 10, 'b');
		expect(3, 9000, 'c');
		expect(5, 2000, 'd');
		cr_assert_eq(shared.pool.used_count, 0u);
		stop();
	}
}

Test(stream_reassembly, ignores_what_it_has)
{
	start();
	append(1, 1000, 'a');
	cr_assert_eq(receive(0, 600), STREAM_OK);
	cr_assert_eq(receive(0, 600), STREAM_OK);
	cr_assert_eq(receive(100, 900), STREAM_OK);
	cr_assert_eq(receive(500, bytes_size), STREAM_OK);
	cr_assert_eq(receive(0, bytes_size), STREAM_OK);
	expect(1, 1000, 'a');
	cr_assert_eq(message_queue_pop(&shared.inbox), NULL);
	stop();
}

Test(stream_reassembly, refuses_what_lies_beyond_the_buffer)
{
	start();
	shared.buffer_size = 2000;
	cr_assert_eq(stream_reassembly_receive(&stream, &shared, &numbers, 2001, bytes, 10), STREAM_REFUSED);
	cr_assert_eq(stream_reassembly_receive(&stream, &shared, &numbers, 1900, bytes, 10), STREAM_OK);
	cr_assert_eq(stream_reassembly_expected(&stream), 1910);
	stop();
}

Test(stream_reassembly, waits_for_room_and_resumes)
{
	start();
	shared.buffer_messages = 2;
	for (int i = 0; i < 5; i++)
		append(1, 100, (uint8_t)('a' + i));
	cr_assert_eq(receive(0, bytes_size), STREAM_OK, "kept, though not parsed");
	cr_assert_eq(shared.inbox.count, 2);
	cr_assert(stream_reassembly_is_stalled(&stream));
	expect(1, 100, 'a');
	cr_assert_eq(stream_reassembly_resume(&stream, &shared, &numbers), STREAM_OK);
	cr_assert_eq(shared.inbox.count, 2);
	for (int i = 1; i < 5; i++) {
		expect(1 + i, 100, (uint8_t)('a' + i));
		stream_reassembly_resume(&stream, &shared, &numbers);
	}
	cr_assert_not(stream_reassembly_is_stalled(&stream));
	stop();
}

Test(stream_reassembly, refuses_a_lurch)
{
	start();
	append(10001, 5, 'a');
	cr_assert_eq(receive(0, bytes_size), STREAM_VIOLATION);
	cr_assert(shared.violation != NULL);
	stop();
	start();
	numbers.highest = 5000;
	append(10001, 5, 'a');
	cr_assert_eq(receive(0, bytes_size), STREAM_OK, "the peer was seen to be at 5000");
	stop();
}

Test(stream_reassembly, refuses_large_messages_and_bad_headers)
{
	start();
	append(1, SIZE_MAX_ + 1, 'a');
	cr_assert_eq(receive(0, 20), STREAM_VIOLATION);
	stop();
	start();
	bytes[0] = 0x80;
	cr_assert_eq(receive(0, 1), STREAM_VIOLATION);
	stop();
	start();
	memset(bytes, 0xff, 64);
	bytes[0] = 0x60;
	cr_assert_eq(receive(0, 64), STREAM_VIOLATION, "a varint without end");
	stop();
}

Test(stream_reassembly, a_sequenced_message_behind_a_newer_one_is_dropped)
{
	start();
	shared.sequenced = true;
	mark_sequenced = true;
	append(1, 5, 'a');
	append(1, 5, 'b');
	mark_sequenced = false;
	append(1, 5, 'c');
	mark_sequenced = true;
	append(2, 5, 'd');
	numbers.sequenced = 2;
	cr_assert_eq(receive(0, bytes_size), STREAM_OK);
	expect(3, 5, 'c');
	expect(5, 5, 'd');
	cr_assert_eq(shared.messages_late, 2u);
	cr_assert_eq(shared.messages_completed, 4, "the sender's window counts them all");
	cr_assert_eq(numbers.sequenced, 5);
	stop();
}

Test(stream_reassembly, the_mark_of_a_sequenced_message_is_a_violation_unless_agreed_on)
{
	start();
	mark_sequenced = true;
	append(1, 5, 'a');
	cr_assert_eq(receive(0, bytes_size), STREAM_VIOLATION);
	stop();
}
