/* key_exchange: from two signed session infos to the keys of both directions.
 *
 * Owns: our ephemeral key (wiped as soon as it was used), our session info, which never changes
 * once made, the choice of the cipher (docs/wire.md, "Cipher negotiation", "Key agreement").
 * Does not know: how the infos travel (direct, rendezvous), retries, connection state.
 */
#ifndef CRYPTO_KEY_EXCHANGE_H
#define CRYPTO_KEY_EXCHANGE_H

#include "core/base/rng.h"
#include "core/crypto/certificate_check.h"
#include "core/crypto/packet_crypto.h"

#define KEY_EXCHANGE_OWN_INFO_MAX 96
#define KEY_EXCHANGE_PEER_INFO_MAX 512 /* GNS's has 49 bytes; newer ones may know more */

/* The values of the option Unencrypted: which ciphers we offer or take, best first. */
enum key_exchange_encryption {
	KEY_EXCHANGE_ENCRYPTED = 0,
	KEY_EXCHANGE_PREFER_ENCRYPTED = 1,
	KEY_EXCHANGE_PREFER_PLAIN = 2,
	KEY_EXCHANGE_PLAIN = 3,
};

/* Our half. Zeroed means: not started. */
struct key_exchange {
	const struct certificate_own *own; /* borrowed: outlives this */
	bool started;
	bool finished; /* the ephemeral key is gone */
	bool is_acceptor;
	int32_t encryption;
	enum packet_cipher cipher; /* the acceptor's choice; the initiator's at finish */
	uint64_t nonce;
	uint64_t capabilities;
	uint8_t private_key[PRIMITIVES_KEY_SIZE];
	uint8_t info[KEY_EXCHANGE_OWN_INFO_MAX];
	size_t info_size;
	uint8_t signature[PRIMITIVES_SIGNATURE_SIZE];
};

/* The peer's half, after key_exchange_check; keeps the exact bytes the derivation needs. May be
 * freed once the keys exist. */
struct key_exchange_peer {
	struct certificate_checked certificate;
	uint32_t version;
	uint64_t capabilities; /* 0: a GNS peer */
	uint64_t nonce;
	uint8_t public_key[PRIMITIVES_KEY_SIZE];
	bool offers_aes;
	bool offers_none;
	bool offers_one; /* exactly one cipher, as an acceptor must */
	uint8_t cert[CERTIFICATE_SIZE_MAX];
	size_t cert_size;
	uint8_t info[KEY_EXCHANGE_PEER_INFO_MAX];
	size_t info_size;
};

/* What came from the peer, and what we know about it. */
struct key_exchange_received {
	const struct msg_signed_certificate *certificate;
	const struct msg_signed_session_crypt *session;
	const struct identity *identity; /* who we take the peer for */
	uint32_t version;                /* told earlier (challenge reply); 0: not told */
	bool uses_lanes;                 /* we have more than one lane configured */
};

/* Checks all of it, in the order of docs/wire.md; `*out` is only complete on reason 0. Two
 * signature verifications at most beyond the cheap checks. */
struct crypto_verdict key_exchange_check(const struct certificate_policy *policy,
                                         const struct key_exchange_received *received, struct key_exchange_peer *out);

/* What our session info shall say. */
struct key_exchange_options {
	const struct certificate_own *own;
	int32_t encryption;    /* enum key_exchange_encryption; anything else is ENCRYPTED */
	uint64_t capabilities; /* our bits (docs/wire.md, "Extensions"); 0: none, as GNS */
};

/* As initiator: before the first request; unchanged across retries. */
void key_exchange_start(struct key_exchange *exchange, struct rng *rng, const struct key_exchange_options *options);
/* As acceptor: when the application accepts; unchanged across retries. Choosing no cipher fails. */
struct crypto_verdict key_exchange_answer(struct key_exchange *exchange, struct rng *rng,
                                          const struct key_exchange_options *options,
                                          const struct key_exchange_peer *peer);
/* The form the wire codec writes; borrows from `exchange`. */
void key_exchange_get_message(const struct key_exchange *exchange, struct msg_signed_session_crypt *out);

/* Derives the keys into `*crypto` (which must hold none) and wipes our ephemeral key, success or
 * not. Our certificate and info stay readable for retries. */
struct crypto_verdict key_exchange_finish(struct key_exchange *exchange, const struct key_exchange_peer *peer,
                                          uint32_t local_connection_id, uint32_t remote_connection_id,
                                          struct packet_crypto *crypto);
/* Wipes; a zeroed one is allowed. Also before starting anew in the other role. */
void key_exchange_free(struct key_exchange *exchange);

/* What both sides can do. */
uint64_t key_exchange_common_capabilities(const struct key_exchange *exchange, const struct key_exchange_peer *peer);

#endif
