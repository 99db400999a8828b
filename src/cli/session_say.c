/* What the subcommands say of connections and sessions, all alike. */
#include "cli/session.h"

static void say_connected(struct session *session, const struct kith_info *info)
{
	struct output *output = session->output;
	char local[KITH_ADDRESS_TEXT_MAX] = "", remote[KITH_ADDRESS_TEXT_MAX] = "", route[16];
	double milliseconds;

	kith_address_print(&info->local, local, sizeof(local), NULL);
	kith_address_print(&info->remote, remote, sizeof(remote), NULL);
	snprintf(route, sizeof(route), "%s", kith_route_name(info->route));
	for (char *at = route; *at != '\0'; at++)
		*at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
	milliseconds = (double)info->connect_time_us / 1000;
	if (!output->json) {
		output_line(output, "connected%s %s%s route %s, %s -> %s, %.1f ms", info->incoming ? ":" : " to",
		            info->peer.text, info->incoming ? "," : ":", route, local, remote, milliseconds);
		return;
	}
	output_open(output, "state");
	output_string(output, "peer", info->peer.text);
	output_string(output, "state", "connected");
	output_string(output, "route", route);
	output_string(output, "local", local);
	output_string(output, "remote", remote);
	output_real(output, "ms", milliseconds, 3);
	output_close(output);
}

void session_say_connected(struct session *session, kith_connection connection)
{
	struct kith_info info = KITH_INFO_INIT;

	if (kith_connection_info(connection, &info) == KITH_OK)
		say_connected(session, &info);
}

void session_say_connected_to(struct session *session, const struct kith_identity *peer)
{
	struct kith_info info = KITH_INFO_INIT;

	if (kith_messages_info(session->endpoint, peer, &info) == KITH_OK && info.state == KITH_STATE_CONNECTED)
		say_connected(session, &info);
}

void session_say_closed(struct session *session, const struct kith_event *event)
{
	struct output *output = session->output;
	bool by_peer = event->state == KITH_STATE_CLOSED_BY_PEER;

	if (!output->json) {
		output_line(output, "closed: %s %s, code %d, \"%s\"", event->peer.text, by_peer ? "by peer" : "locally",
		            event->reason, event->text);
		return;
	}
	output_open(output, "state");
	output_string(output, "peer", event->peer.text);
	output_string(output, "state", "closed");
	output_string(output, "by", by_peer ? "peer" : "local");
	output_integer(output, "code", event->reason);
	output_string(output, "text", event->text);
	output_close(output);
}

void session_say_failed(struct session *session, const struct kith_event *event)
{
	char text[512];
	const char *who = event->peer.text[0] != '\0' ? event->peer.text : session->options->target;

	snprintf(text, sizeof(text), "%.200s: %s%s%s", who != NULL ? who : "",
	         event->state == KITH_STATE_CLOSED_BY_PEER ? "closed by peer" : "connection failed",
	         event->text[0] != '\0' ? ": " : "", event->text);
	output_error(session->output, event->reason, kith_reason_name(event->reason), text);
}
