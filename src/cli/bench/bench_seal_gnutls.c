#include "cli/bench/bench_seal.h"

#include <stdlib.h>

#include <gnutls/crypto.h>

#include "core/base/bytes.h"

struct bench_seal {
	gnutls_aead_cipher_hd_t cipher;
};

const char *bench_seal_missing(void)
{
	return NULL;
}

struct bench_seal *bench_seal_new(void)
{
	struct bench_seal *seal = calloc(1, sizeof(*seal));
	uint8_t key[32] = { 'b', 'e', 'n', 'c', 'h' };
	gnutls_datum_t datum = { key, sizeof(key) };

	if (seal == NULL || gnutls_aead_cipher_init(&seal->cipher, GNUTLS_CIPHER_AES_256_GCM, &datum) != 0)
		abort();
	return seal;
}

static void make_nonce(uint8_t nonce[BENCH_SEAL_NONCE], uint64_t number)
{
	bytes_zero(nonce, BENCH_SEAL_NONCE);
	bytes_copy(nonce, &number, sizeof(number));
}

bool bench_seal_close(struct bench_seal *seal, uint64_t number, const uint8_t *bytes, size_t size, uint8_t *out)
{
	uint8_t nonce[BENCH_SEAL_NONCE];
	size_t out_size = size + BENCH_SEAL_TAG;

	make_nonce(nonce, number);
	return gnutls_aead_cipher_encrypt(seal->cipher, nonce, sizeof(nonce), NULL, 0, BENCH_SEAL_TAG, bytes, size, out,
	                                  &out_size) == 0;
}

bool bench_seal_open(struct bench_seal *seal, uint64_t number, const uint8_t *bytes, size_t size, uint8_t *out)
{
	uint8_t nonce[BENCH_SEAL_NONCE];
	size_t out_size = size - BENCH_SEAL_TAG;

	make_nonce(nonce, number);
	return gnutls_aead_cipher_decrypt(seal->cipher, nonce, sizeof(nonce), NULL, 0, BENCH_SEAL_TAG, bytes, size, out,
	                                  &out_size) == 0;
}
