#include "engine/service_transports.h"

#include <errno.h>

#include <uthash.h>

#include "core/base/alloc.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/engine_log.h"
#include "engine/service_actions.h"
#include "engine/service_ice.h"
#include "engine/service_impair.h"
#include "engine/service_network.h"
#include "engine/service_sockets.h"

struct service_transport {
	uint32_t number;
	struct service_socket *socket; /* null: it is an ICE session */
	/* One of them: */
	struct udp *udp;
	struct loopback *loopback;
	struct ice *ice;
	usec_t expires_at, expires_ahead; /* its credentials: when the core is told, how long before their end */
	UT_hash_handle hh;
};

static struct service_transport *find(const struct service *service, uint32_t number)
{
	struct service_transport *found;

	HASH_FIND(hh, service->transports, &number, sizeof(number), found);
	return found;
}

/* Closes what it is, but for an ICE session. */
static void close_it(struct service_transport *transport)
{
	if (transport->udp != NULL)
		udp_close(transport->udp);
	else
		loopback_close(transport->loopback);
	alloc_free(transport);
}

/* Takes it into the tables, or closes it. Returns 0 or an errno. */
static int add(struct service *service, struct service_transport *transport)
{
	uint32_t number = core_new_transport(service->engine->core);
	struct service_socket like = { .transport = number, .udp = transport->udp, .loopback = transport->loopback };

	transport->number = number;
	transport->socket = service_sockets_add(service, &like);
	if (transport->socket == NULL) {
		int error = errno;
		close_it(transport);
		return error;
	}
	HASH_ADD(hh, service->transports, number, sizeof(transport->number), transport);
	return 0;
}

void service_fill_udp_options(const struct config *config, struct udp_options *out)
{
	out->buffer_size = config_get_int(config, CONFIG_UDP_BUFFER_SIZE);
	out->use_gso = config_get_int(config, CONFIG_USE_GSO) != 0;
	out->use_batch = config_get_int(config, CONFIG_USE_BATCHED_IO) != 0;
}

int32_t service_open_udp(struct service *service, const struct address *local, const struct address *remote,
                         const struct config *config, uint32_t *out)
{
	struct udp_options options;
	struct service_transport *transport;
	char text[ADDRESS_TEXT_MAX];
	int error = 0;
	struct udp *udp;

	service_fill_udp_options(config, &options);
	udp = udp_open(local, remote, &options, &error);
	if (udp == NULL) {
		address_print(local != NULL ? local : remote, text);
		error = failure_set_system(error, "a UDP socket %s %s", local != NULL ? "on" : "to", text);
		log_sink_write(&service->engine->log, KITH_SUBJECT_TRANSPORT, KITH_LOG_WARNING, "%s", failure_text());
		return error;
	}
	transport = alloc_zeroed(sizeof(*transport));
	transport->udp = udp;
	error = add(service, transport);
	if (error != 0)
		return failure_set_system(error, "watching a UDP socket");
	*out = transport->number;
	service_network_watch(service);
	address_print(local != NULL ? local : remote, text);
	log_sink_write(&service->engine->log, KITH_SUBJECT_TRANSPORT, KITH_LOG_INFO, "transport %u: a UDP socket %s %s",
	               (unsigned)transport->number, local != NULL ? "on" : "to", text);
	return KITH_OK;
}

int32_t service_open_loopback(struct service *service, struct loopback *end, uint32_t *out)
{
	struct service_transport *transport = alloc_zeroed(sizeof(*transport));
	int error;

	transport->loopback = end;
	error = add(service, transport);
	if (error != 0)
		return failure_set_system(error, "watching a loopback");
	*out = transport->number;
	log_sink_write(&service->engine->log, KITH_SUBJECT_TRANSPORT, KITH_LOG_INFO, "transport %u: in memory",
	               (unsigned)transport->number);
	return KITH_OK;
}

void service_local_address(const struct service *service, uint32_t transport, struct address *out)
{
	udp_local(find(service, transport)->udp, out);
}

