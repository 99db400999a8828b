#include <criterion/criterion.h>

#include "core/crypto/key_derivation.h"

#include "hex.h"
#include "recorded_sessions.h"

struct side_bytes {
	struct key_derivation_side side;
	uint8_t cert[128];
	uint8_t info[128];
	uint8_t ephemeral_private[32];
};

/* The info's nonce is its field 3, right after the 36 bytes of type and key. */
static void load(struct side_bytes *out, const struct recorded_side *recorded)
{
	uint8_t id[4];

	hex_read(id, 4, recorded->connection_id);
	out->side.connection_id = (uint32_t)(id[0] | id[1] << 8 | id[2] << 16 | (uint32_t)id[3] << 24);
	out->side.cert.size = hex_read(out->cert, sizeof(out->cert), recorded->cert);
	out->side.cert.bytes = out->cert;
	out->side.info.size = hex_read(out->info, sizeof(out->info), recorded->info);
	out->side.info.bytes = out->info;
	cr_assert_eq(out->info[36], 0x19);
	out->side.nonce = 0;
	for (int i = 7; i >= 0; i--)
		out->side.nonce = out->side.nonce << 8 | out->info[37 + i];
	hex_read(out->ephemeral_private, 32, recorded->ephemeral_private);
}

static void derive(struct packet_crypto_keys *keys, const struct recorded_session *session, bool is_acceptor)
{
	struct side_bytes client, server;
	uint8_t shared[32], premaster[32];
	const uint8_t *own, *peer_public;

	load(&client, &session->client);
	load(&server, &session->server);
	own = is_acceptor ? server.ephemeral_private : client.ephemeral_private;
	peer_public = (is_acceptor ? client.info : server.info) + 4;
	cr_assert(primitives_x25519_shared(shared, own, peer_public));
	primitives_sha256(premaster, shared, 32);
	cr_assert(hex_is(premaster, 32, session->premaster));
	key_derivation_run(keys, shared, &client.side, &server.side, is_acceptor);
}

static void check_session(const struct recorded_session *session)
{
	struct packet_crypto_keys keys = { 0 };

	derive(&keys, session, false);
	cr_assert(hex_is(keys.send_key, 32, session->client.send_key));
	cr_assert(hex_is(keys.receive_key, 32, session->server.send_key));
	cr_assert(hex_is(keys.send_iv, 12, session->client.send_iv));
	cr_assert(hex_is(keys.receive_iv, 12, session->server.send_iv));

	derive(&keys, session, true);
	cr_assert(hex_is(keys.send_key, 32, session->server.send_key));
	cr_assert(hex_is(keys.receive_key, 32, session->client.send_key));
	cr_assert(hex_is(keys.send_iv, 12, session->server.send_iv));
	cr_assert(hex_is(keys.receive_iv, 12, session->client.send_iv));
}

Test(key_derivation, agrees_with_the_session_recorded_over_udp)
{
	check_session(&recorded_udp);
}

Test(key_derivation, agrees_with_the_session_recorded_peer_to_peer)
{
	check_session(&recorded_p2p);
}

Test(key_derivation, depends_on_everything_both_sides_sent)
{
	struct side_bytes client, server;
	struct packet_crypto_keys original = { 0 }, changed = { 0 };
	uint8_t shared[32] = { 5 };

	load(&client, &recorded_p2p.client);
	load(&server, &recorded_p2p.server);
	key_derivation_run(&original, shared, &client.side, &server.side, false);
	for (int i = 0; i < 8; i++) {
		struct side_bytes *one = i % 2 ? &client : &server;

		load(&client, &recorded_p2p.client);
		load(&server, &recorded_p2p.server);
		one->side.connection_id ^= i / 2 == 0;
		one->side.nonce ^= i / 2 == 1;
		one->cert[40] ^= i / 2 == 2;
		one->info[48] ^= i / 2 == 3;
		key_derivation_run(&changed, shared, &client.side, &server.side, false);
		cr_assert(memcmp(changed.send_key, original.send_key, 32) != 0, "part %d", i);
		cr_assert(memcmp(changed.receive_iv, original.receive_iv, 12) != 0, "part %d", i);
	}
}
