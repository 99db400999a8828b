#include <criterion/criterion.h>

#include "core/crypto/packet_crypto.h"

#include "hex.h"
#include "recorded_sessions.h"

static struct packet_crypto_keys keys_of(const struct recorded_side *local, const struct recorded_side *remote)
{
	struct packet_crypto_keys keys = { .cipher = PACKET_CIPHER_AES_256_GCM };

	hex_read(keys.send_key, 32, local->send_key);
	hex_read(keys.send_iv, 12, local->send_iv);
	hex_read(keys.receive_key, 32, remote->send_key);
	hex_read(keys.receive_iv, 12, remote->send_iv);
	return keys;
}

static struct packet_crypto_keys mirrored(const struct packet_crypto_keys *keys)
{
	struct packet_crypto_keys out = { .cipher = keys->cipher };

	memcpy(out.send_key, keys->receive_key, 32);
	memcpy(out.receive_key, keys->send_key, 32);
	memcpy(out.send_iv, keys->receive_iv, 12);
	memcpy(out.receive_iv, keys->send_iv, 12);
	return out;
}

static int replay_side(const struct recorded_side *local, const struct recorded_side *remote)
{
	struct packet_crypto_keys keys = keys_of(local, remote), other = mirrored(&keys);
	struct packet_crypto sender, receiver;
	int packets = 0;

	cr_assert(packet_crypto_init(&sender, &keys));
	cr_assert(packet_crypto_init(&receiver, &other));
	for (int i = 0; i < RECORDED_PACKETS_MAX && local->packets[i].number; i++, packets++) {
		const struct recorded_packet *packet = &local->packets[i];
		uint8_t bytes[256];
		size_t size = hex_read(bytes, sizeof(bytes), packet->plain), plain_size = 0;

		cr_assert(packet_crypto_seal(&sender, packet->number, bytes, size));
		cr_assert(hex_is(bytes, size + packet_crypto_overhead(&sender), packet->sealed));
		cr_assert(packet_crypto_open(&receiver, packet->number, bytes, size + 16, &plain_size));
		cr_assert(hex_is(bytes, plain_size, packet->plain));
	}
	packet_crypto_free(&sender);
	packet_crypto_free(&receiver);
	return packets;
}

Test(packet_crypto, seals_and_opens_every_recorded_packet)
{
	cr_assert_eq(replay_side(&recorded_udp.client, &recorded_udp.server), 2);
	cr_assert_eq(replay_side(&recorded_udp.server, &recorded_udp.client), 2);
	cr_assert_eq(replay_side(&recorded_p2p.client, &recorded_p2p.server), 10);
	cr_assert_eq(replay_side(&recorded_p2p.server, &recorded_p2p.client), 11);
}

static void init_pair(struct packet_crypto *a, struct packet_crypto *b)
{
	struct packet_crypto_keys keys = keys_of(&recorded_udp.client, &recorded_udp.server), other = mirrored(&keys);

	cr_assert(packet_crypto_init(a, &keys));
	cr_assert(packet_crypto_init(b, &other));
}

Test(packet_crypto, never_seals_a_number_twice_or_backwards)
{
	struct packet_crypto a, b;
	uint8_t bytes[32] = { 0 };

	init_pair(&a, &b);
	cr_assert_not(packet_crypto_seal(&a, 0, bytes, 8));
	cr_assert_not(packet_crypto_seal(&a, -5, bytes, 8));
	cr_assert(packet_crypto_seal(&a, 7, bytes, 8));
	cr_assert_not(packet_crypto_seal(&a, 7, bytes, 8));
	cr_assert_not(packet_crypto_seal(&a, 6, bytes, 8));
	cr_assert(packet_crypto_seal(&a, 9, bytes, 8));
	packet_crypto_free(&a);
	packet_crypto_free(&b);
}

