/* Sealing and opening happen for every packet: they must not allocate. The backend's allocator is
 * a variable, so counting needs no tricks with the linker. */
#include <criterion/criterion.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "core/crypto/packet_crypto.h"

static int allocations;

static void *counting_malloc(size_t size)
{
	allocations++;
	return malloc(size);
}

static void *counting_calloc(size_t count, size_t size)
{
	allocations++;
	return calloc(count, size);
}

Test(allocation, happens_for_keys_and_never_for_packets)
{
	struct packet_crypto_keys keys = { .cipher = PACKET_CIPHER_AES_256_GCM };
	struct packet_crypto crypto;
	static uint8_t bytes[1300];
	size_t plain_size;

	gnutls_malloc = counting_malloc;
	gnutls_calloc = counting_calloc;
	cr_assert(packet_crypto_init(&crypto, &keys));
	cr_assert(allocations > 0); /* the counter sees the backend */

	allocations = 0;
	for (int64_t number = 2; number < 2000; number++) {
		size_t size = (size_t)number % (sizeof(bytes) - 16);

		cr_assert(packet_crypto_seal(&crypto, number, bytes, size));
		cr_assert(packet_crypto_open(&crypto, number, bytes, size + 16, &plain_size));
		bytes[3] ^= 1;
		cr_assert_not(packet_crypto_open(&crypto, number, bytes, size + 16, &plain_size));
	}
	cr_assert_eq(allocations, 0);
	packet_crypto_free(&crypto);
}
