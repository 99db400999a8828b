/* kith_messages: Kith's messages to identities as a test peer. See talk.h. */
#include <stdio.h>
#include <string.h>

#include <kith/kith.h>

#include "talk.h"

static kith_endpoint endpoint;
static kith_message *held; /* received, not taken yet */

static bool complain(const char *what)
{
	talk_say("%s: %s", what, kith_last_error());
	return false;
}

static bool configure(const struct talk_options *options)
{
	for (int i = 0; i < options->setting_count; i++) {
		char name[64];
		const char *equals = strchr(options->settings[i], '=');
		if (equals == NULL)
			return complain(options->settings[i]);
		snprintf(name, sizeof(name), "%.*s", (int)(equals - options->settings[i]), options->settings[i]);
		if (kith_config_set_by_name(endpoint, name, equals + 1) != KITH_OK)
			return complain(name);
	}
	return true;
}

static bool open_endpoint(const struct talk_options *options)
{
	struct kith_endpoint_options wanted = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_event event = KITH_EVENT_INIT;
	struct kith_identity identity;
	kith_signaling signaling;
	char url[300];

	if (kith_identity_parse(options->identity, &identity) != KITH_OK)
		return complain(options->identity);
	wanted.identity = &identity;
	snprintf(url, sizeof(url), "tcp://%s", options->signaling);
	if (kith_endpoint_create(&wanted, &endpoint) != KITH_OK || !configure(options) ||
	    kith_signaling_open(endpoint, url, &signaling) != KITH_OK)
		return complain(url);
	while (kith_endpoint_wait(endpoint, 5000000) == KITH_OK)
		while (kith_endpoint_next_event(endpoint, &event) == KITH_OK)
			if (event.type == KITH_EVENT_SIGNALING_STATE && event.state == KITH_SIGNALING_CONNECTED)
				return true;
	return complain("the signaling server does not answer");
}

static struct kith_identity peer_of(const char *text)
{
	struct kith_identity peer;

	kith_identity_parse(text, &peer);
	return peer;
}

static enum talk_sent send_message(const struct talk_message *message, const char **why)
{
	struct kith_identity peer = peer_of(message->peer);
	uint32_t flags = (message->reliable ? KITH_SEND_RELIABLE : KITH_SEND_UNRELIABLE) | KITH_SEND_NO_NAGLE |
	                 (message->restart ? KITH_SEND_AUTO_RESTART : 0);
	kith_result result =
		kith_messages_send(endpoint, &peer, message->channel, message->bytes, (size_t)message->size, flags);

	*why = kith_result_name(result);
	return result == KITH_OK ? TALK_SENT : result == KITH_E_AGAIN ? TALK_FULL : TALK_REFUSED;
}

static bool accept_session(const char *text)
{
	struct kith_identity peer = peer_of(text);

	return kith_messages_accept(endpoint, &peer) == KITH_OK;
}

static bool close_session(const char *text)
{
	struct kith_identity peer = peer_of(text);

	return kith_messages_close(endpoint, &peer, 0) == KITH_OK;
}

static bool close_channel(const char *text, int channel)
{
	struct kith_identity peer = peer_of(text);

	return kith_messages_close_channel(endpoint, &peer, channel) == KITH_OK;
}

static const char *state(const char *text)
{
	struct kith_identity peer = peer_of(text);
	struct kith_info info = KITH_INFO_INIT;

	kith_messages_info(endpoint, &peer, &info);
	return kith_state_name(info.state);
}

static void wait_for_events(int milliseconds)
{
	struct kith_event event = KITH_EVENT_INIT;

	kith_endpoint_wait(endpoint, milliseconds * 1000);
	while (kith_endpoint_next_event(endpoint, &event) == KITH_OK) {
		if (event.type == KITH_EVENT_SESSION_REQUEST)
			talk_on_request(event.peer.text);
		else if (event.type == KITH_EVENT_SESSION_CONNECTED)
			talk_say("connected %s", event.peer.text);
		else if (event.type == KITH_EVENT_SESSION_FAILED)
			talk_on_failed(event.peer.text, event.reason, event.text);
		else if (event.type == KITH_EVENT_SESSION_ENDED)
			talk_on_ended(event.peer.text, event.reason);
		else if (event.type == KITH_EVENT_STATE)
			talk_say("failed: a session's connection shows");
	}
}

static void receive(int channel)
{
	struct kith_identity peer;

	/* One that had to wait is of another channel, as may be. */
	while (held != NULL || kith_messages_receive(endpoint, channel, &held, 1) == 1) {
		struct talk_message message = { NULL,
			                            kith_message_channel(held),
			                            kith_message_data(held),
			                            (int)kith_message_size(held),
			                            (kith_message_flags(held) & KITH_SEND_RELIABLE) != 0,
			                            false };
		kith_message_peer(held, &peer);
		message.peer = peer.text;
		if (!talk_on_message(&message))
			return;
		kith_message_release(held);
		held = NULL;
	}
}

int main(int argc, char **argv)
{
	static const struct talk_port port = { open_endpoint, send_message, accept_session,  close_session,
		                                   close_channel, state,        wait_for_events, receive };
	int status = talk_run(&port, argc, argv);

	kith_message_release(held);
	kith_endpoint_destroy(endpoint);
	return status;
}
