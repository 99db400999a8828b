/* The selected pair: what kind of way it is, and the sockets beside libnice's. */
#include <glib-unix.h>

#include "transport/ice_internal.h"
#include "transport/ice_sibling.h"
#include "transport/udp_options.h"

enum {
	BATCH = 64,
	BATCHES_MAX = 8, /* then the other sources of the loop have their turn */
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
	struct ice_base *base = data;
	struct ice *ice = base->ice;
	struct datagram datagrams[BATCH];

	(void)fd, (void)condition;
	for (int i = 0; i < BATCHES_MAX; i++) {
		size_t count = udp_receive(base->sibling, datagrams, BATCH);
		for (size_t at = 0; at < count; at++)
			datagrams[at].transport = ice->transport;
		if (count > 0)
			ice->sink.on_datagrams(ice->sink.owner, datagrams, count);
		if (!udp_may_have_more(base->sibling))
			break;
	}
	return G_SOURCE_CONTINUE;
}

/* --- the sockets */

static void add_base(struct ice *ice, GSocket *socket)
{
	struct ice_base *base = &ice->bases[ice->base_count];
	int fd = g_socket_get_fd(socket);

	if (ice->base_count == ICE_INTERFACES_MAX || g_socket_get_socket_type(socket) != G_SOCKET_TYPE_DATAGRAM ||
	    !udp_options_local(fd, &base->address))
		return;
	udp_options_set_buffers(fd, ice->udp.buffer_size);
	if (ice->use_sibling && !ice_sibling_prepare(fd))
		ice->use_sibling = false;
	base->ice = ice;
	base->socket = g_object_ref(socket);
	ice->base_count++;
}

void ice_path_prepare(struct ice *ice)
{
	GPtrArray *sockets = nice_agent_get_sockets(ice->agent, ice->stream, ICE_COMPONENT);

	if (sockets == NULL)
		return;
	for (guint i = 0; i < sockets->len; i++)
		add_base(ice, g_ptr_array_index(sockets, i));
	g_ptr_array_unref(sockets);
}

static struct ice_base *find_base(struct ice *ice, const struct address *address)
{
	for (unsigned i = 0; i < ice->base_count; i++) {
		if (address_equal(&ice->bases[i].address, address))
			return &ice->bases[i];
	}
	return NULL;
}

/* Stays open until the session ends: what a peer sends on its old way still arrives after a change. */
static struct udp *open_sibling(struct ice_base *base)
{
	struct ice *ice = base->ice;

	if (base->sibling != NULL)
		return base->sibling;
	base->sibling = ice_sibling_open(g_socket_get_fd(base->socket), &ice->udp);
	if (base->sibling == NULL)
		return NULL;
	base->source = g_unix_fd_source_new(udp_fd(base->sibling), G_IO_IN);
	g_source_set_callback(base->source, G_SOURCE_FUNC(on_sibling_ready), base, NULL);
	g_source_attach(base->source, ice->context);
	return base->sibling;
}

static void set_direct(struct ice *ice, struct udp *direct, const struct address *remote)
{
	pthread_mutex_lock(&ice->send_lock);
	ice->direct = direct;
	ice->remote = *remote;
	pthread_mutex_unlock(&ice->send_lock);
}

/* --- the pair */

static void log_selected(const struct ice *ice, const struct ice_note *note)
{
	static const char *const names[] = {
		[ICE_HOST] = "host", [ICE_SERVER_REFLEXIVE] = "srflx", [ICE_PEER_REFLEXIVE] = "prflx", [ICE_RELAYED] = "relay"
	};
	char local[ADDRESS_TEXT_MAX], remote[ADDRESS_TEXT_MAX];

	address_print(&note->local, local);
	address_print(&note->remote, remote);
	ice_log_say(ice, ICE_LOG_INFO, "selected pair: %s (%s) and %s (%s)", local, names[note->local_type], remote,
	            names[note->remote_type]);
}

void ice_path_select(struct ice *ice, const struct ice_note *note)
{
	struct path_change change = { .transport = ice->transport, .kind = PATH_READY, .rtt = -1 };
	/* Framing for a relay is libnice's. */
	bool direct = ice->use_sibling && note->local_type != ICE_RELAYED;
	struct ice_base *base = direct ? find_base(ice, &note->base) : NULL;

	log_selected(ice, note);
	ice->selected = *note;
	ice->failed = false;
	set_direct(ice, base != NULL ? open_sibling(base) : NULL, &note->remote);
	change.route = route_of(ice, note);
	change.local = note->local;
	change.remote = note->remote;
	ice->sink.on_path_change(ice->sink.owner, &change);
}

void ice_path_set_failed(struct ice *ice, bool failed)
{
	struct path_change change = { .transport = ice->transport, .kind = PATH_FAILED, .rtt = -1 };

	if (failed) {
		ice->failed = true;
		/* The peer agrees to nothing any more; libnice itself refuses to send from here on. */
		set_direct(ice, NULL, &ice->remote);
		ice->sink.on_path_change(ice->sink.owner, &change);
	} else if (ice->failed && ice->selected.kind == ICE_NOTE_SELECTED) {
		ice_path_select(ice, &ice->selected);
	}
}

void ice_path_close(struct ice *ice)
{
	struct ice_base *base;

	set_direct(ice, NULL, &ice->remote);
	for (base = ice->bases; base < ice->bases + ice->base_count; base++) {
		if (base->source != NULL) {
			g_source_destroy(base->source);
			g_source_unref(base->source);
		}
		if (base->sibling != NULL)
			udp_close(base->sibling);
		g_object_unref(base->socket);
	}
	ice->base_count = 0;
}
