/* The selected pair: what kind of way it is, and who sends over it. */
#include "transport/ice_internal.h"

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
	bool direct = ice->sharing.data && note->local_type != ICE_RELAYED;
	struct ice_base *base = direct ? ice_bases_find(ice, &note->base) : NULL;

	log_selected(ice, note);
	ice->selected = *note;
	ice->failed = false;
	set_direct(ice, base != NULL ? ice_bases_sibling(base) : NULL, &note->remote);
	change.route = route_of(ice, note);
	/* What libnice sends is cut where the system likes. */
	change.whole = ice->direct != NULL;
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
	pthread_mutex_lock(&ice->send_lock);
	ice->direct = NULL;
	ice->silent = true;
	pthread_mutex_unlock(&ice->send_lock);
}
