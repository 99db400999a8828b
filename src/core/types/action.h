/* action: what the core asks the world to do. Pulled with core_next_action, done by the engine.
 *
 * Pointers inside are valid until the next call into the core.
 */
#ifndef TYPES_ACTION_H
#define TYPES_ACTION_H

#include "core/types/identity.h"

struct conn;

enum action_kind {
	ACTION_SEND_SIGNAL,     /* to, source (preferred signaling or 0), bytes, size, conn */
	ACTION_ICE_START,       /* transport, controlling, username/password of ours, share mask, conn */
	ACTION_ICE_REMOTE,      /* transport, username/password of the peer (may be repeated: last wins) */
	ACTION_ICE_CANDIDATE,   /* transport, candidate: the peer's line, untrusted text */
	ACTION_TRANSPORT_CLOSE, /* transport: close it after what was transmitted has left */
};

/* Bits of the share mask: the public KITH_SHARE_*. */
#define SHARE_RELAY 1u
#define SHARE_PRIVATE 2u
#define SHARE_PUBLIC 4u

struct action {
	enum action_kind kind;
	struct conn *conn;
	uint32_t transport;
	uint32_t source;
	const struct identity *to;
	const uint8_t *bytes;
	size_t size;
	bool controlling;
	uint32_t share; /* which of our candidates may be told; SHARE_RELAY alone = relay-only */
	const char *username;
	const char *password;
	const char *candidate;
};

#endif
