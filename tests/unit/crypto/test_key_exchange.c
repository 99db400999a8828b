#include <criterion/criterion.h>

#include "core/crypto/key_exchange.h"

#include "certificate_maker.h"
#include "hex.h"
#include "recorded_sessions.h"

#define BAD_CRYPT 4002
#define BAD_CERTIFICATE 4003
#define BAD_VERSION 4006

static const struct certificate_policy lenient = { .demand = CERTIFICATE_DEMAND_NOTHING };

/* Two endpoints that connect to each other. */
struct side {
	struct certificate_own own;
	struct identity identity;
	struct key_exchange exchange;
	struct key_exchange_peer peer;
	struct packet_crypto crypto;
	uint64_t capabilities;
	int32_t encryption;
};

struct pair {
	struct side a, b; /* a calls */
	struct rng rng;
};

static void init_side(struct side *side, const char *identity, uint8_t key)
{
	uint8_t seed[32];

	memset(seed, key, 32);
	side->identity = identity_of(identity);
	cr_assert(certificate_make_own(&side->own, seed, &side->identity, 0));
}

static void init_pair(struct pair *pair)
{
	static const uint8_t seed[32] = { 77 };

	memset(pair, 0, sizeof(*pair));
	rng_init(&pair->rng, seed);
	init_side(&pair->a, "str:a", 1);
	init_side(&pair->b, "str:b", 2);
}

static void free_pair(struct pair *pair)
{
	packet_crypto_free(&pair->a.crypto);
	packet_crypto_free(&pair->b.crypto);
	key_exchange_free(&pair->a.exchange);
	key_exchange_free(&pair->b.exchange);
}

/* `to` receives what `from` sent. */
static uint32_t deliver(struct side *from, struct side *to, uint32_t told_version, bool uses_lanes)
{
	struct msg_signed_certificate certificate;
	struct msg_signed_session_crypt session;
	struct key_exchange_received received = { &certificate, &session, &from->identity, told_version, uses_lanes };

	certificate_get_message(&from->own, &certificate);
	key_exchange_get_message(&from->exchange, &session);
	return key_exchange_check(&lenient, &received, &to->peer).reason;
}

static struct key_exchange_options options_of(const struct side *side)
{
	return (struct key_exchange_options){ &side->own, side->encryption, side->capabilities };
}

static uint32_t connect_pair(struct pair *pair)
{
	struct key_exchange_options a = options_of(&pair->a), b = options_of(&pair->b);
	uint32_t reason;

	key_exchange_start(&pair->a.exchange, &pair->rng, &a);
	cr_assert_eq(deliver(&pair->a, &pair->b, 0, false), 0);
	reason = key_exchange_answer(&pair->b.exchange, &pair->rng, &b, &pair->b.peer).reason;
	if (reason != 0)
		return reason;
	cr_assert_eq(deliver(&pair->b, &pair->a, 13, true), 0);
	cr_assert_eq(key_exchange_finish(&pair->b.exchange, &pair->b.peer, 0xbbbbbbbb, 0xaaaaaaaa, &pair->b.crypto).reason,
	             0);
	return key_exchange_finish(&pair->a.exchange, &pair->a.peer, 0xaaaaaaaa, 0xbbbbbbbb, &pair->a.crypto).reason;
}

static bool carries(struct side *from, struct side *to, int64_t number)
{
	uint8_t bytes[64] = "some payload";
	size_t size = 0;

	cr_assert(packet_crypto_seal(&from->crypto, number, bytes, 12));
	return packet_crypto_open(&to->crypto, number, bytes, 12 + packet_crypto_overhead(&from->crypto), &size) &&
	       size == 12 && memcmp(bytes, "some payload", 12) == 0;
}

Test(key_exchange, gives_both_sides_matching_keys)
{
	struct pair pair;

	init_pair(&pair);
	cr_assert_eq(connect_pair(&pair), 0);
	cr_assert(carries(&pair.a, &pair.b, 2));
	cr_assert(carries(&pair.b, &pair.a, 2));
	cr_assert_eq(pair.a.crypto.cipher, PACKET_CIPHER_AES_256_GCM);
	cr_assert_eq(pair.a.peer.version, 13);
	cr_assert_eq(pair.a.peer.certificate.proof, CRYPTO_PROOF_NOTHING);
	free_pair(&pair);
}

