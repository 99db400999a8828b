/* messages_internal: what the files of this room share: the sessions and their tables. */
#ifndef MESSAGES_MESSAGES_INTERNAL_H
#define MESSAGES_MESSAGES_INTERNAL_H

#include "core/base/list.h"
#include "core/base/timer_queue.h"
#include "core/messages/message_channel.h"
#include "core/messages/messages.h"

/* Channels of one session that are remembered as in use; those beyond serve as well, but closing the
 * remembered ones closes the session. */
#define MESSAGE_SESSION_CHANNELS_MAX 1024u

struct message_session {
	struct messages *messages;
	struct message_peer *peer;
	struct conn *conn; /* null: none now */
	bool waiting;      /* the peer asks for it, the application has not accepted */
	bool connected;    /* this connection has been */
	bool broken;       /* the last connection failed: `end` tells how */
	bool stalled;      /* the connection has messages that found no room here */
	struct event end;
	struct attempt *attempt; /* of one that broke: what was tried; else null */
	struct message_inbox inbox;
	int32_t *channels; /* in use, ascending */
	unsigned channel_count, channel_capacity;
	usec_t used_at;
	struct timer idle;
	UT_hash_handle hh;
};

struct message_event {
	struct message_event *next;
	struct event event;
};

struct messages {
	struct endpoint *endpoint;
	uint64_t hash_key;
	struct message_session *sessions;
	struct message_channels channels;
	struct timer_queue timers;
	struct message_event *events, *events_tail;
	uint64_t dropped_count; /* too short for a header */
};

/* --- messages.c */
void messages_tell(struct message_session *session, enum event_kind kind, const struct event *from);

/* --- message_session.c */
struct message_session *message_session_find(const struct messages *messages, const struct identity *peer);
struct message_session *message_session_new(struct messages *messages, usec_t now, const struct identity *peer);
/* Drops what is unread. Its connection must have been given up. */
void message_session_destroy(struct message_session *session);
/* It is of use now. */
void message_session_use(struct message_session *session, usec_t now);
/* How long a session may be idle is another time. */
void message_session_arm(struct message_session *session);
/* Takes a connection as its own. */
void message_session_attach(struct message_session *session, usec_t now, struct conn *conn);
/* A new connection to the peer. False: there are too many. */
bool message_session_call(struct message_session *session, usec_t now);
bool message_session_accept(struct message_session *session, usec_t now);
/* Messages from the connection into the channels: as many as there is room for, or all. */
void message_session_pump(struct message_session *session, usec_t now, bool all);
/* The inbox has become emptier: room again for what waits in the connection? */
void message_session_on_taken(struct message_session *session, usec_t now);
/* The connection came to its end by itself. May destroy the session. */
void message_session_on_end(struct message_session *session, usec_t now, const struct event *event);
/* Gives the connection up, if there is one. */
void message_session_close(struct message_session *session, usec_t now, uint32_t reason, const char *text,
                           usec_t linger_limit);
/* Its timer rang. May destroy the session. */
void message_session_on_idle(struct message_session *session, usec_t now);

void message_session_open_channel(struct message_session *session, int32_t channel);
/* False: it was not in use. */
bool message_session_forget_channel(struct message_session *session, int32_t channel);

#endif
