#include <criterion/criterion.h>

#include "core/crypto/certificate.h"
#include "core/crypto/key_openssh.h"
#include "core/crypto/key_text.h"

#include "hex.h"

/* RFC 8032, section 7.1, test 1. */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define PUBLIC "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

static uint8_t out[32];

static enum key_text_result read_private(const char *text)
{
	return key_text_read_private(text, strlen(text), out);
}

static enum key_text_result read_public(const char *text)
{
	return key_text_read_public(text, strlen(text), out);
}

static bool got(const char *hex)
{
	uint8_t expected[32];

	return hex_read(expected, sizeof(expected), hex) == 32 && memcmp(out, expected, 32) == 0;
}

static bool got_nothing(void)
{
	static const uint8_t zeros[32];

	return memcmp(out, zeros, 32) == 0;
}

Test(key_text, reads_every_form_of_a_private_key)
{
	uint8_t raw[32];

	hex_read(raw, sizeof(raw), SEED);
	cr_assert_eq(key_text_read_private(raw, 32, out), KEY_TEXT_FINE);
	cr_assert(got(SEED));
	cr_assert_eq(read_private(SEED), KEY_TEXT_FINE);
	cr_assert_eq(read_private(SEED "\r\n\n"), KEY_TEXT_FINE);
	cr_assert(got(SEED));
	cr_assert_eq(read_private("9D61B19DEFFD5A60BA844AF492EC2CC44449C5697B326919703BAC031CAE7F60"), KEY_TEXT_FINE);
	cr_assert(got(SEED));
	cr_assert_eq(read_private("kith-key ed25519 " SEED "\n"), KEY_TEXT_FINE);
	cr_assert(got(SEED));
}

Test(key_text, reads_every_form_of_a_public_key)
{
	uint8_t raw[32];

	hex_read(raw, sizeof(raw), PUBLIC);
	cr_assert_eq(key_text_read_public(raw, 32, out), KEY_TEXT_FINE);
	cr_assert(got(PUBLIC));
	cr_assert_eq(read_public(PUBLIC "\n"), KEY_TEXT_FINE);
	cr_assert_eq(read_public("key:" PUBLIC), KEY_TEXT_FINE);
	cr_assert_eq(read_public("gen:" PUBLIC), KEY_TEXT_FINE);
	cr_assert_eq(read_public("kith-public-key ed25519 " PUBLIC "\n"), KEY_TEXT_FINE);
	cr_assert(got(PUBLIC));
}

Test(key_text, writes_what_it_reads)
{
	uint8_t seed[32], public_key[32];
	char line[KEY_TEXT_WRITTEN_MAX];
	struct text text;

	hex_read(seed, sizeof(seed), SEED);
	hex_read(public_key, sizeof(public_key), PUBLIC);
	text_init(&text, line, sizeof(line));
	key_text_write_private(&text, seed);
	cr_assert_not(text.cut);
	cr_assert_str_eq(line, "kith-key ed25519 " SEED "\n");
	cr_assert_eq(read_private(line), KEY_TEXT_FINE);
	cr_assert_eq(read_public(line), KEY_TEXT_IS_PRIVATE);
	cr_assert(got_nothing());
	text_init(&text, line, sizeof(line));
	key_text_write_public(&text, public_key);
	cr_assert_not(text.cut);
	cr_assert_eq(read_public(line), KEY_TEXT_FINE);
	cr_assert(got(PUBLIC));
	cr_assert_eq(read_private(line), KEY_TEXT_IS_PUBLIC);
	cr_assert(got_nothing());
}

Test(key_text, says_when_it_is_the_other_half)
{
	cr_assert_eq(read_private("key:" PUBLIC), KEY_TEXT_IS_PUBLIC);
	cr_assert_str_eq(key_text_result_text(KEY_TEXT_IS_PUBLIC, true), "it is a public key, and a private key is needed");
	cr_assert_str_eq(key_text_result_text(KEY_TEXT_FINE, true), "");
}

Test(key_text, refuses_everything_else)
{
	static const char *const bad[] = {
		"",
		"\n",
		"too short",
		"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f6",
		SEED "0",
		SEED "00",
		SEED " x",
		"kith-key rsa " SEED,
		"kith-key ed25519 " SEED "00",
		"kith-key ed25519 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7fzz",
		" " SEED,
		"-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(out, 7, sizeof(out));
		cr_assert_eq(read_private(bad[i]), KEY_TEXT_MALFORMED, "%s", bad[i]);
		cr_assert(got_nothing());
		cr_assert_neq(read_public(bad[i]), KEY_TEXT_FINE, "%s", bad[i]);
		cr_assert(got_nothing());
	}
}

/* --- OpenSSH's, which the other implementation's tool uses too: from its tests */

#define GNS_PRIVATE \
	"-----BEGIN OPENSSH PRIVATE KEY-----\r\n" \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQy\r\n" \
	"NTUxOQAAACDjD7CQNxVGkErB5MmIVr3GLfb9128EQXFrlbmslhnStQAAAH8SNFZ4EjRWeAAA\r\n" \
	"AAtzc2gtZWQyNTUxOQAAACDjD7CQNxVGkErB5MmIVr3GLfb9128EQXFrlbmslhnStQAAAECP\r\n" \
	"odiZttz1v9cQKikYj69kVAjlKU7X78vBRreB9eJRJuMPsJA3FUaQSsHkyYhWvcYt9v3XbwRB\r\n" \
	"cWuVuayWGdK1\r\n" \
	"-----END OPENSSH PRIVATE KEY-----\r\n"
#define GNS_PUBLIC "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMPsJA3FUaQSsHkyYhWvcYt9v3XbwRBcWuVuayWGdK1"

