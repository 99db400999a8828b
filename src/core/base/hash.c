#include "core/base/hash.h"

/* SipHash-2-4 (Aumasson, Bernstein 2012). One 64-bit key, used for both halves in two ways: what it
 * has to withstand is a peer that cannot read the table, not a forger. */
struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t value, unsigned bits)
{
	return value << bits | value >> (64 - bits);
}

static void sip_round(struct sip *sip)
{
	sip->v0 += sip->v1;
	sip->v2 += sip->v3;
	sip->v1 = rotate(sip->v1, 13) ^ sip->v0;
	sip->v3 = rotate(sip->v3, 16) ^ sip->v2;
	sip->v0 = rotate(sip->v0, 32);
	sip->v2 += sip->v1;
	sip->v0 += sip->v3;
	sip->v1 = rotate(sip->v1, 17) ^ sip->v2;
	sip->v3 = rotate(sip->v3, 21) ^ sip->v0;
	sip->v2 = rotate(sip->v2, 32);
}

static void sip_init(struct sip *sip, uint64_t low, uint64_t high)
{
	sip->v0 = low ^ UINT64_C(0x736f6d6570736575);
	sip->v1 = high ^ UINT64_C(0x646f72616e646f6d);
	sip->v2 = low ^ UINT64_C(0x6c7967656e657261);
	sip->v3 = high ^ UINT64_C(0x7465646279746573);
}

static void sip_word(struct sip *sip, uint64_t word)
{
	sip->v3 ^= word;
	sip_round(sip);
	sip_round(sip);
	sip->v0 ^= word;
}

static uint64_t sip_finish(struct sip *sip)
{
	sip->v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(sip);
	return sip->v0 ^ sip->v1 ^ sip->v2 ^ sip->v3;
}

static uint64_t load(const uint8_t *bytes, size_t size)
{
	uint64_t word = 0;
	for (size_t i = 0; i < size; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	return word;
}

uint64_t hash_sip(uint64_t low, uint64_t high, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	struct sip sip;
	sip_init(&sip, low, high);
	size_t left = size;
	for (; left >= 8; left -= 8, at += 8)
		sip_word(&sip, load(at, 8));
	sip_word(&sip, load(at, left) | (uint64_t)size << 56);
	return sip_finish(&sip);
}

uint64_t hash_bytes(uint64_t key, const void *bytes, size_t size)
{
	return hash_sip(key, rotate(key, 32) ^ UINT64_C(0x9e3779b97f4a7c15), bytes, size);
}

uint64_t hash_u64(uint64_t key, uint64_t value)
{
	struct sip sip;
	sip_init(&sip, key, rotate(key, 32) ^ UINT64_C(0x9e3779b97f4a7c15));
	sip_word(&sip, value);
	return sip_finish(&sip);
}
