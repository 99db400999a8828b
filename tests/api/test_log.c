/* The log: subjects and levels, its callback, and what other libraries say. */
#include "pair.h"

#include <glib.h>
#include <pthread.h>
#include <string.h>

struct lines {
	pthread_mutex_t lock;
	int of[KITH_SUBJECTS];
	char text[KITH_SUBJECTS][256]; /* the last one */
};

static void on_line(void *user_data, int32_t subject, int32_t level, const char *text)
{
	struct lines *lines = user_data;

	cr_assert(subject >= 0 && subject < KITH_SUBJECTS && level >= KITH_LOG_ERROR && level <= KITH_LOG_DEBUG);
	pthread_mutex_lock(&lines->lock);
	lines->of[subject]++;
	strncpy(lines->text[subject], text, sizeof(lines->text[subject]) - 1);
	pthread_mutex_unlock(&lines->lock);
}

static int count(struct lines *lines, int32_t subject)
{
	pthread_mutex_lock(&lines->lock);
	int of = lines->of[subject];
	pthread_mutex_unlock(&lines->lock);
	return of;
}

static bool await(struct lines *lines, int32_t subject, int at_least)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	while (count(lines, subject) < at_least && kith_now_us() < deadline)
		g_usleep(2000);
	return count(lines, subject) >= at_least;
}

