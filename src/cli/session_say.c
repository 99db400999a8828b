/* What the subcommands say of connections and sessions, all alike. */
#include "cli/session.h"

#include <inttypes.h>

#include "cli/moment.h"

void session_name_peer(const struct kith_identity *identity, char out[KITH_IDENTITY_TEXT_MAX])
{
	if (kith_identity_print(identity, out, KITH_IDENTITY_TEXT_MAX, NULL) != KITH_OK)
		out[0] = '\0';
}

/* --- what protects a connection */

/* For people, with --verbose: "str:bob: AES-256-GCM, proved by its certificate of issuer 17". */
static void say_security(struct output *output, const char *peer, const struct kith_security *security)
{
	char certificate[80] = "", expires[MOMENT_TEXT_MAX];

	if (security->certified)
		snprintf(certificate, sizeof(certificate), "its certificate of issuer %" PRIu64, security->issuer);
	if (security->proof == KITH_PROOF_NOTHING)
		output_verbose(output, "%s: %s, not proved: %s", peer, security->cipher, kith_doubt_text(security->doubt));
	else
		output_verbose(output, "%s: %s, proved by %s%s%s", peer, security->cipher,
		               security->proof == KITH_PROOF_KEY ? "its key" : "",
		               security->proof == KITH_PROOF_KEY && security->certified ? " and " : "", certificate);
	if (security->expires_unix_us == 0)
		return;
	moment_print(security->expires_unix_us, expires);
	output_verbose(output, "%s: the certificate expires %s", peer, expires);
}

static const char *proof_name(int32_t proof)
{
	if (proof == KITH_PROOF_NOTHING)
		return "nothing";
	return proof == KITH_PROOF_KEY ? "key" : "certificate";
}

static void add_security(struct output *output, const struct kith_security *security)
{
	char text[KITH_IDENTITY_TEXT_MAX];
	struct kith_identity key;

	output_string(output, "cipher", security->cipher);
	output_string(output, "proof", proof_name(security->proof));
	if (security->has_peer_key) {
		kith_identity_from_bytes(security->peer_key, sizeof(security->peer_key), &key);
		session_name_peer(&key, text);
		output_string(output, "key", text);
	}
	if (security->certified) {
		snprintf(text, sizeof(text), "%" PRIu64, security->issuer);
		output_true(output, "certified");
		output_string(output, "issuer", text);
	}
	if (security->expires_unix_us != 0) {
		moment_print(security->expires_unix_us, text);
		output_string(output, "expires", text);
	}
	if (security->doubt != KITH_DOUBT_NONE)
		output_word(output, "doubt", kith_doubt_name(security->doubt));
}

/* --- connections */

static void say_connected(struct session *session, const struct kith_info *info, const struct kith_security *security)
{
	struct output *output = session->output;
	char local[KITH_ADDRESS_TEXT_MAX] = "", remote[KITH_ADDRESS_TEXT_MAX] = "", peer[KITH_IDENTITY_TEXT_MAX];
	double milliseconds = (double)info->connect_time_us / 1000;
	char route[16];

	kith_address_print(&info->local, local, sizeof(local), NULL);
	kith_address_print(&info->remote, remote, sizeof(remote), NULL);
	session_name_peer(&info->peer, peer);
	if (!output->json) {
		output_lower(kith_route_name(info->route), route, sizeof(route));
		output_line(output, "connected%s %s%s route %s, %s -> %s, %.1f ms", info->incoming ? ":" : " to", peer,
		            info->incoming ? "," : ":", route, local, remote, milliseconds);
		say_security(output, peer, security);
		return;
	}
	output_open(output, "state");
	output_string(output, "peer", peer);
	output_string(output, "state", "connected");
	output_word(output, "route", kith_route_name(info->route));
	output_string(output, "local", local);
	output_string(output, "remote", remote);
	output_real(output, "ms", milliseconds, 3);
	add_security(output, security);
	output_close(output);
}

void session_say_connected(struct session *session, kith_connection connection)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_security security = KITH_SECURITY_INIT;

	if (kith_connection_info(connection, &info) == KITH_OK &&
	    kith_connection_security(connection, &security) == KITH_OK)
		say_connected(session, &info, &security);
}

void session_say_connected_to(struct session *session, const struct kith_identity *peer)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_security security = KITH_SECURITY_INIT;

	if (kith_messages_info(session->endpoint, peer, &info) == KITH_OK && info.state == KITH_STATE_CONNECTED &&
	    kith_messages_security(session->endpoint, peer, &security) == KITH_OK)
		say_connected(session, &info, &security);
}

void session_say_route(struct session *session, const struct kith_event *event)
{
	struct output *output = session->output;
	char local[KITH_ADDRESS_TEXT_MAX] = "", remote[KITH_ADDRESS_TEXT_MAX] = "", peer[KITH_IDENTITY_TEXT_MAX];
	char route[16];

	kith_address_print(&event->local, local, sizeof(local), NULL);
	kith_address_print(&event->remote, remote, sizeof(remote), NULL);
	session_name_peer(&event->peer, peer);
	output_lower(kith_route_name(event->route), route, sizeof(route));
	if (!output->json) {
		output_line(output, "moved: %s, route %s, %s -> %s", peer, route, local, remote);
		return;
	}
	output_open(output, "route");
	output_string(output, "peer", peer);
	output_string(output, "route", route);
	output_string(output, "local", local);
	output_string(output, "remote", remote);
	output_close(output);
}

void session_say_closed(struct session *session, const struct kith_event *event)
{
	struct output *output = session->output;
	bool by_peer = event->state == KITH_STATE_CLOSED_BY_PEER;
	char peer[KITH_IDENTITY_TEXT_MAX];

	session_name_peer(&event->peer, peer);
	session_say_report(session, event->connection);
	if (!output->json) {
		output_line(output, "closed: %s %s, code %d, \"%s\"", peer, by_peer ? "by peer" : "locally", event->reason,
		            event->text);
		return;
	}
	output_open(output, "state");
	output_string(output, "peer", peer);
	output_string(output, "state", "closed");
	output_string(output, "by", by_peer ? "peer" : "local");
	output_integer(output, "code", event->reason);
	output_string(output, "text", event->text);
	if (event->stage != KITH_STAGE_NONE && event->stage != KITH_STAGE_CLOSED)
		output_word(output, "stage", kith_stage_name(event->stage));
	output_close(output);
}
