#include "engine/diagnosis.h"

#include "core/base/text.h"

/* --- the stage */

static bool is_over(int32_t state)
{
	return state == KITH_STATE_CLOSED_BY_PEER || state == KITH_STATE_PROBLEM_DETECTED_LOCALLY;
}

/* Nobody agreed yet: the request gets no answer. */
static int32_t stage_of_silence(const struct diagnosis_facts *facts)
{
	const struct attempt *attempt = &facts->attempt;

	if (attempt->incoming)
		return KITH_STAGE_NOT_ACCEPTED;
	if (!attempt->p2p)
		return attempt->reachable ? KITH_STAGE_NOT_ACCEPTED : KITH_STAGE_PEER_SILENT;
	if (attempt->signals_received > 0)
		return KITH_STAGE_NOT_ACCEPTED;
	/* Without a service of ours the application carries the signals. */
	if (facts->signaling.count > 0 && facts->signaling.connected == 0)
		return KITH_STAGE_SIGNALING;
	return KITH_STAGE_PEER_SILENT;
}

/* Both agreed, and no pair works. */
static int32_t stage_of_path(const struct diagnosis_facts *facts)
{
	const struct attempt *attempt = &facts->attempt;

	if (attempt->servers_refused > 0)
		return KITH_STAGE_RELAY;
	/* Whoever gave a candidate has answered. */
	if (attempt->servers_silent > 0 && attempt->servers_failed == 0 && attempt->local[CANDIDATE_PUBLIC] == 0 &&
	    attempt->local[CANDIDATE_RELAY] == 0)
		return KITH_STAGE_UDP_BLOCKED;
	return KITH_STAGE_NO_PATH;
}

/* One side says that it cannot. */
static int32_t stage_of_machine(const struct diagnosis_facts *facts)
{
	const struct attempt *attempt = &facts->attempt;

	if (facts->state == KITH_STATE_CLOSED_BY_PEER)
		return attempt->connected ? KITH_STAGE_CLOSED : KITH_STAGE_NO_PATH;
	if (attempt->impossible && attempt->servers_refused + attempt->servers_silent + attempt->servers_failed > 0)
		return KITH_STAGE_RELAY;
	return KITH_STAGE_LOCAL;
}

static int32_t stage_of_reason(const struct diagnosis_facts *facts)
{
	const struct attempt *attempt = &facts->attempt;

	switch (facts->reason) {
	case KITH_REASON_REMOTE_BAD_CRYPT:
	case KITH_REASON_REMOTE_BAD_CERTIFICATE:
		return KITH_STAGE_CERTIFICATE;
	case KITH_REASON_REMOTE_BAD_PROTOCOL_VERSION:
		return KITH_STAGE_VERSION;
	case KITH_REASON_INTERNAL_ERROR:
		return KITH_STAGE_PROTOCOL;
	case KITH_REASON_TIMEOUT:
	case KITH_REASON_REMOTE_TIMEOUT:
		return attempt->connected ? KITH_STAGE_TIMEOUT : stage_of_silence(facts);
	case KITH_REASON_RENDEZVOUS_FAILED:
	case KITH_REASON_NAT_FIREWALL:
	case KITH_REASON_LOCAL_NO_PUBLIC_ADDRESS:
	case KITH_REASON_REMOTE_NO_PUBLIC_ADDRESS:
		return stage_of_path(facts);
	case KITH_REASON_PEER_SENT_NO_CONNECTION:
		return KITH_STAGE_CLOSED;
	default:
		break;
	}
	if (facts->reason >= KITH_REASON_APP && facts->reason <= KITH_REASON_APP_EXCEPTION_MAX)
		return attempt->connected ? KITH_STAGE_CLOSED : KITH_STAGE_REFUSED;
	if (facts->reason / 1000 == 3)
		return stage_of_machine(facts);
	return facts->state == KITH_STATE_CLOSED_BY_PEER ? KITH_STAGE_CLOSED : KITH_STAGE_PROTOCOL;
}

int32_t diagnosis_stage(const struct diagnosis_facts *facts)
{
	if (facts->attempt.old_version)
		return KITH_STAGE_VERSION;
	if (is_over(facts->state))
		return stage_of_reason(facts);
	if (facts->attempt.connected || facts->state == KITH_STATE_NONE)
		return KITH_STAGE_NONE;
	return facts->attempt.agreed ? stage_of_path(facts) : stage_of_silence(facts);
}

/* --- words */

static void add_count(struct text *text, uint64_t count, const char *what)
{
	text_add_u64(text, count);
	text_add(text, " ");
	text_add(text, what);
}

static void add_seconds(struct text *text, usec_t duration)
{
	text_add_double(text, (double)(duration / (100 * USEC_PER_MSEC)) / 10);
	text_add(text, " s");
}

static void add_who(struct text *text, const struct diagnosis_facts *facts)
{
	text_add(text, facts->peer[0] != '\0' ? facts->peer : facts->remote[0] != '\0' ? facts->remote : "the peer");
}

static void add_detail(struct text *text, const char *detail)
{
	if (detail[0] == '\0')
		return;
	text_add(text, ": ");
	text_add(text, detail);
}

