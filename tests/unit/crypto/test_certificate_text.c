#include <criterion/criterion.h>
#include <stdio.h>

#include "core/crypto/certificate_issue.h"
#include "core/crypto/certificate_text.h"

#include "certificate_maker.h"

static struct certificate_text text;

static const char *read_text(const char *from)
{
	return certificate_text_read(&text, from, strlen(from));
}

/* The text form of one certificate or request. */
static char *written(enum certificate_text_kind kind, const uint8_t *bytes, size_t size)
{
	static char buffer[4096];
	struct text out;

	text_init(&out, buffer, sizeof(buffer));
	certificate_text_write(&out, kind, bytes, size);
	cr_assert_not(out.cut);
	cr_assert_eq(out.size, certificate_text_size(kind, size));
	return buffer;
}

static struct made make_one(uint8_t key)
{
	struct made made;

	make_certificate(
		&made, &(struct recipe){ .key = key, .identity = "str:a", .expiry = 5000, .app_id_count = 1, .authority = 1 });
	return made;
}

Test(certificate_text, reads_what_it_writes)
{
	struct made made = make_one(9);

	cr_assert_null(read_text(written(CERTIFICATE_TEXT_CERTIFICATE, made.bytes, made.size)));
	cr_assert_eq(text.count, 1);
	cr_assert_eq(text.kinds[0], CERTIFICATE_TEXT_CERTIFICATE);
	cr_assert_eq(text.items[0].size, made.size);
	cr_assert(memcmp(text.items[0].bytes, made.bytes, made.size) == 0);
	certificate_text_free(&text);
	certificate_text_free(&text);
}

Test(certificate_text, has_lines_of_64_letters)
{
	struct made made = make_one(9);
	const char *line = written(CERTIFICATE_TEXT_CERTIFICATE, made.bytes, made.size);

	cr_assert(strncmp(line, "-----BEGIN KITH CERTIFICATE-----\n", 33) == 0);
	for (line += 33; *line != '-'; line += strcspn(line, "\n") + 1)
		cr_assert(strcspn(line, "\n") <= 64 && strcspn(line, "\n") > 0);
	cr_assert_str_eq(line, "-----END KITH CERTIFICATE-----\n");
}

Test(certificate_text, reads_bundles_with_words_between)
{
	struct made one = make_one(8), other = make_one(9);
	char all[8192];

	snprintf(all, sizeof(all), "# the first\r\n%s", written(CERTIFICATE_TEXT_CERTIFICATE, one.bytes, one.size));
	strcat(all, "-----BEGIN SOMETHING ELSE-----\n!!! not base64\n-----END SOMETHING ELSE-----\n and now\n");
	strcat(all, written(CERTIFICATE_TEXT_CERTIFICATE, other.bytes, other.size));
	strcat(all, "the end");
	cr_assert_null(read_text(all));
	cr_assert_eq(text.count, 2);
	cr_assert(memcmp(text.items[0].bytes, one.bytes, one.size) == 0);
	cr_assert(memcmp(text.items[1].bytes, other.bytes, other.size) == 0);
	certificate_text_free(&text);
}

Test(certificate_text, reads_the_bare_bytes)
{
	struct made made = make_one(9);

	cr_assert_null(certificate_text_read(&text, made.bytes, made.size));
	cr_assert_eq(text.count, 1);
	cr_assert(memcmp(text.items[0].bytes, made.bytes, made.size) == 0);
	cr_assert(certificate_text_is_one(made.bytes, made.size));
	certificate_text_free(&text);
}

Test(certificate_text, tells_requests_from_certificates)
{
	uint8_t seed[32], public_key[32], bytes[512];
	struct msg_certificate cert = { .identity = identity_of("str:a"), .app_id_count = 1 };
	struct byte_writer writer;

	make_key(seed, public_key, 4);
	byte_writer_init(&writer, bytes, sizeof(bytes));
	certificate_issue_request(&writer, seed, &cert);
	cr_assert_null(certificate_text_read(&text, bytes, byte_writer_size(&writer)));
	cr_assert_eq(text.kinds[0], CERTIFICATE_TEXT_REQUEST);
	certificate_text_free(&text);
	cr_assert_null(read_text(written(CERTIFICATE_TEXT_REQUEST, bytes, byte_writer_size(&writer))));
	cr_assert_eq(text.kinds[0], CERTIFICATE_TEXT_REQUEST);
	certificate_text_free(&text);
	/* A block that says it is the other. */
	cr_assert_str_eq(read_text(written(CERTIFICATE_TEXT_CERTIFICATE, bytes, byte_writer_size(&writer))),
	                 "a block is not what it says it is");
}

