/* Another ICE session in a live connection: when it is wanted, which of the two carries data, what is closed
 * when (docs/wire.md, "ICE restart"). */
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/config/config.h"
#include "core/rendezvous/rendezvous.h"

/* Candidates are gathered, told and tried; signals may be lost and go again after a second. */
#define ATTEMPT (6 * USEC_PER_SEC)
/* Nothing is usable now: soon again. */
#define ATTEMPT_IMPOSSIBLE (1 * USEC_PER_SEC)
/* Between attempts of ours, unless the network changes. */
#define REST (2 * USEC_PER_SEC)
/* What the peer still sends over the session before. */
#define RETIRE (3 * USEC_PER_SEC)
/* The first request waits for candidates, as in rendezvous.c. */
#define FIRST_WAIT (8 * USEC_PER_MSEC)
/* Each attempt of the peer costs us sockets and checks. */
#define CREDIT_MAX 4u
#define CREDIT_EVERY (2 * USEC_PER_SEC)
/* Lists of servers, users and passwords are set one after the other. */
#define SERVERS_SETTLE (100 * USEC_PER_MSEC)
/* No session came about with those that were set. */
#define SERVERS_AGAIN (10 * USEC_PER_SEC)
/* How far the peer may have come while its signals were lost. */
#define AHEAD_MAX 1000u

void rendezvous_restart_add_closing(struct rendezvous *rendezvous, uint32_t transport)
{
	struct rendezvous_restart *restart = &rendezvous->restart;

	if (transport != 0 && restart->closing_count < RENDEZVOUS_CLOSING_MAX)
		restart->closing[restart->closing_count++] = transport;
}

uint32_t rendezvous_restart_next_closing(struct rendezvous *rendezvous)
{
	struct rendezvous_restart *restart = &rendezvous->restart;

	return restart->closing_count > 0 ? restart->closing[--restart->closing_count] : 0;
}

static void close_retired(struct rendezvous *rendezvous)
{
	rendezvous_restart_add_closing(rendezvous, rendezvous->restart.retired);
	rendezvous->restart.retired = 0;
	rendezvous->restart.retire_at = USEC_NEVER;
}

uint32_t rendezvous_restart_next_left(struct rendezvous *rendezvous)
{
	close_retired(rendezvous);
	rendezvous_restart_add_closing(rendezvous, rendezvous->restart.carrying);
	rendezvous->restart.carrying = 0;
	return rendezvous_restart_next_closing(rendezvous);
}

/* --- when */

void rendezvous_restart_on_network(struct rendezvous *rendezvous)
{
	if (conn_may_restart(rendezvous->conn))
		rendezvous->restart.wanted = true;
}

static bool is_running(const struct rendezvous *rendezvous)
{
	return rendezvous->restart.carrying != 0;
}

static bool is_relayed(const struct rendezvous *rendezvous)
{
	struct conn_info info;

	conn_info(rendezvous->conn, &info);
	return info.route == ROUTE_RELAY;
}

void rendezvous_restart_on_expiring(struct rendezvous *rendezvous)
{
	if (is_relayed(rendezvous) && conn_may_restart(rendezvous->conn))
		rendezvous->restart.wanted = true;
}

/* --- which TURN servers */

static uint64_t hash_servers(const struct rendezvous *rendezvous)
{
	static const enum config_id ids[] = { CONFIG_P2P_TURN_SERVER_LIST, CONFIG_P2P_TURN_USER_LIST,
		                                  CONFIG_P2P_TURN_PASS_LIST, CONFIG_P2P_TURN_SECRET_LIST };
	const struct config *config = conn_config(rendezvous->conn);
	uint64_t hash = 0;

	for (unsigned i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		const char *list = config_get_string(config, ids[i]);
		hash = hash_bytes(hash, list, strlen(list));
	}
	return hash;
}

void rendezvous_restart_note_servers(struct rendezvous *rendezvous)
{
	rendezvous->restart.servers = hash_servers(rendezvous);
	rendezvous->restart.servers_since = USEC_NEVER;
}

