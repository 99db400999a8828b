/* primitives: the cryptographic functions the protocol is built from.
 *
 * Owns: the backend; primitives_gnutls.c is the only file that names GnuTLS or nettle, another
 * backend is another file.
 * Does not know: what is signed, hashed or sealed, and where keys come from (base/rng).
 */
#ifndef CRYPTO_PRIMITIVES_H
#define CRYPTO_PRIMITIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRIMITIVES_HASH_SIZE 32
#define PRIMITIVES_SHA1_SIZE 20
#define PRIMITIVES_KEY_SIZE 32       /* X25519, Ed25519 (public and seed), AES-256 */
#define PRIMITIVES_SIGNATURE_SIZE 64 /* Ed25519 */
#define PRIMITIVES_NONCE_SIZE 12     /* AES-GCM */
#define PRIMITIVES_TAG_SIZE 16

/* A message given in pieces: what is hashed is their concatenation. */
struct primitives_bytes {
	const uint8_t *bytes;
	size_t size;
};

void primitives_sha256(uint8_t hash[PRIMITIVES_HASH_SIZE], const uint8_t *bytes, size_t size);
void primitives_hmac_sha256(uint8_t mac[PRIMITIVES_HASH_SIZE], const uint8_t key[PRIMITIVES_KEY_SIZE],
                            const struct primitives_bytes *parts, size_t count);

/* Of no use against forgery but in this form; TURN servers ask for it. A key of any size. */
void primitives_hmac_sha1(uint8_t mac[PRIMITIVES_SHA1_SIZE], const uint8_t *key, size_t key_size, const uint8_t *bytes,
                          size_t size);

/* RFC 7748. Any 32 bytes are a private key. */
void primitives_x25519_public(uint8_t public_key[PRIMITIVES_KEY_SIZE], const uint8_t private_key[PRIMITIVES_KEY_SIZE]);
/* False when the result is all zero: the peer's key has small order and contributes nothing. */
bool primitives_x25519_shared(uint8_t shared[PRIMITIVES_KEY_SIZE], const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                              const uint8_t peer_public_key[PRIMITIVES_KEY_SIZE]);

/* RFC 8032. A private key is its 32-byte seed; any 32 bytes are one. */
void primitives_ed25519_public(uint8_t public_key[PRIMITIVES_KEY_SIZE], const uint8_t seed[PRIMITIVES_KEY_SIZE]);
/* `public_key` must belong to `seed`: signing one message under two public keys reveals the seed. */
void primitives_ed25519_sign(uint8_t signature[PRIMITIVES_SIGNATURE_SIZE], const uint8_t seed[PRIMITIVES_KEY_SIZE],
                             const uint8_t public_key[PRIMITIVES_KEY_SIZE], const uint8_t *bytes, size_t size);
bool primitives_ed25519_verify(const uint8_t public_key[PRIMITIVES_KEY_SIZE],
                               const uint8_t signature[PRIMITIVES_SIGNATURE_SIZE], const uint8_t *bytes, size_t size);

/* AES-256-GCM under one key, without additional data. A context serves one direction. */
struct primitives_aead;

/* Null when the backend has no AES-256-GCM (a policy of the system may forbid it). */
struct primitives_aead *primitives_aead_new(const uint8_t key[PRIMITIVES_KEY_SIZE]);
void primitives_aead_destroy(struct primitives_aead *aead); /* null is allowed; the key is wiped */

/* In place: `size` bytes become `size` + PRIMITIVES_TAG_SIZE. The caller never repeats a nonce. */
bool primitives_aead_seal(struct primitives_aead *aead, const uint8_t nonce[PRIMITIVES_NONCE_SIZE], uint8_t *bytes,
                          size_t size);
/* In place: `size` bytes with the tag become `size` - PRIMITIVES_TAG_SIZE. False: forged, damaged
 * or shorter than a tag; `bytes` then holds nothing to be used. */
bool primitives_aead_open(struct primitives_aead *aead, const uint8_t nonce[PRIMITIVES_NONCE_SIZE], uint8_t *bytes,
                          size_t size);

#endif