Test(key_exchange, gives_other_keys_every_time)
{
	struct pair one, two;

	init_pair(&one);
	cr_assert_eq(connect_pair(&one), 0);
	init_pair(&two);
	rng_u64(&two.rng);
	cr_assert_eq(connect_pair(&two), 0);
	cr_assert_not(carries(&one.a, &two.b, 2));
	cr_assert(memcmp(one.a.exchange.info, two.a.exchange.info, 36) != 0);
	free_pair(&one);
	free_pair(&two);
}

Test(key_exchange, wipes_the_ephemeral_key_and_derives_only_once)
{
	static const uint8_t zeros[32];
	struct pair pair;
	struct packet_crypto again;
	struct msg_signed_session_crypt session;

	init_pair(&pair);
	cr_assert_eq(connect_pair(&pair), 0);
	cr_assert(memcmp(pair.a.exchange.private_key, zeros, 32) == 0);
	cr_assert(memcmp(pair.b.exchange.private_key, zeros, 32) == 0);
	cr_assert_neq(key_exchange_finish(&pair.a.exchange, &pair.a.peer, 1, 2, &again).reason, 0);
	cr_assert_not(packet_crypto_is_ready(&again));
	key_exchange_get_message(&pair.b.exchange, &session); /* what retries send stays */
	cr_assert(session.info_size > 40);
	cr_assert_eq(deliver(&pair.b, &pair.a, 13, false), 0);
	free_pair(&pair);
}

Test(key_exchange, writes_what_the_original_writes_when_there_are_no_capabilities)
{
	struct pair pair;
	struct key_exchange_options options;
	uint8_t recorded[128];
	size_t size = hex_read(recorded, sizeof(recorded), recorded_udp.client.info);

	init_pair(&pair);
	options = options_of(&pair.a);
	key_exchange_start(&pair.a.exchange, &pair.rng, &options);
	cr_assert_eq(pair.a.exchange.info_size, size);
	memcpy(recorded + 4, pair.a.exchange.info + 4, 32);  /* key */
	memcpy(recorded + 37, pair.a.exchange.info + 37, 8); /* nonce */
	cr_assert(memcmp(pair.a.exchange.info, recorded, size) == 0);
}

static uint32_t check_recorded(const struct recorded_side *side, const char *identity, size_t flipped_bit)
{
	static struct key_exchange_peer peer;
	uint8_t cert[128], info[128], signature[64];
	struct identity expected = identity_of(identity);
	struct msg_signed_certificate certificate;
	struct msg_signed_session_crypt session;
	struct key_exchange_received received = { &certificate, &session, &expected, 0, false };

	memset(&certificate, 0, sizeof(certificate));
	memset(&session, 0, sizeof(session));
	certificate.cert = cert;
	certificate.cert_size = hex_read(cert, sizeof(cert), side->cert);
	session.info = info;
	session.info_size = hex_read(info, sizeof(info), side->info);
	session.signature = signature;
	session.signature_size = hex_read(signature, sizeof(signature), side->info_signature);
	if (flipped_bit < session.info_size * 8)
		info[flipped_bit / 8] ^= (uint8_t)(1 << flipped_bit % 8);
	else if (flipped_bit < session.info_size * 8 + 512)
		signature[flipped_bit / 8 - session.info_size] ^= (uint8_t)(1 << flipped_bit % 8);
	uint32_t reason = key_exchange_check(&lenient, &received, &peer).reason;
	if (reason == 0)
		cr_assert_eq(peer.capabilities, 0);
	return reason;
}

