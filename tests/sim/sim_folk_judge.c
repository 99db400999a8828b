/* What must hold when the dust has settled. */
#include "sim_folk_internal.h"

#include <stdio.h>
#include <string.h>

#include "core/sockets/sockets_core.h"
#include "core/wire/wire.h"
#include "sim_diagnosis.h"
#include "sim_memory.h"

/* What a core without connections may hold: its tables and buffers, by far. */
#define CORE_BYTES_MAX (512 * 1024)
/* From a call to the connection: an application may think for 2 s, packets take up to half a second
 * there and back. */
#define HASTE (4 * USEC_PER_SEC)

static bool is_application(uint32_t reason)
{
	return reason >= END_REASON_APP_MIN && reason <= END_REASON_APP_EXCEPTION_MAX;
}

/* Somebody at the other side said just that. */
static bool was_said(const struct sim_folk *folk, const struct sim_talk *talk)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		const struct sim_talk *other = folk->talks[i];
		if (other->hung_up && (int)other->peer == talk->other && other->hang_up_reason == talk->end_reason &&
		    strcmp(other->hang_up_text, talk->end_text) == 0)
			return true;
	}
	return false;
}

/* The other side is gone, one way or another. */
static bool was_left(struct sim_folk *folk, struct sim_talk *talk)
{
	struct sim_talk *other = sim_folk_other_end(folk, talk);

	return other == NULL || other->hung_up || other->killed || other->over;
}

static void judge_reason(struct sim_folk *folk, struct sim_talk *talk)
{
	const struct sim_folk_world *world = &folk->options;

	if (world->hostile)
		return; /* it may have said anything */
	if (is_application(talk->end_reason)) {
		sim_talk_check(talk, talk->state == STATE_CLOSED_BY_PEER && was_said(folk, talk));
		return;
	}
	switch (talk->end_reason) {
	case END_REASON_BAD_CRYPT:
		sim_talk_check(talk, world->plain); /* no cipher that both sides accept */
		break;
	case END_REASON_GENERIC:
		/* The second: its translator changed its address while it was calling. */
		sim_talk_check(talk, strcmp(talk->end_text, "the listener was closed") == 0 ||
		                         strcmp(talk->end_text, "this connection id is in use from another address") == 0);
		sim_talk_check(talk, !world->calm);
		break;
	case END_REASON_PEER_NO_CONNECTION:
		/* The call that was accepted had met another in between, and that has ended. */
		sim_talk_check(talk, !world->perfect || talk->kind == SIM_TALK_SYMMETRIC);
		sim_talk_check(talk, !world->calm || was_left(folk, talk));
		break;
	case END_REASON_TIMEOUT:
		/* A lost farewell; in a calm world there is no other excuse, and where nothing is lost none. */
		sim_talk_check(talk, !world->calm || (was_left(folk, talk) && !world->perfect));
		break;
	case END_REASON_RENDEZVOUS_FAILED:
		sim_talk_check(talk, !world->calm);
		break;
	default:
		sim_talk_fail(talk, "a connection ended for a reason that cannot be");
	}
}

/* Where nothing is lost, nothing waits for a second try. */
static void judge_haste(struct sim_folk *folk, const struct sim_talk *talk)
{
	/* A call that may meet another waits until the old connection of the two has ended. */
	if (folk->options.perfect && !talk->incoming && talk->was_connected && talk->kind != SIM_TALK_SYMMETRIC)
		sim_talk_check(talk, talk->connected_at - talk->called_at <= HASTE);
}

/* A connection lives at both ends or at none. */
static void judge_up(struct sim_folk *folk, struct sim_talk *talk)
{
	struct sim_talk *other = sim_folk_other_end(folk, talk);

	sim_talk_check(talk, other != NULL && sim_talk_is_up(other));
	sim_talk_check(talk, sim_talk_is_complete(talk));
	sim_talk_check(talk, !talk->again);
	sim_talk_check(talk, !sockets_readable(talk->conn));
}

/* A close with linger delivers everything first, if the other side lets it. */
static void judge_linger(struct sim_folk *folk, struct sim_talk *talk)
{
	struct sim_talk *other = sim_folk_other_end(folk, talk);

	if (!folk->options.calm || !talk->lingered || !talk->was_connected_then || other == NULL)
		return;
	if (!other->hung_up || other->hang_up_reason == 0)
		sim_talk_check(talk, sim_talk_is_complete(talk));
}

/* Two who called each other have one connection, not two. */
static void judge_symmetric(struct sim_folk *folk, const struct sim_talk *talk)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		const struct sim_talk *other = folk->talks[i];
		if (other != talk && other->peer == talk->peer && other->other == talk->other &&
		    other->kind == SIM_TALK_SYMMETRIC && sim_talk_is_up(other))
			sim_talk_fail(talk, "two calls that met became two connections");
	}
}

void sim_folk_judge(struct sim_folk *folk)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->killed)
			continue;
		if (talk->over)
			judge_reason(folk, talk);
		judge_haste(folk, talk);
		if (talk->hung_up)
			judge_linger(folk, talk);
		if (talk->conn == NULL || talk->over)
			continue;
		if (!sim_talk_is_up(talk))
			sim_talk_fail(talk, "neither up nor ended after all this time");
		sim_diagnosis_check(talk);
		judge_up(folk, talk);
		if (talk->kind == SIM_TALK_SYMMETRIC)
			judge_symmetric(folk, talk);
	}
}

static unsigned link_count;

static void count_link(struct conn *conn)
{
	(void)conn;
	link_count++;
}

void sim_folk_judge_end(struct sim_folk *folk)
{
	link_count = 0;
	for (unsigned i = 0; i < folk->options.peer_count; i++)
		endpoint_for_each(folk->world.peers[i].core->endpoint, count_link);
	if (link_count != 0)
		sim_world_fail(&folk->world, "connections stay although everybody hung up");
	if (sim_memory_held() - folk->memory_before > (int64_t)folk->options.peer_count * CORE_BYTES_MAX)
		sim_world_fail(&folk->world, "memory stays although no connection does");
}
