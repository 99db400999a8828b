#include "core/base/hash.h"

#include <criterion/criterion.h>

/* The reference vectors of SipHash-2-4: key 00..0f, input 00 01 02 .. */
Test(hash, is_siphash)
{
	static const struct {
		size_t size;
		uint64_t hash;
	} vectors[] = {
		{ 0, UINT64_C(0x726fdb47dd0e0e31) },
		{ 1, UINT64_C(0x74f839c593dc67fd) },
		{ 8, UINT64_C(0x93f5f5799a932462) },
		{ 15, UINT64_C(0xa129ca6149be45e5) },
	};
	uint8_t input[16];
	for (size_t i = 0; i < sizeof(input); i++)
		input[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint64_t hash = hash_sip(UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908), input, vectors[i].size);
		cr_expect_eq(hash, vectors[i].hash, "%zu bytes", vectors[i].size);
	}
}

Test(hash, depends_on_key_and_input)
{
	cr_assert_neq(hash_bytes(1, "abc", 3), hash_bytes(2, "abc", 3));
	cr_assert_neq(hash_bytes(1, "abc", 3), hash_bytes(1, "abd", 3));
	cr_assert_neq(hash_bytes(1, "ab", 2), hash_bytes(1, "ab\0", 3));
	cr_assert_neq(hash_u64(1, 5), hash_u64(1, 6));
	cr_assert_neq(hash_u64(1, 5), hash_u64(2, 5));
}

struct entry {
	uint32_t id;
	UT_hash_handle hh;
};

Test(hash, a_table_finds_and_keeps_insertion_order)
{
	struct entry entries[100];
	struct entry *table = NULL;
	struct entry *found = NULL;
	uint32_t expected = 100;
	for (uint32_t i = 0; i < 100; i++) {
		unsigned value = hash_value(hash_u64(77, 100 - i));
		entries[i].id = 100 - i;
		HASH_ADD_BYHASHVALUE(hh, table, id, sizeof(uint32_t), value, &entries[i]);
	}
	uint32_t id = 30;
	HASH_FIND_BYHASHVALUE(hh, table, &id, sizeof(id), hash_value(hash_u64(77, id)), found);
	cr_assert_not_null(found);
	cr_assert_eq(found->id, 30);
	for (struct entry *entry = table; entry != NULL; entry = entry->hh.next)
		cr_assert_eq(entry->id, expected--);
	cr_assert_eq(expected, 0);
	HASH_CLEAR(hh, table);
}
