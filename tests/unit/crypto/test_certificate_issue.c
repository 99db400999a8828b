#include <criterion/criterion.h>

#include "core/crypto/certificate_check.h"
#include "core/crypto/certificate_issue.h"

#include "certificate_maker.h"

static uint8_t bytes[1200];
static size_t size;
static uint8_t seed[32], public_key[32];

static void make_request(const char *identity)
{
	struct msg_certificate cert = { .app_ids = { 480, 481 }, .app_id_count = 2 };
	struct byte_writer writer;

	make_key(seed, public_key, 4);
	if (identity != NULL)
		cert.identity = identity_of(identity);
	byte_writer_init(&writer, bytes, sizeof(bytes));
	certificate_issue_request(&writer, seed, &cert);
	size = byte_writer_size(&writer);
	cr_assert(size > 0);
}

Test(certificate_issue, request_says_who_asks_and_proves_the_key)
{
	struct certificate_request request;

	make_request("str:a");
	cr_assert(certificate_issue_read_request(&request, bytes, size));
	cr_assert(request.has_proof);
	cr_assert(memcmp(request.cert.key, public_key, 32) == 0);
	cr_assert_str_eq(request.cert.identity.text, "str:a");
	cr_assert(request.cert.app_id_count == 2 && request.cert.app_ids[1] == 481);
	make_request(NULL);
	cr_assert(certificate_issue_read_request(&request, bytes, size));
	cr_assert(identity_is_none(&request.cert.identity));
}

Test(certificate_issue, request_with_a_changed_bit_is_none)
{
	struct certificate_request request;
	unsigned taken = 0;

	make_request("str:a");
	for (size_t bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		/* With a change in the signature's own tag it is one without proof. */
		if (certificate_issue_read_request(&request, bytes, size)) {
			cr_assert_not(request.has_proof, "bit %zu", bit);
			taken++;
		}
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	cr_assert(taken < 16, "%u", taken);
	for (size_t cut = 0; cut < size; cut++)
		cr_assert(!certificate_issue_read_request(&request, bytes, cut) || !request.has_proof);
}

Test(certificate_issue, request_of_another_key_is_none)
{
	struct msg_certificate_request parsed;
	struct certificate_request request;
	uint8_t copy[1200];

	make_request("str:a");
	cr_assert(msg_certificate_request_read(&parsed, bytes, size));
	memcpy(copy, bytes, size);
	copy[parsed.cert + 5 - bytes] ^= 1; /* inside the key */
	cr_assert_not(certificate_issue_read_request(&request, copy, size));
}

Test(certificate_issue, request_of_the_original_has_no_proof)
{
	struct msg_certificate_request parsed;
	struct certificate_request request;
	struct byte_writer writer;
	uint8_t plain[1200];

	make_request("str:a");
	cr_assert(msg_certificate_request_read(&parsed, bytes, size));
	parsed.signature = NULL;
	byte_writer_init(&writer, plain, sizeof(plain));
	msg_certificate_request_write(&writer, &parsed);
	cr_assert(certificate_issue_read_request(&request, plain, byte_writer_size(&writer)));
	cr_assert_not(request.has_proof);
	cr_assert_str_eq(request.cert.identity.text, "str:a");
}

Test(certificate_issue, request_cannot_be_passed_off_as_a_certificate)
{
	/* Its signature is not one over the certificate alone. */
	struct msg_certificate_request parsed;

	make_request("str:a");
	cr_assert(msg_certificate_request_read(&parsed, bytes, size));
	cr_assert_not(primitives_ed25519_verify(public_key, parsed.signature, parsed.cert, parsed.cert_size));
}

Test(certificate_issue, signs_what_peers_believe)
{
	uint8_t authority[32], authority_key[32];
	struct certificate_request request;
	struct certificate_checked checked;
	struct msg_signed_certificate envelope;
	struct trust_store *store = trust_store_new();
	struct certificate_policy policy = { store, 1000, 480, CERTIFICATE_DEMAND_CERTIFICATE };
	struct identity identity = identity_of("str:a");
	struct byte_writer writer;
	uint8_t signed_bytes[1200];

	make_key(authority, authority_key, 1);
	cr_assert_eq(trust_store_add_root(store, authority_key), AUTHORITY_FINE);
	make_request("str:a");
	cr_assert(certificate_issue_read_request(&request, bytes, size));
	request.cert.created = 900;
	request.cert.expiry = 2000;
	byte_writer_init(&writer, signed_bytes, sizeof(signed_bytes));
	certificate_issue_signed(&writer, authority, &request.cert);
	cr_assert(msg_signed_certificate_read(&envelope, signed_bytes, byte_writer_size(&writer)));
	cr_assert_eq(envelope.authority, id_of_key(1));
	cr_assert_eq(certificate_check(&policy, &identity, &envelope, &checked).reason, 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_CERTIFICATE);
	trust_store_destroy(store);
}