Test(log, levels_are_those_of_each_subject_and_change_at_run_time)
{
	struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_endpoint_set_log_level(pair.client, KITH_SUBJECT_ALL, KITH_LOG_DEBUG), KITH_OK);
	cr_assert_eq(kith_endpoint_set_log(pair.client, KITH_LOG_NONE, on_line, &lines, NULL), KITH_OK);
	cr_assert_eq(kith_endpoint_set_log_level(pair.client, KITH_SUBJECT_MESSAGE, KITH_LOG_DEBUG), KITH_OK);
	pair_send(pair.client, pair.called, "one", 3, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	kith_message_release(pair_receive(pair.server, pair.accepted));
	cr_assert(await(&lines, KITH_SUBJECT_MESSAGE, 1));
	cr_assert(strstr(lines.text[KITH_SUBJECT_MESSAGE], "sent on connection") != NULL, "%s",
	          lines.text[KITH_SUBJECT_MESSAGE]);
	cr_assert(strstr(lines.text[KITH_SUBJECT_MESSAGE], "reliable message 1 of 3 bytes, lane 0") != NULL);
	cr_assert_eq(count(&lines, KITH_SUBJECT_PACKET), 0);
	cr_assert_eq(kith_endpoint_set_log_level(pair.client, KITH_SUBJECT_MESSAGE, KITH_LOG_INFO), KITH_OK);
	cr_assert_eq(kith_endpoint_set_log_level(pair.client, KITH_SUBJECT_PACKET, KITH_LOG_DEBUG), KITH_OK);
	pair_send(pair.client, pair.called, "two", 3, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	kith_message_release(pair_receive(pair.server, pair.accepted));
	cr_assert(await(&lines, KITH_SUBJECT_PACKET, 2), "one out, and its acknowledgement");
	cr_assert_eq(count(&lines, KITH_SUBJECT_MESSAGE), 1);
	cr_assert_eq(count(&lines, KITH_SUBJECT_CONNECTION), 0);
	pair_close(&pair);
}

Test(log, wrong_subjects_and_levels_are_refused)
{
	kith_endpoint endpoint = pair_endpoint();

	cr_assert_eq(kith_endpoint_set_log_level(endpoint, KITH_SUBJECTS, KITH_LOG_INFO), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_set_log_level(endpoint, -2, KITH_LOG_INFO), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_set_log_level(endpoint, KITH_SUBJECT_ICE, KITH_LOG_DEBUG + 1), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_set_log_level(endpoint, KITH_SUBJECT_ICE, -1), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_set_log_level(endpoint, KITH_SUBJECT_ICE, KITH_LOG_DEBUG), KITH_OK);
	kith_endpoint_destroy(endpoint);
	cr_assert_eq(kith_endpoint_set_log_level(endpoint, KITH_SUBJECT_ICE, KITH_LOG_DEBUG), KITH_E_HANDLE);
	cr_assert_str_eq(kith_subject_name(KITH_SUBJECT_LIBRARY), "LIBRARY");
	cr_assert_str_eq(kith_subject_name(KITH_SUBJECTS), "UNKNOWN");
	cr_assert_str_eq(kith_log_name(KITH_LOG_WARNING), "WARNING");
	cr_assert_str_eq(kith_log_name(-1), "UNKNOWN");
}

/* --- other libraries. Signals go out on the service thread, so a service can say something there. */

static _Atomic int default_lines, own_lines;

static void on_default(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain, (void)level, (void)message, (void)data;
	default_lines++;
}

static void on_own(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain, (void)level, (void)message, (void)data;
	own_lines++;
}

struct talker {
	pthread_t application;
	const char *domain;
};

static kith_result talk(void *user_data, const char *peer, const void *data, size_t size)
{
	struct talker *talker = user_data;

	(void)peer, (void)data, (void)size;
	if (!pthread_equal(talker->application, pthread_self()))
		g_log(talker->domain, G_LOG_LEVEL_WARNING, "something is odd");
	return KITH_OK;
}

/* Calls somebody who is not there, so that ICE runs and signals leave. */
static kith_endpoint call(struct talker *talker, struct lines *lines)
{
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity nobody;
	kith_signaling signaling;
	kith_connection connection;
	kith_endpoint endpoint;

	options.log = lines != NULL ? on_line : NULL;
	options.log_user_data = lines;
	options.log_level = KITH_LOG_DEBUG;
	cr_assert_eq(kith_endpoint_create(&options, &endpoint), KITH_OK);
	talker->application = pthread_self();
	callbacks.send = talk;
	callbacks.user_data = talker;
	cr_assert_eq(kith_signaling_add(endpoint, &callbacks, &signaling), KITH_OK);
	cr_assert_eq(kith_identity_parse("str:nobody", &nobody), KITH_OK);
	cr_assert_eq(kith_endpoint_connect_identity(endpoint, &nobody, NULL, &connection), KITH_OK);
	return endpoint;
}

Test(log, ice_tells_its_candidates_and_signals_are_counted)
{
	struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct talker talker = { .domain = "libnice" };
	kith_endpoint endpoint = call(&talker, &lines);

	cr_assert(await(&lines, KITH_SUBJECT_ICE, 2));
	cr_assert(await(&lines, KITH_SUBJECT_SIGNALING, 2));
	cr_assert_gt(count(&lines, KITH_SUBJECT_ENDPOINT), 0);
	kith_endpoint_destroy(endpoint);
}

Test(log, libnice_and_glib_on_our_threads_come_here)
{
	static const char *const domains[] = { "libnice", "GLib", "GLib-GObject", "GLib-GIO" };

	for (int i = 0; i < 4; i++) {
		struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
		struct talker talker = { .domain = domains[i] };
		kith_endpoint endpoint = call(&talker, &lines);

		cr_assert(await(&lines, KITH_SUBJECT_LIBRARY, 1), "%s", domains[i]);
		cr_assert(strstr(lines.text[KITH_SUBJECT_LIBRARY], "something is odd") != NULL);
		cr_assert(strstr(lines.text[KITH_SUBJECT_LIBRARY], domains[i]) != NULL);
		kith_endpoint_destroy(endpoint);
	}
}

Test(log, a_program_keeps_the_handlers_of_its_own_domains)
{
	struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct talker talker = { .domain = "my-program" };
	kith_endpoint endpoint;

	g_log_set_handler("my-program", G_LOG_LEVEL_MASK, on_own, NULL);
	endpoint = call(&talker, &lines);
	cr_assert(await(&lines, KITH_SUBJECT_SIGNALING, 3));
	g_log("my-program", G_LOG_LEVEL_WARNING, "mine");
	kith_endpoint_destroy(endpoint);
	cr_assert(own_lines >= 2, "on our thread as on its own");
	cr_assert_eq(count(&lines, KITH_SUBJECT_LIBRARY), 0);
}

Test(log, glib_is_left_alone_unless_somebody_wants_to_hear_of_it)
{
	struct talker talker = { .domain = "GLib" };
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	kith_endpoint endpoint;

	g_log_set_default_handler(on_default, NULL);
	endpoint = call(&talker, NULL);
	while (default_lines == 0 && kith_now_us() < deadline)
		g_usleep(2000);
	cr_assert_gt(default_lines, 0);
	kith_endpoint_destroy(endpoint);
}
