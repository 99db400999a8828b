/* engine_internal: the structs of this room.
 *
 * One lock for an endpoint and all that belongs to it: what is not marked otherwise is guarded by
 * it. Every object holds a reference of its engine, and goes when its handle is neither valid nor
 * pinned.
 */
#ifndef ENGINE_ENGINE_INTERNAL_H
#define ENGINE_ENGINE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/core.h"
#include "core/sockets/sockets.h"
#include "engine/box.h"
#include "engine/engine.h"
#include "engine/event_queue.h"
#include "engine/failure.h"
#include "engine/log_sink.h"
#include "engine/service.h"
#include "engine/service_credentials.h"
#include "engine/session_events.h"

enum {
	SIGNALINGS_MAX = 16,
	/* Closed connections the application has not been told of, read out or closed; the oldest goes. */
	DEAD_CONNS_MAX = 4096,
	/* KITH_EVENT_SIGNAL and KITH_EVENT_ERROR; what comes then is dropped: signals are repeated. */
	SIGNALS_WAITING_MAX = 1024,
	ERRORS_WAITING_MAX = 64,
};

struct wake_box {
	struct box box;
	kith_wake_fn wake;
};

struct callbacks_box {
	struct box box;
	struct kith_callbacks callbacks;
};

struct engine {
	_Atomic int references;
	uint32_t handle; /* written once */
	pthread_mutex_t lock;
	_Atomic bool destroyed;
	struct core *core; /* null once destroyed */
	struct service service;
	struct event_queue events;
	struct session_event_tables session_events;
	struct log_sink log;
	struct wake_box *wake;           /* may be null */
	struct callbacks_box *callbacks; /* may be null */
	struct engine_conn *conns;
	struct engine_listener *listeners;
	struct engine_group *groups;
	struct engine_signaling *signalings;
	int signalings_count;
	int signals_waiting; /* KITH_EVENT_SIGNAL in `events` */
	int errors_waiting;  /* KITH_EVENT_ERROR in `events` */
	struct event_node credentials;
	struct turn_watch turn_watch;
	struct engine_conn *dead; /* those of `conns` that are closed, oldest first */
	int dead_count;
	_Atomic bool dead_to_reap; /* some may go at the next look; also read without the lock */
};

struct state_item;

struct engine_conn {
	struct engine_conn *next, *prev;
	struct engine_conn *dead_next, *dead_prev;
	uint32_t handle;
	struct engine *engine;
	struct conn *conn; /* null once given up */
	struct engine_group *group;
	uint32_t listener; /* its handle; of incoming ones */
	int64_t user_data;
	char *name;                                   /* may be null */
	bool dead;                                    /* its closed state is queued or told */
	bool dead_told;                               /* the application has seen it */
	struct state_item *states;                    /* queued, not told yet */
	struct diagnosis_signaling *signaling_at_end; /* null: it goes on, or went without signals */
	struct event_node readable, writable, routed, expired, credentials;
	struct turn_watch turn_watch; /* of lists of its own */
};

struct engine_listener {
	struct engine_listener *next, *prev;
	uint32_t handle;
	struct engine *engine;
	struct listen_socket *socket; /* null once closed */
	int64_t user_data;
	struct engine_group *group;
	struct kith_address bound; /* port 0: a virtual port */
};

struct engine_group {
	struct engine_group *next, *prev;
	uint32_t handle;
	struct engine *engine;
	struct poll_group *group; /* null once destroyed */
	struct event_node readable;
	int fd;
	bool marked; /* the descriptor is readable */
};

struct engine_signaling {
	struct engine_signaling *next, *prev;
	uint32_t handle;
	struct engine *engine;
	struct signaling_box *box; /* null once closed */
	struct event_node state_changed;
	int32_t state;
	char text[KITH_EVENT_TEXT_MAX];
};

struct signaling_box {
	struct box box;
	kith_signaling_send_fn send;
};

/* --- engine.c */
void engine_ref(struct engine *engine);
void engine_unref(struct engine *engine);
/* KITH_OK with the lock held; else KITH_E_HANDLE: destroyed meanwhile. */
int32_t engine_lock(struct engine *engine);
/* Gives the lock back, rings the application if events wait, then runs what was deferred. */
void engine_unlock(struct engine *engine);
/* The same without ringing, by who takes the lock once more right after. */
void engine_unlock_quietly(struct engine *engine);
/* The same for two, which may be one: the only place where a thread has more than one lock, so there
 * is an order to take them in. */
int32_t engine_lock_both(struct engine *first, struct engine *second);
void engine_unlock_both(struct engine *first, struct engine *second);