void rendezvous_restart_on_config(struct rendezvous *rendezvous, usec_t now)
{
	struct rendezvous_restart *restart = &rendezvous->restart;
	bool of_use = is_relayed(rendezvous) || conn_is_lost(rendezvous->conn);

	if (of_use && conn_may_restart(rendezvous->conn) && hash_servers(rendezvous) != restart->servers)
		restart->servers_since = now + SERVERS_SETTLE;
	else
		restart->servers_since = USEC_NEVER;
}

/* The peer acknowledges nothing: what it was told last goes on being told, and there is no room for more. */
static bool is_crowded(const struct rendezvous *rendezvous)
{
	return rendezvous->exchange.count > SIGNAL_EXCHANGE_ENTRIES_MAX / 2;
}

bool rendezvous_restart_is_wanted(struct rendezvous *rendezvous, usec_t now)
{
	struct rendezvous_restart *restart = &rendezvous->restart;

	if (!conn_may_restart(rendezvous->conn) || rendezvous->local.transport == 0)
		return false;
	if (!is_running(rendezvous) && conn_is_lost(rendezvous->conn) && now >= restart->rest_until)
		restart->wanted = true;
	return restart->wanted && !is_crowded(rendezvous);
}

usec_t rendezvous_restart_next_timeout(const struct rendezvous *rendezvous)
{
	const struct rendezvous_restart *restart = &rendezvous->restart;
	usec_t at = usec_min(restart->retire_at, restart->servers_since);

	if (!conn_may_restart(rendezvous->conn))
		return at;
	if (is_running(rendezvous))
		return usec_min(at, restart->give_up_at);
	return conn_is_lost(rendezvous->conn) && !is_crowded(rendezvous) ? usec_min(at, restart->rest_until) : at;
}

/* The way before works after all. */
static void abandon(struct rendezvous *rendezvous, usec_t now)
{
	if (rendezvous->restart.for_servers)
		rendezvous->restart.servers_since = now + SERVERS_AGAIN;
	rendezvous_restart_add_closing(rendezvous, rendezvous->local.transport);
	rendezvous->local.transport = rendezvous->restart.carrying;
	rendezvous->local.start_wanted = false;
	rendezvous->restart.carrying = 0;
	rendezvous->restart.give_up_at = USEC_NEVER;
	rendezvous->remote.known = false;
	signal_exchange_blank(&rendezvous->exchange);
}

void rendezvous_restart_handle_timeout(struct rendezvous *rendezvous, usec_t now)
{
	struct rendezvous_restart *restart = &rendezvous->restart;

	if (restart->retire_at <= now)
		close_retired(rendezvous);
	if (restart->servers_since <= now) {
		restart->servers_since = USEC_NEVER;
		restart->for_servers = restart->wanted = true;
	}
	if (!is_running(rendezvous) || restart->give_up_at > now || !conn_may_restart(rendezvous->conn))
		return;
	restart->give_up_at = now + ATTEMPT;
	if (conn_is_lost(rendezvous->conn))
		restart->wanted = true;
	else
		abandon(rendezvous, now);
}

/* --- ours */

static void draw_credentials(struct rendezvous *rendezvous)
{
	struct rendezvous_local *local = &rendezvous->local;
	uint8_t random[ICE_LONG_PASSWORD];

	rng_bytes(rendezvous->rng, random, sizeof random);
	ice_credentials_later_username(conn_local_id(rendezvous->conn), local->generation, local->username);
	ice_credentials_long_password(random, local->password);
	bytes_wipe(random, sizeof random);
}

static void tell_credentials(struct rendezvous *rendezvous, usec_t now)
{
	struct signal_exchange *exchange = &rendezvous->exchange;

	/* What was queued before belongs to a session that nobody needs any more. */
	signal_exchange_blank(exchange);
	if (!signal_exchange_add(exchange, now + FIRST_WAIT, MSG_RENDEZVOUS_PASSWORD, rendezvous->local.password))
		return;
	exchange->entries[exchange->count - 1].generation = rendezvous->local.generation;
	/* Behind a gap they would not be read: what was not acknowledged goes along. */
	signal_exchange_resend(exchange, now + FIRST_WAIT);
}

