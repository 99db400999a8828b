#include <criterion/criterion.h>
#include <string.h>

#include "engine/diagnosis.h"

static struct diagnosis_facts facts;

/* A call by signals that has got nowhere. */
static void call_peer(int32_t state, int32_t reason)
{
	memset(&facts, 0, sizeof(facts));
	facts.state = state;
	facts.reason = reason;
	facts.end_text = "why";
	facts.peer = "str:bob";
	facts.remote = "";
	facts.attempt.p2p = true;
	facts.attempt.ended_at = 2500000;
	facts.attempt.signals_sent = 9;
}

static void call_address(int32_t state, int32_t reason)
{
	call_peer(state, reason);
	facts.peer = "";
	facts.remote = "192.0.2.1:4711";
	facts.attempt.p2p = false;
	facts.attempt.requests = 20;
}

static void expect(int32_t stage, const char *part)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;

	diagnosis_fill(&facts, &diagnosis);
	cr_expect_eq(diagnosis.stage, stage, "%d: %s", (int)diagnosis.stage, diagnosis.summary);
	cr_expect(strstr(diagnosis.summary, part) != NULL, "'%s' is not in '%s'", part, diagnosis.summary);
	cr_expect(diagnosis.text[0] != '\0' && diagnosis.text[strlen(diagnosis.text) - 1] == '\n', "%s", diagnosis.text);
}

enum { LOCAL = KITH_STATE_PROBLEM_DETECTED_LOCALLY, PEER = KITH_STATE_CLOSED_BY_PEER };

Test(diagnosis, nothing_is_wrong)
{
	call_peer(KITH_STATE_CONNECTED, 0);
	facts.attempt.agreed = facts.attempt.connected = facts.attempt.found = true;
	expect(KITH_STAGE_NONE, "");
}

Test(diagnosis, signaling)
{
	call_peer(LOCAL, KITH_REASON_TIMEOUT);
	facts.signaling.count = 2;
	strcpy(facts.signaling.text, "ws://x: connection refused");
	expect(KITH_STAGE_SIGNALING, "connection refused");
	facts.signaling.connected = 1;
	expect(KITH_STAGE_PEER_SILENT, "str:bob does not answer");
	/* The application carries the signals itself. */
	facts.signaling.count = facts.signaling.connected = 0;
	expect(KITH_STAGE_PEER_SILENT, "str:bob does not answer");
}

Test(diagnosis, while_it_is_being_made)
{
	call_peer(KITH_STATE_CONNECTING, 0);
	facts.signaling.count = 1;
	expect(KITH_STAGE_SIGNALING, "signaling");
	facts.signaling.connected = 1;
	expect(KITH_STAGE_PEER_SILENT, "str:bob");
	facts.state = KITH_STATE_FINDING_ROUTE;
	facts.attempt.agreed = true;
	expect(KITH_STAGE_NO_PATH, "no pair");
}

Test(diagnosis, the_other_application_does_not_answer)
{
	call_peer(LOCAL, KITH_REASON_TIMEOUT);
	facts.attempt.signals_received = 1;
	expect(KITH_STAGE_NOT_ACCEPTED, "did not accept");
	facts.attempt.incoming = true;
	expect(KITH_STAGE_NOT_ACCEPTED, "this application");
}

Test(diagnosis, by_address)
{
	call_address(LOCAL, KITH_REASON_TIMEOUT);
	expect(KITH_STAGE_PEER_SILENT, "192.0.2.1:4711 does not answer");
	facts.attempt.reachable = true;
	expect(KITH_STAGE_NOT_ACCEPTED, "192.0.2.1:4711 is there");
	facts.attempt.old_version = true;
	facts.reason = KITH_REASON_GENERIC;
	expect(KITH_STAGE_VERSION, "why");
}

Test(diagnosis, a_refusal_is_not_a_close)
{
	call_peer(PEER, KITH_REASON_APP + 7);
	expect(KITH_STAGE_REFUSED, "why");
	facts.attempt.agreed = facts.attempt.connected = true;
	expect(KITH_STAGE_CLOSED, "why");
	facts.reason = KITH_REASON_PEER_SENT_NO_CONNECTION;
	expect(KITH_STAGE_CLOSED, "why");
}

Test(diagnosis, a_time_out_after_it_was_connected)
{
	call_peer(LOCAL, KITH_REASON_TIMEOUT);
	facts.attempt.agreed = facts.attempt.connected = true;
	expect(KITH_STAGE_TIMEOUT, "why");
}

Test(diagnosis, certificates_and_versions)
{
	call_peer(LOCAL, KITH_REASON_REMOTE_BAD_CERTIFICATE);
	expect(KITH_STAGE_CERTIFICATE, "why");
	call_peer(PEER, KITH_REASON_REMOTE_BAD_CRYPT);
	expect(KITH_STAGE_CERTIFICATE, "why");
	call_peer(LOCAL, KITH_REASON_REMOTE_BAD_PROTOCOL_VERSION);
	expect(KITH_STAGE_VERSION, "why");
}

