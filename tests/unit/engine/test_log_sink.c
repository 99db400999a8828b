#include <criterion/criterion.h>
#include <string.h>

#include "engine/log_sink.h"

static int lines, releases;
static int32_t last_subject, last_level;
static char last_text[1200];

static void on_line(void *user_data, int32_t subject, int32_t level, const char *text)
{
	cr_assert(user_data == &lines);
	lines++;
	last_subject = subject;
	last_level = level;
	strncpy(last_text, text, sizeof(last_text) - 1);
}

static void on_release(void *user_data)
{
	cr_assert(user_data == &lines);
	releases++;
}

Test(log_sink, what_is_above_the_level_is_not_written)
{
	struct log_sink sink = { 0 };
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR, "nobody listens");
	log_sink_set(&sink, KITH_LOG_WARNING, on_line, &lines, on_release);
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_INFO, "too much");
	cr_assert_eq(lines, 0);
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR, "number %d", 7);
	cr_assert_eq(lines, 1);
	cr_assert_eq(last_level, KITH_LOG_ERROR);
	cr_assert_eq(last_subject, KITH_SUBJECT_ICE);
	cr_assert(strcmp(last_text, "number 7") == 0);
	log_sink_free(&sink);
}

Test(log_sink, its_user_data_is_released_once)
{
	struct log_sink sink = { 0 };
	log_sink_set(&sink, KITH_LOG_DEBUG, on_line, &lines, on_release);
	log_sink_set(&sink, KITH_LOG_DEBUG, on_line, &lines, on_release);
	cr_assert_eq(releases, 1);
	log_sink_free(&sink);
	log_sink_free(&sink);
	cr_assert_eq(releases, 2);
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR, "nobody");
	cr_assert_eq(lines, 0);
}

Test(log_sink, a_flood_is_cut)
{
	struct log_sink sink = { 0 };
	log_sink_set(&sink, KITH_LOG_DEBUG, on_line, &lines, on_release);
	for (int i = 0; i < 100000; i++)
		log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR, "again");
	cr_assert(lines >= 200 && lines <= 2000, "%d lines", lines);
	log_sink_free(&sink);
}

Test(log_sink, a_long_line_is_cut)
{
	struct log_sink sink = { 0 };
	char text[2000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_sink_set(&sink, KITH_LOG_DEBUG, on_line, &lines, on_release);
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR, "%s", text);
	cr_assert_eq(strlen(last_text), 1023);
	log_sink_free(&sink);
}

Test(log_sink, each_subject_has_a_level)
{
	struct log_sink sink = { 0 };
	log_sink_set_level(&sink, KITH_SUBJECT_ALL, KITH_LOG_DEBUG);
	cr_assert_not(log_sink_wants(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR), "nobody listens");
	log_sink_set(&sink, KITH_LOG_WARNING, on_line, &lines, NULL);
	log_sink_set_level(&sink, KITH_SUBJECT_ICE, KITH_LOG_DEBUG);
	log_sink_set_level(&sink, KITH_SUBJECT_PACKET, KITH_LOG_NONE);
	cr_assert(log_sink_wants(&sink, KITH_SUBJECT_ICE, KITH_LOG_DEBUG));
	cr_assert_not(log_sink_wants(&sink, KITH_SUBJECT_CONNECTION, KITH_LOG_INFO));
	cr_assert_not(log_sink_wants(&sink, KITH_SUBJECT_PACKET, KITH_LOG_ERROR));
	log_sink_write(&sink, KITH_SUBJECT_PACKET, KITH_LOG_ERROR, "no");
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_DEBUG, "yes");
	cr_assert_eq(lines, 1);
	log_sink_set_level(&sink, KITH_SUBJECT_ALL, KITH_LOG_NONE);
	log_sink_write(&sink, KITH_SUBJECT_ICE, KITH_LOG_ERROR, "no");
	cr_assert_eq(lines, 1);
	log_sink_free(&sink);
}

Test(log_sink, a_flood_about_one_subject_leaves_room_for_others)
{
	struct log_sink sink = { 0 };
	log_sink_set(&sink, KITH_LOG_DEBUG, on_line, &lines, NULL);
	for (int i = 0; i < 1000; i++)
		log_sink_write(&sink, KITH_SUBJECT_PACKET, KITH_LOG_DEBUG, "packet");
	log_sink_write(&sink, KITH_SUBJECT_CONNECTION, KITH_LOG_INFO, "connected");
	cr_assert(strcmp(last_text, "connected") == 0);
	log_sink_free(&sink);
}

Test(log_sink, control_characters_do_not_pass)
{
	struct log_sink sink = { 0 };
	log_sink_set(&sink, KITH_LOG_DEBUG, on_line, &lines, NULL);
	log_sink_write(&sink, KITH_SUBJECT_CONNECTION, KITH_LOG_INFO, "by\nthe \033[31mpeer\177");
	cr_assert(strcmp(last_text, "by?the ?[31mpeer?") == 0, "%s", last_text);
	log_sink_free(&sink);
}
