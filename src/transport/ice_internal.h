/* ice_internal: a session's insides, for the files of the ICE transport. */
#ifndef TRANSPORT_ICE_INTERNAL_H
#define TRANSPORT_ICE_INTERNAL_H

#include <pthread.h>

#include <nice/agent.h>

#include "transport/ice.h"
#include "transport/ice_candidate.h"
#include "transport/ice_interfaces.h"
#include "transport/ice_relay_check.h"
#include "transport/ice_sibling.h"

enum { ICE_COMPONENT = 1 };

enum ice_note_kind {
	ICE_NOTE_CANDIDATE,
	ICE_NOTE_GATHERED,
	ICE_NOTE_SELECTED,
	ICE_NOTE_READY,
	ICE_NOTE_FAILED,
	ICE_NOTE_IMPOSSIBLE
};

/* Something libnice told, to be passed on when nobody's lock is held. */
struct ice_note {
	enum ice_note_kind kind;
	char line[CANDIDATE_LINE_MAX]; /* of a candidate; or why it is impossible */
	struct address base, local, remote;
	enum ice_candidate_type local_type, remote_type;
};

/* A socket of libnice, and ours beside it for the data of direct pairs. */
struct ice_base {
	struct ice *ice;
	GSocket *socket;
	struct address address;
	struct udp *sibling; /* null: not needed yet, or not possible */
	GSource *source;
};

struct ice_stun;

struct ice {
	GMainContext *context;
	NiceAgent *agent; /* null: there was no descriptor for it */
	guint stream;
	uint32_t transport;
	uint32_t share;
	unsigned remote_count;
	struct ice_sibling_share sharing; /* what siblings get */
	bool closing;
	bool failed;
	bool has_relay; /* a relay gave us an address */
	struct udp_options udp;
	struct ice_sink sink;
	struct ice_interfaces interfaces;
	struct ice_base bases[ICE_INTERFACES_MAX];
	unsigned base_count;
	struct ice_note selected;                        /* the last selection */
	struct ice_stun *stun;                           /* null: nobody is asked */
	struct ice_servers *relays;                      /* null: none are asked */
	struct ice_relay_check *checks[ICE_SERVERS_MAX]; /* why a relay gave nothing */

	/* Held while something is sent: a socket that is closed is not in use. */
	pthread_mutex_t send_lock;
	struct udp *direct; /* the sibling of the selected pair; null: libnice sends */
	struct address remote;
	bool silent; /* nothing is sent any more */

	/* Never held when anything else is called: libnice may tell us something in the middle of a call. */
	pthread_mutex_t notes_lock;
	GSList *notes; /* newest first */
	GSource *notes_source;

	void (*on_closed)(void *data);
	void *closed_data;
};

/* --- ice_log.c */
/* One line about the session. */
void ice_log_say(const struct ice *ice, enum ice_log_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A server gave no candidate: tells it on. */
void ice_say_server(const struct ice *ice, int32_t result, const char *text);
/* From now on this thread's warnings of libnice go to the session's sink. */
void ice_log_take(const struct ice *ice);
/* The same for a moment, on whichever thread calls libnice; returns what ice_log_leave is to be given. */
GMainContext *ice_log_enter(const struct ice *ice);
void ice_log_leave(GMainContext *before);

/* --- ice_notes.c */
/* Copies; passed on from the context's loop. From any thread, with any lock held. */
void ice_notes_add(struct ice *ice, const struct ice_note *note);
void ice_notes_free(struct ice *ice);

/* --- ice_bases.c: libnice's sockets and ours beside them */
/* Once libnice's sockets exist, before anything can arrive at them. */
void ice_bases_prepare(struct ice *ice);
/* Where libnice is bound to that address. Null: nowhere. */
struct ice_base *ice_bases_find(struct ice *ice, const struct address *address);
/* Opened with the first call; stays open until the session ends: what a peer sends on its old way still
 * arrives after a change. Null: not possible. */
struct udp *ice_bases_sibling(struct ice_base *base);
void ice_bases_close(struct ice *ice);

/* --- ice_path.c: the selected pair */
void ice_path_select(struct ice *ice, const struct ice_note *note);
/* The pair carries nothing any more, or again. */
void ice_path_set_failed(struct ice *ice, bool failed);
/* Nothing is sent beside libnice any more. */
void ice_path_close(struct ice *ice);

/* --- ice_stun.c: how servers see us */
/* Asks all servers of the list, from each of our addresses, and tells what they answer. */
void ice_stun_start(struct ice *ice, const char *servers);
void ice_stun_receive(struct ice_base *base, const struct datagram *datagram);
void ice_stun_free(struct ice *ice);

/* --- ice_relays.c: the TURN servers, and why there is no relay */
void ice_relays_add(struct ice *ice, const struct ice_options *options);
void ice_relays_on_gathered(struct ice *ice);
void ice_relays_free(struct ice *ice);
/* --- ice_relays_tcp.c: once there is a relay. No end of a TCP connection to one reaches libnice any more. */
void ice_relays_keep_open(struct ice *ice);

#endif
