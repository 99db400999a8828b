/* The peer's packets come from another address: is it there? (docs/wire.md, "Path frames")
 *
 * Whoever copies a packet and is faster than the network can make it come from anywhere, so an address is
 * proved before it is used: it has to give back a token, from there, and within the time that takes the
 * address in use must not give back its own. The latter may come from anywhere: it was sent to one
 * address only, so it shows that the peer still hears us where it was. */
#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"
#include "core/wire/frame_control.h"

/* A challenge that is not answered goes again; after so many the address was a passing one. */
#define ASKS_MAX 5u
#define ASK_AGAIN_MIN (60 * USEC_PER_MSEC)
#define ASK_AGAIN_UNKNOWN (250 * USEC_PER_MSEC)
/* Beyond a round trip: what the peer and we take to answer. */
#define ANSWER_SLACK (20 * USEC_PER_MSEC)
/* After an address was not taken: packets go on coming from there, and the question costs something. */
#define REST (1 * USEC_PER_SEC)

bool conn_may_roam(const struct conn *conn)
{
	return (conn->capabilities & WIRE_CAPABILITY_PATH_CHALLENGE) != 0 && !conn->paired &&
	       (conn->state == STATE_CONNECTED || conn->state == STATE_LINGER);
}

static bool is_known(const struct address *address)
{
	return address->port != 0 && !address_is_any(address);
}

/* A called socket is bound to an address, or learns at which one it was reached; one of ICE and one that
 * calls leave that to the routes. */
static bool is_other_local(const struct conn *conn, const struct address *local)
{
	return conn->server && !conn->p2p && is_known(local) && is_known(&conn->path.local) &&
	       !address_equal(local, &conn->path.local);
}

bool conn_roam_is_elsewhere(const struct conn *conn, const struct datagram *datagram)
{
	if (!conn_may_roam(conn) || !conn->path.ready || conn->path.route == ROUTE_RELAY ||
	    datagram->transport != conn->path.transport || !is_known(&datagram->remote))
		return false;
	return !address_equal(&datagram->remote, &conn->path.remote) || is_other_local(conn, &datagram->local);
}

static bool is_candidate(const struct conn_roam *roam, const struct datagram *datagram)
{
	return roam->active && address_equal(&roam->remote, &datagram->remote) &&
	       address_equal(&roam->local, &datagram->local);
}

void conn_roam_forget(struct conn *conn)
{
	struct conn_roam *roam = &conn->roam;

	bytes_zero(roam, sizeof *roam);
	roam->ask_at = roam->decide_at = USEC_NEVER;
}

static void rest(struct conn *conn, usec_t now)
{
	conn_roam_forget(conn);
	conn->roam.rest_until = now + REST;
}

static usec_t round_trip(const struct conn *conn)
{
	usec_t rtt = conn_rtt(conn);

	return rtt < 0 ? ASK_AGAIN_UNKNOWN : rtt + rtt / 4 + ANSWER_SLACK;
}

/* The peer is where it was, and reaches us somewhere else: nobody else could gain from that. */
static bool only_we_moved(const struct conn *conn)
{
	return address_equal(&conn->roam.remote, &conn->path.remote);
}

static void ask(struct conn *conn, usec_t now)
{
	struct conn_roam *roam = &conn->roam;

	roam->asks++;
	roam->ask = true;
	roam->ask_in_use = !only_we_moved(conn);
	roam->ask_at = now + (usec_max(round_trip(conn), ASK_AGAIN_MIN) << (roam->asks - 1));
}

static void begin(struct conn *conn, usec_t now, const struct datagram *datagram)
{
	struct conn_roam *roam = &conn->roam;

	conn_roam_forget(conn);
	roam->active = true;
	roam->remote = datagram->remote;
	roam->local = datagram->local;
	roam->hurried = conn_liveness_is_suspect(conn);
	roam->token = rng_u64(conn->rng);
	roam->token_in_use = rng_u64(conn->rng);
	ask(conn, now);
}

static bool may_begin(const struct conn *conn, usec_t now, const struct datagram *datagram)
{
	const struct conn_roam *roam = &conn->roam;

	if (!roam->active)
		return now >= roam->rest_until || conn_liveness_is_suspect(conn);
	/* One that does not answer must not keep the others out. */
	return !is_candidate(roam, datagram) && !roam->answered && roam->asks > 1;
}

