#include "core/crypto/key_exchange.h"

#include "core/base/byte_writer.h"
#include "core/base/bytes.h"
#include "core/crypto/key_derivation.h"
#include "core/wire/wire.h"

static struct crypto_verdict bad(const char *text)
{
	return crypto_verdict_fail(END_REASON_BAD_CRYPT, text);
}

/* --- the option Unencrypted as lists, best first; 0 ends them */

static const uint8_t cipher_lists[][2] = {
	[KEY_EXCHANGE_ENCRYPTED] = { PACKET_CIPHER_AES_256_GCM, 0 },
	[KEY_EXCHANGE_PREFER_ENCRYPTED] = { PACKET_CIPHER_AES_256_GCM, PACKET_CIPHER_NONE },
	[KEY_EXCHANGE_PREFER_PLAIN] = { PACKET_CIPHER_NONE, PACKET_CIPHER_AES_256_GCM },
	[KEY_EXCHANGE_PLAIN] = { PACKET_CIPHER_NONE, 0 },
};

static const uint8_t *cipher_list(int32_t encryption)
{
	if (encryption < KEY_EXCHANGE_ENCRYPTED || encryption > KEY_EXCHANGE_PLAIN)
		encryption = KEY_EXCHANGE_ENCRYPTED;
	return cipher_lists[encryption];
}

static bool peer_offers(const struct key_exchange_peer *peer, uint8_t cipher)
{
	return cipher == PACKET_CIPHER_AES_256_GCM ? peer->offers_aes : peer->offers_none;
}

/* The first of ours that the peer offers; 0: none. */
static uint8_t choose_cipher(int32_t encryption, const struct key_exchange_peer *peer)
{
	const uint8_t *list = cipher_list(encryption);

	for (size_t i = 0; i < 2 && list[i] != 0; i++) {
		if (peer_offers(peer, list[i]))
			return list[i];
	}
	return 0;
}

/* --- the peer's half */

static struct crypto_verdict check_version(const struct key_exchange_received *received, uint32_t version)
{
	if (version < WIRE_VERSION_MIN)
		return crypto_verdict_fail(END_REASON_BAD_VERSION, "peer's protocol version is too old");
	if (received->version != 0 && received->version != version)
		return crypto_verdict_fail(END_REASON_BAD_VERSION, "peer told two protocol versions");
	if (received->uses_lanes && version < WIRE_VERSION_LANES)
		return crypto_verdict_fail(END_REASON_BAD_VERSION, "peer's protocol version has no lanes");
	return crypto_verdict_fine();
}

/* No list at all means AES-256-GCM: peers of before there was a choice. */
static void note_ciphers(const struct msg_session_crypt *info, struct key_exchange_peer *out)
{
	for (size_t i = 0; i < info->cipher_count; i++) {
		out->offers_aes |= info->ciphers[i] == PACKET_CIPHER_AES_256_GCM;
		out->offers_none |= info->ciphers[i] == PACKET_CIPHER_NONE;
	}
	out->offers_aes |= info->cipher_count == 0;
	out->offers_one = info->cipher_count <= 1;
}

static struct crypto_verdict read_info(const struct key_exchange_received *received, struct key_exchange_peer *out)
{
	struct msg_session_crypt info;
	struct crypto_verdict verdict;

	if (!msg_session_crypt_read(&info, out->info, out->info_size))
		return bad("session info malformed");
	verdict = check_version(received, info.version);
	if (verdict.reason != 0)
		return verdict;
	if (info.key_type != MSG_KEY_TYPE_X25519 || info.key_size != PRIMITIVES_KEY_SIZE)
		return bad("session info has no usable key");
	bytes_copy(out->public_key, info.key, sizeof(out->public_key));
	note_ciphers(&info, out);
	out->nonce = info.nonce;
	out->version = info.version;
	out->capabilities = info.capabilities;
	return crypto_verdict_fine();
}

struct crypto_verdict key_exchange_check(const struct certificate_policy *policy,
                                         const struct key_exchange_received *received, struct key_exchange_peer *out)
{
	const struct msg_signed_certificate *certificate = received->certificate;
	const struct msg_signed_session_crypt *session = received->session;
	struct crypto_verdict verdict;

	bytes_zero(out, sizeof(*out));
	if (!certificate->cert || !session->info)
		return bad("certificate or session info missing");
	if (certificate->cert_size > sizeof(out->cert) || session->info_size > sizeof(out->info))
		return bad("certificate or session info too large");
	verdict = certificate_check(policy, received->identity, certificate, &out->certificate);
	if (verdict.reason != 0)
		return verdict;
	if (!session->signature || session->signature_size != PRIMITIVES_SIGNATURE_SIZE ||
	    !primitives_ed25519_verify(out->certificate.key, session->signature, session->info, session->info_size))
		return bad("session info is not signed by the certificate's key");

	bytes_copy(out->cert, certificate->cert, certificate->cert_size);
	out->cert_size = certificate->cert_size;
	bytes_copy(out->info, session->info, session->info_size);
	out->info_size = session->info_size;
	return read_info(received, out);
}

/* --- our half */

