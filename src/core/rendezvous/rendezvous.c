#include "core/rendezvous/rendezvous.h"

#include <string.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/config/config.h"
#include "core/rendezvous/rendezvous_attempt.h"
#include "core/rendezvous/rendezvous_signal.h"
#include "core/wire/wire.h"

/* The initiator repeats its request this often until it is answered. */
#define REQUEST_RETRY (500 * USEC_PER_MSEC)
/* How long the first request waits for candidates to take along: gathering host addresses takes a
 * millisecond or two, and the peer cannot begin its checks without them. */
#define FIRST_WAIT (8 * USEC_PER_MSEC)
/* Candidates come in a burst: one signal for all of it. */
#define GATHER_WAIT (2 * USEC_PER_MSEC)
/* Acks of the reliable part may wait for company. */
#define ACK_WAIT (10 * USEC_PER_MSEC)

static bool is_client(const struct rendezvous *rendezvous)
{
	return !conn_is_server(rendezvous->conn);
}

/* GNS's mask has the bits at the same places; both it and ours have to allow a kind. */
static uint32_t share_of(const struct config *config)
{
	int32_t enabled = config_get_int(config, CONFIG_P2P_TRANSPORT_ICE_ENABLE);

	if (config_get_int(config, CONFIG_RELAY_ONLY) != 0)
		return SHARE_RELAY;
	return (uint32_t)config_get_int(config, CONFIG_ICE_SHARE) & (uint32_t)enabled &
	       (SHARE_RELAY | SHARE_PRIVATE | SHARE_PUBLIC);
}

void rendezvous_init(struct rendezvous *rendezvous, usec_t now, struct conn *conn, struct rng *rng,
                     const struct identity *own)
{
	bytes_zero(rendezvous, sizeof *rendezvous);
	rendezvous->conn = conn;
	rendezvous->rng = rng;
	rendezvous->own = own;
	rendezvous->ports.local = WIRE_PORT_NONE;
	rendezvous->ports.remote = WIRE_PORT_NONE;
	rendezvous->request_due = USEC_NEVER;
	rendezvous->share = share_of(conn_config(conn));
	rendezvous->symmetric = config_get_int(conn_config(conn), CONFIG_SYMMETRIC_CONNECT) != 0;
	rendezvous->restart.give_up_at = rendezvous->restart.retire_at = USEC_NEVER;
	rendezvous->restart.servers_since = USEC_NEVER;
	signal_exchange_init(&rendezvous->exchange, now);
}

void rendezvous_forget_candidates(struct rendezvous *rendezvous)
{
	struct rendezvous_remote *remote = &rendezvous->remote;

	for (uint32_t i = 0; i < remote->candidate_count; i++)
		alloc_free(remote->candidates[i]);
	remote->candidate_count = 0;
	remote->candidates_told = 0;
}

void rendezvous_free(struct rendezvous *rendezvous)
{
	rendezvous_forget_candidates(rendezvous);
	signal_exchange_free(&rendezvous->exchange);
	bytes_wipe(rendezvous->local.password, sizeof rendezvous->local.password);
}

/* --- our side */

static void begin_session(struct rendezvous *rendezvous, usec_t now, uint32_t transport)
{
	struct rendezvous_local *local = &rendezvous->local;

	local->transport = transport;
	local->start_wanted = true;
	ice_credentials_username(conn_local_id(rendezvous->conn), local->username);
	ice_credentials_password(rng_u32(rendezvous->rng), local->password);
	signal_exchange_add(&rendezvous->exchange, now, MSG_RENDEZVOUS_PASSWORD, local->password);
	conn_set_path(rendezvous->conn, now, transport, NULL);
	rendezvous->remote.told = false;
	rendezvous->remote.candidates_told = 0;
}

void rendezvous_start(struct rendezvous *rendezvous, usec_t now, uint32_t transport)
{
	begin_session(rendezvous, now, transport);
	rendezvous->ok_wanted = !is_client(rendezvous);
	rendezvous->answered = true;
	/* Not due until the wait is over: nothing else may trigger a signal without candidates. */
	rendezvous->exchange.entries[rendezvous->exchange.count - 1].due = now + FIRST_WAIT;
	signal_exchange_want(&rendezvous->exchange, now, FIRST_WAIT);
}

