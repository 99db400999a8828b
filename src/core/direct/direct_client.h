/* direct_client: connecting by address: challenge, request, retries, answer.
 *
 * Owns: what a calling side sends before it is connected, who the answering side is.
 * Does not know: sockets; conn's state and keys are conn's.
 */
#ifndef DIRECT_DIRECT_CLIENT_H
#define DIRECT_DIRECT_CLIENT_H

#include "core/conn/conn.h"
#include "core/types/attempt.h"

struct direct_client {
	struct conn *conn;
	struct address remote;
	bool expects_identity; /* the application said who must answer */
	bool challenge_wanted, request_wanted;
	uint64_t challenge;
	uint32_t version;  /* told with the challenge; 0: not yet */
	uint32_t requests; /* sent */
	bool reachable;    /* something came back */
	bool old_version;
	usec_t retry_at;
};

void direct_client_init(struct direct_client *client, usec_t now, struct conn *conn, const struct address *remote);
/* Challenge reply or connect OK; anything else is ignored. */
void direct_client_receive(struct direct_client *client, usec_t now, const uint8_t *bytes, size_t size);
/* Fills bytes, size and segment_size. */
bool direct_client_transmit(struct direct_client *client, usec_t now, struct datagram_burst *out);
/* Adds what was done by datagrams. */
void direct_client_fill_attempt(const struct direct_client *client, struct attempt *out);
usec_t direct_client_next_timeout(const struct direct_client *client);
void direct_client_handle_timeout(struct direct_client *client, usec_t now);

#endif
