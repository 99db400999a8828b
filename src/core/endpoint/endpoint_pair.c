/* Two connections of this process that talk to each other, of one endpoint or of two. */
#include <kith/errors.h>

#include "core/endpoint/endpoint_internal.h"

/* The key of the endpoint, and nobody's name: which one the other end gets to see is up to the application. */
static struct certificate_own *make_certificate(const struct endpoint *endpoint)
{
	struct certificate_own *own = certificate_shared_new();
	struct identity anybody;

	identity_set_localhost(&anybody);
	certificate_make_own(own, endpoint->certificate->private_key, &anybody, 0);
	return own;
}

static void set_way(struct link *link, usec_t now, const struct endpoint_pair_end *end, const struct address *remote)
{
	struct path_change here = { .kind = PATH_READY, .route = ROUTE_LOOPBACK, .rtt = -1 };

	here.transport = end->transport;
	here.local = end->address;
	here.remote = *remote;
	link->remote = *remote;
	link_set_transport(link, end->transport);
	conn_set_path(link->conn, now, end->transport, NULL);
	conn_path_ready(link->conn, now, &here);
}

/* Null: no free id, and the transport is to be closed. */
static struct link *make_end(usec_t now, const struct endpoint_pair_end *end, const struct address *remote, bool server)
{
	struct endpoint *endpoint = end->endpoint;
	struct conn_settings settings;
	struct link *link;

	endpoint->now = now;
	endpoint_fill_settings(endpoint, &settings);
	if (settings.local_id == 0) {
		carrier_close(endpoint, end->transport);
		return NULL;
	}
	settings.config = end->config;
	settings.own = make_certificate(endpoint);
	settings.trust = NULL;
	settings.app_id = 0;
	settings.server = server;
	settings.paired = true;
	identity_set_localhost(&settings.peer);
	settings.remote = *remote;
	link = link_new(endpoint, conn_new(now, &settings));
	certificate_shared_unref(settings.own);
	set_way(link, now, end, remote);
	return link;
}

/* Nobody has seen it yet. */
static void undo(struct link *link)
{
	if (link == NULL)
		return;
	link->released = true;
	link_destroy(link);
}

int32_t endpoint_pair(usec_t now, const struct endpoint_pair_end ends[2], struct conn *out[2])
{
	struct link *client = make_end(now, &ends[0], &ends[1].address, false);
	struct link *server = make_end(now, &ends[1], &ends[0].address, true);
	struct conn_join join = { NULL, NULL, &ends[0].name, &ends[1].name };
	int32_t result = KITH_E_LIMIT;

	if (client != NULL && server != NULL) {
		join.client = client->conn;
		join.server = server->conn;
		result = conn_join(now, &join) == 0 ? KITH_OK : KITH_E_INVALID;
	}
	if (result != KITH_OK) {
		undo(client);
		undo(server);
		return result;
	}
	out[0] = client->conn;
	out[1] = server->conn;
	endpoint_settle(client, now);
	endpoint_settle(server, now);
	return KITH_OK;
}