void rendezvous_restart_as_server(struct rendezvous *rendezvous, usec_t now, uint32_t transport)
{
	if (!rendezvous->local.start_wanted)
		rendezvous_restart_add_closing(rendezvous, rendezvous->local.transport);
	signal_exchange_blank(&rendezvous->exchange);
	rendezvous->request_due = USEC_NEVER;
	rendezvous_start(rendezvous, now, transport);
}

static void on_candidate(struct rendezvous *rendezvous, usec_t now, const char *line)
{
	rendezvous->tally.local[rendezvous_attempt_kind(line)]++;
	if (signal_exchange_add(&rendezvous->exchange, now, MSG_RENDEZVOUS_CANDIDATE, line)) {
		struct signal_exchange *exchange = &rendezvous->exchange;
		exchange->entries[exchange->count - 1].due = now + GATHER_WAIT;
		/* A password that waits for company has it. Before the first answer a request takes all along. */
		if (rendezvous->local.generation > 0)
			signal_exchange_hasten(exchange, now, FIRST_WAIT, GATHER_WAIT);
	}
}

void rendezvous_on_path_change(struct rendezvous *rendezvous, usec_t now, const struct path_change *change)
{
	if (rendezvous_restart_on_path_change(rendezvous, now, change))
		return;
	if (change->transport != rendezvous->local.transport)
		return; /* of a session that was replaced */
	switch (change->kind) {
	case PATH_LOCAL_CANDIDATE:
		on_candidate(rendezvous, now, change->candidate);
		break;
	case PATH_GATHERED:
		rendezvous->tally.gathered = true;
		if (rendezvous->local.generation > 0)
			signal_exchange_hasten(&rendezvous->exchange, now, FIRST_WAIT, 0);
		else if (rendezvous->exchange.wanted_at != USEC_NEVER)
			signal_exchange_want(&rendezvous->exchange, now, 0);
		break;
	case PATH_READY:
		rendezvous->tally.found = true;
		conn_path_ready(rendezvous->conn, now, change);
		break;
	case PATH_FAILED:
		conn_path_failed(rendezvous->conn, now);
		break;
	case PATH_EXPIRING:
		rendezvous_restart_on_expiring(rendezvous);
		break;
	case PATH_SERVER:
		rendezvous_attempt_on_server(&rendezvous->tally, change->result, change->text);
		break;
	case PATH_IMPOSSIBLE:
		rendezvous->tally.impossible = true;
		if (conn_state(rendezvous->conn) == STATE_CONNECTING || conn_state(rendezvous->conn) == STATE_FINDING_ROUTE)
			conn_problem(rendezvous->conn, now, END_REASON_LOCAL_NETWORK_CONFIG, change->text);
		break;
	}
}

/* --- the peer's side */

static void on_password(struct rendezvous *rendezvous, const struct msg_rendezvous_entry *entry)
{
	struct rendezvous_remote *remote = &rendezvous->remote;
	char password[ICE_PASSWORD_MAX];

	remote->stale = remote->generation > 0;
	if (remote->stale)
		return;
	if (!ice_credentials_read_password(entry->text, entry->size, password))
		return;
	if (remote->known && strcmp(password, remote->password) == 0)
		return;
	if (remote->password_count == RENDEZVOUS_PASSWORDS_MAX)
		return;
	remote->password_count++;
	/* Another password means another session: candidates of the old one lead nowhere. */
	rendezvous_forget_candidates(rendezvous);
	bytes_copy(remote->password, password, sizeof password);
	remote->known = true;
	remote->told = false;
}

static void on_remote_candidate(struct rendezvous *rendezvous, const struct msg_rendezvous_entry *entry)
{
	struct rendezvous_remote *remote = &rendezvous->remote;
	char *line;

	if (remote->stale)
		return;
	if (remote->candidate_count == RENDEZVOUS_CANDIDATES_MAX || entry->size >= CANDIDATE_LINE_MAX) {
		remote->candidates_dropped++;
		return;
	}
	line = alloc_zeroed(entry->size + 1);
	bytes_copy(line, entry->text, entry->size);
	remote->candidates[remote->candidate_count++] = line;
}

