/* packet_crypto: seals and opens the payloads of data packets (docs/wire.md, "Packet encryption").
 *
 * Owns: the keys and IVs of both directions, and the rule that a number is sealed once: the
 * counter of what was sealed lives and dies with its key.
 * Does not know: headers, where numbers come from (conn), whether a number was seen (replay_window).
 */
#ifndef CRYPTO_PACKET_CRYPTO_H
#define CRYPTO_PACKET_CRYPTO_H

#include "core/crypto/primitives.h"

/* The wire's numbers. */
enum packet_cipher {
	PACKET_CIPHER_NONE = 1, /* the payload as it is: neither secret nor authenticated */
	PACKET_CIPHER_AES_256_GCM = 2,
};

struct packet_crypto_keys {
	enum packet_cipher cipher;
	uint8_t send_key[PRIMITIVES_KEY_SIZE];
	uint8_t receive_key[PRIMITIVES_KEY_SIZE];
	uint8_t send_iv[PRIMITIVES_NONCE_SIZE];
	uint8_t receive_iv[PRIMITIVES_NONCE_SIZE];
};

/* Zeroed means: no keys yet; seal and open fail. */
struct packet_crypto {
	enum packet_cipher cipher;    /* 0 until init */
	struct primitives_aead *seal; /* null with the null cipher */
	struct primitives_aead *open;
	uint8_t send_iv[PRIMITIVES_NONCE_SIZE];
	uint8_t receive_iv[PRIMITIVES_NONCE_SIZE];
	int64_t sealed; /* highest number sealed */
};

/* False: the backend refuses the cipher; `*crypto` is zeroed. The caller wipes `keys`. */
bool packet_crypto_init(struct packet_crypto *crypto, const struct packet_crypto_keys *keys);
/* Wipes the keys and zeroes `*crypto`; a zeroed one is allowed. */
void packet_crypto_free(struct packet_crypto *crypto);
bool packet_crypto_is_ready(const struct packet_crypto *crypto);

/* Bytes a sealed payload is longer than a plain one: 16, or 0 with the null cipher. */
size_t packet_crypto_overhead(const struct packet_crypto *crypto);

/* In place; `bytes` has room for `size` + overhead. `number` must be larger than every number
 * sealed before: false otherwise (or without keys), and `bytes` must not be sent. */
bool packet_crypto_seal(struct packet_crypto *crypto, int64_t number, uint8_t *bytes, size_t size);
/* In place; on success `*plain_size` is the payload's size. False: drop the packet. */
bool packet_crypto_open(struct packet_crypto *crypto, int64_t number, uint8_t *bytes, size_t size, size_t *plain_size);

/* "AES-256-GCM", "none", or "" for anything else. */
const char *packet_cipher_name(enum packet_cipher cipher);

#endif
