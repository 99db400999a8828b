/* attempt: what was done to make a connection, and what came of it; from these facts follows at which
 * stage it failed. Plain data. */
#ifndef TYPES_ATTEMPT_H
#define TYPES_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/usec.h"

/* The kinds of ICE candidates, as far as people care. */
enum candidate_kind {
	CANDIDATE_HOST,   /* an address of a machine */
	CANDIDATE_PUBLIC, /* as a STUN server, or the peer, sees it */
	CANDIDATE_RELAY,  /* of a TURN server */
	CANDIDATE_KINDS,
};

#define ATTEMPT_TEXT_MAX 160

struct attempt {
	bool p2p;       /* by signals; else by address */
	bool incoming;  /* the peer called */
	bool agreed;    /* both sides accepted, and have keys */
	bool connected; /* it was, at some time */
	bool refused;   /* we do not believe who the peer is */
	usec_t began_at;
	usec_t ended_at; /* or now */

	/* By address. */
	uint32_t requests; /* datagrams that asked for an answer */
	bool reachable;    /* somebody answered there */
	bool old_version;  /* who speaks too old a version */

	/* By signals. */
	uint32_t signals_sent, signals_received;
	uint32_t local[CANDIDATE_KINDS];  /* candidates the peer was told */
	uint32_t remote[CANDIDATE_KINDS]; /* and those it told */
	bool gathered;                    /* there will be no more of ours */
	bool found;                       /* a pair worked, at some time */
	bool impossible;                  /* ICE cannot work here, or as configured */

	/* Servers that gave no candidate, and were asked why. */
	uint32_t servers_silent, servers_refused, servers_failed;
	char server_text[ATTEMPT_TEXT_MAX]; /* what the last of them said */
};

#endif
