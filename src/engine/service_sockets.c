#include "engine/service_sockets.h"

#include <errno.h>
#include <sys/epoll.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "engine/engine_internal.h"
#include "engine/engine_log.h"
#include "engine/service_impair.h"

enum {
	BATCH_MAX = 64,
	/* Batches read of one socket before the others have their turn. */
	BATCHES_MAX = 8,
};

int service_sockets_fd(const struct service_socket *socket)
{
	return socket->udp != NULL ? udp_fd(socket->udp) : loopback_fd(socket->loopback);
}

static bool watch(struct service_socket *socket, int epoll_fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = socket };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, service_sockets_fd(socket), &event) == 0;
}

struct service_socket *service_sockets_add(struct service *service, const struct service_socket *like)
{
	struct service_socket *socket = alloc_zeroed(sizeof(*socket));

	*socket = *like;
	if (watch(socket, service->epoll_fd)) {
		DL_APPEND(service->sockets, socket);
		return socket;
	}
	alloc_free(socket);
	return NULL;
}

void service_sockets_remove(struct service *service, struct service_socket *socket)
{
	service_attend_end(service);
	epoll_ctl(service->epoll_fd, EPOLL_CTL_DEL, service_sockets_fd(socket), NULL);
	DL_DELETE(service->sockets, socket);
	alloc_free(socket);
}

void service_sockets_watch(struct service_socket *socket, int from_epoll_fd, int to_epoll_fd)
{
	epoll_ctl(from_epoll_fd, EPOLL_CTL_DEL, service_sockets_fd(socket), NULL);
	watch(socket, to_epoll_fd);
}

/* --- reading */

/* What the system gave together is answered together. False: destroyed; else the lock is held. */
static bool put_in(struct service *service, struct datagram *datagrams, size_t count, bool more)
{
	struct engine *engine = service->engine;
	usec_t now;

	if (engine_lock(engine) != KITH_OK)
		return false;
	now = engine_now(engine);
	engine_log_datagrams(engine, datagrams, count);
	service_impair_step(service, now);
	count = service_impair_receive(service, now, datagrams, count);
	core_receive_datagrams(engine->core, now, datagrams, count);
	if (more)
		service_collect(engine, now);
	else
		service_flush(engine, now);
	return true;
}

void service_sockets_receive(struct service *service, struct datagram *datagrams, size_t count, bool more)
{
	if (put_in(service, datagrams, count, more))
		engine_unlock(service->engine);
}

static size_t read_batch(struct service_socket *socket, struct datagram datagrams[BATCH_MAX])
{
	size_t count = socket->udp != NULL ? udp_receive(socket->udp, datagrams, BATCH_MAX)
	                                   : loopback_receive(socket->loopback, datagrams, BATCH_MAX);

	for (size_t i = 0; i < count; i++)
		datagrams[i].transport = socket->transport;
	return count;
}

static bool has_some(const struct service_socket *socket)
{
	return socket->udp != NULL && udp_has_some(socket->udp);
}

/* What was taken from the system has to be used: nothing would tell of it again. */
static bool must_go_on(const struct service_socket *socket, size_t count, int batches)
{
	if (socket->udp == NULL)
		return batches < BATCHES_MAX && count == BATCH_MAX;
	return udp_has_some(socket->udp) || (batches < BATCHES_MAX && udp_may_have_more(socket->udp));
}

void service_sockets_read(struct service *service, struct service_socket *socket)
{
	struct datagram datagrams[BATCH_MAX];
	bool unanswered = false;
	int batches = 0;
	size_t count;

	service_attend_enter(service);
	do {
		bool more;
		count = read_batch(socket, datagrams);
		more = has_some(socket);
		if (socket->ice != NULL)
			count = ice_take_answers(socket->ice, socket->udp, datagrams, count);
		if (count > 0 || unanswered)
			service_sockets_receive(service, datagrams, count, more);
		unanswered = more;
		batches++;
	} while (must_go_on(socket, count, batches));
	service_attend_leave(service);
}

void service_sockets_read_some(struct service *service, struct service_socket *socket)
{
	struct datagram datagrams[BATCH_MAX];
	bool more = false, unanswered;

	do {
		size_t count = read_batch(socket, datagrams);
		unanswered = more;
		more = has_some(socket);
		/* A session is the service thread's alone. */
		if (socket->ice != NULL)
			count = ice_drop_answers(datagrams, count);
		if ((count > 0 || unanswered) && put_in(service, datagrams, count, more))
			engine_unlock_quietly(service->engine);
	} while (more);
}
