#include "core/crypto/packet_crypto.h"

#include "core/base/bytes.h"

bool packet_crypto_init(struct packet_crypto *crypto, const struct packet_crypto_keys *keys)
{
	bytes_zero(crypto, sizeof(*crypto));
	if (keys->cipher == PACKET_CIPHER_NONE) {
		crypto->cipher = PACKET_CIPHER_NONE;
		return true;
	}
	if (keys->cipher != PACKET_CIPHER_AES_256_GCM)
		return false;

	crypto->seal = primitives_aead_new(keys->send_key);
	crypto->open = primitives_aead_new(keys->receive_key);
	if (!crypto->seal || !crypto->open) {
		packet_crypto_free(crypto);
		return false;
	}
	crypto->cipher = PACKET_CIPHER_AES_256_GCM;
	bytes_copy(crypto->send_iv, keys->send_iv, sizeof(crypto->send_iv));
	bytes_copy(crypto->receive_iv, keys->receive_iv, sizeof(crypto->receive_iv));
	return true;
}

void packet_crypto_free(struct packet_crypto *crypto)
{
	primitives_aead_destroy(crypto->seal);
	primitives_aead_destroy(crypto->open);
	bytes_wipe(crypto, sizeof(*crypto));
}

bool packet_crypto_is_ready(const struct packet_crypto *crypto)
{
	return crypto->cipher != 0;
}

size_t packet_crypto_overhead(const struct packet_crypto *crypto)
{
	return crypto->cipher == PACKET_CIPHER_AES_256_GCM ? PRIMITIVES_TAG_SIZE : 0;
}

/* The number is added to the first eight bytes of the IV as a little-endian integer; the carry
 * ends there. */
static void make_nonce(uint8_t nonce[PRIMITIVES_NONCE_SIZE], const uint8_t iv[PRIMITIVES_NONCE_SIZE], int64_t number)
{
	uint64_t rest = (uint64_t)number;
	unsigned carry = 0;

	bytes_copy(nonce, iv, PRIMITIVES_NONCE_SIZE);
	for (size_t i = 0; i < 8; i++) {
		carry += nonce[i] + (unsigned)(rest & 0xff);
		nonce[i] = (uint8_t)(carry & 0xff);
		carry >>= 8;
		rest >>= 8;
	}
}

bool packet_crypto_seal(struct packet_crypto *crypto, int64_t number, uint8_t *bytes, size_t size)
{
	uint8_t nonce[PRIMITIVES_NONCE_SIZE];

	if (!packet_crypto_is_ready(crypto) || number <= crypto->sealed)
		return false;
	/* Counted even if sealing fails below: a number is used up by the attempt. */
	crypto->sealed = number;
	if (crypto->cipher == PACKET_CIPHER_NONE)
		return true;
	make_nonce(nonce, crypto->send_iv, number);
	return primitives_aead_seal(crypto->seal, nonce, bytes, size);
}

bool packet_crypto_open(struct packet_crypto *crypto, int64_t number, uint8_t *bytes, size_t size, size_t *plain_size)
{
	uint8_t nonce[PRIMITIVES_NONCE_SIZE];

	if (!packet_crypto_is_ready(crypto) || number <= 0)
		return false;
	if (crypto->cipher == PACKET_CIPHER_NONE) {
		*plain_size = size;
		return true;
	}
	make_nonce(nonce, crypto->receive_iv, number);
	if (!primitives_aead_open(crypto->open, nonce, bytes, size))
		return false;
	*plain_size = size - PRIMITIVES_TAG_SIZE;
	return true;
}

const char *packet_cipher_name(enum packet_cipher cipher)
{
	switch (cipher) {
	case PACKET_CIPHER_NONE:
		return "none";
	case PACKET_CIPHER_AES_256_GCM:
		return "AES-256-GCM";
	}
	return "";
}
