/* event: what the core tells the application. Pulled with core_next_event right after each input. */
#ifndef TYPES_EVENT_H
#define TYPES_EVENT_H

#include "core/types/identity.h"
#include "core/types/path_change.h"

struct conn;
struct listen_socket;

enum event_kind {
	EVENT_STATE, /* conn went from old_state to new_state; a new incoming one: NONE -> CONNECTING with listener set */
	EVENT_READABLE, /* conn's receive queue was empty and is not now */
	EVENT_WRITABLE, /* conn refused a message with AGAIN and now has room */
	EVENT_ROUTE,    /* conn's data goes another way now */
	EVENT_REFUSED,  /* a stranger's request, by us: peer (may be none), remote, end_reason, text; no conn */
	EVENT_EXPIRED,  /* messages of conn were dropped because they had waited too long */
	/* of the Messages interface, whose connections nobody sees: */
	EVENT_SESSION_REQUEST,   /* peer asks for a session */
	EVENT_SESSION_CONNECTED, /* messages flow; route, local, remote */
	EVENT_SESSION_ENDED,     /* it is gone without harm; new_state, end_reason, text */
	EVENT_SESSION_FAILED,    /* it broke, and stays so until it is restarted or closed; as above */
	EVENT_SESSION_WRITABLE,  /* it refused a message with AGAIN and now has room */
	EVENT_CHANNEL_READABLE,  /* channel had nothing to receive and has now */
};

/* The public KITH_STATE_* values. */
enum conn_state_public {
	STATE_NONE = 0,
	STATE_CONNECTING = 1,
	STATE_FINDING_ROUTE = 2,
	STATE_CONNECTED = 3,
	STATE_CLOSED_BY_PEER = 4,
	STATE_PROBLEM_DETECTED_LOCALLY = 5,
	/* not seen by applications: */
	STATE_FIN_WAIT = -1,
	STATE_LINGER = -2,
	STATE_DEAD = -3,
};

#define EVENT_TEXT_MAX 128

struct event {
	enum event_kind kind;
	struct conn *conn;              /* valid until the next call into the core */
	struct listen_socket *listener; /* of a new incoming connection, else null */
	int32_t old_state;
	int32_t new_state;
	uint32_t end_reason;       /* wire code (docs/wire.md, "End reasons"); 0 = still alive */
	char text[EVENT_TEXT_MAX]; /* why it ended */
	enum route_kind route;
	struct address local;
	struct address remote;
	struct identity peer; /* of sessions and REFUSED */
	int32_t channel;
};

#endif