void rendezvous_restart_begin(struct rendezvous *rendezvous, usec_t now, uint32_t transport)
{
	struct rendezvous_restart *restart = &rendezvous->restart;
	struct rendezvous_local *local = &rendezvous->local;
	struct rendezvous_remote *remote = &rendezvous->remote;

	close_retired(rendezvous);
	if (is_running(rendezvous))
		rendezvous_restart_add_closing(rendezvous, local->transport);
	else
		restart->carrying = local->transport;
	restart->wanted = false;
	restart->give_up_at = now + ATTEMPT;
	restart->rest_until = now + REST;
	local->generation = remote->generation > local->generation ? remote->generation : local->generation + 1;
	local->transport = transport;
	local->start_wanted = true;
	draw_credentials(rendezvous);
	tell_credentials(rendezvous, now);
	remote->told = false;
	remote->candidates_told = 0;
	if (remote->generation == local->generation)
		return;
	remote->known = false;
	rendezvous_forget_candidates(rendezvous);
}

/* --- the peer's */

static bool take_credit(struct rendezvous_restart *restart, usec_t now)
{
	usec_t gained = (now - restart->credit_at) / CREDIT_EVERY;

	if (gained > 0) {
		restart->credit = gained + restart->credit > CREDIT_MAX ? CREDIT_MAX : restart->credit + (unsigned)gained;
		restart->credit_at = now;
	}
	if (restart->credit == 0)
		return false;
	restart->credit--;
	return true;
}

void rendezvous_restart_on_password(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous_entry *entry)
{
	struct rendezvous_remote *remote = &rendezvous->remote;
	struct rendezvous_local *local = &rendezvous->local;
	char password[ICE_PASSWORD_MAX];

	remote->stale = true;
	if (!conn_may_restart(rendezvous->conn) || entry->generation <= remote->generation ||
	    entry->generation > local->generation + AHEAD_MAX ||
	    !ice_credentials_read_password(entry->text, entry->size, password))
		return;
	if (entry->generation > local->generation && !take_credit(&rendezvous->restart, now))
		return;
	remote->stale = false;
	remote->generation = entry->generation;
	rendezvous_forget_candidates(rendezvous);
	bytes_copy(remote->password, password, sizeof password);
	remote->known = true;
	remote->told = false;
	/* It made a session that we have none for. */
	if (entry->generation > local->generation)
		rendezvous->restart.wanted = true;
}

/* --- what ICE tells */

static void carry(struct rendezvous *rendezvous, usec_t now, const struct path_change *change)
{
	struct rendezvous_restart *restart = &rendezvous->restart;

	restart->retired = restart->carrying;
	restart->retire_at = now + RETIRE;
	restart->carrying = 0;
	restart->for_servers = false;
	restart->give_up_at = USEC_NEVER;
	conn_path_ready(rendezvous->conn, now, change);
}

static void on_carrying(struct rendezvous *rendezvous, usec_t now, const struct path_change *change)
{
	if (change->kind == PATH_READY)
		conn_path_ready(rendezvous->conn, now, change);
	else if (change->kind == PATH_FAILED)
		conn_path_failed(rendezvous->conn, now);
}

bool rendezvous_restart_on_path_change(struct rendezvous *rendezvous, usec_t now, const struct path_change *change)
{
	struct rendezvous_restart *restart = &rendezvous->restart;

	if (!is_running(rendezvous))
		return false;
	if (change->transport == restart->carrying) {
		on_carrying(rendezvous, now, change);
		return true;
	}
	if (change->transport != rendezvous->local.transport)
		return false;
	if (change->kind == PATH_READY)
		carry(rendezvous, now, change);
	else if (change->kind == PATH_IMPOSSIBLE)
		restart->give_up_at = usec_min(restart->give_up_at, now + ATTEMPT_IMPOSSIBLE);
	/* One that fails may yet succeed with candidates to come. */
	return change->kind == PATH_READY || change->kind == PATH_IMPOSSIBLE || change->kind == PATH_FAILED;
}
