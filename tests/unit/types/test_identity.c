#include "core/types/identity.h"

#include <criterion/criterion.h>

#define KEY_HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static bool parse(struct identity *out, const char *text)
{
	return identity_parse(out, text, strlen(text));
}

static const struct {
	const char *in;
	enum identity_kind kind;
	const char *out;
} forms[] = {
	{ "str:alice", IDENTITY_STRING, "str:alice" },
	{ "str:A b:c", IDENTITY_STRING, "str:A b:c" },
	{ "str:1234567890123456789012345678901", IDENTITY_STRING, "str:1234567890123456789012345678901" },
	{ "gen:AB", IDENTITY_GENERIC, "gen:ab" },
	{ "key:" KEY_HEX, IDENTITY_GENERIC, "gen:" KEY_HEX },
	{ "ip:::1", IDENTITY_IP, "ip:::1" },
	{ "ip:[::1]:27", IDENTITY_IP, "ip:[::1]:27" },
	{ "ip:::ffff:10.0.0.1", IDENTITY_IP, "ip:10.0.0.1" },
	{ "ip:10.0.0.1:99", IDENTITY_IP, "ip:10.0.0.1:99" },
	{ "psn:18446744073709551615", IDENTITY_PSN, "psn:18446744073709551615" },
	{ "psn:007", IDENTITY_PSN, "psn:7" },
	{ "xboxpwid:abc", IDENTITY_XBOX_PAIRWISE, "xboxpwid:abc" },
	{ "steamid:76561197960287930", IDENTITY_STEAM_ID, "steamid:76561197960287930" },
	{ "steamid:85568392920039425", IDENTITY_STEAM_ID, "steamid:85568392920039425" },
	{ "whatever_16_long:x", IDENTITY_UNKNOWN, "whatever_16_long:x" },
	{ "x:y:z", IDENTITY_UNKNOWN, "x:y:z" },
};

static const char *const refused[] = {
	"",
	"str:",
	"str:12345678901234567890123456789012",
	"gen:",
	"gen:a",
	"gen:zz",
	"gen:" KEY_HEX "00",
	"key:ab",
	"key:" KEY_HEX "00",
	"key:",
	"ip:",
	"ip:localhost",
	"ip:1.2.3",
	"psn:",
	"psn:18446744073709551616",
	"psn:-1",
	"xboxpwid:",
	"xboxpwid:123456789012345678901234567890123",
	"steamid:0",
	"steamid:1",
	"steamid:x",
	"steamid:103582791429521408",
	"nothing",
	":x",
	"x:",
	"Upper:x",
	"seventeen_letters:x",
	"with space:x",
};

Test(identity, keeps_one_canonical_text)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct identity identity;
		cr_expect(parse(&identity, forms[i].in), "%s", forms[i].in);
		cr_expect_eq(identity.kind, forms[i].kind, "%s", forms[i].in);
		cr_expect_str_eq(identity.text, forms[i].out, "%s", forms[i].in);
		cr_expect_eq(identity.size, strlen(forms[i].out), "%s", forms[i].in);
	}
}

Test(identity, refuses_what_is_not_one)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct identity identity;
		cr_expect_not(parse(&identity, refused[i]), "%s", refused[i]);
		cr_expect(identity_is_none(&identity), "%s", refused[i]);
		cr_expect_eq(identity.size, 0, "%s", refused[i]);
	}
}

Test(identity, length_is_limited_and_no_nul_may_hide)
{
	char text[200] = "x:";
	struct identity identity;
	memset(text + 2, 'a', sizeof(text) - 2);
	cr_assert(identity_parse(&identity, text, 127));
	cr_assert_eq(identity.size, 127);
	cr_assert_eq(identity.text[127], '\0');
	cr_assert_not(identity_parse(&identity, text, 128));
	cr_assert_not(identity_parse(&identity, "str:a\0b", 7));
	cr_assert_not(identity_parse(&identity, NULL, 0));
}

Test(identity, equal_means_same_kind_and_content)
{
	struct identity a, b;
	parse(&a, "ip:::ffff:1.2.3.4");
	parse(&b, "ip:1.2.3.4");
	cr_assert(identity_equal(&a, &b));
	cr_assert_eq(identity_hash(&a, 3), identity_hash(&b, 3));
	cr_assert_neq(identity_hash(&a, 3), identity_hash(&a, 4));
	parse(&a, "str:bob");
	parse(&b, "str:Bob");
	cr_assert_not(identity_equal(&a, &b));
}

Test(identity, localhost_is_one_of_two_addresses_with_any_port)
{
	static const char *const yes[] = { "ip:::1", "ip:[::1]:9", "ip:127.0.0.1", "ip:127.0.0.1:80" };
	static const char *const no[] = { "ip:127.0.0.2", "ip:::2", "str:localhost" };
	struct identity identity;
	for (size_t i = 0; i < 4; i++)
		cr_expect(parse(&identity, yes[i]) && identity_is_localhost(&identity), "%s", yes[i]);
	for (size_t i = 0; i < 3; i++)
		cr_expect(parse(&identity, no[i]) && !identity_is_localhost(&identity), "%s", no[i]);
	identity_set_localhost(&identity);
	cr_assert_str_eq(identity.text, "ip:::1");
	cr_assert(identity_is_localhost(&identity));
}

Test(identity, keys_and_bytes_come_back)
{
	uint8_t key[IDENTITY_KEY_SIZE];
	uint8_t read[IDENTITY_KEY_SIZE];
	struct identity identity;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	identity_set_key(&identity, key);
	cr_assert_str_eq(identity.text, "gen:" KEY_HEX);
	cr_assert(identity_get_key(&identity, read));
	cr_assert_arr_eq(read, key, sizeof(key));
	cr_assert(identity_set_generic(&identity, key, 31));
	cr_assert_not(identity_get_key(&identity, read), "31 bytes are no key");
	cr_assert_eq(identity_get_generic(&identity, read), 31);
	cr_assert_not(identity_set_generic(&identity, key, 0));
	cr_assert(identity_is_none(&identity));
	cr_assert_not(identity_set_generic(&identity, key, 33));
	parse(&identity, "str:x");
	cr_assert_eq(identity_get_generic(&identity, read), 0);
}

Test(identity, an_address_comes_back)
{
	struct address address, read;
	struct identity identity;
	cr_assert(address_parse(&address, "[2001:db8::7]:1234"));
	identity_set_address(&identity, &address);
	cr_assert(identity_get_address(&identity, &read));
	cr_assert(address_equal(&address, &read));
	parse(&identity, "str:x");
	cr_assert_not(identity_get_address(&identity, &read));
}