/* From the tests of the other implementation: an authority's, made by its tool. */
#define GNS_CERT \
	"IjEIARIgu6bBYQ1oqr6fnHMC98uA45p4u9CqTLgvNTQcjSoGdT9FmSm1XE2ZkHdgUNoFKSnXp45cKrOCMkCPs0eTzHWsN0oDNrxnAvvi3MiDv6T" \
	"v4CudquT4D/nss3usW6xUPD3YIbbISWxL8YE1HGYVRILCYWDCqxoBOK4M"

Test(certificate_text, reads_the_blocks_of_the_original)
{
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;

	cr_assert_null(read_text("-----BEGIN STEAMDATAGRAM CERT-----\n" GNS_CERT "\n-----END STEAMDATAGRAM CERT-----\n"));
	cr_assert_eq(text.count, 1);
	cr_assert(msg_signed_certificate_read(&envelope, text.items[0].bytes, text.items[0].size));
	cr_assert_eq(envelope.authority, UINT64_C(9417917822780561193));
	cr_assert(certificate_read(&cert, envelope.cert, envelope.cert_size));
	cr_assert_eq(certificate_key_id(cert.key), UINT64_C(1790264268120135407));
	cr_assert_eq(cert.created, 1555376537);
	cr_assert(cert.app_id_count == 1 && cert.app_ids[0] == 730);
	certificate_text_free(&text);
	/* On one line, as its tool writes it for shells. */
	cr_assert_null(read_text("-----BEGIN STEAMDATAGRAM CERT----- " GNS_CERT " -----END STEAMDATAGRAM CERT-----"));
	certificate_text_free(&text);
}

Test(certificate_text, refuses_what_is_no_certificate)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "empty" },
		{ "hello", "neither a certificate nor a request for one" },
		{ "-----BEGIN KITH CERTIFICATE-----\nIjEI", "a block has no end" },
		{ "-----BEGIN KITH CERTIFICATE", "a block has no end" },
		{ "-----BEGIN KITH CERTIFICATE-----\n-----END KITH", "a block has no end" },
		{ "-----BEGIN KITH CERTIFICATE-----\nIjEI\n-----END OTHER-----\n", "a block has no end" },
		{ "-----BEGIN KITH CERTIFICATE-----\nIj*I\n-----END KITH CERTIFICATE-----\n", "a block is not base64" },
		{ "-----BEGIN KITH CERTIFICATE-----\n-----END KITH CERTIFICATE-----\n", "a block is not what it says it is" },
		{ "-----BEGIN KITH CERTIFICATE-----\nAAAA\n-----END KITH CERTIFICATE-----\n",
		  "a block is not what it says it is" },
		{ "-----BEGIN X-----\nAAAA\n-----END X-----\n", "no certificate is in it" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *why = read_text(bad[i].text);
		cr_assert_not_null(why, "%s", bad[i].text);
		cr_assert_str_eq(why, bad[i].why, "%s: %s", bad[i].text, why);
		cr_assert_null(text.bytes);
	}
}

Test(certificate_text, takes_no_more_than_its_limit)
{
	struct made made = make_one(9);
	const char *one = written(CERTIFICATE_TEXT_CERTIFICATE, made.bytes, made.size);
	size_t size = strlen(one);
	char *all = calloc(1, size * (CERTIFICATE_TEXT_ITEMS_MAX + 1) + 1);

	for (unsigned i = 0; i < CERTIFICATE_TEXT_ITEMS_MAX; i++)
		memcpy(all + i * size, one, size);
	cr_assert_null(read_text(all));
	cr_assert_eq(text.count, CERTIFICATE_TEXT_ITEMS_MAX);
	certificate_text_free(&text);
	memcpy(all + CERTIFICATE_TEXT_ITEMS_MAX * size, one, size);
	cr_assert_str_eq(read_text(all), "too many certificates in one file");
	free(all);
	all = calloc(1, CERTIFICATE_TEXT_SIZE_MAX + 1);
	cr_assert_str_eq(certificate_text_read(&text, all, CERTIFICATE_TEXT_SIZE_MAX + 1), "too large");
	free(all);
}