void service_transports_send(struct service *service, usec_t now, const struct datagram_burst *burst)
{
	if (!service_impair_send(service, now, burst))
		service_transports_send_now(service, burst);
}

void service_transports_send_now(struct service *service, const struct datagram_burst *burst)
{
	struct service_transport *transport = find(service, burst->transport);

	if (transport == NULL)
		return;
	engine_log_burst(service->engine, burst);
	if (transport->udp != NULL)
		udp_send(transport->udp, burst);
	else if (transport->loopback != NULL)
		loopback_send(transport->loopback, burst);
	else
		ice_send(transport->ice, burst);
}

/* --- ICE sessions */

void service_transports_add_ice(struct service *service, uint32_t number, struct ice *ice, usec_t lifetime)
{
	struct service_transport *transport = alloc_zeroed(sizeof(*transport));

	transport->number = number;
	transport->ice = ice;
	transport->expires_at = USEC_NEVER;
	pthread_mutex_lock(&service->engine->lock);
	service_network_watch(service);
	if (lifetime > 0) {
		transport->expires_ahead = turn_credentials_ahead(lifetime / USEC_PER_SEC) * USEC_PER_SEC;
		transport->expires_at = clock_now() + lifetime - transport->expires_ahead;
		service_credentials_look(service, transport->expires_at);
	}
	HASH_ADD(hh, service->transports, number, sizeof(transport->number), transport);
	pthread_mutex_unlock(&service->engine->lock);
}

usec_t service_transports_expire(struct service *service, usec_t now)
{
	struct path_change change = { .kind = PATH_EXPIRING, .rtt = -1 };
	struct service_transport *transport, *next;
	usec_t soonest = USEC_NEVER;

	HASH_ITER (hh, service->transports, transport, next) {
		if (transport->ice == NULL)
			continue;
		if (transport->expires_at <= now) {
			change.transport = transport->number;
			core_receive_path_change(service->engine->core, now, &change);
			/* Another session may not have come about. */
			transport->expires_at = now + transport->expires_ahead;
		}
		soonest = usec_min(soonest, transport->expires_at);
	}
	return soonest;
}

struct ice *service_transports_find_ice(struct service *service, uint32_t number)
{
	struct service_transport *transport;
	struct ice *ice;

	pthread_mutex_lock(&service->engine->lock);
	transport = find(service, number);
	ice = transport != NULL ? transport->ice : NULL;
	pthread_mutex_unlock(&service->engine->lock);
	return ice;
}

struct ice *service_transports_take_ice(struct service *service)
{
	struct service_transport *transport, *next;
	struct ice *ice = NULL;

	pthread_mutex_lock(&service->engine->lock);
	HASH_ITER (hh, service->transports, transport, next) {
		if (transport->ice == NULL)
			continue;
		ice = transport->ice;
		HASH_DELETE(hh, service->transports, transport);
		alloc_free(transport);
		break;
	}
	pthread_mutex_unlock(&service->engine->lock);
	return ice;
}

/* --- the end */

static void close_now(struct service *service, struct service_transport *transport)
{
	HASH_DELETE(hh, service->transports, transport);
	service_sockets_remove(service, transport->socket);
	close_it(transport);
}

void service_transports_close(struct service *service, uint32_t number)
{
	struct service_transport *transport;
	struct ice *ice = NULL;

	service_attend_enter(service);
	pthread_mutex_lock(&service->engine->lock);
	transport = find(service, number);
	if (transport != NULL && transport->ice != NULL) {
		ice = transport->ice;
		HASH_DELETE(hh, service->transports, transport);
		alloc_free(transport);
	} else if (transport != NULL) {
		close_now(service, transport);
	}
	pthread_mutex_unlock(&service->engine->lock);
	service_attend_leave(service);
	if (ice != NULL)
		service_ice_close(service, ice);
}

void service_close_transport(struct service *service, uint32_t transport)
{
	service_actions_add_close(service, transport);
}

void service_transports_close_all(struct service *service)
{
	struct service_transport *transport, *next;

	HASH_ITER (hh, service->transports, transport, next)
		close_now(service, transport);
}
