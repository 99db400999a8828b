#include <criterion/criterion.h>
#include <string.h>

#include "engine/convert.h"

Test(convert, an_address_survives_both_ways)
{
	struct address from, back;
	struct kith_address public_form;
	cr_assert(address_parse(&from, "[2001:db8::7]:4711"));
	convert_address_out(&public_form, &from);
	cr_assert_eq(public_form.port, 4711);
	convert_address_in(&back, &public_form);
	cr_assert(address_equal(&from, &back));
}

Test(convert, an_identity_survives_both_ways)
{
	struct identity from, back;
	struct kith_identity public_form;
	cr_assert(identity_parse(&from, "str:alice", 9));
	convert_identity_out(&public_form, &from);
	cr_assert_eq(public_form.kind, KITH_IDENTITY_STRING);
	cr_assert(strcmp(public_form.text, "str:alice") == 0);
	cr_assert(convert_identity_in(&back, &public_form));
	cr_assert(identity_equal(&from, &back));
}

Test(convert, a_key_is_of_kind_key_and_has_the_text_of_the_wire)
{
	struct identity from;
	struct kith_identity public_form;
	uint8_t key[IDENTITY_KEY_SIZE] = { 1, 2, 3 };
	identity_set_key(&from, key);
	convert_identity_out(&public_form, &from);
	cr_assert_eq(public_form.kind, KITH_IDENTITY_KEY);
	cr_assert(strncmp(public_form.text, "gen:010203", 10) == 0);
}

Test(convert, what_is_no_identity_is_refused)
{
	struct kith_identity bad = { KITH_IDENTITY_STRING, "str:" };
	struct identity out;
	cr_assert_not(convert_identity_in(&out, &bad));
	memset(bad.text, 'x', sizeof(bad.text));
	cr_assert_not(convert_identity_in(&out, &bad));
}

Test(convert, nobody_is_nobody)
{
	struct kith_identity nobody = KITH_IDENTITY_INIT;
	struct identity out;
	cr_assert(convert_identity_in(&out, &nobody));
	cr_assert(identity_is_none(&out));
}