void rendezvous_receive_entries(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous *message)
{
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry;
	uint32_t id = message->first;

	rendezvous->tally.signals_received++;
	if (message->has_ack && message->has_first)
		signal_exchange_on_ack(&rendezvous->exchange, now, message->ack);
	else if (message->has_ack)
		signal_exchange_on_bare_ack(&rendezvous->exchange, now, message->ack);
	if (!message->has_first)
		return;
	if (rendezvous->local.transport != 0)
		signal_exchange_want(&rendezvous->exchange, now, ACK_WAIT);
	msg_rendezvous_iterate(&iterator, message);
	for (; msg_rendezvous_next_entry(&iterator, &entry); id++) {
		if (!signal_exchange_take(&rendezvous->exchange, id))
			continue;
		if (entry.kind == MSG_RENDEZVOUS_PASSWORD && entry.generation > 0)
			rendezvous_restart_on_password(rendezvous, now, &entry);
		else if (entry.kind == MSG_RENDEZVOUS_PASSWORD)
			on_password(rendezvous, &entry);
		else if (entry.kind == MSG_RENDEZVOUS_CANDIDATE)
			on_remote_candidate(rendezvous, &entry);
	}
}

/* --- signals */

static void want_close(struct rendezvous *rendezvous, usec_t now, uint32_t reason)
{
	rendezvous->close_reason = reason;
	rendezvous->exchange.stopped = false;
	signal_exchange_want(&rendezvous->exchange, now, 0);
}

static void on_closed(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous *message)
{
	uint32_t reason = message->closed.reason;

	rendezvous->told_closed = true;
	rendezvous->request_due = USEC_NEVER;
	signal_exchange_stop(&rendezvous->exchange);
	if (reason == END_REASON_SIGNAL_NO_CONNECTION)
		reason = END_REASON_PEER_NO_CONNECTION;
	else if (rendezvous->answered) /* who was not before is not now */
		want_close(rendezvous, now, END_REASON_SIGNAL_NO_CONNECTION);
	conn_closed_by_peer(rendezvous->conn, now, reason, message->closed.text, message->closed.text_size);
}

static void on_ok(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous *message)
{
	struct conn_offer offer = { message->from_connection_id, 0, &message->ok.certificate, &message->ok.crypt };

	if (conn_state(rendezvous->conn) != STATE_CONNECTING || !is_client(rendezvous))
		return;
	conn_handshake_receive(rendezvous->conn, now, &offer);
	rendezvous->request_due = USEC_NEVER;
	/* Whatever the peer dropped with a request of ours it needs now. */
	signal_exchange_resend(&rendezvous->exchange, now);
}

static void on_request_again(struct rendezvous *rendezvous, usec_t now)
{
	if (is_client(rendezvous) || conn_state(rendezvous->conn) == STATE_CONNECTING)
		return;
	rendezvous->ok_wanted = true;
	signal_exchange_want(&rendezvous->exchange, now, 0);
}

/* A straggler of a connection that is over is told so. */
static void answer_over(struct rendezvous *rendezvous, usec_t now)
{
	bool theirs = conn_state(rendezvous->conn) == STATE_CLOSED_BY_PEER;

	if (!rendezvous->answered)
		return; /* a request that expired, or was taken back: its sender never heard of us */
	want_close(rendezvous, now, theirs ? END_REASON_SIGNAL_NO_CONNECTION : conn_end_reason(rendezvous->conn));
}

void rendezvous_receive(struct rendezvous *rendezvous, usec_t now, const struct msg_rendezvous *message)
{
	if (message->has_closed) {
		rendezvous->tally.signals_received++;
		if (!conn_is_over(rendezvous->conn) || message->closed.reason != END_REASON_SIGNAL_NO_CONNECTION)
			on_closed(rendezvous, now, message);
		return;
	}
	if (conn_is_over(rendezvous->conn)) {
		answer_over(rendezvous, now);
		return;
	}
	rendezvous_receive_entries(rendezvous, now, message);
	if (message->has_ok)
		on_ok(rendezvous, now, message);
	else if (message->has_request)
		on_request_again(rendezvous, now);
}

