/* ice: one ICE session through libnice: gathering, checks, the selected pair, data over it.
 *
 * Owns: the agent and its teardown, which candidates are told and tried, the servers, the sockets
 * beside libnice's. Roles and credentials are given, never decided here.
 * Does not know: signals, packets. All on the thread that iterates the context, except ice_send.
 */
#ifndef TRANSPORT_ICE_H
#define TRANSPORT_ICE_H

#include <glib.h>

#include "core/types/datagram.h"
#include "core/types/path_change.h"
#include "transport/udp.h"

struct ice;

/* What a line of log is: of this session, or what libnice or GLib says. */
enum ice_log_kind { ICE_LOG_DEBUG, ICE_LOG_INFO, ICE_LOG_WARNING, ICE_LOG_LIBRARY };

/* Where news goes: called on the context's thread, with no lock of ours or libnice's held. */
struct ice_sink {
	void *owner;
	void (*on_datagrams)(void *owner, struct datagram *datagrams, size_t count);
	/* The data of direct pairs arrives at a socket of our own, which the owner reads from now on (and has
	 * looked at by ice_take_answers) until it is told that the socket is about to be closed. Both null:
	 * it comes through on_datagrams. */
	void (*on_socket)(void *owner, struct ice *ice, struct udp *udp);
	void (*on_socket_closing)(void *owner, struct udp *udp);
	void (*on_path_change)(void *owner, const struct path_change *change);
	/* One line for the log. */
	void (*on_log)(void *owner, enum ice_log_kind kind, const char *text);
};

/* Everything is copied. */
struct ice_options {
	GMainContext *context; /* also the thread's default one in every call and while it runs */
	uint32_t transport;
	bool controlling;
	uint32_t share; /* SHARE_*; SHARE_RELAY alone: nothing but relays */
	const char *username, *password;
	const char *stun_servers, *turn_servers, *turn_users, *turn_passwords; /* as the options have them */
	struct udp_options udp;
	bool use_sibling;
	struct ice_sink sink;
};

/* GLib ends the process when it finds no descriptor: is there room for `count` of them? */
bool ice_has_descriptors(unsigned count);
/* Begins to gather. What makes that impossible is told as PATH_IMPOSSIBLE. */
struct ice *ice_new(const struct ice_options *options);
/* What it was made with. */
uint32_t ice_transport(const struct ice *ice);
GMainContext *ice_context(const struct ice *ice);
/* Set again with other values they replace the first ones. */
void ice_set_remote(struct ice *ice, const char *username, const char *password);
/* The peer's line, as hostile as it may be; after ice_set_remote, without which libnice gives every pair
 * up at once. */
void ice_add_candidate(struct ice *ice, const char *line);
/* Takes what servers answer to us out of datagrams that came to one of the sockets told of. Returns how
 * many are left, moved to the front. */
size_t ice_take_answers(struct ice *ice, const struct udp *udp, struct datagram *datagrams, size_t count);
/* The same on any thread and without a session: they are dropped, and asked for again. */
size_t ice_drop_answers(struct datagram *datagrams, size_t count);
/* Over the selected pair; lost where there is none. From any thread, one at a time. */
void ice_send(struct ice *ice, const struct datagram_burst *burst);
/* From now on what GLib says on the threads of sessions goes to their sinks too, as libnice's words do. Any thread. */
void ice_log_take_glib(void);
/* Ends it: no call into the sink after this. The agent says goodbye to its relays meanwhile:
 * `on_closed` is called with `data` when nothing is left, about two seconds later at most, perhaps
 * at once. */
void ice_close(struct ice *ice, void (*on_closed)(void *data), void *data);

#endif
