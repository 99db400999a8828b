/* The selected pair: what kind of way it is, the socket beside libnice's, and the end of it all. */
#include <glib-unix.h>

#include "core/base/alloc.h"
#include "transport/ice_internal.h"
#include "transport/ice_sibling.h"

enum {
	BATCH = 64,
	BATCHES_MAX = 8, /* then the other sources of the loop have their turn */
	CLOSE_LIMIT_MS = 2000,
};

static enum route_kind route_of(const struct ice *ice, const struct ice_note *note)
{
	if (note->local_type == ICE_RELAYED || note->remote_type == ICE_RELAYED)
		return ROUTE_RELAY;
	if (ice_interfaces_has(&ice->interfaces, &note->remote))
		return ROUTE_LOOPBACK;
	if (address_is_private(&note->remote) && note->remote_type != ICE_SERVER_REFLEXIVE)
		return ROUTE_LAN;
	return ROUTE_DIRECT;
}

static gboolean on_sibling_ready(gint fd, GIOCondition condition, gpointer data)
{
	struct ice *ice = data;
	struct datagram datagrams[BATCH];

	(void)fd, (void)condition;
	for (int i = 0; i < BATCHES_MAX && ice->sibling != NULL; i++) {
		size_t count = udp_receive(ice->sibling, datagrams, BATCH);
		for (size_t at = 0; at < count; at++)
			datagrams[at].transport = ice->transport;
		if (count > 0)
			ice->sink.on_datagrams(ice->sink.owner, datagrams, count);
		if (count < BATCH)
			break;
	}
	return G_SOURCE_CONTINUE;
}

static void close_sibling(struct ice *ice)
{
	struct udp *sibling;

	g_mutex_lock(&ice->lock);
	sibling = ice->sibling;
	ice->sibling = NULL;
	g_mutex_unlock(&ice->lock);
	if (ice->sibling_source != NULL) {
		g_source_destroy(ice->sibling_source);
		g_source_unref(ice->sibling_source);
		ice->sibling_source = NULL;
	}
	if (sibling != NULL)
		udp_close(sibling);
	g_clear_object(&ice->base);
}

static void open_sibling(struct ice *ice, const struct ice_note *note)
{
	/* Null for a relayed pair, whose framing is libnice's. */
	GSocket *base = ice->use_sibling ? nice_agent_get_selected_socket(ice->agent, ice->stream, 1) : NULL;
	struct udp *sibling;

	if (base == NULL || note->local_type == ICE_RELAYED)
		return;
	sibling = ice_sibling_open(g_socket_get_fd(base), &ice->udp);
	if (sibling == NULL)
		return;
	ice->base = g_object_ref(base);
	ice->sibling_source = g_unix_fd_source_new(udp_fd(sibling), G_IO_IN);
	g_source_set_callback(ice->sibling_source, G_SOURCE_FUNC(on_sibling_ready), ice, NULL);
	g_source_attach(ice->sibling_source, ice->context);
	g_mutex_lock(&ice->lock);
	ice->sibling = sibling;
	g_mutex_unlock(&ice->lock);
}

void ice_path_select(struct ice *ice, const struct ice_note *note)
{
	struct path_change change = { .transport = ice->transport, .kind = PATH_READY, .rtt = -1 };
	GSocket *base = nice_agent_get_selected_socket(ice->agent, ice->stream, 1);

	g_mutex_lock(&ice->lock);
	ice->remote = note->remote;
	g_mutex_unlock(&ice->lock);
	if (base == NULL || base != ice->base || note->local_type == ICE_RELAYED) {
		close_sibling(ice);
		open_sibling(ice, note);
	}
	change.route = route_of(ice, note);
	change.local = note->local;
	change.remote = note->remote;
	ice->sink.on_path_change(ice->sink.owner, &change);
}

/* --- the end. The order is what libnice needs: silence, no receiver, asynchronous close, release. */

static void finish(struct ice *ice)
{
	if (ice->close_limit != NULL) {
		g_source_destroy(ice->close_limit);
		g_source_unref(ice->close_limit);
	}
	ice_notes_free(ice);
	g_object_unref(ice->agent);
	if (ice->on_closed != NULL)
		ice->on_closed(ice->closed_data);
	g_mutex_clear(&ice->lock);
	alloc_free(ice);
}

static void on_agent_closed(GObject *agent, GAsyncResult *result, gpointer data)
{
	(void)agent, (void)result;
	finish(data);
}

void ice_path_close(struct ice *ice)
{
	close_sibling(ice);
}

void ice_close(struct ice *ice, void (*on_closed)(void *data), void *data)
{
	g_mutex_lock(&ice->lock);
	ice->closing = true;
	g_mutex_unlock(&ice->lock);
	ice->on_closed = on_closed;
	ice->closed_data = data;
	ice_path_close(ice);
	g_signal_handlers_disconnect_by_data(ice->agent, ice);
	if (ice->stream != 0)
		nice_agent_attach_recv(ice->agent, ice->stream, 1, ice->context, NULL, NULL);
	nice_agent_close_async(ice->agent, on_agent_closed, ice);
}
