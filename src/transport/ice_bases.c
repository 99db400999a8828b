/* The sockets that libnice opened, and ours beside them. */
#include <glib-unix.h>

#include "transport/ice_internal.h"
#include "transport/udp_options.h"

enum {
	BATCH = 64,
	BATCHES_MAX = 8, /* then the other sources of the loop have their turn */
	STUN_LEAD_MAX = 1,
};

static bool is_answer(const struct datagram *datagram)
{
	return datagram->size > 0 && datagram->bytes[0] <= STUN_LEAD_MAX;
}

/* Data goes on in runs; what servers answer to us stands between. */
static void pass_on(struct ice_base *base, struct datagram *datagrams, size_t count)
{
	struct ice *ice = base->ice;
	size_t from = 0;

	for (size_t at = 0; at < count; at++) {
		datagrams[at].transport = ice->transport;
		if (!is_answer(&datagrams[at]))
			continue;
		if (at > from)
			ice->sink.on_datagrams(ice->sink.owner, datagrams + from, at - from);
		ice_stun_receive(base, &datagrams[at]);
		from = at + 1;
	}
	if (count > from)
		ice->sink.on_datagrams(ice->sink.owner, datagrams + from, count - from);
}

static struct ice_base *find_sibling(struct ice *ice, const struct udp *udp)
{
	for (unsigned i = 0; i < ice->base_count; i++) {
		if (ice->bases[i].sibling == udp)
			return &ice->bases[i];
	}
	return NULL;
}

size_t ice_take_answers(struct ice *ice, const struct udp *udp, struct datagram *datagrams, size_t count)
{
	struct ice_base *base = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!is_answer(&datagrams[i]))
			continue;
		if (base == NULL)
			base = find_sibling(ice, udp);
		if (base != NULL)
			ice_stun_receive(base, &datagrams[i]);
	}
	return ice_drop_answers(datagrams, count);
}

size_t ice_drop_answers(struct datagram *datagrams, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_answer(&datagrams[i]))
			continue;
		if (kept != i)
			datagrams[kept] = datagrams[i];
		kept++;
	}
	return kept;
}

static gboolean on_sibling_ready(gint fd, GIOCondition condition, gpointer data)
{
	struct ice_base *base = data;
	struct datagram datagrams[BATCH];

	(void)fd, (void)condition;
	for (int i = 0; i < BATCHES_MAX || udp_has_some(base->sibling); i++) {
		size_t count = udp_receive(base->sibling, datagrams, BATCH);
		pass_on(base, datagrams, count);
		if (!udp_may_have_more(base->sibling))
			break;
	}
	return G_SOURCE_CONTINUE;
}

static void add_base(struct ice *ice, GSocket *socket)
{
	struct ice_base *base = &ice->bases[ice->base_count];
	int fd = g_socket_get_fd(socket);

	if (ice->base_count == ICE_INTERFACES_MAX || g_socket_get_socket_type(socket) != G_SOCKET_TYPE_DATAGRAM ||
	    !udp_options_local(fd, &base->address))
		return;
	udp_options_set_buffers(fd, ice->udp.buffer_size);
	if (ice->sharing.data || ice->sharing.answers)
		ice_sibling_prepare(fd, &ice->sharing);
	base->ice = ice;
	base->socket = g_object_ref(socket);
	ice->base_count++;
}

void ice_bases_prepare(struct ice *ice)
{
	GPtrArray *sockets = nice_agent_get_sockets(ice->agent, ice->stream, ICE_COMPONENT);

	if (sockets == NULL)
		return;
	for (guint i = 0; i < sockets->len; i++)
		add_base(ice, g_ptr_array_index(sockets, i));
	g_ptr_array_unref(sockets);
}

struct ice_base *ice_bases_find(struct ice *ice, const struct address *address)
{
	for (unsigned i = 0; i < ice->base_count; i++) {
		if (address_equal(&ice->bases[i].address, address))
			return &ice->bases[i];
	}
	return NULL;
}

struct udp *ice_bases_sibling(struct ice_base *base)
{
	struct ice *ice = base->ice;

	if (base->sibling != NULL)
		return base->sibling;
	base->sibling = ice_sibling_open(g_socket_get_fd(base->socket), &ice->sharing, &ice->udp);
	if (base->sibling == NULL)
		return NULL;
	if (ice->sink.on_socket != NULL) {
		ice->sink.on_socket(ice->sink.owner, ice, base->sibling);
		return base->sibling;
	}
	base->source = g_unix_fd_source_new(udp_fd(base->sibling), G_IO_IN);
	g_source_set_callback(base->source, G_SOURCE_FUNC(on_sibling_ready), base, NULL);
	g_source_attach(base->source, ice->context);
	return base->sibling;
}

void ice_bases_close(struct ice *ice)
{
	struct ice_base *base;

	for (base = ice->bases; base < ice->bases + ice->base_count; base++) {
		if (base->source != NULL) {
			g_source_destroy(base->source);
			g_source_unref(base->source);
		}
		if (base->sibling != NULL && ice->sink.on_socket_closing != NULL)
			ice->sink.on_socket_closing(ice->sink.owner, base->sibling);
		if (base->sibling != NULL)
			udp_close(base->sibling);
		g_object_unref(base->socket);
	}
	ice->base_count = 0;
}