Test(key_exchange, accepts_both_ends_of_both_recorded_sessions)
{
	cr_assert_eq(check_recorded(&recorded_udp.client, "ip:1.2.3.4:5", SIZE_MAX), 0);
	cr_assert_eq(check_recorded(&recorded_udp.server, "ip:1.2.3.4:5", SIZE_MAX), 0);
	cr_assert_eq(check_recorded(&recorded_p2p.client, "str:peer_c", SIZE_MAX), 0);
	cr_assert_eq(check_recorded(&recorded_p2p.server, "str:peer_s", SIZE_MAX), 0);
	cr_assert_eq(check_recorded(&recorded_p2p.server, "str:peer_c", SIZE_MAX), BAD_CERTIFICATE);
}

Test(key_exchange, refuses_a_recorded_info_with_any_bit_flipped)
{
	for (size_t bit = 0; bit < (49 + 64) * 8; bit++)
		cr_assert_eq(check_recorded(&recorded_p2p.client, "str:peer_c", bit), BAD_CRYPT, "bit %zu", bit);
}

Test(key_exchange, proves_an_identity_that_is_a_key)
{
	struct pair pair;
	struct identity key = identity_of_key(1), other = identity_of_key(3);

	init_pair(&pair);
	init_side(&pair.a, key.text, 1);
	cr_assert_eq(connect_pair(&pair), 0);
	cr_assert_eq(pair.b.peer.certificate.proof, CRYPTO_PROOF_KEY);
	free_pair(&pair);

	init_pair(&pair); /* says str:a in its certificate, but is called the other's key outside */
	pair.a.identity = other;
	struct key_exchange_options options = options_of(&pair.a);
	key_exchange_start(&pair.a.exchange, &pair.rng, &options);
	cr_assert_eq(deliver(&pair.a, &pair.b, 0, false), BAD_CERTIFICATE);
	free_pair(&pair);
}

Test(key_exchange, refuses_a_session_signed_by_another_key)
{
	struct pair pair;
	struct key_exchange_options options;
	uint8_t other[32], other_public[32];

	init_pair(&pair);
	options = options_of(&pair.a);
	key_exchange_start(&pair.a.exchange, &pair.rng, &options);
	make_key(other, other_public, 5);
	primitives_ed25519_sign(pair.a.exchange.signature, other, other_public, pair.a.exchange.info,
	                        pair.a.exchange.info_size);
	cr_assert_eq(deliver(&pair.a, &pair.b, 0, false), BAD_CRYPT);
}

/* Rows: the initiator's option, columns: the acceptor's. 0 refused. */
Test(key_exchange, negotiates_the_cipher)
{
	static const int expected[4][4] = {
		{ 2, 2, 2, 0 },
		{ 2, 2, 1, 1 },
		{ 2, 2, 1, 1 },
		{ 0, 1, 1, 1 },
	};

	for (int a = 0; a < 4; a++) {
		for (int b = 0; b < 4; b++) {
			struct pair pair;

			init_pair(&pair);
			pair.a.encryption = a;
			pair.b.encryption = b;
			cr_assert_eq(connect_pair(&pair), expected[a][b] ? 0 : BAD_CRYPT, "%d with %d", a, b);
			if (expected[a][b]) {
				cr_assert_eq((int)pair.a.crypto.cipher, expected[a][b]);
				cr_assert_eq((int)pair.b.crypto.cipher, expected[a][b]);
				cr_assert(carries(&pair.a, &pair.b, 2));
				cr_assert(carries(&pair.b, &pair.a, 2));
			}
			free_pair(&pair);
		}
	}
}

/* An acceptor that answers with what we did not offer, or with more than one cipher. */
Test(key_exchange, refuses_a_cipher_it_did_not_offer)
{
	for (int32_t answer = KEY_EXCHANGE_PREFER_ENCRYPTED; answer <= KEY_EXCHANGE_PLAIN; answer++) {
		struct pair pair;
		struct key_exchange_options a, b;

		init_pair(&pair);
		pair.b.encryption = answer;
		a = options_of(&pair.a);
		b = options_of(&pair.b);
		key_exchange_start(&pair.a.exchange, &pair.rng, &a);
		key_exchange_start(&pair.b.exchange, &pair.rng, &b); /* its offer, taken for an answer */
		cr_assert_eq(deliver(&pair.b, &pair.a, 13, false), 0);
		cr_assert_eq(key_exchange_finish(&pair.a.exchange, &pair.a.peer, 1, 2, &pair.a.crypto).reason, BAD_CRYPT);
		cr_assert_not(packet_crypto_is_ready(&pair.a.crypto));
		cr_assert_eq(pair.a.exchange.private_key[0] | pair.a.exchange.private_key[31], 0);
		free_pair(&pair);
	}
}