static void make_info(struct key_exchange *exchange, const uint8_t *ciphers, size_t cipher_count)
{
	uint8_t public_key[PRIMITIVES_KEY_SIZE];
	struct msg_session_crypt info;
	struct byte_writer writer;

	primitives_x25519_public(public_key, exchange->private_key);
	bytes_zero(&info, sizeof(info));
	info.key_type = MSG_KEY_TYPE_X25519;
	info.key = public_key;
	info.key_size = sizeof(public_key);
	info.nonce = exchange->nonce;
	info.version = WIRE_VERSION;
	info.capabilities = exchange->capabilities;
	for (size_t i = 0; i < cipher_count; i++)
		info.ciphers[info.cipher_count++] = ciphers[i];
	byte_writer_init(&writer, exchange->info, sizeof(exchange->info));
	msg_session_crypt_write(&writer, &info);
	exchange->info_size = byte_writer_size(&writer);
	primitives_ed25519_sign(exchange->signature, exchange->own->private_key, exchange->own->public_key, exchange->info,
	                        exchange->info_size);
}

static void begin(struct key_exchange *exchange, struct rng *rng, const struct key_exchange_options *options)
{
	bytes_wipe(exchange, sizeof(*exchange));
	exchange->own = options->own;
	exchange->encryption = options->encryption;
	exchange->capabilities = options->capabilities;
	exchange->nonce = rng_u64(rng);
	rng_bytes(rng, exchange->private_key, sizeof(exchange->private_key));
	exchange->started = true;
}

void key_exchange_start(struct key_exchange *exchange, struct rng *rng, const struct key_exchange_options *options)
{
	const uint8_t *list = cipher_list(options->encryption);

	begin(exchange, rng, options);
	make_info(exchange, list, list[1] != 0 ? 2 : 1);
}

struct crypto_verdict key_exchange_answer(struct key_exchange *exchange, struct rng *rng,
                                          const struct key_exchange_options *options,
                                          const struct key_exchange_peer *peer)
{
	uint8_t cipher = choose_cipher(options->encryption, peer);

	if (cipher == 0)
		return bad("no cipher that both sides accept");
	begin(exchange, rng, options);
	exchange->is_acceptor = true;
	exchange->cipher = (enum packet_cipher)cipher;
	make_info(exchange, &cipher, 1);
	return crypto_verdict_fine();
}

/* --- both */

static void describe_own(const struct key_exchange *exchange, uint32_t connection_id, struct key_derivation_side *out)
{
	out->connection_id = connection_id;
	out->nonce = exchange->nonce;
	out->cert = (struct primitives_bytes){ exchange->own->cert, exchange->own->cert_size };
	out->info = (struct primitives_bytes){ exchange->info, exchange->info_size };
}

static void describe_peer(const struct key_exchange_peer *peer, uint32_t connection_id, struct key_derivation_side *out)
{
	out->connection_id = connection_id;
	out->nonce = peer->nonce;
	out->cert = (struct primitives_bytes){ peer->cert, peer->cert_size };
	out->info = (struct primitives_bytes){ peer->info, peer->info_size };
}

/* The acceptor has chosen; the initiator reads the choice off the acceptor's only cipher. */
static bool settle_cipher(struct key_exchange *exchange, const struct key_exchange_peer *peer)
{
	uint8_t cipher;

	if (exchange->is_acceptor)
		return true;
	cipher = peer->offers_one ? choose_cipher(exchange->encryption, peer) : 0;
	exchange->cipher = (enum packet_cipher)cipher;
	return cipher != 0;
}

static struct crypto_verdict derive(struct key_exchange *exchange, const struct key_derivation_side *own,
                                    const struct key_derivation_side *peer, const uint8_t *peer_public_key,
                                    struct packet_crypto *crypto)
{
	struct packet_crypto_keys keys;
	uint8_t shared[PRIMITIVES_KEY_SIZE];
	bool done;

	if (!primitives_x25519_shared(shared, exchange->private_key, peer_public_key))
		return bad("peer's session key is degenerate");
	if (exchange->is_acceptor)
		key_derivation_run(&keys, shared, peer, own, true);
	else
		key_derivation_run(&keys, shared, own, peer, false);
	keys.cipher = exchange->cipher;
	done = packet_crypto_init(crypto, &keys);
	bytes_wipe(&keys, sizeof(keys));
	bytes_wipe(shared, sizeof(shared));
	return done ? crypto_verdict_fine() : bad("this system does not provide the cipher");
}

struct crypto_verdict key_exchange_finish(struct key_exchange *exchange, const struct key_exchange_peer *peer,
                                          uint32_t local_connection_id, uint32_t remote_connection_id,
                                          struct packet_crypto *crypto)
{
	struct key_derivation_side own_side, peer_side;
	struct crypto_verdict verdict;

	bytes_zero(crypto, sizeof(*crypto));
	if (!exchange->started || exchange->finished)
		return crypto_verdict_fail(END_REASON_INTERNAL, "session keys already derived");
	exchange->finished = true;
	if (settle_cipher(exchange, peer)) {
		describe_own(exchange, local_connection_id, &own_side);
		describe_peer(peer, remote_connection_id, &peer_side);
		verdict = derive(exchange, &own_side, &peer_side, peer->public_key, crypto);
	} else {
		verdict = bad("peer chose no cipher that we offered");
	}
	bytes_wipe(exchange->private_key, sizeof(exchange->private_key));
	return verdict;
}

void key_exchange_free(struct key_exchange *exchange)
{
	bytes_wipe(exchange, sizeof(*exchange));
}

void key_exchange_get_message(const struct key_exchange *exchange, struct msg_signed_session_crypt *out)
{
	bytes_zero(out, sizeof(*out));
	out->info = exchange->info;
	out->info_size = exchange->info_size;
	out->signature = exchange->signature;
	out->signature_size = sizeof(exchange->signature);
}

uint64_t key_exchange_common_capabilities(const struct key_exchange *exchange, const struct key_exchange_peer *peer)
{
	return exchange->capabilities & peer->capabilities;
}