/* --- engine_trust.c */
/* The monotonic clock, before an input that certificates may be checked for: the core is told the time
 * of day first. */
usec_t engine_now(struct engine *engine);
/* Certificate, roots and revoked keys of the options, for a core that nobody has seen yet. */
int32_t engine_trust_set_up(struct core *core, const struct kith_endpoint_options *options);
/* Whose certificate this is; IDENTITY_NONE: nobody's. */
int32_t engine_trust_identity(const void *data, size_t size, struct identity *out);

/* --- engine_events.c */
/* Takes everything the core has to tell; after every input and command. False: there was nothing.
 * Else the core may have more to send. */
bool engine_events_collect(struct engine *engine, usec_t now);
/* KITH_EVENT_SIGNAL; copies the bytes. */
void engine_events_add_signal(struct engine *engine, const struct identity *to, const uint8_t *bytes, size_t size);
/* KITH_EVENT_ERROR. */
void engine_events_add_error(struct engine *engine, int32_t result, const char *text);
/* KITH_EVENT_TURN_CREDENTIALS, of a connection or, that being null, of the endpoint. */
void engine_events_add_credentials(struct engine *engine, struct engine_conn *conn);
/* Drops the events of `conn` that are not told yet. */
void engine_events_forget(struct engine_conn *conn);
/* Sets up the events of a new connection. */
void engine_events_init(struct engine_conn *conn);

/* --- engine_conn.c */
/* A handle for a connection of the core. Null: the table is full, and the connection given up. */
struct engine_conn *engine_conn_new(struct engine *engine, usec_t now, struct conn *conn);
/* Its closed state was told by the core. */
void engine_conn_set_dead(struct engine_conn *conn);
/* The options of a connection to be. The caller frees them on success only. With the lock held. */
int32_t engine_conn_make_config(struct engine *engine, const struct kith_connection_options *options,
                                struct config *out);
/* Gives a new connection of the core a handle and what the application attaches, or gives it up. */
int32_t engine_conn_finish(struct engine *engine, usec_t now, struct conn *core_conn,
                           const struct kith_connection_options *options, struct engine_conn **out);
/* The object of a connection that has one. */
struct engine_conn *engine_conn_find(const struct conn *conn);
/* What is known of a connection of the core, with or without a handle. */
void engine_conn_fill_info(const struct conn *conn, struct kith_info *out);
void engine_conn_fill_status(struct conn *conn, struct kith_status *out);
bool engine_conn_fill_lane(struct conn *conn, int32_t lane, struct kith_lane_status *out); /* false: no such lane */
void engine_conn_fill_statistics(struct conn *conn, int32_t side, struct kith_statistics *out);
void engine_conn_fill_name(const struct engine_conn *conn, struct kith_info *out);
void engine_conn_fill_no_status(struct kith_status *out); /* zeros, and -1 where that means unknown */
void engine_conn_fill_security(const struct conn *conn, struct kith_security *out);
/* With the lock held on KITH_OK. */
int32_t engine_conn_lock(struct engine_conn *conn);
/* Ends it: gives the core's connection up, forgets its events, makes the handle stale. */
void engine_conn_end(struct engine_conn *conn, uint32_t reason, const char *text, usec_t linger);
/* Lets closed connections go that the application has been told of and has read out. */
void engine_conn_reap(struct engine *engine);

/* --- engine_listener.c, engine_group.c, engine_signaling.c: end one without a step of the core */
void engine_listener_end(struct engine_listener *listener);
void engine_group_end(struct engine_group *group);
void engine_signaling_end(struct engine_signaling *signaling);

/* Milliseconds for poll until `deadline`, rounded up. */
int engine_poll_timeout(usec_t deadline);

/* Brings the descriptor of a group in line with what can be received. */
void engine_group_update(struct engine_group *group);
/* Messages arrived for a member. */
void engine_group_on_readable(struct engine_group *group);

/* --- engine_config.c */
/* `out` becomes a copy of `from` with the entries set at `level`; the caller frees it on success only. */
int32_t engine_config_copy(struct config *out, const struct config *from, enum config_level level,
                           const struct kith_config_entry *entries, uint32_t count);
/* The library's defaults, copied. */
void engine_config_defaults(struct config *out);
/* Around a fork(): between the two nobody touches the library's defaults. */
void engine_config_hold(void);
void engine_config_let_go(void);
/* Takes defaults that changed while the endpoint was being made. With the lock held. */
void engine_config_refresh(struct engine *engine);
/* A value of the endpoint changed: listeners and connections take it. With the lock held. */
void engine_config_spread(struct engine *engine, int32_t id);

#endif
