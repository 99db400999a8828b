/* rendezvous: how one peer-to-peer connection is made: its signals and its ICE session's needs.
 *
 * Owns: which signals go out and when, what a received one means to this connection, the
 * credentials and candidates of both sides. Carries conn's handshake; conn does not know it.
 * Does not know: other connections (endpoint finds the right one), libnice, signaling services.
 */
#ifndef RENDEZVOUS_RENDEZVOUS_H
#define RENDEZVOUS_RENDEZVOUS_H

#include "core/conn/conn.h"
#include "core/rendezvous/ice_credentials.h"
#include "core/rendezvous/signal_exchange.h"
#include "core/types/action.h"
#include "core/types/attempt.h"
#include "core/types/path_change.h"
#include "core/types/signal.h"
#include "core/wire/msg_rendezvous.h"

/* A hostile candidate list would make us send checks anywhere: this caps the reflection. */
#define RENDEZVOUS_CANDIDATES_MAX 32
/* Every new password starts the checks anew: a few are honest, more would undo the cap above. */
#define RENDEZVOUS_PASSWORDS_MAX 8

struct rendezvous_ports {
	int32_t local; /* virtual port; WIRE_PORT_NONE: none */
	int32_t remote;
};

/* Our ICE session. */
struct rendezvous_local {
	uint32_t transport; /* 0: none */
	bool start_wanted;
	uint32_t generation; /* 0: the first session of the connection */
	char username[ICE_USERNAME_MAX];
	char password[ICE_PASSWORD_MAX];
};

/* What the peer told of its own; candidates are those of the last password, in order. */
struct rendezvous_remote {
	bool known;
	bool told;  /* handed on to ICE */
	bool stale; /* candidates that come now are of a session that is gone */
	uint32_t generation;
	char username[ICE_USERNAME_MAX];
	char password[ICE_PASSWORD_MAX];
	char *candidates[RENDEZVOUS_CANDIDATES_MAX];
	uint32_t candidate_count;
	uint32_t candidates_told;
	uint32_t candidates_dropped;
	uint32_t password_count;
};

#define RENDEZVOUS_CLOSING_MAX 4

/* Making a new ICE session in a live connection, while the one before carries on. */
struct rendezvous_restart {
	uint32_t carrying; /* the session that data goes over while `local` is being made; 0: `local` itself */
	uint32_t retired;  /* carried before; may still bring what was under way. 0: none */
	usec_t retire_at;
	uint32_t closing[RENDEZVOUS_CLOSING_MAX];
	unsigned closing_count;
	bool wanted;
	uint64_t servers;     /* those that the newest session knows, as a hash */
	usec_t servers_since; /* others are to be used from this moment on; USEC_NEVER: they are the same */
	bool for_servers;     /* what runs, or is wanted, is for their sake */
	usec_t give_up_at;    /* the attempt that runs; USEC_NEVER: none does */
	usec_t rest_until;
	unsigned credit; /* attempts that the peer may still begin */
	usec_t credit_at;
};

/* For who asks why it does not work. */
struct rendezvous_tally {
	uint32_t signals_sent, signals_received;
	uint32_t local[CANDIDATE_KINDS];
	bool gathered, found, impossible;
	uint32_t servers_silent, servers_refused, servers_failed;
	char server_text[ATTEMPT_TEXT_MAX];
};

struct rendezvous {
	struct conn *conn;
	struct rng *rng;
	const struct identity *own; /* the endpoint's; outlives us */
	struct rendezvous_ports ports;
	bool symmetric;
	uint32_t source; /* signaling that reached the peer last; 0: any */
	uint32_t share;  /* which of our candidates the peer may be told */
	struct signal_exchange exchange;
	usec_t request_due;    /* client: when the request goes again; USEC_NEVER: not */
	bool ok_wanted;        /* server: the next signal carries the answer */
	uint32_t close_reason; /* a close signal is to go; 0: none */
	bool told_closed;      /* the peer's end, or ours, is known to the other side */
	bool answered;         /* the peer knows that we are here; a stranger need not */
	struct rendezvous_local local;
	struct rendezvous_remote remote;
	struct rendezvous_restart restart;
	struct rendezvous_tally tally;
};

