/* Both ends in one process: nobody has to be asked who he is, and nothing travels. */
#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"

static uint32_t hand_over(struct conn *from, struct conn *to, usec_t now)
{
	struct msg_signed_certificate certificate;
	struct msg_signed_session_crypt session;
	struct conn_offer offer = { from->local_id, WIRE_VERSION, &certificate, &session };

	conn_handshake_get(from, &certificate, &session);
	return conn_handshake_receive(to, now, &offer);
}

/* The application chose the name; a key that is really there proves itself. */
static void name_peer(struct conn *conn, const struct identity *peer)
{
	uint8_t key[IDENTITY_KEY_SIZE];

	conn_set_peer(conn, peer);
	if (identity_get_key(peer, key) && bytes_equal(key, conn->certificate.key, sizeof key))
		conn->certificate.proof = CRYPTO_PROOF_KEY;
}

static void tell_nothing(struct conn *conn)
{
	struct event event;

	while (conn_next_event(conn, &event))
		continue;
}

uint32_t conn_join(usec_t now, const struct conn_join *join)
{
	uint32_t reason = hand_over(join->client, join->server, now);

	if (reason == 0 && conn_accept(join->server, now))
		reason = conn_end_reason(join->server);
	if (reason == 0)
		reason = hand_over(join->server, join->client, now);
	if (reason != 0)
		return reason;
	name_peer(join->client, join->server_name);
	name_peer(join->server, join->client_name);
	tell_nothing(join->client);
	tell_nothing(join->server);
	return 0;
}