void rendezvous_on_state(struct rendezvous *rendezvous, usec_t now, int32_t old_state)
{
	int32_t state = conn_state(rendezvous->conn);

	if (!conn_is_over(rendezvous->conn))
		return;
	rendezvous->request_due = USEC_NEVER;
	/* Candidates and passwords are of no use to anybody any more. */
	if (rendezvous->close_reason == 0)
		signal_exchange_stop(&rendezvous->exchange);
	if (state != STATE_FIN_WAIT && state != STATE_PROBLEM_DETECTED_LOCALLY)
		return;
	if (rendezvous->told_closed || old_state == STATE_CLOSED_BY_PEER || old_state == STATE_PROBLEM_DETECTED_LOCALLY)
		return;
	rendezvous->told_closed = true;
	/* A request that the application ignored ends as if nobody had been here. */
	if (!rendezvous->answered && state == STATE_PROBLEM_DETECTED_LOCALLY &&
	    conn_end_reason(rendezvous->conn) == END_REASON_TIMEOUT)
		return;
	rendezvous->answered = true;
	want_close(rendezvous, now, conn_end_reason(rendezvous->conn));
}

void rendezvous_ignore(struct rendezvous *rendezvous)
{
	rendezvous->told_closed = true;
}

/* --- time and outputs */

usec_t rendezvous_next_timeout(const struct rendezvous *rendezvous)
{
	/* A server whose application still thinks says nothing. */
	if (rendezvous->local.transport == 0 && rendezvous->close_reason == 0)
		return USEC_NEVER;
	return usec_min(rendezvous->request_due, signal_exchange_next_timeout(&rendezvous->exchange));
}

static bool take_closing(struct rendezvous *rendezvous, struct action *out)
{
	out->kind = ACTION_TRANSPORT_CLOSE;
	out->transport = rendezvous_restart_next_closing(rendezvous);
	return out->transport != 0;
}

static bool take_signal(struct rendezvous *rendezvous, usec_t now, struct action *out, uint8_t *scratch)
{
	if (rendezvous_next_timeout(rendezvous) > now)
		return false;
	out->size = rendezvous_signal_build(rendezvous, now, scratch, SIGNAL_SIZE_MAX);
	if (rendezvous->close_reason != 0) {
		rendezvous->close_reason = 0;
		signal_exchange_stop(&rendezvous->exchange);
	}
	rendezvous->ok_wanted = false;
	if (is_client(rendezvous) && conn_state(rendezvous->conn) == STATE_CONNECTING)
		rendezvous->request_due = now + REQUEST_RETRY;
	out->kind = ACTION_SEND_SIGNAL;
	out->to = conn_peer(rendezvous->conn);
	out->source = rendezvous->source;
	out->bytes = scratch;
	rendezvous->tally.signals_sent++;
	return out->size > 0;
}

static bool take_start(struct rendezvous *rendezvous, struct action *out)
{
	if (!rendezvous->local.start_wanted)
		return false;
	rendezvous->local.start_wanted = false;
	rendezvous_restart_note_servers(rendezvous);
	out->kind = ACTION_ICE_START;
	out->transport = rendezvous->local.transport;
	out->controlling = !is_client(rendezvous);
	out->share = rendezvous->share;
	out->username = rendezvous->local.username;
	out->password = rendezvous->local.password;
	return true;
}

static bool take_remote(struct rendezvous *rendezvous, struct action *out)
{
	struct rendezvous_remote *remote = &rendezvous->remote;

	/* The peer's user name follows from its connection id, which a client learns with the answer. */
	if (!remote->known || remote->generation != rendezvous->local.generation || rendezvous->local.transport == 0 ||
	    conn_remote_id(rendezvous->conn) == 0)
		return false;
	out->transport = rendezvous->local.transport;
	if (!remote->told) {
		remote->told = true;
		if (remote->generation > 0)
			ice_credentials_later_username(conn_remote_id(rendezvous->conn), remote->generation, remote->username);
		else
			ice_credentials_username(conn_remote_id(rendezvous->conn), remote->username);
		out->kind = ACTION_ICE_REMOTE;
		out->username = remote->username;
		out->password = remote->password;
		return true;
	}
	if (remote->candidates_told == remote->candidate_count)
		return false;
	out->kind = ACTION_ICE_CANDIDATE;
	out->candidate = remote->candidates[remote->candidates_told++];
	return true;
}

bool rendezvous_next_action(struct rendezvous *rendezvous, usec_t now, struct action *out, uint8_t *scratch)
{
	bytes_zero(out, sizeof *out);
	out->conn = rendezvous->conn;
	return take_closing(rendezvous, out) || take_start(rendezvous, out) || take_remote(rendezvous, out) ||
	       take_signal(rendezvous, now, out, scratch);
}
