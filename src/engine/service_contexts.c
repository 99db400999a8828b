#include "engine/service_contexts.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/timer_queue.h"
#include "engine/clock.h"
#include "transport/ice.h"

enum {
	READY_MAX = 64,
	/* One context may not keep the thread for ever; the rest follows in the next run. */
	ITERATIONS_MAX = 16,
	/* Of a context, and of what GLib may open beside it. */
	DESCRIPTORS = 4,
};

struct service_context {
	struct service_context *next, *prev;
	GMainContext *context;
	struct timer timer;
	GPollFD *watched; /* as the context asked last; owned */
	int watched_count;
	bool removed;
};

struct service_contexts {
	int epoll_fd;
	int timer_fd;
	usec_t armed; /* when the timer rings; USEC_NEVER: not at all */
	struct timer_queue timers;
	struct service_context **watchers; /* by descriptor: whose it was last */
	int watchers_count;
	struct service_context *list;
	struct service_context *removed; /* waiting for the end of the run */
	GMainContext *common;
};

/* --- what a context waits for */

static void set_watcher(struct service_contexts *contexts, int fd, struct service_context *context)
{
	if (fd >= contexts->watchers_count) {
		int count = (fd + 1) * 2;
		struct service_context **grown = alloc_array((size_t)count, sizeof(struct service_context *));
		for (int i = 0; i < contexts->watchers_count; i++)
			grown[i] = contexts->watchers[i];
		alloc_free(contexts->watchers);
		contexts->watchers = grown;
		contexts->watchers_count = count;
	}
	contexts->watchers[fd] = context;
}

/* The descriptor may be another one by now that only has the number of what was closed. */
static void watch(struct service_contexts *contexts, struct service_context *context, const GPollFD *wanted)
{
	/* GLib's bits are those of poll, which are those of epoll. */
	struct epoll_event event = { .events = wanted->events, .data.ptr = context };

	if (epoll_ctl(contexts->epoll_fd, EPOLL_CTL_MOD, wanted->fd, &event) != 0 && errno == ENOENT)
		epoll_ctl(contexts->epoll_fd, EPOLL_CTL_ADD, wanted->fd, &event);
	set_watcher(contexts, wanted->fd, context);
}

