/* msg_handshake: the datagrams that open and close a connection over plain UDP; the two that close
 * one travel over ICE as well.
 *
 * Owns: their encodings, lead byte and padding included (docs/wire.md, "Handshake messages").
 * Does not know: retries, states, what a challenge is made of. Views borrow from the datagram.
 */
#ifndef WIRE_MSG_HANDSHAKE_H
#define WIRE_MSG_HANDSHAKE_H

#include "core/types/identity.h"
#include "core/wire/msg_certificate.h"

/* All readers take the whole datagram, lead byte first. False: not that message, or malformed. All
 * writers append a whole datagram; no room shows in the writer. An id of 0 means absent. */

struct msg_challenge_request {
	uint32_t connection_id; /* the client's */
	uint64_t timestamp;     /* opaque, echoed */
	uint32_t version;
};

bool msg_challenge_request_read(struct msg_challenge_request *out, const uint8_t *datagram, size_t size);
void msg_challenge_request_write(struct byte_writer *writer, const struct msg_challenge_request *message);

struct msg_challenge_reply {
	uint32_t connection_id; /* the client's */
	uint64_t challenge;
	uint64_t timestamp;
	uint32_t version;
};

bool msg_challenge_reply_read(struct msg_challenge_reply *out, const uint8_t *datagram, size_t size);
void msg_challenge_reply_write(struct byte_writer *writer, const struct msg_challenge_reply *message);

struct msg_connect_request {
	uint32_t connection_id; /* the client's */
	uint64_t challenge;
	bool has_certificate;
	struct msg_signed_certificate certificate;
	bool has_timestamp;
	uint64_t timestamp; /* opaque, echoed */
	bool has_ping;
	uint32_t ping_ms;
	bool has_crypt;
	struct msg_signed_session_crypt crypt;
	struct identity identity; /* outside the certificate; IDENTITY_NONE: absent */
};

bool msg_connect_request_read(struct msg_connect_request *out, const uint8_t *datagram, size_t size);
void msg_connect_request_write(struct byte_writer *writer, const struct msg_connect_request *message);

struct msg_connect_ok {
	uint32_t client_connection_id;
	bool has_timestamp;
	uint64_t timestamp;  /* of the request */
	uint32_t delay_usec; /* between request and this; only with the timestamp */
	uint32_t server_connection_id;
	bool has_crypt;
	struct msg_signed_session_crypt crypt;
	bool has_certificate;
	struct msg_signed_certificate certificate;
	struct identity identity; /* outside the certificate; IDENTITY_NONE: absent */
};

bool msg_connect_ok_read(struct msg_connect_ok *out, const uint8_t *datagram, size_t size);
void msg_connect_ok_write(struct byte_writer *writer, const struct msg_connect_ok *message);

struct msg_connection_closed {
	const char *text; /* not terminated; null with size 0: none */
	size_t text_size; /* cut to WIRE_DEBUG_TEXT_MAX in both directions */
	uint32_t reason;  /* enum end_reason, or any other number */
	uint32_t to_connection_id;
	uint32_t from_connection_id;
};

bool msg_connection_closed_read(struct msg_connection_closed *out, const uint8_t *datagram, size_t size);
void msg_connection_closed_write(struct byte_writer *writer, const struct msg_connection_closed *message);

struct msg_no_connection {
	uint32_t from_connection_id; /* the one that was addressed in vain */
	uint32_t to_connection_id;
};

bool msg_no_connection_read(struct msg_no_connection *out, const uint8_t *datagram, size_t size);
void msg_no_connection_write(struct byte_writer *writer, const struct msg_no_connection *message);

/* A close text as it may go on the wire: not above the maximum, and no UTF-8 character cut. */
size_t msg_handshake_text_size(const char *text, size_t size);

#endif
