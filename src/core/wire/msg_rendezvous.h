/* msg_rendezvous: one signal between peers that know each other's identity.
 *
 * Owns: the encoding of signals and of the reliable entries in them (docs/wire.md, "Rendezvous").
 * Does not know: how signals travel, which connection, when to send, ICE. Views borrow.
 */
#ifndef WIRE_MSG_RENDEZVOUS_H
#define WIRE_MSG_RENDEZVOUS_H

#include "core/types/identity.h"
#include "core/wire/msg_certificate.h"

struct msg_p2p_request {
	struct msg_signed_session_crypt crypt;     /* info null: absent */
	struct msg_signed_certificate certificate; /* cert null: absent */
	int32_t to_port;                           /* virtual; WIRE_PORT_NONE: absent */
	int32_t from_port;
};

struct msg_p2p_ok {
	struct msg_signed_session_crypt crypt;
	struct msg_signed_certificate certificate;
};

struct msg_p2p_closed {
	const char *text; /* not terminated; cut to WIRE_DEBUG_TEXT_MAX in both directions */
	size_t text_size;
	uint32_t reason; /* END_REASON_SIGNAL_NO_CONNECTION: not to be answered */
};

struct msg_rendezvous {
	uint32_t to_connection_id;   /* 0: absent */
	uint32_t from_connection_id; /* 0: absent */
	struct identity from;        /* IDENTITY_NONE: absent, as in refusals by GNS */
	struct identity to;
	bool has_request;
	struct msg_p2p_request request;
	bool has_ok;
	struct msg_p2p_ok ok;
	bool has_closed;
	struct msg_p2p_closed closed;
	bool ice_enabled;
	bool has_ack;
	uint32_t ack; /* highest contiguous entry received */
	bool has_first;
	uint32_t first; /* id of the first entry */

	/* set by the reader; entries and application messages are pulled from it */
	const uint8_t *bytes;
	size_t size;
	uint32_t entry_count; /* not above WIRE_RENDEZVOUS_ENTRIES_MAX */
	uint32_t app_count;   /* not above WIRE_RENDEZVOUS_APPS_MAX */
};

/* False: malformed anywhere, entries included, an identity that cannot be read, or more entries or
 * application messages than the maximum. */
bool msg_rendezvous_read(struct msg_rendezvous *out, const uint8_t *bytes, size_t size);

enum msg_rendezvous_entry_kind {
	MSG_RENDEZVOUS_EMPTY, /* of a kind we do not know; its number counts */
	MSG_RENDEZVOUS_PASSWORD,
	MSG_RENDEZVOUS_CANDIDATE,
};

struct msg_rendezvous_entry {
	enum msg_rendezvous_entry_kind kind;
	const uint8_t *text; /* not terminated */
	size_t size;
	uint32_t generation; /* of a password: which ICE session of the connection; 0: the first */
};

struct msg_rendezvous_app {
	const uint8_t *bytes;
	size_t size;
	uint64_t number;
	uint32_t flags;
	uint32_t lane;
};

struct msg_rendezvous_iterator {
	struct pb_reader in;
};

/* One iterator yields either the entries or the application messages. */
void msg_rendezvous_iterate(struct msg_rendezvous_iterator *iterator, const struct msg_rendezvous *message);
bool msg_rendezvous_next_entry(struct msg_rendezvous_iterator *iterator, struct msg_rendezvous_entry *out);
bool msg_rendezvous_next_app(struct msg_rendezvous_iterator *iterator, struct msg_rendezvous_app *out);

/* Everything but entries and application messages, which are appended behind it. */
void msg_rendezvous_write(struct byte_writer *writer, const struct msg_rendezvous *message);
/* False, with nothing written: no room. EMPTY keeps a number without content. */
bool msg_rendezvous_add_entry(struct byte_writer *writer, const struct msg_rendezvous_entry *entry);

#endif
