/* direct_server: being connected to by address.
 *
 * Owns: answers to addresses that nothing is known of, the check of a request before a connection
 * is made for it, the answer to one that was accepted and its repetitions.
 * Does not know: which connections exist (endpoint), keys (conn).
 */
#ifndef DIRECT_DIRECT_SERVER_H
#define DIRECT_DIRECT_SERVER_H

#include "core/direct/cookie.h"
#include "core/direct/direct_identity.h"

/* --- before there is a connection */

/* The answer to a challenge request, never longer than it. 0: no answer. */
size_t direct_server_challenge(const struct cookie *cookie, usec_t now, const struct datagram *datagram, uint8_t *out,
                               size_t capacity);
/* The answer to the close of a connection nobody knows. 0: none. */
size_t direct_server_no_connection(const struct datagram *datagram, uint8_t *out, size_t capacity);

/* A connect request whose sender has proven its address; views borrow from the datagram. */
struct direct_request {
	struct msg_connect_request message;
	struct identity peer;
	enum verdict_doubt doubt; /* not NONE: nobody we talk to, and `peer` is none */
};

/* False: dropped without a word. */
bool direct_server_check(const struct cookie *cookie, usec_t now, const struct datagram *datagram,
                         struct direct_request *out);
/* The refusal of a request. It goes to an address that was proven. */
size_t direct_server_refuse(const struct direct_request *request, uint32_t reason, const char *text, uint8_t *out,
                            size_t capacity);

/* --- one connection */

struct direct_server {
	struct conn *conn;
	bool ok_wanted;
	bool has_timestamp;
	uint64_t timestamp; /* of the last request */
	usec_t received_at;
};

/* `request` has made `conn`. */
void direct_server_init(struct direct_server *server, usec_t now, struct conn *conn,
                        const struct direct_request *request);
/* Another challenge or connect request from the address of this connection. */
void direct_server_receive(struct direct_server *server, usec_t now, const uint8_t *bytes, size_t size);
/* The application accepted: the answer goes. */
void direct_server_on_accept(struct direct_server *server);
bool direct_server_transmit(struct direct_server *server, usec_t now, struct datagram_burst *out);

#endif
