#include <criterion/criterion.h>
#include <string.h>

#include "core/rendezvous/ice_credentials.h"

Test(ice_credentials, user_names_are_those_of_the_recorded_sessions)
{
	char name[ICE_USERNAME_MAX];

	ice_credentials_username(0x3D48E0EE, name);
	cr_assert_eq(strcmp(name, "9SODu"), 0);
	ice_credentials_username(1381891362, name);
	cr_assert_eq(strcmp(name, "SXf0i"), 0);
	ice_credentials_username(2877827648u, name);
	cr_assert_eq(strcmp(name, "riCpA"), 0);
}

Test(ice_credentials, the_two_highest_bits_are_left_out)
{
	char a[ICE_USERNAME_MAX], b[ICE_USERNAME_MAX];

	ice_credentials_username(0x12345678, a);
	ice_credentials_username(0xD2345678, b);
	cr_assert_eq(strcmp(a, b), 0);
	cr_assert_eq(strlen(a), 5u);
}

static bool reads(const char *text, size_t size)
{
	char out[ICE_PASSWORD_MAX];
	bool good = ice_credentials_read_password((const uint8_t *)text, size, out);

	cr_assert(!good || (strlen(out) == size && memcmp(out, text, size) == 0));
	return good;
}

Test(ice_credentials, passwords_are_read_strictly)
{
	char longest[300];

	memset(longest, 'x', sizeof longest);
	cr_assert(reads("qKFkq", 5));
	cr_assert(reads("+", 1));
	cr_assert(reads("/", 1));
	cr_assert(reads(longest, 256));
	cr_assert_not(reads(longest, 257));
	cr_assert_not(reads("", 0));
	cr_assert_not(reads("with space", 10));
	cr_assert_not(reads("line\n", 5));
	cr_assert_not(reads("nul\0", 4));
	cr_assert_not(reads("\xc3\xa4", 2));
	cr_assert_not(reads("dash-", 5));
}

Test(ice_credentials, passwords_differ_with_what_is_drawn)
{
	char a[ICE_PASSWORD_MAX], b[ICE_PASSWORD_MAX];

	ice_credentials_password(1, a);
	ice_credentials_password(2, b);
	cr_assert_eq(strlen(a), 5u);
	cr_assert_neq(strcmp(a, b), 0);
	cr_assert(reads(a, 5));
}

Test(ice_credentials, later_sessions_have_names_and_long_passwords_of_their_own)
{
	uint8_t random[ICE_LONG_PASSWORD];
	char username[ICE_USERNAME_MAX], password[ICE_PASSWORD_MAX], read[ICE_PASSWORD_MAX];

	for (unsigned i = 0; i < sizeof random; i++)
		random[i] = (uint8_t)(i * 11);
	ice_credentials_later_username(0x3D48E0EE, 12, username);
	cr_assert_eq(strcmp(username, "9SODu12"), 0);
	ice_credentials_later_username(0x3D48E0EE, UINT32_MAX, username);
	cr_assert_eq(strcmp(username, "9SODu4294967295"), 0);
	ice_credentials_long_password(random, password);
	cr_assert_eq(strlen(password), ICE_LONG_PASSWORD);
	cr_assert(ice_credentials_read_password((const uint8_t *)password, strlen(password), read));
}
