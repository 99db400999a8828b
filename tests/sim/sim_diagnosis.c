#include "sim_diagnosis.h"

#include <string.h>

#include "core/sockets/sockets_core.h"
#include "core/wire/wire.h"
#include "engine/diagnosis.h"

static void collect(const struct sim_talk *talk, struct sockets_info *info, struct diagnosis_facts *out)
{
	*out = (struct diagnosis_facts){ .peer = info->peer.text, .remote = "", .end_text = info->text };
	sockets_info(talk->conn, info);
	out->state = info->state;
	out->reason = (int32_t)info->end_reason;
	sockets_attempt(talk->world->now, talk->conn, &out->attempt);
}

static uint32_t candidates(const uint32_t counts[CANDIDATE_KINDS])
{
	return counts[CANDIDATE_HOST] + counts[CANDIDATE_PUBLIC] + counts[CANDIDATE_RELAY];
}

/* What was counted is what can have been. */
static void check_counts(const struct sim_talk *talk, const struct attempt *attempt)
{
	bool answered = attempt->p2p ? attempt->signals_received > 0 : attempt->reachable;

	sim_talk_check(talk, attempt->p2p == (talk->kind != SIM_TALK_UDP));
	sim_talk_check(talk, attempt->incoming == talk->incoming || talk->kind == SIM_TALK_SYMMETRIC);
	sim_talk_check(talk, attempt->connected == talk->was_connected);
	sim_talk_check(talk, attempt->agreed || !attempt->connected);
	sim_talk_check(talk, attempt->ended_at >= attempt->began_at && attempt->ended_at <= talk->world->now);
	if (!attempt->incoming) {
		sim_talk_check(talk, answered || !attempt->agreed);
		sim_talk_check(talk, (attempt->p2p ? attempt->signals_sent : attempt->requests) > 0);
	}
	if (attempt->p2p) {
		sim_talk_check(talk, attempt->requests == 0 && !attempt->reachable);
		sim_talk_check(talk, attempt->found || !attempt->connected);
		sim_talk_check(talk, !attempt->found || candidates(attempt->local) > 0);
	} else {
		sim_talk_check(talk, attempt->signals_sent == 0 && attempt->signals_received == 0 && !attempt->found);
		sim_talk_check(talk, candidates(attempt->local) + candidates(attempt->remote) == 0);
	}
}

/* Nobody answered, or somebody did and did not accept. */
static int32_t stage_of_silence(const struct attempt *attempt)
{
	bool answered = attempt->p2p ? attempt->signals_received > 0 : attempt->reachable;

	return attempt->incoming || answered ? KITH_STAGE_NOT_ACCEPTED : KITH_STAGE_PEER_SILENT;
}

/* There are no servers in these worlds, and no certificates. KITH_STAGE_NONE: any but that. */
static int32_t stage_of(const struct diagnosis_facts *facts)
{
	const struct attempt *attempt = &facts->attempt;

	if (facts->reason >= END_REASON_APP_MIN && facts->reason <= END_REASON_APP_EXCEPTION_MAX)
		return attempt->connected ? KITH_STAGE_CLOSED : KITH_STAGE_REFUSED;
	switch (facts->reason) {
	case END_REASON_TIMEOUT:
		return attempt->connected ? KITH_STAGE_TIMEOUT : stage_of_silence(attempt);
	case END_REASON_RENDEZVOUS_FAILED:
		return KITH_STAGE_NO_PATH;
	case END_REASON_PEER_NO_CONNECTION:
		return KITH_STAGE_CLOSED;
	case END_REASON_BAD_CRYPT:
		return KITH_STAGE_CERTIFICATE;
	default:
		return KITH_STAGE_NONE;
	}
}

static void check_words(const struct sim_talk *talk, const struct kith_diagnosis *diagnosis)
{
	size_t size = strlen(diagnosis->text);

	sim_talk_check(talk, size > 0 && diagnosis->text[size - 1] == '\n' && size < sizeof(diagnosis->text) - 1);
	sim_talk_check(talk, (diagnosis->summary[0] == '\0') == (diagnosis->stage == KITH_STAGE_NONE));
}

void sim_diagnosis_check(const struct sim_talk *talk)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	struct diagnosis_facts facts;
	struct sockets_info info;
	int32_t expected;

	collect(talk, &info, &facts);
	diagnosis_fill(&facts, &diagnosis);
	check_counts(talk, &facts.attempt);
	check_words(talk, &diagnosis);
	if (!talk->over) {
		sim_talk_check(talk, diagnosis.stage == KITH_STAGE_NONE);
		return;
	}
	expected = stage_of(&facts);
	sim_talk_check(talk, diagnosis.stage != KITH_STAGE_NONE);
	sim_talk_check(talk, expected == KITH_STAGE_NONE || diagnosis.stage == expected);
	/* A path is looked for once both agree; of a peer that says so, its answer may have been lost. */
	sim_talk_check(talk, diagnosis.stage != KITH_STAGE_NO_PATH || facts.attempt.agreed ||
	                         facts.state == STATE_CLOSED_BY_PEER);
}
