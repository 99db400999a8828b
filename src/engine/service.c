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
#include "engine/service_ice.h"
#include "engine/service_impair.h"
#include "engine/service_network.h"
#include "engine/service_sockets.h"
#include "engine/service_transports.h"

enum {
	READY_MAX = 64,
	/* Messages closer together than this, with none read between, are a rush: better sent in bursts
	 * by the thread. */
	RUSH_USEC = 20,
	/* How long the first of a rush waits for the others. */
	RUSH_DELAY_USEC = 20,
	/* A rush that has gathered this much has its burst. */
	RUSH_BYTES = 48 * 1024,
	/* One flush may not keep the lock for ever; the rest follows in the next step. */
	FLUSH_BURSTS_MAX = 64,
	/* At the end each connection has a word to say. */
	FLUSH_ALL_ROUNDS_MAX = 256,
	STOP_TIMEOUT_SEC = 1,
};

bool service_init(struct service *service, int event_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	bool attended = service_attend_init(&service->attend, event_fd);

	service->armed = service->network_due = service->credentials_due = USEC_NEVER;
	service->wake_fd = service->timer_fd = -1;
	service->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (service->epoll_fd < 0)
		return false;
	/* Edge-triggered: neither has to be read. */
	service->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	service->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	return attended && service->wake_fd >= 0 && service->timer_fd >= 0 &&
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
	service_attend_free(&service->attend);
	service_network_close(service);
	close_fd(service->epoll_fd);
	close_fd(service->wake_fd);
	close_fd(service->timer_fd);
	alloc_free(service->burst);
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

/* False: there is more to send. */
static bool flush(struct engine *engine, usec_t now)
{
	struct service *service = &engine->service;
	struct datagram_burst burst = { .bytes = service->burst, .capacity = SERVICE_BURST_MAX };
	int bursts = 0;

	service->sent_bytes = 0;
	/* What the core has to say in answer to its own output or events comes out in the same round. */
	do {
		while (bursts < FLUSH_BURSTS_MAX && core_transmit(engine->core, now, &burst)) {
			service_transports_send(service, now, &burst);
			bursts++;
		}
		service_actions_collect(engine);
	} while (engine_events_collect(engine, now) && bursts < FLUSH_BURSTS_MAX);
	service_arm(service, bursts == FLUSH_BURSTS_MAX ? now : core_next_timeout(engine->core));
	service_arm(service, service_impair_next_timeout(service));
	return bursts < FLUSH_BURSTS_MAX;
}

void service_collect(struct engine *engine, usec_t now)
{
	service_actions_collect(engine);
	engine_events_collect(engine, now);
}

void service_flush(struct engine *engine, usec_t now)
{
	flush(engine, now);
}

void service_flush_all(struct engine *engine, usec_t now)
{
	for (int round = 0; round < FLUSH_ALL_ROUNDS_MAX && !flush(engine, now); round++)
		continue;
}

void service_count_sent(struct service *service, size_t size)
{
	service->sent_bytes += size;
}

void service_sent(struct service *service, usec_t now)
{
	bool rush = now - service->sent_at < RUSH_USEC && !service->has_read;

	service->sent_at = now;
	service->has_read = false;
	if (!rush || service->sent_bytes >= RUSH_BYTES)
		service_flush(service->engine, now);
	else
		service_arm(service, now + RUSH_DELAY_USEC);
}

/* --- the thread */

/* What time brings. */
static void take_step(struct service *service)
{
	struct engine *engine = service->engine;
	usec_t now;

	if (engine_lock(engine) != KITH_OK)
		return;
	now = clock_now();
	if (service->armed <= now)
		service->armed = USEC_NEVER;
	service_impair_step(service, now);
	service_network_step(service, now);
	service_credentials_step(service, now);
	if (core_next_timeout(engine->core) <= now)
		core_handle_timeout(engine->core, now);
	service_flush(engine, now);
	engine_unlock(engine);
}

void service_handle_ready(struct service *service, int timeout)
{
	struct epoll_event events[READY_MAX];
	int count = epoll_wait(service->epoll_fd, events, READY_MAX, timeout);
	bool step = false;

	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr == NULL)
			step = true;
		else if (events[i].data.ptr == service->contexts)
			service_ice_run(service);
		else if (events[i].data.ptr == &service->network_due)
			service_network_read(service);
		else
			service_sockets_read(service, events[i].data.ptr);
	}
	if (step) {
		take_step(service);
		service_attend_step(service);
	}
	service_actions_run(service);
}

static void tear_down(struct service *service)
{
	struct engine *engine = service->engine;

	pthread_mutex_lock(&engine->lock);
	service_impair_close(service);
	pthread_mutex_unlock(&engine->lock);
	service_actions_run(service);
	service_ice_close_all(service);
	service_attend_enter(service);
	pthread_mutex_lock(&engine->lock);
	service_attend_end(service);
	service_transports_close_all(service);
	service_actions_free(service);
	core_destroy(engine->core);
	engine->core = NULL;
	pthread_mutex_unlock(&engine->lock);
	service_attend_leave(service);
}

static void *run(void *data)
{
	struct service *service = data;
	struct engine *engine = service->engine;

	/* Of itself: another thread's name is set through /proc, which need not be there. */
	pthread_setname_np(pthread_self(), "kith");
	while (!atomic_load_explicit(&service->stopping, memory_order_acquire))
		service_handle_ready(service, -1);
	tear_down(service);
	engine_unref(engine);
	return NULL;
}

bool service_start(struct service *service, struct engine *engine)
{
	sigset_t all, before;
	int error;

	service->engine = engine;
	service->burst = alloc_bytes(SERVICE_BURST_MAX);
	engine_ref(engine);
	/* Signals are the application's, and belong to its threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&service->thread, NULL, run, service);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0) {
		engine_unref(engine);
		errno = error;
		return false;
	}
	return true;
}

void service_stop(struct service *service)
{
	struct timespec deadline;
	pthread_t thread = service->thread;

	atomic_store_explicit(&service->stopping, true, memory_order_release);
	service_wake(service);
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += STOP_TIMEOUT_SEC;
	/* On the thread itself, or while it is stuck in a callback of the application: it ends later. */
	if (pthread_equal(thread, pthread_self()) || pthread_timedjoin_np(thread, NULL, &deadline) != 0)
		pthread_detach(thread);
}