/* RFC 9000 §9.4: another port alone is a translator's doing, the way behind it is the same. */
static void move(struct conn *conn, usec_t now)
{
	bool same_way =
		address_equal_ip(&conn->roam.remote, &conn->path.remote) && !is_other_local(conn, &conn->roam.local);

	conn->path.remote = conn->roam.remote;
	if (conn->server && !conn->p2p)
		conn->path.local = conn->roam.local;
	conn->path.route = conn_route_of(&conn->path.remote);
	conn_roam_forget(conn);
	if (!same_way) {
		reliability_on_path_change(conn->reliability, now);
		conn_mtu_begin(conn, now);
	}
	conn_liveness_on_moved(conn, now);
	if (conn->state == STATE_CONNECTED)
		conn_tell_route(conn);
}

static void on_answer(struct conn *conn, usec_t now, const struct datagram *datagram, uint64_t token)
{
	struct conn_roam *roam = &conn->roam;

	if (!roam->active)
		return;
	if (token == roam->token_in_use) {
		rest(conn, now);
		return;
	}
	if (token != roam->token || !is_candidate(roam, datagram) || roam->answered)
		return;
	roam->answered = true;
	roam->ask_at = USEC_NEVER;
	/* Asked once more, since one packet is lost easily; in vain if it has kept us waiting already. */
	roam->ask_in_use = !only_we_moved(conn);
	roam->decide_at = roam->hurried || only_we_moved(conn) ? now : now + round_trip(conn);
}

static void on_challenge(struct conn *conn, const struct datagram *datagram, uint64_t token)
{
	struct conn_answers *answers = &conn->answers;
	bool known = is_known(&datagram->remote);

	if (answers->count == CONN_ANSWERS_MAX)
		return; /* it asks again */
	answers->owed[answers->count].token = token;
	answers->owed[answers->count].remote = known ? datagram->remote : conn->path.remote;
	answers->owed[answers->count].local = known ? datagram->local : conn->path.local;
	answers->count++;
}

void conn_roam_on_packet(struct conn *conn, usec_t now, const struct datagram *datagram, bool newest)
{
	const struct reliability_contents *frames = reliability_last_contents(conn->reliability);
	struct conn_roam *roam = &conn->roam;

	if (!conn_may_roam(conn))
		return;
	/* The first of one that is being asked may have come too late for its time to be up. */
	if (newest && conn_roam_is_elsewhere(conn, datagram) && may_begin(conn, now, datagram))
		begin(conn, now, datagram);
	if (is_candidate(roam, datagram))
		roam->credit += (int64_t)datagram->size;
	if (frames->challenged)
		on_challenge(conn, datagram, frames->challenge);
	if (frames->answered)
		on_answer(conn, now, datagram, frames->answer);
	if (roam->active && roam->decide_at <= now)
		move(conn, now);
}

/* --- out */

static bool answer(struct conn *conn, usec_t now, struct datagram_burst *out)
{
	struct conn_answers *answers = &conn->answers;

	if (answers->count == 0)
		return false;
	answers->count--;
	out->remote = answers->owed[answers->count].remote;
	out->local = answers->owed[answers->count].local;
	return conn_transmit_path_frame(conn, now, FRAME_PATH_RESPONSE_LEAD, answers->owed[answers->count].token, out);
}

static int64_t challenge_size(const struct conn *conn)
{
	return WIRE_PACKET_HEADER_SIZE + FRAME_PATH_SIZE + (int64_t)packet_crypto_overhead(&conn->crypto);
}

bool conn_roam_transmit(struct conn *conn, usec_t now, struct datagram_burst *out)
{
	struct conn_roam *roam = &conn->roam;

	if (answer(conn, now, out))
		return true;
	if (roam->ask_in_use) {
		roam->ask_in_use = false;
		return conn_transmit_path_frame(conn, now, FRAME_PATH_CHALLENGE_LEAD, roam->token_in_use, out);
	}
	/* Nothing is sent there that is more than what came from there. */
	if (!roam->ask || roam->credit < challenge_size(conn))
		return false;
	roam->ask = false;
	roam->credit -= challenge_size(conn);
	out->remote = roam->remote;
	out->local = roam->local;
	return conn_transmit_path_frame(conn, now, FRAME_PATH_CHALLENGE_LEAD, roam->token, out);
}

/* --- time */

usec_t conn_roam_next_timeout(const struct conn *conn)
{
	return conn->roam.active ? usec_min(conn->roam.ask_at, conn->roam.decide_at) : USEC_NEVER;
}

void conn_roam_handle_timeout(struct conn *conn, usec_t now)
{
	struct conn_roam *roam = &conn->roam;

	if (!roam->active)
		return;
	if (!conn_may_roam(conn))
		conn_roam_forget(conn);
	else if (roam->decide_at <= now)
		move(conn, now);
	else if (roam->ask_at <= now && roam->asks == ASKS_MAX)
		rest(conn, now);
	else if (roam->ask_at <= now)
		ask(conn, now);
}