/* `conn` stays the caller's; its config says what may be shared and whether it is symmetric. */
void rendezvous_init(struct rendezvous *rendezvous, usec_t now, struct conn *conn, struct rng *rng,
                     const struct identity *own);
void rendezvous_free(struct rendezvous *rendezvous);
/* For rendezvous_restart.c. */
void rendezvous_forget_candidates(struct rendezvous *rendezvous);

/* Client: begin calling. Server: the application accepted; `transport` is a fresh number. */
void rendezvous_start(struct rendezvous *rendezvous, usec_t now, uint32_t transport);
/* The peer won the client role: our ICE session starts anew, controlling, as `transport`. */
void rendezvous_restart_as_server(struct rendezvous *rendezvous, usec_t now, uint32_t transport);

/* A signal that endpoint found to be for this connection. */
void rendezvous_receive(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous *message);
/* Only the reliable part: of a request that is not accepted yet, or that made us server. */
void rendezvous_receive_entries(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous *message);
void rendezvous_on_path_change(struct rendezvous *rendezvous, usec_t now, const struct path_change *change);
/* conn went from `old_state` to another: an end is told by signal too. */
void rendezvous_on_state(struct rendezvous *rendezvous, usec_t now, int32_t old_state);
/* Nobody wants to hear of this request: whatever becomes of it, the peer is told nothing. */
void rendezvous_ignore(struct rendezvous *rendezvous);

/* --- rendezvous_restart.c: another ICE session in a live connection (docs/wire.md, "ICE restart") */
/* The machine's addresses changed. */
void rendezvous_restart_on_network(struct rendezvous *rendezvous);
/* Options changed: other TURN servers, users or passwords are of use to who goes through a relay. */
void rendezvous_restart_on_config(struct rendezvous *rendezvous, usec_t now);
/* After any input: is the way lost? True: rendezvous_restart_begin is to be called with a fresh number. */
bool rendezvous_restart_is_wanted(struct rendezvous *rendezvous, usec_t now);
void rendezvous_restart_begin(struct rendezvous *rendezvous, usec_t now, uint32_t transport);
usec_t rendezvous_restart_next_timeout(const struct rendezvous *rendezvous);
void rendezvous_restart_handle_timeout(struct rendezvous *rendezvous, usec_t now);
/* For rendezvous.c. The peer's password of a later session: */
void rendezvous_restart_on_password(struct rendezvous *rendezvous, usec_t now,
                                    const struct msg_rendezvous_entry *entry);
/* True: it is all done. */
bool rendezvous_restart_on_path_change(struct rendezvous *rendezvous, usec_t now, const struct path_change *change);
void rendezvous_restart_add_closing(struct rendezvous *rendezvous, uint32_t transport);
/* A session begins now, with the options as they are. */
void rendezvous_restart_note_servers(struct rendezvous *rendezvous);
/* The relays of the newest session will not be had for much longer. */
void rendezvous_restart_on_expiring(struct rendezvous *rendezvous);
/* The next ICE session to be closed; 0: none. */
uint32_t rendezvous_restart_next_closing(struct rendezvous *rendezvous);
/* The connection is gone: all of them, one after the other. */
uint32_t rendezvous_restart_next_left(struct rendezvous *rendezvous);

/* Adds what was done by signals and ICE. */
void rendezvous_fill_attempt(const struct rendezvous *rendezvous, struct attempt *out);

usec_t rendezvous_next_timeout(const struct rendezvous *rendezvous);
/* The next thing to do, or false. A signal is built into `scratch` (SIGNAL_SIZE_MAX bytes). */
bool rendezvous_next_action(struct rendezvous *rendezvous, usec_t now, struct action *out, uint8_t *scratch);

#endif
