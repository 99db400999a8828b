#include <criterion/criterion.h>
#include <stdio.h>

#include "core/crypto/revocation_list.h"

#include "certificate_maker.h"

static uint64_t ids[4];
static size_t count, bad_line;

static bool reads(const char *text)
{
	return revocation_list_read(text, strlen(text), ids, 4, &count, &bad_line);
}

Test(revocation_list, reads_ids_and_keys)
{
	struct identity key = identity_of_key(9);
	char text[512];

	snprintf(text, sizeof(text), "key:%s # str:mallory\nID18220590129359924542\r\n\n  # nobody\n\t17 # x # y\n%s",
	         key.text + 4, key.text + 4);
	cr_assert(reads(text));
	cr_assert_eq(count, 4);
	cr_assert_eq(ids[0], id_of_key(9));
	cr_assert_eq(ids[1], UINT64_C(18220590129359924542));
	cr_assert_eq(ids[2], 17);
	cr_assert_eq(ids[3], id_of_key(9));
	cr_assert_eq(bad_line, 0);
	snprintf(text, sizeof(text), "%s\n", key.text); /* gen: is key: */
	cr_assert(reads(text));
	cr_assert_eq(ids[0], id_of_key(9));
}

Test(revocation_list, may_be_empty)
{
	cr_assert(reads(""));
	cr_assert_eq(count, 0);
	cr_assert(reads("# none\n\n"));
	cr_assert_eq(count, 0);
}

Test(revocation_list, refuses_a_line_it_does_not_understand)
{
	static const struct {
		const char *text;
		size_t line;
	} bad[] = {
		{ "mallory\n", 1 }, { "1\n2\nx\n", 3 },  { "1 2\n", 1 },       { "18446744073709551616\n", 1 }, { "-1\n", 1 },
		{ "ID\n", 1 },      { "key:1234\n", 1 }, { "# a\n\n0x12", 3 }, { "1\n2\n3\n4\n5\n", 5 }, /* too many */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_not(reads(bad[i].text), "%s", bad[i].text);
		cr_assert_eq(bad_line, bad[i].line, "%s: %zu", bad[i].text, bad_line);
	}
	cr_assert_not(revocation_list_read("1\0002", 3, ids, 4, &count, &bad_line));
}
