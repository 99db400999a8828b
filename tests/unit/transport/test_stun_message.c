#include <criterion/criterion.h>
#include <string.h>

#include "transport/stun_message.h"

static const uint8_t id[STUN_MESSAGE_ID_SIZE] = {
	0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae
};

/* RFC 5769 §2.2 and §2.3, without what follows the address. */
static const uint8_t ipv4[] = { 0x01, 0x01, 0x00, 0x1c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01,
	                            0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b,
	                            0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20,
	                            0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43 };
static const uint8_t ipv6[] = { 0x01, 0x01, 0x00, 0x18, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7,
	                            0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x00, 0x20,
	                            0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5,
	                            0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9 };
static const uint8_t plain[] = { 0x01, 0x01, 0x00, 0x0c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7,
	                             0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x00, 0x01,
	                             0x00, 0x08, 0x00, 0x01, 0x12, 0x34, 0xc0, 0x00, 0x02, 0x07 };

static void expect(const uint8_t *bytes, size_t size, const char *text)
{
	struct address address, wanted;

	cr_assert(address_parse(&wanted, text));
	cr_assert(stun_message_read_answer(bytes, size, id, &address), "%s", text);
	cr_assert(address_equal(&address, &wanted), "%s", text);
}

Test(stun_message, reads_the_vectors_of_the_standard)
{
	expect(ipv4, sizeof(ipv4), "192.0.2.1:32853");
	expect(ipv6, sizeof(ipv6), "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
	expect(plain, sizeof(plain), "192.0.2.7:4660");
}

Test(stun_message, the_disguised_address_counts_more)
{
	uint8_t both[44] = { 0 };

	memcpy(both, plain, sizeof(plain));
	memcpy(both + 32, ipv4 + 36, 12);
	both[3] = 24;
	expect(both, sizeof(both), "192.0.2.1:32853");
}

Test(stun_message, writes_a_question)
{
	static const uint8_t head[] = { 0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42 };
	uint8_t out[STUN_MESSAGE_REQUEST_SIZE];

	stun_message_write_request(out, id);
	cr_assert_arr_eq(out, head, sizeof(head));
	cr_assert_arr_eq(out + sizeof(head), id, sizeof(id));
}

Test(stun_message, anything_cut_off_is_no_answer)
{
	struct address address;

	for (size_t size = 0; size < sizeof(ipv6); size++)
		cr_assert_not(stun_message_read_answer(ipv6, size, id, &address), "%zu", size);
}

Test(stun_message, what_is_not_the_answer_is_none)
{
	static const struct {
		size_t at;
		uint8_t value;
		const char *what;
	} changes[] = {
		{ 0, 0x00, "an indication" },  { 1, 0x11, "an error" },   { 1, 0x03, "of another method" },
		{ 4, 0x20, "another cookie" }, { 8, 0xb6, "another id" }, { 19, 0xaf, "another id" },
		{ 3, 0x14, "too short" },      { 3, 0x1c, "too long" },   { 21, 0x21, "another attribute" },
		{ 23, 0x08, "too short" },     { 23, 0x15, "too long" },  { 25, 0x03, "of no family" },
		{ 25, 0x01, "of the other" },
	};
	struct address address;

	for (unsigned i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		uint8_t bytes[sizeof(ipv6)];
		memcpy(bytes, ipv6, sizeof(ipv6));
		bytes[changes[i].at] = changes[i].value;
		cr_expect_not(stun_message_read_answer(bytes, sizeof(bytes), id, &address), "%s", changes[i].what);
	}
}
