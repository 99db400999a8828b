#include <criterion/criterion.h>
#include <glib-unix.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "engine/clock.h"
#include "engine/service_contexts.h"

#define PATIENCE_MS 10000

static struct service_contexts *contexts;
static int calls;

static void set_up(void)
{
	contexts = service_contexts_new();
	cr_assert_not_null(contexts);
	calls = 0;
}

static void tear_down(void)
{
	service_contexts_free(contexts);
}

static gboolean count_once(gpointer data)
{
	(void)data;
	calls++;
	return G_SOURCE_REMOVE;
}

static gboolean count_and_read(gint fd, GIOCondition condition, gpointer data)
{
	char byte;

	(void)condition, (void)data;
	calls += (int)read(fd, &byte, 1);
	return G_SOURCE_CONTINUE;
}

static void attach(GSource *source, GMainContext *context)
{
	g_source_attach(source, context);
	g_source_unref(source);
}

static void attach_timeout(GMainContext *context, guint milliseconds)
{
	GSource *source = g_timeout_source_new(milliseconds);

	g_source_set_callback(source, count_once, NULL, NULL);
	attach(source, context);
}

static void attach_pipe(GMainContext *context, int fd)
{
	GSource *source = g_unix_fd_source_new(fd, G_IO_IN);

	g_source_set_callback(source, G_SOURCE_FUNC(count_and_read), NULL, NULL);
	attach(source, context);
}

/* It was given something just now. */
static void give(GMainContext *context)
{
	service_contexts_enter(context);
	service_contexts_leave(context);
}

static bool is_ready(int timeout)
{
	struct pollfd wait = { service_contexts_fd(contexts), POLLIN, 0 };

	return poll(&wait, 1, timeout) == 1;
}

static void run_until(int wanted)
{
	usec_t deadline = clock_now() + PATIENCE_MS * USEC_PER_MSEC;

	while (calls < wanted && clock_now() < deadline)
		service_contexts_run(contexts, 100);
	cr_assert_eq(calls, wanted);
}

/* What lies there at the beginning, such as having been woken. */
static void settle(void)
{
	while (is_ready(0))
		service_contexts_run(contexts, 0);
}

Test(service_contexts, timeouts_ring_in_each_context_and_in_that_of_the_thread, .init = set_up, .fini = tear_down)
{
	GMainContext *first = service_contexts_add(contexts), *second = service_contexts_add(contexts);
	usec_t begin = clock_now();

	attach_timeout(second, 30);
	attach_timeout(first, 60);
	attach_timeout(g_main_context_get_thread_default(), 1);
	give(g_main_context_get_thread_default());
	give(first);
	give(second);
	run_until(3);
	cr_assert(clock_now() - begin >= 60 * USEC_PER_MSEC);
}

Test(service_contexts, a_descriptor_is_ready_once_there_is_something_to_read, .init = set_up, .fini = tear_down)
{
	GMainContext *context = service_contexts_add(contexts);
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	attach_pipe(context, ends[0]);
	give(context);
	settle();
	cr_assert_not(is_ready(20));
	cr_assert_eq(write(ends[1], "xy", 2), 2);
	cr_assert(is_ready(PATIENCE_MS));
	run_until(2);
	settle();
	cr_assert_not(is_ready(0));
	close(ends[0]);
	close(ends[1]);
}

static void *attach_elsewhere(void *context)
{
	attach_timeout(context, 0);
	return NULL;
}

Test(service_contexts, what_another_thread_attaches_needs_no_word, .init = set_up, .fini = tear_down)
{
	GMainContext *context = service_contexts_add(contexts);
	pthread_t thread;

	settle();
	cr_assert_eq(pthread_create(&thread, NULL, attach_elsewhere, context), 0);
	cr_assert(is_ready(PATIENCE_MS));
	run_until(1);
	pthread_join(thread, NULL);
}

static int replacement[2];

/* The numbers of what is closed are given to what is opened. */
static gboolean replace(gint fd, GIOCondition condition, gpointer data)
{
	(void)condition;
	close(fd);
	cr_assert_eq(pipe(replacement), 0);
	cr_assert_eq(replacement[0], fd);
	attach_pipe(data, replacement[0]);
	return G_SOURCE_REMOVE;
}

Test(service_contexts, a_number_that_is_another_descriptor_now_is_watched, .init = set_up, .fini = tear_down)
{
	GMainContext *context = service_contexts_add(contexts);
	GSource *source;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	source = g_unix_fd_source_new(ends[0], G_IO_IN);
	g_source_set_callback(source, G_SOURCE_FUNC(replace), context, NULL);
	attach(source, context);
	give(context);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	for (int i = 0; i < 100 && replacement[1] == 0; i++)
		service_contexts_run(contexts, 100);
	settle();
	cr_assert_eq(write(replacement[1], "y", 1), 1);
	cr_assert(is_ready(PATIENCE_MS));
	run_until(1);
	close(replacement[0]);
	close(replacement[1]);
	close(ends[1]);
}

Test(service_contexts, a_number_that_is_another_contexts_now_stays_watched, .init = set_up, .fini = tear_down)
{
	GMainContext *first = service_contexts_add(contexts), *second = service_contexts_add(contexts);
	GSource *source;
	int ends[2], number;

	cr_assert_eq(pipe(ends), 0);
	source = g_unix_fd_source_new(ends[0], G_IO_IN);
	g_source_attach(source, first);
	give(first);
	settle();
	/* Its first owner has not looked yet when the second watches what has the number. */
	number = ends[0];
	g_source_destroy(source);
	g_source_unref(source);
	close(ends[0]);
	close(ends[1]);
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(ends[0], number);
	attach_pipe(second, ends[0]);
	give(second);
	settle();
	give(first);
	settle();
	cr_assert_eq(write(ends[1], "x", 1), 1);
	cr_assert(is_ready(PATIENCE_MS));
	run_until(1);
	close(ends[0]);
	close(ends[1]);
}

static gboolean attach_to_default(gpointer data)
{
	cr_assert_eq(g_main_context_get_thread_default(), data);
	attach_timeout(g_main_context_get_thread_default(), 10);
	calls++;
	return G_SOURCE_REMOVE;
}

Test(service_contexts, one_that_runs_is_the_default, .init = set_up, .fini = tear_down)
{
	GMainContext *context = service_contexts_add(contexts);
	GSource *source = g_idle_source_new();

	g_source_set_callback(source, attach_to_default, context, NULL);
	attach(source, context);
	give(context);
	run_until(2);
}

static gboolean remove_both(gpointer data)
{
	GMainContext **both = data;

	calls++;
	service_contexts_remove(contexts, both[0]);
	service_contexts_remove(contexts, both[1]);
	return G_SOURCE_REMOVE;
}

Test(service_contexts, may_be_removed_while_one_of_them_runs, .init = set_up, .fini = tear_down)
{
	static GMainContext *both[2];

	for (int i = 0; i < 2; i++) {
		GSource *source = g_idle_source_new();
		both[i] = service_contexts_add(contexts);
		g_source_set_callback(source, i == 0 ? remove_both : count_once, both, NULL);
		attach(source, both[i]);
		give(both[i]);
	}
	/* The other may come first, or be told on its way out. */
	run_until(2);
	settle();
}

Test(service_contexts, one_that_is_busy_leaves_time_for_the_others, .init = set_up, .fini = tear_down)
{
	GMainContext *busy = service_contexts_add(contexts), *other = service_contexts_add(contexts);

	for (int i = 0; i < 1000; i++)
		attach_timeout(busy, 0);
	attach_timeout(other, 0);
	give(busy);
	give(other);
	run_until(1001);
}
