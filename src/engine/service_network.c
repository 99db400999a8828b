#include "engine/service_network.h"

#include <sys/epoll.h>

#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "transport/interface_watch.h"

/* An interface that comes up tells of its link, its addresses, again of its link, and of its routes, within
 * milliseconds. */
#define SETTLE (30 * USEC_PER_MSEC)

void service_network_watch(struct service *service)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (service->watch != NULL)
		return;
	service->watch = interface_watch_new();
	if (service->watch == NULL)
		return;
	/* What the thread can compare without the lock. */
	event.data.ptr = &service->network_due;
	if (epoll_ctl(service->epoll_fd, EPOLL_CTL_ADD, interface_watch_fd(service->watch), &event) != 0)
		service_network_close(service);
}

void service_network_close(struct service *service)
{
	interface_watch_free(service->watch);
	service->watch = NULL;
}

void service_network_read(struct service *service)
{
	if (engine_lock(service->engine) != KITH_OK)
		return;
	if (service->watch != NULL && interface_watch_read(service->watch) && service->network_due == USEC_NEVER) {
		service->network_due = clock_now() + SETTLE;
		service_arm(service, service->network_due);
	}
	engine_unlock(service->engine);
}

void service_network_step(struct service *service, usec_t now)
{
	bool usable;

	if (service->network_due > now) {
		if (service->network_due != USEC_NEVER)
			service_arm(service, service->network_due);
		return;
	}
	service->network_due = USEC_NEVER;
	if (!interface_watch_compare(service->watch, &usable))
		return;
	log_sink_write(&service->engine->log, KITH_SUBJECT_TRANSPORT, KITH_LOG_INFO,
	               usable ? "the addresses or routes of this machine have changed"
	                      : "this machine has no address any more");
	core_network_changed(service->engine->core, now, usable);
}
