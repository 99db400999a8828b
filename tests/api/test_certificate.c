/* Keys and certificates as data: no endpoint is needed for any of it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/kith.h>

/* The public key of 32 bytes of 1. */
#define PUBLIC_OF_ONES "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
#define SECOND INT64_C(1000000)
#define YEAR (365 * 86400 * SECOND)
#define START (INT64_C(1700000000) * SECOND)

static uint8_t authority_key[KITH_KEY_SIZE], authority_public[KITH_KEY_SIZE];
static uint8_t key[KITH_KEY_SIZE], public_key[KITH_KEY_SIZE];
static struct kith_identity alice;

static void setup(void)
{
	memset(authority_key, 1, sizeof(authority_key));
	memset(key, 2, sizeof(key));
	cr_assert_eq(kith_key_public(authority_key, authority_public), KITH_OK);
	cr_assert_eq(kith_key_public(key, public_key), KITH_OK);
	cr_assert_eq(kith_identity_parse("str:alice", &alice), KITH_OK);
}

TestSuite(certificate, .init = setup);

static struct kith_certificate_options good(void)
{
	struct kith_certificate_options options = KITH_CERTIFICATE_OPTIONS_INIT;

	options.signing_key = authority_key;
	options.public_key = public_key;
	options.identity = &alice;
	options.created_unix_us = START;
	options.expires_unix_us = START + YEAR;
	return options;
}

static char bytes[4096];
static size_t size;

static kith_result sign(const struct kith_certificate_options *options)
{
	return kith_certificate_sign(options, bytes, sizeof(bytes), &size);
}

static struct kith_certificate describe(uint32_t index)
{
	struct kith_certificate info = KITH_CERTIFICATE_INIT;

	cr_assert_eq(kith_certificate_describe(bytes, size, index, &info), KITH_OK, "%s", kith_last_error());
	return info;
}

/* --- keys */

