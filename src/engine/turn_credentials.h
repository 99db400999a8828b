/* turn_credentials: users and passwords of TURN servers that end (draft-uberti-behave-turn-rest).
 *
 * Owns: making them of a secret that the server shares with us; reading off a list when the first of its
 * users ends; when the application is to bring others.
 * Does not know: what time it is, events, sessions.
 */
#ifndef ENGINE_TURN_CREDENTIALS_H
#define ENGINE_TURN_CREDENTIALS_H

#include "core/config/config.h"
#include "transport/ice_servers.h"

#define TURN_CREDENTIALS_LIST_MAX (ICE_SERVERS_MAX * (ICE_SERVER_SECRET_MAX + 1))

/* Lists as the options have them. To be wiped. */
struct turn_credentials {
	char users[TURN_CREDENTIALS_LIST_MAX];
	char passwords[TURN_CREDENTIALS_LIST_MAX];
	bool end; /* some of them do, after the option's time */
};

/* For a session that begins at `unix_time`: those of secrets are made, the others copied. */
void turn_credentials_make(struct turn_credentials *out, const struct config *config, int64_t unix_time);
/* When the first user ends that was given with its end ("1767225600:name"), in seconds since 1970. 0: none does. */
int64_t turn_credentials_end(const struct config *config);
/* How many seconds before their end those are renewed that have `seconds` left. */
int64_t turn_credentials_ahead(int64_t seconds);

/* Asking for those of one list; in seconds since 1970. All zero: nothing is known yet. */
struct turn_watch {
	int64_t end;    /* as turn_credentials_end says */
	int64_t ask_at; /* 0: not (any more) */
	int64_t asked_at;
};

void turn_watch_set(struct turn_watch *watch, int64_t end, int64_t now);
/* True: the application is to be asked. */
bool turn_watch_is_due(struct turn_watch *watch, int64_t now);

#endif