Test(packet_crypto, opens_only_under_the_number_it_was_sealed_with)
{
	struct packet_crypto a, b;
	uint8_t sealed[32] = { 1, 2, 3 }, bytes[32];
	size_t plain_size = 99;

	init_pair(&a, &b);
	cr_assert(packet_crypto_seal(&a, 5, sealed, 16));
	for (int64_t number = -2; number < 70000; number += 1 + number % 7 * (number > 100)) {
		memcpy(bytes, sealed, 32);
		cr_assert_eq(packet_crypto_open(&b, number, bytes, 32, &plain_size), number == 5);
	}
	memcpy(bytes, sealed, 32);
	cr_assert_not(packet_crypto_open(&b, 5 + 0x10000, bytes, 32, &plain_size));
	cr_assert_eq(plain_size, 16);
	packet_crypto_free(&a);
	packet_crypto_free(&b);
}

Test(packet_crypto, does_not_open_its_own_direction)
{
	struct packet_crypto a, b;
	uint8_t bytes[32] = { 0 };
	size_t plain_size;

	init_pair(&a, &b);
	cr_assert(packet_crypto_seal(&a, 2, bytes, 16));
	cr_assert_not(packet_crypto_open(&a, 2, bytes, 32, &plain_size));
	packet_crypto_free(&a);
	packet_crypto_free(&b);
}

Test(packet_crypto, refuses_what_is_shorter_than_a_tag)
{
	struct packet_crypto a, b;
	uint8_t bytes[16] = { 0 };
	size_t plain_size;

	init_pair(&a, &b);
	for (size_t size = 0; size < 16; size++)
		cr_assert_not(packet_crypto_open(&b, 2, bytes, size, &plain_size));
	packet_crypto_free(&a);
	packet_crypto_free(&b);
}

/* The carry of the nonce must reach byte 7 and stop there. */
Test(packet_crypto, adds_the_number_modulo_two_to_the_64)
{
	struct packet_crypto_keys keys = { .cipher = PACKET_CIPHER_AES_256_GCM };
	struct packet_crypto crypto;
	uint8_t expected[24] = { 0 }, bytes[24] = { 0 }, nonce[12];

	memset(keys.send_iv, 0xff, 12);
	hex_read(nonce, 12, "0100000000000000ffffffff"); /* 2^64 - 1 + 2 */
	struct primitives_aead *aead = primitives_aead_new(keys.send_key);
	cr_assert(primitives_aead_seal(aead, nonce, expected, 8));
	primitives_aead_destroy(aead);

	cr_assert(packet_crypto_init(&crypto, &keys));
	cr_assert(packet_crypto_seal(&crypto, 2, bytes, 8));
	cr_assert(memcmp(bytes, expected, 24) == 0);
	packet_crypto_free(&crypto);
}

Test(packet_crypto, carries_a_null_payload_as_it_is)
{
	struct packet_crypto_keys keys = { .cipher = PACKET_CIPHER_NONE };
	struct packet_crypto crypto;
	uint8_t bytes[5] = "text";
	size_t plain_size = 0;

	cr_assert(packet_crypto_init(&crypto, &keys));
	cr_assert_eq(packet_crypto_overhead(&crypto), 0);
	cr_assert(packet_crypto_seal(&crypto, 2, bytes, 5));
	cr_assert_not(packet_crypto_seal(&crypto, 2, bytes, 5));
	cr_assert(packet_crypto_open(&crypto, 2, bytes, 5, &plain_size));
	cr_assert_eq(plain_size, 5);
	cr_assert_str_eq((char *)bytes, "text");
	packet_crypto_free(&crypto);
}

Test(packet_crypto, does_nothing_without_keys)
{
	struct packet_crypto_keys keys = { 0 };
	struct packet_crypto crypto = { 0 };
	uint8_t bytes[32] = { 0 };
	size_t plain_size;

	cr_assert_not(packet_crypto_is_ready(&crypto));
	cr_assert_not(packet_crypto_seal(&crypto, 2, bytes, 8));
	cr_assert_not(packet_crypto_open(&crypto, 2, bytes, 32, &plain_size));
	cr_assert_not(packet_crypto_init(&crypto, &keys));
	packet_crypto_free(&crypto);
	packet_crypto_free(&crypto);
}

Test(packet_crypto, names_its_ciphers)
{
	cr_assert_str_eq(packet_cipher_name(PACKET_CIPHER_AES_256_GCM), "AES-256-GCM");
	cr_assert_str_eq(packet_cipher_name(PACKET_CIPHER_NONE), "none");
}