Test(key_exchange, carries_capabilities_under_the_signature)
{
	struct pair pair;

	init_pair(&pair);
	pair.a.capabilities = 0x8000000000000005u;
	pair.b.capabilities = 0x8000000000000006u;
	cr_assert_eq(connect_pair(&pair), 0);
	cr_assert(pair.b.peer.capabilities == 0x8000000000000005u);
	cr_assert(key_exchange_common_capabilities(&pair.a.exchange, &pair.a.peer) == 0x8000000000000004u);
	cr_assert(key_exchange_common_capabilities(&pair.b.exchange, &pair.b.peer) == 0x8000000000000004u);
	cr_assert(carries(&pair.a, &pair.b, 2));
	free_pair(&pair);
}

/* Signs `info` as the pair's caller would. */
static uint32_t deliver_info(struct pair *pair, const struct msg_session_crypt *info, uint32_t told, bool lanes)
{
	struct byte_writer writer;
	struct key_exchange *exchange = &pair->a.exchange;

	byte_writer_init(&writer, exchange->info, sizeof(exchange->info));
	msg_session_crypt_write(&writer, info);
	exchange->info_size = byte_writer_size(&writer);
	primitives_ed25519_sign(exchange->signature, pair->a.own.private_key, pair->a.own.public_key, exchange->info,
	                        exchange->info_size);
	return deliver(&pair->a, &pair->b, told, lanes);
}

static struct msg_session_crypt info_of(const uint8_t *key, uint32_t version)
{
	struct msg_session_crypt info;

	memset(&info, 0, sizeof(info));
	info.key_type = MSG_KEY_TYPE_X25519;
	info.key = key;
	info.key_size = 32;
	info.version = version;
	return info;
}

Test(key_exchange, refuses_versions_too_old_or_inconsistent)
{
	static const uint8_t key[32] = { 9 };
	struct msg_session_crypt info;
	struct pair pair;

	init_pair(&pair);
	for (uint32_t version = 0; version < 20; version++) {
		info = info_of(key, version);
		cr_assert_eq(deliver_info(&pair, &info, 0, false), version < 8 ? BAD_VERSION : 0);
		cr_assert_eq(deliver_info(&pair, &info, 0, true), version < 11 ? BAD_VERSION : 0);
		cr_assert_eq(deliver_info(&pair, &info, 12, false), version == 12 ? 0 : BAD_VERSION);
	}
}

Test(key_exchange, reads_no_ciphers_as_encrypted)
{
	static const uint8_t key[32] = { 9 };
	struct msg_session_crypt info = info_of(key, 13);
	struct pair pair;

	init_pair(&pair);
	cr_assert_eq(deliver_info(&pair, &info, 0, false), 0);
	cr_assert(pair.b.peer.offers_aes);
	cr_assert_not(pair.b.peer.offers_none);
	cr_assert(pair.b.peer.offers_one);
	info.ciphers[info.cipher_count++] = 99; /* one we do not know */
	cr_assert_eq(deliver_info(&pair, &info, 0, false), 0);
	struct key_exchange_options options = options_of(&pair.b);
	cr_assert_eq(key_exchange_answer(&pair.b.exchange, &pair.rng, &options, &pair.b.peer).reason, BAD_CRYPT);
}

