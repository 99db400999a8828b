#include "core/crypto/primitives.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <nettle/curve25519.h>
#include <nettle/eddsa.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

struct primitives_aead {
	gnutls_aead_cipher_hd_t handle;
};

void primitives_sha256(uint8_t hash[PRIMITIVES_HASH_SIZE], const uint8_t *bytes, size_t size)
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, size, bytes);
	sha256_digest(&context, PRIMITIVES_HASH_SIZE, hash);
	bytes_wipe(&context, sizeof(context));
}

void primitives_hmac_sha256(uint8_t mac[PRIMITIVES_HASH_SIZE], const uint8_t key[PRIMITIVES_KEY_SIZE],
                            const struct primitives_bytes *parts, size_t count)
{
	struct hmac_sha256_ctx context;

	hmac_sha256_set_key(&context, PRIMITIVES_KEY_SIZE, key);
	for (size_t i = 0; i < count; i++)
		hmac_sha256_update(&context, parts[i].size, parts[i].bytes);
	hmac_sha256_digest(&context, PRIMITIVES_HASH_SIZE, mac);
	bytes_wipe(&context, sizeof(context));
}

void primitives_hmac_sha1(uint8_t mac[PRIMITIVES_SHA1_SIZE], const uint8_t *key, size_t key_size, const uint8_t *bytes,
                          size_t size)
{
	struct hmac_sha1_ctx context;

	hmac_sha1_set_key(&context, key_size, key);
	hmac_sha1_update(&context, size, bytes);
	hmac_sha1_digest(&context, PRIMITIVES_SHA1_SIZE, mac);
	bytes_wipe(&context, sizeof(context));
}

void primitives_x25519_public(uint8_t public_key[PRIMITIVES_KEY_SIZE], const uint8_t private_key[PRIMITIVES_KEY_SIZE])
{
	curve25519_mul_g(public_key, private_key);
}

bool primitives_x25519_shared(uint8_t shared[PRIMITIVES_KEY_SIZE], const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                              const uint8_t peer_public_key[PRIMITIVES_KEY_SIZE])
{
	uint8_t any = 0;

	curve25519_mul(shared, private_key, peer_public_key);
	for (size_t i = 0; i < PRIMITIVES_KEY_SIZE; i++)
		any |= shared[i];
	return any != 0;
}

void primitives_ed25519_public(uint8_t public_key[PRIMITIVES_KEY_SIZE], const uint8_t seed[PRIMITIVES_KEY_SIZE])
{
	ed25519_sha512_public_key(public_key, seed);
}

void primitives_ed25519_sign(uint8_t signature[PRIMITIVES_SIGNATURE_SIZE], const uint8_t seed[PRIMITIVES_KEY_SIZE],
                             const uint8_t public_key[PRIMITIVES_KEY_SIZE], const uint8_t *bytes, size_t size)
{
	ed25519_sha512_sign(public_key, seed, size, bytes, signature);
}

bool primitives_ed25519_verify(const uint8_t public_key[PRIMITIVES_KEY_SIZE],
                               const uint8_t signature[PRIMITIVES_SIGNATURE_SIZE], const uint8_t *bytes, size_t size)
{
	return ed25519_sha512_verify(public_key, size, bytes, signature) == 1;
}

struct primitives_aead *primitives_aead_new(const uint8_t key[PRIMITIVES_KEY_SIZE])
{
	uint8_t copy[PRIMITIVES_KEY_SIZE]; /* gnutls_datum_t has no const */
	gnutls_datum_t datum = { copy, sizeof(copy) };
	gnutls_aead_cipher_hd_t handle;
	int result;

	bytes_copy(copy, key, sizeof(copy));
	result = gnutls_aead_cipher_init(&handle, GNUTLS_CIPHER_AES_256_GCM, &datum);
	bytes_wipe(copy, sizeof(copy));
	if (result != GNUTLS_E_SUCCESS)
		return NULL;

	struct primitives_aead *aead = alloc_zeroed(sizeof(*aead));
	aead->handle = handle;
	return aead;
}

void primitives_aead_destroy(struct primitives_aead *aead)
{
	if (!aead)
		return;
	gnutls_aead_cipher_deinit(aead->handle);
	alloc_free(aead);
}

/* GCM works in place in every implementation GnuTLS may pick for this processor; the unit test
 * walks all payload sizes against a second context to hold it to that. */
bool primitives_aead_seal(struct primitives_aead *aead, const uint8_t nonce[PRIMITIVES_NONCE_SIZE], uint8_t *bytes,
                          size_t size)
{
	size_t sealed_size = size + PRIMITIVES_TAG_SIZE;

	return gnutls_aead_cipher_encrypt(aead->handle, nonce, PRIMITIVES_NONCE_SIZE, NULL, 0, PRIMITIVES_TAG_SIZE, bytes,
	                                  size, bytes, &sealed_size) == GNUTLS_E_SUCCESS;
}

bool primitives_aead_open(struct primitives_aead *aead, const uint8_t nonce[PRIMITIVES_NONCE_SIZE], uint8_t *bytes,
                          size_t size)
{
	size_t plain_size = size;

	if (size < PRIMITIVES_TAG_SIZE)
		return false;
	return gnutls_aead_cipher_decrypt(aead->handle, nonce, PRIMITIVES_NONCE_SIZE, NULL, 0, PRIMITIVES_TAG_SIZE, bytes,
	                                  size, bytes, &plain_size) == GNUTLS_E_SUCCESS;
}
