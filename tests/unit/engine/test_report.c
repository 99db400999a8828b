#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "engine/report.h"

static char buffer[KITH_REPORT_SIZE_MAX];

static const char *hide(const char *from)
{
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	report_hide_addresses(from, &text);
	return buffer;
}

Test(report, addresses_are_hidden_and_nothing_else)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "from 192.0.2.1:4711 to 198.51.100.2", "from (address) to (address)" },
		{ "it is [2001:db8::1]:53, or 2001:db8::1.", "it is (address), or (address)" },
		{ "ip:192.0.2.1:4711", "(address)" },
		{ "ip:[2001:db8::1]:5", "(address)" },
		{ "fe80::1%eth0 is here", "(address) is here" },
		{ "at 192.0.2.1: no answer", "at (address) no answer" },
		{ "12:34:56 kith 1.0.0, 0-25 ms, 99 %", "12:34:56 kith 1.0.0, 0-25 ms, 99 %" },
		{ "gen:abcdef12 and str:bob", "gen:abcdef12 and str:bob" },
		{ "1.2.3.4.5 256.1.1.1", "1.2.3.4.5 256.1.1.1" },
		{ "(10.0.0.1)", "((address))" },
		{ "...:::", "...:::" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_str_eq(hide(cases[i][0]), cases[i][1], "%s: %s", cases[i][0], buffer);
}

static struct report_facts *begin(struct config *config)
{
	struct report_facts *facts = calloc(1, sizeof(*facts));

	config_init_defaults(config, CONFIG_LEVEL_CONNECTION);
	facts->library = "1.0.0";
	facts->system = "Linux";
	facts->time = "now";
	facts->own = "str:alice";
	facts->config = config;
	facts->sides[KITH_SIDE_REMOTE].rates_age_us = facts->sides[KITH_SIDE_REMOTE].lifetime_age_us = -1;
	return facts;
}

static const char *written(const struct report_facts *facts)
{
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	report_write(facts, &text);
	cr_assert_not(text.cut);
	return buffer;
}

Test(report, options_are_told_and_secrets_are_not)
{
	struct config config;
	struct report_facts *facts = begin(&config);

	cr_assert(strstr(written(facts), " = ") == NULL, "%s", buffer);
	config_set_int(&config, CONFIG_TIMEOUT_INITIAL, 4711);
	config_set_string(&config, CONFIG_P2P_STUN_SERVER_LIST, "stun.example:3478");
	config_set_string(&config, CONFIG_P2P_TURN_USER_LIST, "gordon");
	config_set_string(&config, CONFIG_P2P_TURN_PASS_LIST, "xyzzy");
	config_set_string(&config, CONFIG_P2P_TURN_SECRET_LIST, "plugh");
	cr_assert(strstr(written(facts), "TimeoutInitial = 4711\n") != NULL);
	cr_assert(strstr(buffer, "stun.example") != NULL);
	cr_assert(strstr(buffer, "gordon") == NULL && strstr(buffer, "xyzzy") == NULL && strstr(buffer, "plugh") == NULL);
	cr_assert(strstr(buffer, "P2P_TURN_PassList = (set)\n") != NULL);
	facts->hide = true;
	cr_assert(strstr(written(facts), "stun.example") == NULL);
	config_free(&config);
	free(facts);
}

/* Every string as long as can be, every number as wide. */
Test(report, the_largest_fits)
{
	struct config config;
	struct report_facts *facts = begin(&config);
	char list[4000];

	memset(list, 's', sizeof(list) - 1);
	list[sizeof(list) - 1] = '\0';
	for (int32_t id = 1; id < CONFIG_END; id++) {
		const struct config_value *value = config_describe(id);
		if (value->type == CONFIG_TYPE_STRING)
			config_set_string(&config, id, list);
		else if (value->type == CONFIG_TYPE_FLOAT)
			config_set_float(&config, id, (float)value->max);
		else if (config_set_int64(&config, id, (int64_t)value->max) != CONFIG_OK)
			config_set_int64(&config, id, (int64_t)value->min);
	}
	memset(&facts->info, 0x7f, sizeof(facts->info));
	memset(&facts->security, 0x7f, sizeof(facts->security));
	memset(&facts->status, 0x7f, sizeof(facts->status));
	memset(&facts->sides, 0x7f, sizeof(facts->sides));
	memset(&facts->lanes, 0x7f, sizeof(facts->lanes));
	memset(&facts->diagnosis, 0x7f, sizeof(facts->diagnosis));
	facts->lane_count = REPORT_LANES_MAX;
	for (int side = 0; side < 2; side++) {
		facts->sides[side].loss = facts->sides[side].disorder = 0.123;
		facts->sides[side].out_packets_per_second = facts->sides[side].in_packets_per_second = 1e12;
		facts->sides[side].out_bytes_per_second = facts->sides[side].in_bytes_per_second = 1e15;
		for (int i = 0; i < KITH_QUALITY_PERCENTILES; i++)
			facts->sides[side].quality_percentiles[i] = 0.999;
	}
	facts->info.peer.text[sizeof(facts->info.peer.text) - 1] = '\0';
	facts->info.text[sizeof(facts->info.text) - 1] = facts->info.name[sizeof(facts->info.name) - 1] = '\0';
	facts->info.local.port = facts->info.remote.port = 65535;
	facts->security.cipher[sizeof(facts->security.cipher) - 1] = '\0';
	facts->security.proof = KITH_PROOF_CERTIFICATE;
	facts->diagnosis.summary[sizeof(facts->diagnosis.summary) - 1] = '\0';
	facts->diagnosis.text[sizeof(facts->diagnosis.text) - 1] = '\0';
	written(facts);
	cr_assert_gt(strlen(buffer), 6000);
	/* The hidden form replaces short addresses by a longer word at most. */
	cr_assert_lt(strlen(buffer), sizeof(buffer) - 2000, "%zu", strlen(buffer));
	config_free(&config);
	free(facts);
}

Test(report, what_is_unknown_is_called_so)
{
	struct config config;
	struct report_facts *facts = begin(&config);
	struct kith_info info = KITH_INFO_INIT;
	struct text text;

	facts->status.ping_us = facts->sides[KITH_SIDE_LOCAL].jitter_us = -1;
	cr_assert(strstr(written(facts), "ping unknown") != NULL, "%s", buffer);
	cr_assert(strstr(buffer, "(the peer has not told)") != NULL);
	text_init(&text, buffer, sizeof(buffer));
	report_write_route(&info, false, &text);
	cr_assert_str_eq(buffer, "none yet");
	config_free(&config);
	free(facts);
}

Test(report, the_route)
{
	struct kith_info info = KITH_INFO_INIT;
	struct text text;

	info.route = KITH_ROUTE_RELAY;
	info.virtual_port = -1;
	info.local.ip[15] = 1;
	info.local.port = 5;
	info.remote.ip[15] = 1;
	info.remote.port = 6;
	text_init(&text, buffer, sizeof(buffer));
	report_write_route(&info, false, &text);
	cr_assert_str_eq(buffer, "RELAY, [::1]:5 to [::1]:6, by address");
	text_init(&text, buffer, sizeof(buffer));
	report_write_route(&info, true, &text);
	cr_assert_str_eq(buffer, "RELAY, by address");
}