Test(certificate, a_key_has_an_id)
{
	uint64_t id = 7;
	/* The root of the other implementation's tests, and its id there. */
	static const char ssh[] = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMPsJA3FUaQSsHkyYhWvcYt9v3XbwRBcWuVuayWGdK1";
	uint8_t root[KITH_KEY_SIZE];
	char text[128];

	cr_assert_eq(kith_key_parse_public(ssh, sizeof(ssh) - 1, root), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_key_id(root, &id), KITH_OK);
	cr_assert_eq(id, UINT64_C(9417917822780561193));
	cr_assert_eq(kith_key_print_public(root, KITH_KEY_FORM_SSH, text, sizeof(text), &size), KITH_OK);
	cr_assert_str_eq(text, ssh);
	cr_assert_eq(size, strlen(text) + 1);
	cr_assert_eq(kith_key_print_public(root, KITH_KEY_FORM_FILE, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strncmp(text, "kith-public-key ed25519 e30fb090", 32) == 0, "%s", text);
	cr_assert_eq(kith_key_print_public(root, KITH_KEY_FORM_FILE, text, 20, &size), KITH_E_TOO_LARGE);
	cr_assert_eq(size, strlen(text) + 1);
	cr_assert_eq(kith_key_print_public(root, 2, text, sizeof(text), NULL), KITH_E_INVALID);
	cr_assert_eq(kith_key_id(NULL, &id), KITH_E_INVALID);
	cr_assert_eq(id, 0);
}

Test(certificate, key_files_are_secret_or_not_and_never_overwritten)
{
	char folder[] = "/tmp/kith-keys-XXXXXX", path[64];
	uint8_t back[KITH_KEY_SIZE];
	struct stat status;

	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/private", folder);
	cr_assert_eq(kith_key_save(path, key), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0600);
	cr_assert_eq(kith_key_save(path, authority_key), KITH_E_EXISTS);
	cr_assert_eq(kith_key_load(path, back), KITH_OK);
	cr_assert(memcmp(back, key, sizeof(key)) == 0);
	cr_assert_eq(kith_key_load_public(path, back), KITH_E_INVALID);
	cr_assert_not_null(strstr(kith_last_error(), "it is a private key"));
	unlink(path);

	snprintf(path, sizeof(path), "%s/public", folder);
	umask(022);
	cr_assert_eq(kith_key_save_public(path, public_key), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0644);
	cr_assert_eq(kith_key_save_public(path, public_key), KITH_E_EXISTS);
	cr_assert_eq(kith_key_load_public(path, back), KITH_OK);
	cr_assert(memcmp(back, public_key, sizeof(key)) == 0);
	cr_assert_eq(kith_key_load(path, back), KITH_E_INVALID);
	cr_assert_not_null(strstr(kith_last_error(), "it is a public key"));
	unlink(path);
	cr_assert_eq(kith_key_load(path, back), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_key_load(folder, back), KITH_E_SYSTEM);
	rmdir(folder);
}

Test(certificate, no_error_text_has_anything_of_a_private_key)
{
	char text[128] = "kith-key ed25519 ", digits[65];
	uint8_t back[KITH_KEY_SIZE];

	for (unsigned i = 0; i < KITH_KEY_SIZE; i++)
		snprintf(digits + 2 * i, 3, "%02x", (0xA0 + i) & 0xFF);
	strcat(text, digits);
	text[strlen(text) - 1] = 'x';
	cr_assert_eq(kith_key_parse(text, strlen(text), back), KITH_E_INVALID);
	cr_assert_null(strstr(kith_last_error(), "a0a1"));
	text[strlen(text) - 1] = '0';
	cr_assert_eq(kith_key_parse_public(text, strlen(text), back), KITH_E_INVALID);
	cr_assert_null(strstr(kith_last_error(), "a0a1"));
	for (unsigned i = 0; i < KITH_KEY_SIZE; i++)
		cr_assert_eq(back[i], 0);
}

/* --- certificates */

Test(certificate, says_what_was_asked_for)
{
	static const uint32_t apps[] = { 480, 4000000000u };
	struct kith_certificate_options options = good();
	struct kith_certificate info;
	uint64_t id, issuer;

	options.app_ids = apps;
	options.app_id_count = 2;
	for (int32_t form = KITH_FORM_TEXT; form <= KITH_FORM_BINARY; form++) {
		options.form = form;
		cr_assert_eq(sign(&options), KITH_OK, "%s", kith_last_error());
		cr_assert_eq(strncmp(bytes, "-----BEGIN KITH CERTIFICATE-----\n", 33) == 0, form == KITH_FORM_TEXT);
		info = describe(0);
		kith_key_id(public_key, &id);
		kith_key_id(authority_public, &issuer);
		cr_assert(info.kind == KITH_CERTIFICATE_PEER && info.is_signed == 1);
		cr_assert(info.key_id == id && info.issuer == issuer);
		cr_assert(memcmp(info.key, public_key, 32) == 0);
		cr_assert(info.created_unix_us == START && info.expires_unix_us == START + YEAR);
		cr_assert(info.app_id_count == 2 && info.app_ids[0] == 480 && info.app_ids[1] == 4000000000u);
		cr_assert(kith_identity_equal(&info.identity, &alice));
	}
}

Test(certificate, is_for_application_0_when_none_is_said)
{
	struct kith_certificate_options options = good();
	struct kith_certificate info;

	cr_assert_eq(sign(&options), KITH_OK);
	info = describe(0);
	cr_assert(info.app_id_count == 1 && info.app_ids[0] == 0);
	options.kind = KITH_CERTIFICATE_AUTHORITY;
	options.identity = NULL;
	cr_assert_eq(sign(&options), KITH_OK);
	info = describe(0);
	cr_assert(info.app_id_count == 0 && info.kind == KITH_CERTIFICATE_AUTHORITY);
}

Test(certificate, of_a_root_is_signed_by_itself)
{
	struct kith_certificate_options options = good();
	struct kith_certificate info;

	options.kind = KITH_CERTIFICATE_ROOT;
	options.identity = NULL;
	options.public_key = NULL;
	cr_assert_eq(sign(&options), KITH_OK, "%s", kith_last_error());
	info = describe(0);
	cr_assert(info.kind == KITH_CERTIFICATE_ROOT && info.issuer == info.key_id);
	cr_assert(memcmp(info.key, authority_public, 32) == 0);
}

Test(certificate, is_not_made_of_nonsense)
{
	static const uint32_t apps[KITH_APP_IDS_MAX + 1];
	struct kith_certificate_options options;
	struct kith_identity other = KITH_IDENTITY_INIT;

	cr_assert_eq(kith_certificate_sign(NULL, bytes, sizeof(bytes), &size), KITH_E_INVALID);
#define REFUSES(change, result) \
	options = good(); \
	change; \
	cr_assert_eq(sign(&options), result, #change ": %s", kith_last_error()); \
	cr_assert_eq(size, 0)
	REFUSES(options.struct_size = 0, KITH_E_INVALID);
	REFUSES(options.signing_key = NULL, KITH_E_INVALID);
	REFUSES(options.public_key = NULL, KITH_E_INVALID);
	REFUSES(options.identity = NULL, KITH_E_INVALID);
	REFUSES(options.identity = &other, KITH_E_INVALID);
	REFUSES(options.kind = KITH_CERTIFICATE_NONE, KITH_E_INVALID);
	REFUSES(options.kind = KITH_CERTIFICATE_REQUEST, KITH_E_INVALID);
	REFUSES(options.kind = KITH_CERTIFICATE_AUTHORITY, KITH_E_INVALID); /* with an identity */
	REFUSES(options.expires_unix_us = 0, KITH_E_INVALID);
	REFUSES(options.expires_unix_us = START - SECOND, KITH_E_INVALID);
	REFUSES(options.expires_unix_us = INT64_MAX, KITH_E_INVALID);
	REFUSES(options.expires_unix_us = -1, KITH_E_INVALID);
	REFUSES(options.created_unix_us = -1, KITH_E_INVALID);
	REFUSES(options.form = 2, KITH_E_INVALID);
	REFUSES(options.app_id_count = 1, KITH_E_INVALID); /* and no ids */
	REFUSES((options.app_ids = apps, options.app_id_count = KITH_APP_IDS_MAX + 1), KITH_E_INVALID);
	cr_assert_eq(kith_identity_parse("ip:127.0.0.1", &other), KITH_OK);
	REFUSES(options.identity = &other, KITH_E_INVALID);
	cr_assert_eq(kith_identity_from_bytes(authority_public, 32, &other), KITH_OK);
	REFUSES(options.identity = &other, KITH_E_AUTH);
#undef REFUSES
	options = good();
	options.app_ids = apps;
	options.app_id_count = KITH_APP_IDS_MAX;
	cr_assert_eq(sign(&options), KITH_OK);
}

Test(certificate, goes_into_a_buffer_that_is_large_enough)
{
	struct kith_certificate_options options = good();
	size_t needed = 0;

	cr_assert_eq(kith_certificate_sign(&options, NULL, 0, &needed), KITH_OK);
	cr_assert(needed > 200);
	memset(bytes, 'x', sizeof(bytes));
	cr_assert_eq(kith_certificate_sign(&options, bytes, needed - 1, &size), KITH_E_TOO_LARGE);
	cr_assert_eq(size, needed);
	cr_assert_eq(bytes[0], 'x');
	cr_assert_eq(kith_certificate_sign(&options, bytes, needed, &size), KITH_OK);
	cr_assert_eq(bytes[needed - 1], '\n');
	cr_assert_eq(bytes[needed], 'x'); /* no NUL */
	cr_assert_eq(kith_certificate_sign(&options, NULL, 10, &size), KITH_E_INVALID);
	cr_assert_eq(kith_certificate_sign(&options, NULL, 0, NULL), KITH_E_TOO_LARGE);
}

Test(certificate, is_asked_for)
{
	struct kith_certificate_options options = KITH_CERTIFICATE_OPTIONS_INIT;
	struct kith_identity own;
	struct kith_certificate info;

	options.signing_key = key;
	options.identity = &alice;
	cr_assert_eq(kith_certificate_request(&options, bytes, sizeof(bytes), &size), KITH_OK, "%s", kith_last_error());
	cr_assert(strncmp(bytes, "-----BEGIN KITH CERTIFICATE REQUEST-----\n", 41) == 0);
	info = describe(0);
	cr_assert(info.kind == KITH_CERTIFICATE_REQUEST && info.is_signed == 1 && info.issuer == 0);
	cr_assert(memcmp(info.key, public_key, 32) == 0);
	cr_assert_str_eq(info.identity.text, "str:alice");
	cr_assert(info.created_unix_us == 0 && info.expires_unix_us == 0);

	options.identity = NULL; /* the key's own */
	options.form = KITH_FORM_BINARY;
	cr_assert_eq(kith_certificate_request(&options, bytes, sizeof(bytes), &size), KITH_OK);
	info = describe(0);
	cr_assert_eq(kith_key_identity(key, &own), KITH_OK);
	cr_assert(kith_identity_equal(&info.identity, &own));
	bytes[size - 1] ^= 1; /* in the signature */
	cr_assert_eq(kith_certificate_describe(bytes, size, 0, &info), KITH_E_INVALID);

	options.kind = KITH_CERTIFICATE_AUTHORITY;
	cr_assert_eq(kith_certificate_request(&options, bytes, sizeof(bytes), &size), KITH_OK);
	info = describe(0);
	cr_assert_eq(info.identity.kind, KITH_IDENTITY_NONE);
	options.kind = KITH_CERTIFICATE_ROOT;
	cr_assert_eq(kith_certificate_request(&options, bytes, sizeof(bytes), &size), KITH_E_INVALID);
}

Test(certificate, comes_alone_or_in_a_bundle)
{
	struct kith_certificate_options options = good();
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	char bundle[8192], binary[1024];
	size_t first, binary_size;

	cr_assert_eq(kith_certificate_sign(&options, bundle, sizeof(bundle), &first), KITH_OK);
	options.kind = KITH_CERTIFICATE_ROOT;
	options.identity = NULL;
	cr_assert_eq(kith_certificate_sign(&options, bundle + first, sizeof(bundle) - first, &size), KITH_OK);
	cr_assert_eq(kith_certificate_describe(bundle, first + size, 1, &info), KITH_OK);
	cr_assert_eq(info.kind, KITH_CERTIFICATE_ROOT);
	cr_assert_eq(kith_certificate_describe(bundle, first + size, 2, &info), KITH_E_NOT_FOUND);
	cr_assert_eq(info.kind, KITH_CERTIFICATE_NONE);
	cr_assert_eq(kith_certificate_describe(bundle, first + size, UINT32_MAX, &info), KITH_E_NOT_FOUND);

	cr_assert_eq(kith_certificate_convert(bundle, first + size, KITH_FORM_BINARY, binary, sizeof(binary), NULL),
	             KITH_E_INVALID);
	cr_assert_eq(kith_certificate_convert(bundle, first, KITH_FORM_BINARY, binary, sizeof(binary), &binary_size),
	             KITH_OK);
	cr_assert_eq(kith_certificate_convert(binary, binary_size, KITH_FORM_TEXT, bytes, sizeof(bytes), &size), KITH_OK);
	cr_assert(size == first && memcmp(bytes, bundle, first) == 0);
}

Test(certificate, garbage_is_refused)
{
	struct kith_certificate info = KITH_CERTIFICATE_INIT;

	cr_assert_eq(kith_certificate_describe(NULL, 5, 0, &info), KITH_E_INVALID);
	cr_assert_eq(kith_certificate_describe("hello", 5, 0, &info), KITH_E_INVALID);
	cr_assert_eq(kith_certificate_describe("", 0, 0, &info), KITH_E_INVALID);
	cr_assert_eq(kith_certificate_describe("hello", 5, 0, NULL), KITH_E_INVALID);
	info.struct_size = 0;
	cr_assert_eq(kith_certificate_describe("hello", 5, 0, &info), KITH_E_INVALID);
	cr_assert_eq(kith_certificate_convert("hello", 5, KITH_FORM_TEXT, bytes, sizeof(bytes), &size), KITH_E_INVALID);
	cr_assert_eq(size, 0);
}

Test(certificate, lists_of_revoked_keys_are_read)
{
	static const char list[] = "# ours\nID18446744073709551615\nkey:" PUBLIC_OF_ONES " # mallory\n";
	uint64_t ids[2];
	size_t count;

	cr_assert_eq(kith_revoked_parse(list, strlen(list), ids, 2, &count), KITH_OK, "%s", kith_last_error());
	cr_assert(count == 2 && ids[0] == UINT64_MAX);
	kith_key_id(authority_public, &ids[0]);
	cr_assert_eq(ids[0], ids[1]);
	cr_assert_eq(kith_revoked_parse(list, strlen(list), ids, 1, &count), KITH_E_TOO_LARGE);
	cr_assert_eq(count, 2);
	cr_assert_eq(kith_revoked_parse(list, strlen(list), NULL, 0, &count), KITH_OK);
	cr_assert_eq(count, 2);
	cr_assert_eq(kith_revoked_parse(NULL, 0, NULL, 0, &count), KITH_OK);
	cr_assert_eq(kith_revoked_parse("1\nx\n", 4, ids, 2, &count), KITH_E_INVALID);
	cr_assert_not_null(strstr(kith_last_error(), "line 2"));
	cr_assert_eq(kith_revoked_parse(NULL, 4, ids, 2, &count), KITH_E_INVALID);
}
