#include "core/types/address.h"

#include <criterion/criterion.h>

/* What is written, and how it comes out; the RFC 5952 §4 examples among them. */
static const struct {
	const char *in, *out;
} pairs[] = {
	{ "1.2.3.4", "1.2.3.4" },
	{ "1.2.3.4:0", "1.2.3.4" },
	{ "255.255.255.255:65535", "255.255.255.255:65535" },
	{ "0.0.0.0:1", "0.0.0.0:1" },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "[::1]", "::1" },
	{ "[::]:27015", "[::]:27015" },
	{ "[::1]:5", "[::1]:5" },
	{ "1::", "1::" },
	{ "2001:0db8::0001", "2001:db8::1" },
	{ "2001:db8:0:0:0:0:2:1", "2001:db8::2:1" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:DB8::ABCD", "2001:db8::abcd" },
	{ "0:0:1:2:3:4:5:6", "::1:2:3:4:5:6" },
	{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
	{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
	{ "::ffff:1.2.3.4", "1.2.3.4" },
	{ "[::ffff:1.2.3.4]:9", "1.2.3.4:9" },
	{ "::ffff:102:304", "1.2.3.4" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
};

static const char *const refused[] = {
	"",
	"1",
	"1.2.3",
	"1.2.3.4.5",
	"1.2.3.256",
	"01.2.3.4",
	"1.2.3.4:",
	"1.2.3.4:65536",
	"1.2.3.4:-1",
	"1.2.3.4:1x",
	" 1.2.3.4",
	"1.2.3.4 ",
	"1.2.3.4:123456",
	":",
	":::",
	"1:::2",
	"1::2::3",
	"[::1",
	"::1]",
	"[::1]5",
	"[::1]:",
	"[::1]:x",
	"[1.2.3.4]:5",
	"1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:8:9",
	"12345::",
	"g::",
	"fe80::1%eth0",
	"1:2:3:4:5:6:7:1.2.3.4",
	"::1.2.3",
	"1.2.3.4::",
	":1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:",
	"1:2:3:4:5:6:7::8",
	"localhost",
	"[]",
	"[]:1",
	"1..2.3",
};

Test(address, prints_the_canonical_form)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char text[ADDRESS_TEXT_MAX];
		struct address address;
		cr_expect(address_parse(&address, pairs[i].in), "%s", pairs[i].in);
		size_t size = address_print(&address, text);
		cr_expect_eq(size, strlen(text), "%s", pairs[i].in);
		cr_expect_str_eq(text, pairs[i].out, "%s", pairs[i].in);
		struct address again;
		cr_expect(address_parse(&again, text) && address_equal(&address, &again), "%s", pairs[i].in);
	}
}

Test(address, refuses_everything_else_and_zeroes)
{
	static const struct address zero;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct address address;
		cr_expect_not(address_parse(&address, refused[i]), "%s", refused[i]);
		cr_expect(address_equal(&address, &zero), "%s", refused[i]);
	}
}

static struct address at(const char *text)
{
	struct address address;
	cr_assert(address_parse(&address, text), "%s", text);
	return address;
}

static bool is(bool (*what)(const struct address *address), const char *text)
{
	struct address address = at(text);
	return what(&address);
}

Test(address, knows_its_kind)
{
	cr_expect(is(address_is_ipv4, "1.2.3.4") && !is(address_is_ipv4, "::1.2.3.4"));
	cr_expect(is(address_is_any, "0.0.0.0:7") && is(address_is_any, "::") && !is(address_is_any, "::1"));
	cr_expect(is(address_is_loopback, "127.9.9.9") && is(address_is_loopback, "::1") &&
	          !is(address_is_loopback, "128.0.0.1"));
	cr_expect(is(address_is_link_local, "169.254.0.1") && is(address_is_link_local, "febf::1") &&
	          !is(address_is_link_local, "fec0::1"));
	cr_expect(is(address_is_multicast, "224.0.0.1") && is(address_is_multicast, "ff02::1") &&
	          is(address_is_multicast, "255.255.255.255"));
	cr_expect(!is(address_is_multicast, "240.0.0.1") && !is(address_is_multicast, "223.255.255.255"));
}

Test(address, private_ranges_end_where_they_end)
{
	static const char *const inside[] = { "10.0.0.0",    "10.255.255.255", "172.16.0.1",      "172.31.255.255",
		                                  "192.168.0.1", "100.64.0.0",     "100.127.255.255", "169.254.1.1",
		                                  "fc00::1",     "fdff::1",        "fe80::1" };
	static const char *const outside[] = { "9.255.255.255", "11.0.0.0",    "172.15.0.1",     "172.32.0.0",
		                                   "192.167.0.1",   "192.169.0.1", "100.63.255.255", "100.128.0.0",
		                                   "8.8.8.8",       "fe00::1",     "2001:db8::1",    "127.0.0.1" };
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		cr_expect(is(address_is_private, inside[i]), "%s", inside[i]);
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		cr_expect_not(is(address_is_private, outside[i]), "%s", outside[i]);
}

Test(address, equality_and_hash_count_the_port)
{
	struct address a = at("1.2.3.4:5");
	struct address b = at("1.2.3.4:6");
	struct address c = at("[::ffff:1.2.3.4]:5");
	cr_assert(address_equal(&a, &c) && !address_equal(&a, &b) && address_equal_ip(&a, &b));
	cr_assert_eq(address_hash(&a, 1), address_hash(&c, 1));
	cr_assert_neq(address_hash(&a, 1), address_hash(&b, 1));
	cr_assert_neq(address_hash(&a, 1), address_hash(&a, 2));
}
