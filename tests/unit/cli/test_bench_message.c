#include <criterion/criterion.h>

#include <string.h>

#include "cli/bench/bench_message.h"

enum { SIZE = 1000 };

static struct bench_source source;
static struct bench_sink sink;
static uint8_t copies[BENCH_BATCH][SIZE];

static void set_up(bool in_order)
{
	const uint8_t *const *messages;

	bench_source_init(&source, SIZE);
	bench_sink_init(&sink, SIZE, in_order);
	messages = bench_source_prepare(&source, BENCH_BATCH);
	for (int i = 0; i < BENCH_BATCH; i++)
		memcpy(copies[i], messages[i], SIZE);
}

static void tear_down(void)
{
	bench_source_free(&source);
	bench_sink_free(&sink);
}

Test(bench_message, whole_messages_in_order_are_taken)
{
	set_up(true);
	for (int batch = 0; batch < 3; batch++) {
		const uint8_t *const *messages = bench_source_prepare(&source, BENCH_BATCH);
		for (int i = 0; i < BENCH_BATCH; i++)
			bench_sink_take(&sink, messages[i], SIZE);
		bench_source_sent(&source, BENCH_BATCH);
	}
	cr_assert_str_eq(sink.fault, "");
	cr_assert_eq(sink.count, 3 * BENCH_BATCH);
	cr_assert_eq(sink.highest, 3 * BENCH_BATCH);
	tear_down();
}

Test(bench_message, what_was_not_sent_is_prepared_again)
{
	set_up(true);
	bench_source_sent(&source, 5);
	for (int i = 0; i < 5; i++)
		bench_sink_take(&sink, copies[i], SIZE);
	bench_sink_take(&sink, bench_source_prepare(&source, 1)[0], SIZE);
	cr_assert_str_eq(sink.fault, "");
	tear_down();
}

Test(bench_message, every_changed_byte_is_noticed)
{
	for (size_t at = 0; at < SIZE; at++) {
		set_up(false);
		copies[7][at] ^= 0x10;
		bench_sink_take(&sink, copies[7], SIZE);
		cr_assert(strstr(sink.fault, "damaged") != NULL, "byte %zu: '%s'", at, sink.fault);
		tear_down();
	}
}

Test(bench_message, the_content_of_another_message_is_noticed)
{
	set_up(false);
	memcpy(copies[3] + 16, copies[4] + 16, SIZE - 16);
	bench_sink_take(&sink, copies[3], SIZE);
	cr_assert(strstr(sink.fault, "damaged") != NULL);
	tear_down();
}

Test(bench_message, swapped_words_are_noticed)
{
	set_up(false);
	memcpy(copies[3] + 16, copies[4] + 24, 8);
	memcpy(copies[3] + 24, copies[4] + 16, 8);
	bench_sink_take(&sink, copies[3], SIZE);
	cr_assert(strstr(sink.fault, "damaged") != NULL);
	tear_down();
}

Test(bench_message, a_doubled_one_is_noticed)
{
	for (int in_order = 0; in_order < 2; in_order++) {
		set_up(in_order != 0);
		bench_sink_take(&sink, copies[0], SIZE);
		bench_sink_take(&sink, copies[1], SIZE);
		bench_sink_take(&sink, copies[1], SIZE);
		cr_assert(strstr(sink.fault, "came again") != NULL);
		tear_down();
	}
}

Test(bench_message, a_missing_one_is_noticed_where_none_may_be)
{
	set_up(true);
	bench_sink_take(&sink, copies[0], SIZE);
	bench_sink_take(&sink, copies[2], SIZE);
	cr_assert(strstr(sink.fault, "too early") != NULL);
	tear_down();
}

Test(bench_message, order_and_gaps_are_allowed_otherwise)
{
	set_up(false);
	bench_sink_take(&sink, copies[9], SIZE);
	bench_sink_take(&sink, copies[2], SIZE);
	cr_assert_str_eq(sink.fault, "");
	cr_assert_eq(sink.count, 2);
	cr_assert_eq(sink.highest, 10);
	tear_down();
}

Test(bench_message, a_wrong_size_is_noticed)
{
	set_up(true);
	bench_sink_take(&sink, copies[0], SIZE - 8);
	cr_assert(strstr(sink.fault, "size") != NULL);
	tear_down();
}