/* Another context may watch what has the number now. */
static void unwatch(struct service_contexts *contexts, const struct service_context *context, int fd)
{
	if (contexts->watchers[fd] != context)
		return;
	epoll_ctl(contexts->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	contexts->watchers[fd] = NULL;
}

static bool is_among(const GPollFD *fds, int count, int fd)
{
	for (int i = 0; i < count; i++) {
		if (fds[i].fd == fd)
			return true;
	}
	return false;
}

static void watch_all(struct service_contexts *contexts, struct service_context *context, GPollFD *fds, int count)
{
	for (int i = 0; i < context->watched_count; i++) {
		if (!is_among(fds, count, context->watched[i].fd))
			unwatch(contexts, context, context->watched[i].fd);
	}
	for (int i = 0; i < count; i++)
		watch(contexts, context, &fds[i]);
	alloc_free(context->watched);
	context->watched = fds;
	context->watched_count = count;
}

/* Asks a context anew; true: it has something to do at once. What other threads attach to it later makes a descriptor
 * of its own ready; what this thread attaches outside of its run does not: service_contexts_leave. */
static bool ask(struct service_contexts *contexts, struct service_context *context)
{
	GPollFD *fds = NULL;
	gint priority, timeout = -1;
	int room = context->watched_count + 1, count;

	g_main_context_prepare(context->context, &priority);
	for (;;) {
		fds = alloc_array((size_t)room, sizeof(*fds));
		count = g_main_context_query(context->context, G_MAXINT, &timeout, fds, room);
		if (count <= room)
			break;
		alloc_free(fds);
		room = count;
	}
	watch_all(contexts, context, fds, count);
	timer_queue_set(&contexts->timers, &context->timer,
	                timeout < 0 ? USEC_NEVER : clock_now() + (usec_t)timeout * USEC_PER_MSEC);
	return timeout == 0;
}

/* --- contexts */

GMainContext *service_contexts_add(struct service_contexts *contexts)
{
	struct service_context *context;

	/* GLib ends the process when it finds none. */
	if (!ice_has_descriptors(DESCRIPTORS))
		return NULL;
	context = alloc_zeroed(sizeof(*context));
	context->context = g_main_context_new();
	/* For good: so other threads know that somebody has to be woken. */
	g_main_context_acquire(context->context);
	timer_init(&context->timer, context);
	DL_APPEND(contexts->list, context);
	ask(contexts, context);
	return context->context;
}

static void free_context(struct service_contexts *contexts, struct service_context *context)
{
	g_main_context_push_thread_default(context->context);
	/* What was said last. */
	for (int i = 0; i < ITERATIONS_MAX && g_main_context_iteration(context->context, FALSE); i++)
		continue;
	g_main_context_pop_thread_default(context->context);
	watch_all(contexts, context, NULL, 0);
	g_main_context_release(context->context);
	g_main_context_unref(context->context);
	alloc_free(context);
}

static void free_removed(struct service_contexts *contexts)
{
	struct service_context *context;

	while ((context = contexts->removed) != NULL) {
		DL_DELETE(contexts->removed, context);
		free_context(contexts, context);
	}
}

static void remove_context(struct service_contexts *contexts, struct service_context *context)
{
	timer_queue_remove(&contexts->timers, &context->timer);
	context->removed = true;
	DL_DELETE(contexts->list, context);
	DL_APPEND(contexts->removed, context);
}

void service_contexts_remove(struct service_contexts *contexts, GMainContext *context)
{
	struct service_context *found;

	DL_SEARCH_SCALAR(contexts->list, found, context, context);
	if (found != NULL)
		remove_context(contexts, found);
}

void service_contexts_enter(GMainContext *context)
{
	g_main_context_push_thread_default(context);
}

void service_contexts_leave(GMainContext *context)
{
	g_main_context_pop_thread_default(context);
	g_main_context_wakeup(context);
}

/* --- running */

static void arm(struct service_contexts *contexts)
{
	struct itimerspec when = { 0 };
	usec_t at = timer_queue_next_timeout(&contexts->timers);

	if (at == contexts->armed)
		return;
	contexts->armed = at;
	if (at != USEC_NEVER) {
		at = usec_max(at, 1);
		when.it_value.tv_sec = at / USEC_PER_SEC;
		when.it_value.tv_nsec = at % USEC_PER_SEC * 1000;
	}
	timerfd_settime(contexts->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void run_context(struct service_contexts *contexts, struct service_context *context)
{
	bool again = true;

	for (int i = 0; i < ITERATIONS_MAX && again; i++) {
		g_main_context_push_thread_default(context->context);
		g_main_context_iteration(context->context, FALSE);
		g_main_context_pop_thread_default(context->context);
		again = !context->removed && ask(contexts, context);
	}
}

void service_contexts_run(struct service_contexts *contexts, int timeout)
{
	struct epoll_event events[READY_MAX];
	int count = epoll_wait(contexts->epoll_fd, events, READY_MAX, timeout);
	usec_t now = clock_now();
	struct timer *timer;

	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr != NULL)
			run_context(contexts, events[i].data.ptr);
	}
	while ((timer = timer_queue_pop(&contexts->timers, now)) != NULL)
		run_context(contexts, timer->owner);
	free_removed(contexts);
	arm(contexts);
}

int service_contexts_fd(const struct service_contexts *contexts)
{
	return contexts->epoll_fd;
}

/* --- all of them */

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* The descriptors for the loop itself. */
static bool open_loop(struct service_contexts *contexts)
{
	/* Edge-triggered: it does not have to be read. */
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	contexts->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	contexts->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	return contexts->epoll_fd >= 0 && contexts->timer_fd >= 0 &&
	       epoll_ctl(contexts->epoll_fd, EPOLL_CTL_ADD, contexts->timer_fd, &event) == 0;
}

struct service_contexts *service_contexts_new(void)
{
	struct service_contexts *contexts = alloc_zeroed(sizeof(*contexts));

	contexts->armed = USEC_NEVER;
	timer_queue_init(&contexts->timers);
	if (open_loop(contexts))
		contexts->common = service_contexts_add(contexts);
	if (contexts->common == NULL) {
		service_contexts_free(contexts);
		return NULL;
	}
	g_main_context_push_thread_default(contexts->common);
	return contexts;
}

void service_contexts_free(struct service_contexts *contexts)
{
	if (contexts->common != NULL)
		g_main_context_pop_thread_default(contexts->common);
	while (contexts->list != NULL)
		remove_context(contexts, contexts->list);
	free_removed(contexts);
	timer_queue_free(&contexts->timers);
	alloc_free(contexts->watchers);
	close_fd(contexts->epoll_fd);
	close_fd(contexts->timer_fd);
	alloc_free(contexts);
}
