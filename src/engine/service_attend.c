#include "engine/service_attend.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <utlist.h>

#include "engine/clock.h"
#include "engine/deferred.h"
#include "engine/engine_internal.h"
#include "engine/service_sockets.h"

enum {
	/* An event taken this soon was waited for. */
	PROMPT_USEC = 100,
	/* So many times in a row it is no accident. */
	NEEDED_MIN = 16,
	NEEDED_MAX = 16384,
	/* A time as the reader was worth it with so many calls for each event that led to it. */
	WORTH = 4,
	/* How long what arrives may lie unread when the application does something else all of a sudden. */
	ABSENT_USEC = 2000,
};

bool service_attend_init(struct attend *attend, int event_fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	pthread_mutex_init(&attend->reading, NULL);
	attend->needed = NEEDED_MIN;
	attend->signalled_at = USEC_NEVER;
	attend->fd = epoll_create1(EPOLL_CLOEXEC);
	return attend->fd >= 0 && epoll_ctl(attend->fd, EPOLL_CTL_ADD, event_fd, &event) == 0;
}

void service_attend_free(struct attend *attend)
{
	if (attend->fd >= 0)
		close(attend->fd);
	pthread_mutex_destroy(&attend->reading);
}

/* --- whose the sockets are */

static bool begin(struct service *service)
{
	struct attend *attend = &service->attend;
	struct service_socket *socket;
	unsigned count = 0;

	/* Who cannot watch descriptors is called, and that is the service thread's to do. */
	if (service->engine->wake != NULL)
		return false;
	DL_FOREACH (service->sockets, socket) {
		if (count == ATTEND_SOCKETS_MAX)
			return false;
		attend->sockets[count++] = socket;
	}
	for (unsigned i = 0; i < count; i++)
		service_sockets_watch(attend->sockets[i], service->epoll_fd, attend->fd);
	attend->count = count;
	return count > 0;
}

void service_attend_end(struct service *service)
{
	struct attend *attend = &service->attend;

	attend->prompt = 0;
	if (!atomic_load_explicit(&attend->on, memory_order_relaxed))
		return;
	for (unsigned i = 0; i < attend->count; i++)
		service_sockets_watch(attend->sockets[i], attend->fd, service->epoll_fd);
	attend->count = 0;
	atomic_store_explicit(&attend->on, false, memory_order_release);
}

/* --- the application's thread */

void service_attend_on_call(struct service *service)
{
	struct attend *attend = &service->attend;

	if (!atomic_load_explicit(&attend->on, memory_order_acquire))
		return;
	/* While it takes one event after the other, what comes meanwhile can wait for the last of them. */
	if (atomic_load_explicit(&attend->took_event, memory_order_relaxed) ||
	    event_queue_count(&service->engine->events) > 0)
		return;
	deferred_enter();
	if (pthread_mutex_trylock(&attend->reading) == 0) {
		for (unsigned i = 0; i < attend->count; i++)
			service_sockets_read_some(service, attend->sockets[i]);
		pthread_mutex_unlock(&attend->reading);
	}
	deferred_leave();
}

void service_attend_on_signal(struct service *service)
{
	if (!atomic_load_explicit(&service->attend.on, memory_order_relaxed))
		service->attend.signalled_at = clock_now();
}

static void judge(struct service *service, usec_t now)
{
	struct attend *attend = &service->attend;

	if (attend->signalled_at == USEC_NEVER)
		return;
	attend->prompt = now - attend->signalled_at <= PROMPT_USEC ? attend->prompt + 1 : 0;
	attend->signalled_at = USEC_NEVER;
	if (attend->prompt < attend->needed || pthread_mutex_trylock(&attend->reading) != 0)
		return;
	attend->prompt = 0;
	if (begin(service)) {
		attend->came_at = now;
		attend->calls = 0;
		service_arm(service, now + ABSENT_USEC);
		atomic_store_explicit(&attend->on, true, memory_order_release);
	}
	pthread_mutex_unlock(&attend->reading);
}

void service_attend_on_taken(struct service *service, bool taken)
{
	struct attend *attend = &service->attend;

	atomic_store_explicit(&attend->took_event, taken, memory_order_relaxed);
	if (atomic_load_explicit(&attend->on, memory_order_relaxed)) {
		attend->came_at = clock_now();
		attend->calls++;
	} else if (taken) {
		judge(service, clock_now());
	}
}

/* --- the service thread */

void service_attend_enter(struct service *service)
{
	/* What the application is called for waits until this lock is left too. */
	deferred_enter();
	pthread_mutex_lock(&service->attend.reading);
}

void service_attend_leave(struct service *service)
{
	pthread_mutex_unlock(&service->attend.reading);
	deferred_leave();
}

static bool something_waits(const struct attend *attend)
{
	struct pollfd polled[ATTEND_SOCKETS_MAX];

	for (unsigned i = 0; i < attend->count; i++)
		polled[i] = (struct pollfd){ service_sockets_fd(attend->sockets[i]), POLLIN, 0 };
	return poll(polled, attend->count, 0) > 0;
}

/* Who soon left something lying has to show itself prompt for longer the next time. */
static void end_absent(struct service *service)
{
	struct attend *attend = &service->attend;
	bool worth = attend->calls >= WORTH * attend->needed || !something_waits(attend);

	if (worth && attend->needed > NEEDED_MIN)
		attend->needed /= 2;
	else if (!worth && attend->needed < NEEDED_MAX)
		attend->needed *= 2;
	service_attend_end(service);
}

void service_attend_step(struct service *service)
{
	struct attend *attend = &service->attend;
	usec_t due;

	if (!atomic_load_explicit(&attend->on, memory_order_acquire))
		return;
	service_attend_enter(service);
	if (engine_lock(service->engine) == KITH_OK) {
		due = attend->came_at + ABSENT_USEC;
		if (atomic_load_explicit(&attend->on, memory_order_relaxed) && due <= clock_now())
			end_absent(service);
		else
			service_arm(service, due);
		engine_unlock(service->engine);
	}
	service_attend_leave(service);
}
