#include <criterion/criterion.h>
#include <kith/errors.h>

#include "core/rendezvous/rendezvous_attempt.h"

Test(rendezvous_attempt, candidates_are_counted_by_their_type)
{
	static const struct {
		const char *line;
		enum candidate_kind kind;
	} cases[] = {
		{ "candidate:1 1 udp 2015363327 192.0.2.1 5000 typ host", CANDIDATE_HOST },
		{ "candidate:2 1 udp 847249663 198.51.100.1 5000 typ srflx raddr 10.0.0.1 rport 5000", CANDIDATE_PUBLIC },
		{ "candidate:3 1 udp 847249663 198.51.100.1 5000 typ prflx raddr 10.0.0.1 rport 5000", CANDIDATE_PUBLIC },
		{ "candidate:4 1 udp 8331263 203.0.113.1 49152 typ relay raddr 198.51.100.1 rport 5000", CANDIDATE_RELAY },
		{ "", CANDIDATE_HOST },
		{ "candidate:5 1 udp 1 192.0.2.1 5000 typ ", CANDIDATE_PUBLIC },
		{ "rubbish", CANDIDATE_HOST },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_eq(rendezvous_attempt_kind(cases[i].line), cases[i].kind, "%s", cases[i].line);
}

Test(rendezvous_attempt, servers_are_counted_by_what_they_answered)
{
	struct rendezvous_tally tally = { 0 };
	char long_text[1000];

	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	rendezvous_attempt_on_server(&tally, KITH_E_TIMEOUT, "a: no answer");
	rendezvous_attempt_on_server(&tally, KITH_E_AUTH, "b: 401");
	rendezvous_attempt_on_server(&tally, KITH_E_SYSTEM, "c: 508");
	cr_assert_str_eq(tally.server_text, "c: 508");
	rendezvous_attempt_on_server(&tally, KITH_E_TIMEOUT, long_text);
	cr_assert(tally.servers_silent == 2 && tally.servers_refused == 1 && tally.servers_failed == 1);
	cr_assert_lt(strlen(tally.server_text), sizeof tally.server_text);
}