Test(key_exchange, refuses_keys_of_wrong_type_size_or_order)
{
	static const uint8_t zero[32], key[33] = { 9 };
	struct msg_session_crypt info = info_of(key, 13);
	struct pair pair;
	struct key_exchange_options options;

	init_pair(&pair);
	info.key_size = 31;
	cr_assert_eq(deliver_info(&pair, &info, 0, false), BAD_CRYPT);
	info.key_size = 33;
	cr_assert_eq(deliver_info(&pair, &info, 0, false), BAD_CRYPT);
	info = info_of(key, 13);
	info.key_type = 2;
	cr_assert_eq(deliver_info(&pair, &info, 0, false), BAD_CRYPT);

	info = info_of(zero, 13);
	cr_assert_eq(deliver_info(&pair, &info, 0, false), 0);
	options = options_of(&pair.b);
	cr_assert_eq(key_exchange_answer(&pair.b.exchange, &pair.rng, &options, &pair.b.peer).reason, 0);
	cr_assert_eq(key_exchange_finish(&pair.b.exchange, &pair.b.peer, 1, 2, &pair.b.crypto).reason, BAD_CRYPT);
	cr_assert_not(packet_crypto_is_ready(&pair.b.crypto));
}

Test(key_exchange, refuses_missing_and_oversized_parts)
{
	static uint8_t large[CERTIFICATE_SIZE_MAX + 1];
	static struct key_exchange_peer peer;
	struct identity identity = identity_of("str:a");
	struct msg_signed_certificate certificate;
	struct msg_signed_session_crypt session;
	struct key_exchange_received received = { &certificate, &session, &identity, 0, false };

	memset(&certificate, 0, sizeof(certificate));
	memset(&session, 0, sizeof(session));
	cr_assert_eq(key_exchange_check(&lenient, &received, &peer).reason, BAD_CRYPT);
	certificate.cert = large;
	certificate.cert_size = 40;
	cr_assert_eq(key_exchange_check(&lenient, &received, &peer).reason, BAD_CRYPT);
	session.info = large;
	session.info_size = KEY_EXCHANGE_PEER_INFO_MAX + 1;
	cr_assert_eq(key_exchange_check(&lenient, &received, &peer).reason, BAD_CRYPT);
	session.info_size = 40;
	certificate.cert_size = sizeof(large);
	cr_assert_eq(key_exchange_check(&lenient, &received, &peer).reason, BAD_CRYPT);
}

/* Replays the recorded client against its recorded server through the whole room. */
Test(key_exchange, derives_the_recorded_keys_from_the_recorded_messages)
{
	struct pair pair;
	const struct recorded_packet *packet = &recorded_p2p.server.packets[3];
	uint8_t bytes[128];
	size_t size;

	init_pair(&pair);
	struct side *a = &pair.a;
	a->own.cert_size = hex_read(a->own.cert, sizeof(a->own.cert), recorded_p2p.client.cert);
	a->exchange.own = &a->own;
	a->exchange.started = true;
	a->exchange.info_size = hex_read(a->exchange.info, sizeof(a->exchange.info), recorded_p2p.client.info);
	hex_read(a->exchange.private_key, 32, recorded_p2p.client.ephemeral_private);
	for (int i = 7; i >= 0; i--)
		a->exchange.nonce = a->exchange.nonce << 8 | a->exchange.info[37 + i];

	struct side *b = &pair.b;
	b->identity = identity_of("str:peer_s");
	b->own.cert_size = hex_read(b->own.cert, sizeof(b->own.cert), recorded_p2p.server.cert);
	b->exchange.own = &b->own;
	b->exchange.info_size = hex_read(b->exchange.info, sizeof(b->exchange.info), recorded_p2p.server.info);
	hex_read(b->exchange.signature, 64, recorded_p2p.server.info_signature);
	cr_assert_eq(deliver(b, a, 13, true), 0);
	cr_assert_eq(key_exchange_finish(&a->exchange, &a->peer, 0x90a832ce, 0xf29599a9, &a->crypto).reason, 0);

	cr_assert_eq(packet->number, 5);
	size = hex_read(bytes, sizeof(bytes), packet->sealed);
	cr_assert(packet_crypto_open(&a->crypto, 5, bytes, size, &size));
	cr_assert(hex_is(bytes, size, packet->plain));
	free_pair(&pair);
}
