#include "core/direct/direct_client.h"

#include "core/base/bytes.h"
#include "core/direct/direct_identity.h"
#include "core/wire/msg_handshake.h"
#include "core/wire/wire.h"

#define RETRY (500 * USEC_PER_MSEC)
#define RTT_MAX (2 * USEC_PER_SEC)

void direct_client_init(struct direct_client *client, usec_t now, struct conn *conn, const struct address *remote)
{
	bytes_zero(client, sizeof *client);
	client->conn = conn;
	client->remote = *remote;
	client->expects_identity = !identity_is_none(conn_peer(conn));
	client->challenge_wanted = true;
	client->retry_at = now;
}

/* A timestamp of ours came back after the peer had it for `delay`; either may be anything. */
static void add_rtt(struct direct_client *client, usec_t now, uint64_t timestamp, uint32_t delay)
{
	uint64_t passed = (uint64_t)now - timestamp;

	if (passed <= (uint64_t)INT64_MAX && passed >= delay && passed - delay <= (uint64_t)RTT_MAX)
		conn_add_rtt_sample(client->conn, now, (usec_t)(passed - delay));
}

static void on_challenge(struct direct_client *client, usec_t now, const uint8_t *bytes, size_t size)
{
	struct msg_challenge_reply reply;

	if (!msg_challenge_reply_read(&reply, bytes, size) || reply.connection_id != conn_local_id(client->conn))
		return;
	/* Nobody leaves the version out: cut short on the way. */
	if (reply.version == 0)
		return;
	client->reachable = true;
	if (reply.version < WIRE_VERSION_MIN) {
		client->old_version = true;
		conn_problem(client->conn, now, END_REASON_GENERIC, "the peer's protocol version is too old");
		return;
	}
	client->version = reply.version;
	client->challenge = reply.challenge;
	client->request_wanted = true;
	add_rtt(client, now, reply.timestamp, 0);
}

/* Who answered? False: not the one we called, and the call is over. */
static bool resolve_peer(struct direct_client *client, usec_t now, const struct msg_connect_ok *ok)
{
	struct direct_identity_source source = { &ok->certificate, &ok->identity, &client->remote };
	struct identity peer;
	enum verdict_doubt doubt = direct_identity_resolve(&source, &peer);

	if (doubt == DOUBT_NONE && client->expects_identity && !identity_equal(&peer, conn_peer(client->conn)))
		doubt = DOUBT_WRONG_IDENTITY;
	if (doubt == DOUBT_NONE)
		conn_set_peer(client->conn, &peer);
	else
		conn_refuse(client->conn, now, doubt);
	return doubt == DOUBT_NONE;
}

static void on_ok(struct direct_client *client, usec_t now, const uint8_t *bytes, size_t size)
{
	struct msg_connect_ok ok;
	struct conn_offer offer;

	if (!msg_connect_ok_read(&ok, bytes, size) || ok.client_connection_id != conn_local_id(client->conn))
		return;
	if (conn_is_over(client->conn))
		conn_answer_straggler(client->conn);
	if (conn_state(client->conn) != STATE_CONNECTING || !resolve_peer(client, now, &ok))
		return;
	if (ok.has_timestamp)
		add_rtt(client, now, ok.timestamp, ok.delay_usec);
	if ((ok.server_connection_id & 0xFFFF) == 0) {
		conn_problem(client->conn, now, END_REASON_BAD_CRYPT, "the peer's connection id is not valid");
		return;
	}
	offer = (struct conn_offer){ ok.server_connection_id, client->version, &ok.certificate, &ok.crypt };
	conn_handshake_receive(client->conn, now, &offer);
}

void direct_client_receive(struct direct_client *client, usec_t now, const uint8_t *bytes, size_t size)
{
	if (bytes[0] == WIRE_LEAD_CHALLENGE_REPLY && conn_state(client->conn) == STATE_CONNECTING)
		on_challenge(client, now, bytes, size);
	else if (bytes[0] == WIRE_LEAD_CONNECT_OK)
		on_ok(client, now, bytes, size);
}

static void write_challenge(struct direct_client *client, usec_t now, struct byte_writer *writer)
{
	struct msg_challenge_request message = { conn_local_id(client->conn), (uint64_t)now, WIRE_VERSION };

	msg_challenge_request_write(writer, &message);
}

static void write_request(struct direct_client *client, usec_t now, struct byte_writer *writer)
{
	struct msg_connect_request message;
	usec_t rtt = conn_rtt(client->conn);

	bytes_zero(&message, sizeof message);
	message.connection_id = conn_local_id(client->conn);
	message.challenge = client->challenge;
	message.has_timestamp = true;
	message.timestamp = (uint64_t)now;
	message.has_ping = rtt >= 0;
	message.ping_ms = rtt >= 0 ? (uint32_t)(rtt / USEC_PER_MSEC) : 0;
	message.has_certificate = true;
	message.has_crypt = true;
	conn_handshake_get(client->conn, &message.certificate, &message.crypt);
	msg_connect_request_write(writer, &message);
}

bool direct_client_transmit(struct direct_client *client, usec_t now, struct datagram_burst *out)
{
	struct byte_writer writer;

	if (conn_state(client->conn) != STATE_CONNECTING || (!client->challenge_wanted && !client->request_wanted))
		return false;
	byte_writer_init(&writer, out->bytes, out->capacity);
	if (client->request_wanted)
		write_request(client, now, &writer);
	else
		write_challenge(client, now, &writer);
	client->challenge_wanted = client->request_wanted = false;
	client->retry_at = now + RETRY;
	client->requests++;
	out->size = byte_writer_size(&writer);
	out->segment_size = out->size;
	return out->size > 0;
}

void direct_client_fill_attempt(const struct direct_client *client, struct attempt *out)
{
	out->requests = client->requests;
	out->reachable = client->reachable;
	out->old_version = client->old_version;
}

usec_t direct_client_next_timeout(const struct direct_client *client)
{
	return conn_state(client->conn) == STATE_CONNECTING ? client->retry_at : USEC_NEVER;
}

void direct_client_handle_timeout(struct direct_client *client, usec_t now)
{
	/* A retry begins with the challenge: the one at hand may have expired. */
	if (client->retry_at <= now && !client->request_wanted) {
		client->challenge_wanted = true;
		client->retry_at = now + RETRY;
	}
}