static void agree(int32_t reason)
{
	call_peer(LOCAL, reason);
	facts.attempt.agreed = facts.attempt.gathered = true;
	facts.attempt.signals_received = 5;
	facts.attempt.local[CANDIDATE_HOST] = 2;
	facts.attempt.remote[CANDIDATE_HOST] = 1;
}

Test(diagnosis, no_pair)
{
	agree(KITH_REASON_RENDEZVOUS_FAILED);
	expect(KITH_STAGE_NO_PATH, "no pair");
	/* STUN works: what is missing is a relay. */
	facts.attempt.local[CANDIDATE_PUBLIC] = 1;
	facts.attempt.servers_silent = 1;
	expect(KITH_STAGE_NO_PATH, "no pair");
}

Test(diagnosis, udp_is_blocked)
{
	agree(KITH_REASON_RENDEZVOUS_FAILED);
	facts.attempt.servers_silent = 2;
	strcpy(facts.attempt.server_text, "STUN server a port 1 does not answer");
	expect(KITH_STAGE_UDP_BLOCKED, "STUN server a");
}

Test(diagnosis, the_relay_refuses)
{
	agree(KITH_REASON_RENDEZVOUS_FAILED);
	facts.attempt.servers_silent = 1;
	facts.attempt.servers_refused = 1;
	strcpy(facts.attempt.server_text, "TURN server a: 401");
	expect(KITH_STAGE_RELAY, "TURN server a: 401");
}

Test(diagnosis, only_relays_are_allowed_and_none_is_given)
{
	call_peer(LOCAL, KITH_REASON_LOCAL_NETWORK_CONFIG);
	facts.attempt.impossible = true;
	facts.attempt.servers_silent = 1;
	strcpy(facts.attempt.server_text, "TURN server a does not answer");
	expect(KITH_STAGE_RELAY, "TURN server a");
	facts.attempt.servers_silent = 0;
	expect(KITH_STAGE_LOCAL, "why");
}

Test(diagnosis, the_machine_of_the_peer_cannot)
{
	call_peer(PEER, KITH_REASON_LOCAL_NETWORK_CONFIG);
	expect(KITH_STAGE_NO_PATH, "why");
	facts.attempt.connected = true;
	expect(KITH_STAGE_CLOSED, "why");
}

Test(diagnosis, what_the_numbers_mean_nothing_to_us)
{
	call_peer(PEER, 987654);
	expect(KITH_STAGE_CLOSED, "why");
	call_peer(LOCAL, 987654);
	expect(KITH_STAGE_PROTOCOL, "why");
	call_peer(LOCAL, KITH_REASON_INTERNAL_ERROR);
	expect(KITH_STAGE_PROTOCOL, "why");
	facts.reason = -1;
	facts.state = 77;
	expect(KITH_STAGE_PEER_SILENT, "");
}

Test(diagnosis, the_text_tells_what_was_tried)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;

	agree(KITH_REASON_RENDEZVOUS_FAILED);
	facts.attempt.remote[CANDIDATE_RELAY] = 3;
	facts.attempt.servers_silent = 1;
	strcpy(facts.attempt.server_text, "STUN server a port 1 does not answer");
	facts.signaling.count = facts.signaling.connected = 1;
	diagnosis_fill(&facts, &diagnosis);
	cr_assert_str_eq(diagnosis.text,
	                 "calling str:bob by signals, 2.5 s, both sides agreed\n"
	                 "9 signals sent, 5 received; signaling services: 1 of 1 connected\n"
	                 "our candidates: 2 of the machine, 0 public, 0 of relays\n"
	                 "the peer's candidates: 1 of the machine, 0 public, 3 of relays\n"
	                 "no pair of them worked\n"
	                 "servers: 1 silent, 0 refused, 0 failed; STUN server a port 1 does not answer\n"
	                 "ended: why (5008)\n",
	                 "%s", diagnosis.text);
	cr_assert_eq(diagnosis.elapsed_us, 2500000);
	cr_assert(diagnosis.agreed && !diagnosis.connected && diagnosis.signals_sent == 9 && diagnosis.remote_relay == 3);
}

Test(diagnosis, long_texts_are_cut)
{
	static char long_text[5000];
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;

	memset(long_text, 'x', sizeof(long_text) - 1);
	call_peer(PEER, KITH_REASON_APP);
	facts.end_text = facts.peer = long_text;
	diagnosis_fill(&facts, &diagnosis);
	cr_assert_lt(strlen(diagnosis.summary), sizeof(diagnosis.summary));
	cr_assert_lt(strlen(diagnosis.text), sizeof(diagnosis.text));
}