Test(key_text, reads_the_keys_of_openssh)
{
	uint8_t public_key[32];

	cr_assert_eq(read_private(GNS_PRIVATE), KEY_TEXT_FINE);
	primitives_ed25519_public(public_key, out);
	cr_assert_eq(certificate_key_id(public_key), UINT64_C(9417917822780561193));
	cr_assert_eq(read_public(GNS_PUBLIC " ID9417917822780561193"), KEY_TEXT_FINE);
	cr_assert(memcmp(out, public_key, 32) == 0);
	cr_assert_eq(read_public(GNS_PUBLIC "\n"), KEY_TEXT_FINE);
	cr_assert_eq(read_public(GNS_PRIVATE), KEY_TEXT_IS_PRIVATE);
	cr_assert_eq(read_private(GNS_PUBLIC), KEY_TEXT_IS_PUBLIC);
}

Test(key_text, writes_a_public_key_for_openssh)
{
	char line[KEY_TEXT_WRITTEN_MAX];
	struct text text;

	cr_assert_eq(read_public(GNS_PUBLIC), KEY_TEXT_FINE);
	text_init(&text, line, sizeof(line));
	key_openssh_write_public(&text, out);
	cr_assert_str_eq(line, GNS_PUBLIC);
}

/* Made by ssh-keygen: with the passphrase "secret", and of type RSA. */
#define ENCRYPTED \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n" \
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBmNHSI+J\n" \
	"Z/nR5F74jUqW/sAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIEwHnehwsSf7/Cmn\n" \
	"LuvVEQ1fKSgIG5Z4mRWwoYryTcEEAAAAkA0f6MOlg7+2D2uMRtvXRXJMCO/uuGT3Be8oUS\n" \
	"F+uz6EfqS95JmgRjZIAo+uqbHRoIFpeq1sSxrPtQYRoeVmHj58xKNFX3ZmfguDYo7pmpb2\n" \
	"Z9XWKd5LNkUaGKtoghz2/ujHoDbG+BLsZNMW7eO0rNg0sChlu9MFtddViRFAzyg5i8Qtxt\n" \
	"ZgN9/SNLn2v1vo2Q==\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"
#define RSA \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n" \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcn\n" \
	"NhAAAAAwEAAQAAAIEAzN+kXgqBVZaIVEM0JqnKsDzl1lcOKtI+gdm/mrrXS1tqOhBOwiWq\n" \
	"/3eY1L/CZ8xturbsaadwL2V8XbJtRl/Rsw7qi1h2Eo4PEW9ZQkEZzx2PY8sElawtEy0wmQ\n" \
	"c2850o2Vf/+wM1c6KCUFC6UdlP5gi8w2Bhnkoh8vi5EuFotJMAAAH4FdcOuxXXDrsAAAAH\n" \
	"c3NoLXJzYQAAAIEAzN+kXgqBVZaIVEM0JqnKsDzl1lcOKtI+gdm/mrrXS1tqOhBOwiWq/3\n" \
	"eY1L/CZ8xturbsaadwL2V8XbJtRl/Rsw7qi1h2Eo4PEW9ZQkEZzx2PY8sElawtEy0wmQc2\n" \
	"850o2Vf/+wM1c6KCUFC6UdlP5gi8w2Bhnkoh8vi5EuFotJMAAAADAQABAAAAgBEr6YXsUX\n" \
	"zP+is92sAm2RM+d3EoqMpUBuMxUgrxAByT0+p79W32ZEe3SXsDe5LhoozUyins281NL0hX\n" \
	"LSuJ2nSGLgUNpOKUW9wM28C0ztEEP1s6nxPyxEpkX95gXXVAX0PwkM1iPSsvtkCxldivqj\n" \
	"DD9IWRHsFAA27d72c7/ywBAAAAQBkSdXGHjy3Ocmnb7AT4vKULUBFYbEd8NTZhuo/8sUh+\n" \
	"0WXN3NAFhmxm7JQKWAkK7q2+T+/rkfPwARoGomUfrewAAABBAO7H1Fqxhc1mFiOrA1eYxg\n" \
	"Ro/Kuej8vHWXl3Sl4UxZSk4aot9dcGR8cO+iS0lD5IJvo9lczwDwbq3HnTlG5dqpMAAABB\n" \
	"ANul2YqEXVga6UXRUBVJxT0cjAjfxlCcSsxdmcbUFo1ogLRzRmrXiNbc4KRsicHbl2+Ppt\n" \
	"u2bJly4yqrRtTNDgEAAAABeAEC\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"

Test(key_text, says_what_it_cannot_use)
{
	cr_assert_eq(read_public("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7"), KEY_TEXT_OTHER_TYPE);
	cr_assert_eq(read_public("ssh-ed25519 !!!!"), KEY_TEXT_MALFORMED);
	cr_assert_eq(read_public("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"), KEY_TEXT_MALFORMED);
	cr_assert_eq(read_private(ENCRYPTED), KEY_TEXT_ENCRYPTED);
	cr_assert(got_nothing());
	cr_assert_eq(read_private(RSA), KEY_TEXT_OTHER_TYPE);
	cr_assert(got_nothing());
}

Test(key_text, refuses_an_openssh_key_that_does_not_fit_together)
{
	char text[] = GNS_PRIVATE;
	char *at = strstr(text, "odiZttz1"); /* inside the seed: the public key is not its own then */

	cr_assert_not_null(at);
	at[0] = 'a';
	cr_assert_eq(read_private(text), KEY_TEXT_MALFORMED);
	cr_assert(got_nothing());
	for (size_t size = 33; size < sizeof(GNS_PRIVATE) - 4; size++)
		cr_assert_neq(key_text_read_private(GNS_PRIVATE, size, out), KEY_TEXT_FINE, "%zu", size);
}
