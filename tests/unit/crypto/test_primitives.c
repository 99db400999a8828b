#include <criterion/criterion.h>

#include "core/crypto/primitives.h"

#include "hex.h"

Test(primitives, sha256_knows_abc_and_nothing)
{
	uint8_t hash[32];

	primitives_sha256(hash, (const uint8_t *)"abc", 3);
	cr_assert(hex_is(hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	primitives_sha256(hash, (const uint8_t *)"", 0);
	cr_assert(hex_is(hash, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

/* RFC 4231 case 1; HMAC pads its 20-byte key with zeros, so 32 bytes of it are the same key. */
Test(primitives, hmac_knows_rfc_4231_in_any_pieces)
{
	uint8_t key[32] = { 0 };
	uint8_t mac[32];
	const uint8_t *text = (const uint8_t *)"Hi There";
	struct primitives_bytes whole[] = { { text, 8 } };
	struct primitives_bytes pieces[] = { { text, 1 }, { text, 0 }, { text + 1, 7 } };

	memset(key, 0x0b, 20);
	primitives_hmac_sha256(mac, key, whole, 1);
	cr_assert(hex_is(mac, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
	memset(mac, 0, sizeof(mac));
	primitives_hmac_sha256(mac, key, pieces, 3);
	cr_assert(hex_is(mac, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
}

/* Case 2. */
Test(primitives, hmac_knows_rfc_2202)
{
	uint8_t mac[20];

	primitives_hmac_sha1(mac, (const uint8_t *)"Jefe", 4, (const uint8_t *)"what do ya want for nothing?", 28);
	cr_assert(hex_is(mac, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}

Test(primitives, x25519_knows_rfc_7748)
{
	uint8_t alice[32], bob[32], public_key[32], shared[32];

	hex_read(alice, 32, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
	hex_read(bob, 32, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
	primitives_x25519_public(public_key, alice);
	cr_assert(hex_is(public_key, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
	cr_assert(primitives_x25519_shared(shared, bob, public_key));
	cr_assert(hex_is(shared, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
	primitives_x25519_public(public_key, bob);
	cr_assert(primitives_x25519_shared(shared, alice, public_key));
	cr_assert(hex_is(shared, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
}

Test(primitives, x25519_refuses_points_of_small_order)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	};
	uint8_t private_key[32], point[32], shared[32];

	memset(private_key, 0x42, sizeof(private_key));
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		hex_read(point, 32, points[i]);
		cr_assert_not(primitives_x25519_shared(shared, private_key, point), "point %zu", i);
	}
}

Test(primitives, ed25519_knows_rfc_8032)
{
	uint8_t seed[32], public_key[32], signature[64];

	hex_read(seed, 32, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
	primitives_ed25519_public(public_key, seed);
	cr_assert(hex_is(public_key, 32, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
	primitives_ed25519_sign(signature, seed, public_key, (const uint8_t *)"", 0);
	cr_assert(hex_is(signature, 64,
	                 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	                 "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"));

	hex_read(seed, 32, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
	primitives_ed25519_public(public_key, seed);
	primitives_ed25519_sign(signature, seed, public_key, (const uint8_t *)"\x72", 1);
	cr_assert(hex_is(signature, 64,
	                 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
	cr_assert(primitives_ed25519_verify(public_key, signature, (const uint8_t *)"\x72", 1));
}

Test(primitives, ed25519_refuses_every_flipped_bit)
{
	uint8_t seed[32], public_key[32], signature[64];
	uint8_t message[] = "the session info";

	memset(seed, 7, sizeof(seed));
	primitives_ed25519_public(public_key, seed);
	primitives_ed25519_sign(signature, seed, public_key, message, sizeof(message));
	for (size_t bit = 0; bit < sizeof(signature) * 8; bit += 3) {
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_not(primitives_ed25519_verify(public_key, signature, message, sizeof(message)));
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t bit = 0; bit < sizeof(message) * 8; bit += 5) {
		message[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_not(primitives_ed25519_verify(public_key, signature, message, sizeof(message)));
		message[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	cr_assert_not(primitives_ed25519_verify(public_key, signature, message, sizeof(message) - 1));
	public_key[3] ^= 1;
	cr_assert_not(primitives_ed25519_verify(public_key, signature, message, sizeof(message)));
}

/* Signature plus the group order verifies with a careless implementation: one signature, two texts. */
Test(primitives, ed25519_refuses_a_signature_that_is_not_reduced)
{
	static const char order[] = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
	uint8_t seed[32], public_key[32], signature[64], l[32];
	unsigned carry = 0;

	memset(seed, 9, sizeof(seed));
	hex_read(l, 32, order);
	primitives_ed25519_public(public_key, seed);
	primitives_ed25519_sign(signature, seed, public_key, seed, 5);
	cr_assert(primitives_ed25519_verify(public_key, signature, seed, 5));
	for (size_t i = 0; i < 32; i++) {
		carry += signature[32 + i] + l[i];
		signature[32 + i] = (uint8_t)(carry & 0xff);
		carry >>= 8;
	}
	cr_assert_not(primitives_ed25519_verify(public_key, signature, seed, 5));
}

/* Test cases 13, 14 and 15 of the GCM paper. */
Test(primitives, aead_knows_the_gcm_vectors)
{
	uint8_t key[32] = { 0 }, nonce[12] = { 0 }, bytes[96] = { 0 };
	struct primitives_aead *aead = primitives_aead_new(key);

	cr_assert(aead);
	cr_assert(primitives_aead_seal(aead, nonce, bytes, 0));
	cr_assert(hex_is(bytes, 16, "530f8afbc74536b9a963b4f1c4cb738b"));
	memset(bytes, 0, sizeof(bytes));
	cr_assert(primitives_aead_seal(aead, nonce, bytes, 16));
	cr_assert(hex_is(bytes, 32, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
	primitives_aead_destroy(aead);

	hex_read(key, 32, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
	hex_read(nonce, 12, "cafebabefacedbaddecaf888");
	hex_read(bytes, 64,
	         "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	         "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
	aead = primitives_aead_new(key);
	cr_assert(primitives_aead_seal(aead, nonce, bytes, 64));
	cr_assert(hex_is(bytes, 80,
	                 "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	                 "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
	                 "b094dac5d93471bdec1a502270e3cc6c"));
	primitives_aead_destroy(aead);
	primitives_aead_destroy(NULL);
}

Test(primitives, aead_opens_every_size_in_place)
{
	enum { SIZE_MAX_TESTED = 1500 };
	static uint8_t plain[SIZE_MAX_TESTED], bytes[SIZE_MAX_TESTED + 16];
	uint8_t key[32], nonce[12] = { 1 };

	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * 131 >> 3);
	memset(key, 5, sizeof(key));
	struct primitives_aead *sealer = primitives_aead_new(key);
	struct primitives_aead *opener = primitives_aead_new(key);
	for (size_t size = 0; size <= sizeof(plain); size++) {
		nonce[4] = (uint8_t)size;
		nonce[5] = (uint8_t)(size >> 8);
		memcpy(bytes, plain, size);
		cr_assert(primitives_aead_seal(sealer, nonce, bytes, size));
		cr_assert(size < 8 || memcmp(bytes, plain, size) != 0);
		cr_assert(primitives_aead_open(opener, nonce, bytes, size + 16), "size %zu", size);
		cr_assert(memcmp(bytes, plain, size) == 0, "size %zu", size);
	}
	primitives_aead_destroy(sealer);
	primitives_aead_destroy(opener);
}

Test(primitives, aead_refuses_damage_truncation_and_other_nonces)
{
	uint8_t key[32] = { 3 }, nonce[12] = { 0 }, sealed[48 + 16] = { 0 }, bytes[48 + 16];
	struct primitives_aead *aead = primitives_aead_new(key);

	cr_assert(primitives_aead_seal(aead, nonce, sealed, 48));
	for (size_t bit = 0; bit < sizeof(sealed) * 8; bit++) {
		memcpy(bytes, sealed, sizeof(sealed));
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_not(primitives_aead_open(aead, nonce, bytes, sizeof(bytes)));
	}
	for (size_t size = 0; size < sizeof(sealed); size++) {
		memcpy(bytes, sealed, sizeof(sealed));
		cr_assert_not(primitives_aead_open(aead, nonce, bytes, size));
	}
	nonce[11] = 1;
	memcpy(bytes, sealed, sizeof(sealed));
	cr_assert_not(primitives_aead_open(aead, nonce, bytes, sizeof(bytes)));
	nonce[11] = 0;
	memcpy(bytes, sealed, sizeof(sealed));
	cr_assert(primitives_aead_open(aead, nonce, bytes, sizeof(bytes)));
	primitives_aead_destroy(aead);
}