static void summarize(const struct diagnosis_facts *facts, int32_t stage, struct text *text)
{
	const struct attempt *attempt = &facts->attempt;

	switch (stage) {
	case KITH_STAGE_NONE:
		return;
	case KITH_STAGE_SIGNALING:
		text_add(text, "no signaling service can be reached");
		add_detail(text, facts->signaling.text);
		return;
	case KITH_STAGE_PEER_SILENT:
		add_who(text, facts);
		text_add(text, attempt->p2p ? " does not answer: it is not at the signaling service, does not listen on this "
		                              "virtual port, or its application does not accept"
		                            : " does not answer: nobody listens there, or a firewall drops the packets");
		return;
	case KITH_STAGE_NOT_ACCEPTED:
		if (attempt->incoming)
			text_add(text, "this application did not accept in time");
		else
			add_who(text, facts);
		text_add(text, attempt->incoming ? "" : " is there, but its application did not accept in time");
		return;
	case KITH_STAGE_RELAY:
	case KITH_STAGE_UDP_BLOCKED:
		text_add(text, stage == KITH_STAGE_RELAY ? "no relay, and nothing else works" : "UDP does not get through");
		add_detail(text, attempt->server_text);
		return;
	case KITH_STAGE_NO_PATH:
		text_add(text, "no pair of addresses works between here and ");
		add_who(text, facts);
		add_detail(text, facts->state == KITH_STATE_CLOSED_BY_PEER ? facts->end_text : "");
		return;
	default:
		add_who(text, facts);
		add_detail(text, facts->end_text);
		return;
	}
}

static void tell_signals(const struct diagnosis_facts *facts, struct text *text)
{
	add_count(text, facts->attempt.signals_sent, "signals sent, ");
	add_count(text, facts->attempt.signals_received, "received");
	if (facts->signaling.count > 0) {
		text_add(text, "; signaling services: ");
		add_count(text, (uint64_t)facts->signaling.connected, "of ");
		add_count(text, (uint64_t)facts->signaling.count, "connected");
	}
	add_detail(text, facts->signaling.connected < facts->signaling.count ? facts->signaling.text : "");
	text_add(text, "\n");
}

static void tell_candidates(struct text *text, const char *whose, const uint32_t counts[CANDIDATE_KINDS])
{
	text_add(text, whose);
	add_count(text, counts[CANDIDATE_HOST], "of the machine, ");
	add_count(text, counts[CANDIDATE_PUBLIC], "public, ");
	add_count(text, counts[CANDIDATE_RELAY], "of relays\n");
}

static void tell_ice(const struct attempt *attempt, struct text *text)
{
	tell_candidates(text, "our candidates: ", attempt->local);
	tell_candidates(text, "the peer's candidates: ", attempt->remote);
	text_add(text, attempt->found ? "a pair of them worked\n" : "no pair of them worked\n");
	if (attempt->servers_silent + attempt->servers_refused + attempt->servers_failed == 0)
		return;
	text_add(text, "servers: ");
	add_count(text, attempt->servers_silent, "silent, ");
	add_count(text, attempt->servers_refused, "refused, ");
	add_count(text, attempt->servers_failed, "failed; ");
	text_add(text, attempt->server_text);
	text_add(text, "\n");
}

static void tell_direct(const struct diagnosis_facts *facts, struct text *text)
{
	if (facts->attempt.incoming)
		return;
	add_count(text, facts->attempt.requests, "requests to ");
	text_add(text, facts->remote);
	text_add(text, facts->attempt.reachable ? ", which answers\n" : ", no answer\n");
}

static void tell(const struct diagnosis_facts *facts, struct text *text)
{
	const struct attempt *attempt = &facts->attempt;

	text_add(text, attempt->incoming ? "called by " : "calling ");
	add_who(text, facts);
	text_add(text, attempt->p2p ? " by signals" : " by address");
	text_add(text, ", ");
	add_seconds(text, attempt->ended_at - attempt->began_at);
	text_add(text, attempt->connected ? ", connected meanwhile\n"
	               : attempt->agreed  ? ", both sides agreed\n"
	                                  : ", not agreed\n");
	if (attempt->p2p)
		tell_signals(facts, text);
	else
		tell_direct(facts, text);
	if (attempt->p2p && (attempt->agreed || attempt->gathered))
		tell_ice(attempt, text);
	if (facts->end_text[0] == '\0')
		return;
	text_add(text, "ended: ");
	text_add(text, facts->end_text);
	text_add(text, " (");
	text_add_i64(text, facts->reason);
	text_add(text, ")\n");
}

static void fill_counts(const struct diagnosis_facts *facts, struct kith_diagnosis *out)
{
	const struct attempt *attempt = &facts->attempt;

	out->agreed = attempt->agreed;
	out->connected = attempt->connected;
	out->requests_sent = (int32_t)attempt->requests;
	out->reachable = attempt->reachable;
	out->signalings = facts->signaling.count;
	out->signalings_connected = facts->signaling.connected;
	out->signals_sent = (int32_t)attempt->signals_sent;
	out->signals_received = (int32_t)attempt->signals_received;
	out->local_host = (int32_t)attempt->local[CANDIDATE_HOST];
	out->local_public = (int32_t)attempt->local[CANDIDATE_PUBLIC];
	out->local_relay = (int32_t)attempt->local[CANDIDATE_RELAY];
	out->remote_host = (int32_t)attempt->remote[CANDIDATE_HOST];
	out->remote_public = (int32_t)attempt->remote[CANDIDATE_PUBLIC];
	out->remote_relay = (int32_t)attempt->remote[CANDIDATE_RELAY];
	out->pair_found = attempt->found;
	out->servers_silent = (int32_t)attempt->servers_silent;
	out->servers_refused = (int32_t)attempt->servers_refused;
	out->servers_failed = (int32_t)attempt->servers_failed;
}

void diagnosis_fill(const struct diagnosis_facts *facts, struct kith_diagnosis *out)
{
	struct text text;

	out->stage = diagnosis_stage(facts);
	out->state = facts->state;
	out->reason = facts->reason;
	out->elapsed_us = facts->attempt.ended_at - facts->attempt.began_at;
	fill_counts(facts, out);
	text_init(&text, out->summary, sizeof(out->summary));
	summarize(facts, out->stage, &text);
	text_init(&text, out->text, sizeof(out->text));
	tell(facts, &text);
}
