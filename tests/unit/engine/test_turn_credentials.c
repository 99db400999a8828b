#include <criterion/criterion.h>
#include <string.h>

#include "core/base/bytes.h"
#include "engine/turn_credentials.h"

#define NOW INT64_C(1767225600)

static struct config config;
static struct turn_credentials made;

static void set_up(void)
{
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
	config_set_string(&config, CONFIG_P2P_TURN_SERVER_LIST, "turn:a,turn:b,turn:c");
}

static void tear_down(void)
{
	config_free(&config);
}

TestSuite(turn_credentials, .init = set_up, .fini = tear_down);

/* What `printf 1767229200:me | openssl dgst -sha1 -hmac north -binary | base64` says. */
Test(turn_credentials, are_made_of_a_secret)
{
	config_set_string(&config, CONFIG_P2P_TURN_USER_LIST, "static, me");
	config_set_string(&config, CONFIG_P2P_TURN_PASS_LIST, "xyzzy,of no use");
	config_set_string(&config, CONFIG_P2P_TURN_SECRET_LIST, ",north, south");
	config_set_int(&config, CONFIG_P2P_TURN_LIFETIME, 3600);
	turn_credentials_make(&made, &config, NOW);
	cr_assert(made.end);
	cr_assert_str_eq(made.users, "static,1767229200:me,1767229200,,,,,");
	cr_assert_str_eq(made.passwords, "xyzzy,lV4RiXO97kfOB18wvqZYHqwF8po=,WXLDn1N9raa5DSRaaEoIZGZOSew=,,,,,");
}

Test(turn_credentials, without_a_secret_are_those_of_the_lists)
{
	config_set_string(&config, CONFIG_P2P_TURN_USER_LIST, "a,,c");
	config_set_string(&config, CONFIG_P2P_TURN_PASS_LIST, "x,y");
	turn_credentials_make(&made, &config, NOW);
	cr_assert_not(made.end);
	cr_assert_str_eq(made.users, "a,,c,,,,,");
	cr_assert_str_eq(made.passwords, "x,y,,,,,,");
}

static void fill_long(enum config_id id)
{
	char list[4096];

	memset(list, 'x', sizeof(list) - 1);
	list[sizeof(list) - 1] = '\0';
	cr_assert_eq(config_set_string(&config, id, list), CONFIG_OK);
}

Test(turn_credentials, that_are_too_long_are_cut)
{
	fill_long(CONFIG_P2P_TURN_USER_LIST);
	fill_long(CONFIG_P2P_TURN_PASS_LIST);
	fill_long(CONFIG_P2P_TURN_SECRET_LIST);
	turn_credentials_make(&made, &config, NOW);
	cr_assert_lt(strlen(made.users), sizeof(made.users));
	cr_assert_lt(strlen(made.passwords), sizeof(made.passwords));
}

static int64_t end_of(const char *users)
{
	cr_assert_eq(config_set_string(&config, CONFIG_P2P_TURN_USER_LIST, users), CONFIG_OK);
	return turn_credentials_end(&config);
}

Test(turn_credentials, the_name_of_a_user_may_tell_its_end)
{
	cr_assert_eq(end_of(""), 0);
	cr_assert_eq(end_of("gordon"), 0);
	cr_assert_eq(end_of("1767225600"), NOW);
	cr_assert_eq(end_of("1767225600:gordon:x"), NOW);
	cr_assert_eq(end_of("gordon:1767225600"), 0);
	cr_assert_eq(end_of("-1767225600:x"), 0);
	cr_assert_eq(end_of("4711:not a time"), 0);
	cr_assert_eq(end_of("99999999999999999999:x"), 0);
	cr_assert_eq(end_of("18446744073709551615:x"), 0);
}

Test(turn_credentials, the_first_end_counts)
{
	cr_assert_eq(end_of("1767225700:x,gordon,1767225600:y"), NOW);
	cr_assert_eq(end_of("1767225700:x,gordon,,1767225600:of no server"), NOW + 100);
	config_set_string(&config, CONFIG_P2P_TURN_SECRET_LIST, "north");
	cr_assert_eq(turn_credentials_end(&config), 0, "those of a secret are renewed without a word");
}

Test(turn_credentials, a_minute_ahead_or_a_quarter)
{
	cr_assert_eq(turn_credentials_ahead(86400), 60);
	cr_assert_eq(turn_credentials_ahead(240), 60);
	cr_assert_eq(turn_credentials_ahead(40), 10);
	cr_assert_eq(turn_credentials_ahead(4), 1);
}

Test(turn_watch, asks_once_for_each_list)
{
	struct turn_watch watch = { 0 };

	turn_watch_set(&watch, 0, NOW);
	cr_assert_not(turn_watch_is_due(&watch, NOW + 100000));
	turn_watch_set(&watch, NOW + 3600, NOW);
	cr_assert_not(turn_watch_is_due(&watch, NOW + 3539));
	turn_watch_set(&watch, NOW + 3600, NOW + 3539);
	cr_assert(turn_watch_is_due(&watch, NOW + 3540));
	cr_assert_not(turn_watch_is_due(&watch, NOW + 3541));
	turn_watch_set(&watch, NOW + 3600, NOW + 3541);
	cr_assert_not(turn_watch_is_due(&watch, NOW + 4000));
	turn_watch_set(&watch, NOW + 7200, NOW + 4000);
	cr_assert_not(turn_watch_is_due(&watch, NOW + 4000));
	cr_assert(turn_watch_is_due(&watch, NOW + 7140));
	turn_watch_set(&watch, 0, NOW + 7141);
	cr_assert_not(turn_watch_is_due(&watch, NOW + 8000));
}

/* A clock that is wrong shall not make a program fetch credentials without pause. */
Test(turn_watch, what_is_over_already_is_asked_for_once_a_minute)
{
	struct turn_watch watch = { 0 };
	unsigned asked = 0;

	for (int64_t now = NOW; now < NOW + 600; now++) {
		turn_watch_set(&watch, now - 7200, now);
		asked += turn_watch_is_due(&watch, now);
	}
	cr_assert_eq(asked, 10);
}
