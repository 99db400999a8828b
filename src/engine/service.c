#include "engine/service.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "core/base/alloc.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/service_actions.h"
#include "engine/service_transports.h"

enum {
	READY_MAX = 64,
	/* Messages closer together than this are a rush: better sent in bursts by the thread. Two ends
	 * that answer each other over the fastest link there is are further apart. */
	RUSH_USEC = 20,
	/* How long the first of a rush waits for the others. */
	RUSH_DELAY_USEC = 20,
	/* A rush that has gathered this much has its burst. */
	RUSH_BYTES = 48 * 1024,
	/* One flush may not keep the lock for ever; the rest follows in the next step. */
	FLUSH_BURSTS_MAX = 64,
	STOP_TIMEOUT_SEC = 2,
};

bool service_init(struct service *service)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	service->armed = USEC_NEVER;
	service->wake_fd = service->timer_fd = -1;
	service->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (service->epoll_fd < 0)
		return false;
	/* Edge-triggered: neither has to be read. */
	service->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	service->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	return service->wake_fd >= 0 && service->timer_fd >= 0 &&
	       epoll_ctl(service->epoll_fd, EPOLL_CTL_ADD, service->wake_fd, &event) == 0 &&
	       epoll_ctl(service->epoll_fd, EPOLL_CTL_ADD, service->timer_fd, &event) == 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void service_free(struct service *service)
{
	close_fd(service->epoll_fd);
	close_fd(service->wake_fd);
	close_fd(service->timer_fd);
	alloc_free(service->burst);
	if (service->context != NULL)
		g_main_context_unref(service->context);
}

/* --- when */

void service_wake(struct service *service)
{
	uint64_t one = 1;

	while (write(service->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

void service_arm(struct service *service, usec_t at)
{
	struct itimerspec when = { 0 };

	/* An earlier ring does no harm and saves a system call: the step then sets the right one. */
	if (at >= service->armed)
		return;
	service->armed = at;
	at = usec_max(at, 1);
	when.it_value.tv_sec = at / USEC_PER_SEC;
	when.it_value.tv_nsec = at % USEC_PER_SEC * 1000;
	timerfd_settime(service->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

void service_flush(struct engine *engine, usec_t now)
{
	struct service *service = &engine->service;
	struct datagram_burst burst = { .bytes = service->burst, .capacity = SERVICE_BURST_MAX };
	int bursts = 0;

	service->sent_bytes = 0;
	/* What the core has to say in answer to its own output comes out in the same round. */
	while (bursts < FLUSH_BURSTS_MAX && core_transmit(engine->core, now, &burst)) {
		service_transports_send(service, &burst);
		bursts++;
	}
	service_actions_collect(engine);
	engine_events_collect(engine, now);
	service_arm(service, bursts == FLUSH_BURSTS_MAX ? now : core_next_timeout(engine->core));
}

void service_count_sent(struct service *service, size_t size)
{
	service->sent_bytes += size;
}

void service_sent(struct service *service, usec_t now)
{
	bool rush = now - service->sent_at < RUSH_USEC;

	service->sent_at = now;
	if (!rush || service->sent_bytes >= RUSH_BYTES)
		service_flush(service->engine, now);
	else
		service_arm(service, now + RUSH_DELAY_USEC);
}

/* --- the thread */

static void take_step(struct service *service)
{
	struct engine *engine = service->engine;
	usec_t now;

	if (engine_lock(engine) != KITH_OK)
		return;
	now = clock_now();
	if (service->armed <= now)
		service->armed = USEC_NEVER;
	if (core_next_timeout(engine->core) <= now)
		core_handle_timeout(engine->core, now);
	service_flush(engine, now);
	engine_unlock(engine);
	service_actions_run(service);
}

static void handle_ready(struct service *service, const struct epoll_event *events, int count)
{
	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr != NULL)
			service_transports_on_ready(service, events[i].data.ptr, events[i].events);
	}
	take_step(service);
}

/* GLib found the epoll descriptor readable: its loop stands around ours while ICE needs it. */
static gboolean on_epoll(GIOChannel *channel, GIOCondition condition, gpointer data);

static void *run(void *data)
{
	struct service *service = data;
	struct epoll_event events[READY_MAX];

	while (!atomic_load_explicit(&service->stopping, memory_order_acquire)) {
		int count;

		if (service_transports_need_glib(service)) {
			g_main_context_iteration(service->context, TRUE);
			continue;
		}
		count = epoll_wait(service->epoll_fd, events, READY_MAX, -1);
		if (count > 0)
			handle_ready(service, events, count);
	}
	return NULL;
}
