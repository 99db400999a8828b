/* Round trips to an identity, without a connection to look after:
 *
 *     messages_ping str:bob   tcp://127.0.0.1:10000              answers whoever sends to it
 *     messages_ping str:alice tcp://127.0.0.1:10000 str:bob 5    sends five pings to Bob
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kith/kith.h>

enum { CHANNEL = 7, BATCH = 16, LIMIT_US = 20 * 1000000 };

/* What a ping says: its number, and when it left. It comes back as it is. */
struct ping {
	int64_t sent_us;
	int32_t number;
	int32_t reserved;
};

static int complain(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, kith_last_error());
	return 1;
}

static int open_endpoint(const char *name, const char *url, kith_endpoint *out)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity;
	kith_signaling signaling;

	if (kith_identity_parse(name, &identity) != KITH_OK)
		return complain(name);
	options.identity = &identity;
	if (kith_endpoint_create(&options, out) != KITH_OK || kith_signaling_open(*out, url, &signaling) != KITH_OK)
		return complain(url);
	return 0;
}

/* Sends a message back to where it came from. */
static void answer(kith_endpoint endpoint, const kith_message *message)
{
	struct kith_identity peer;

	kith_message_peer(message, &peer);
	if (kith_messages_send(endpoint, &peer, kith_message_channel(message), kith_message_data(message),
	                       kith_message_size(message), KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE) != KITH_OK)
		complain(peer.text);
}

static int answer_everybody(kith_endpoint endpoint)
{
	struct kith_event event = KITH_EVENT_INIT;
	kith_message *batch[BATCH];
	int32_t count;

	printf("ready\n");
	while (kith_endpoint_wait(endpoint, KITH_FOREVER_US) == KITH_OK) {
		while (kith_endpoint_next_event(endpoint, &event) == KITH_OK) {
			if (event.type == KITH_EVENT_SESSION_REQUEST)
				printf("%s is welcome\n", event.peer.text);
			if (event.type == KITH_EVENT_SESSION_REQUEST)
				kith_messages_accept(endpoint, &event.peer);
			if (event.type != KITH_EVENT_CHANNEL_READABLE)
				continue;
			while ((count = kith_messages_receive(endpoint, event.channel, batch, BATCH)) > 0) {
				for (int32_t i = 0; i < count; i++)
					answer(endpoint, batch[i]);
				kith_message_release_batch(batch, (size_t)count);
			}
		}
	}
	return complain("waiting");
}

/* The first one makes the session, and takes as long as that. */
static int send_ping(kith_endpoint endpoint, const struct kith_identity *peer, int32_t number)
{
	struct ping ping = { kith_now_us(), number, 0 };

	if (kith_messages_send(endpoint, peer, CHANNEL, &ping, sizeof(ping),
	                       KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE | KITH_SEND_AUTO_RESTART) == KITH_OK)
		return 0;
	return complain(peer->text);
}

/* The number of a ping that came back; 0 when none has. */
static int32_t receive_pong(kith_endpoint endpoint)
{
	kith_message *message;
	struct ping ping = { 0, 0, 0 };

	if (kith_messages_receive(endpoint, CHANNEL, &message, 1) != 1)
		return 0;
	if (kith_message_size(message) == sizeof(ping))
		memcpy(&ping, kith_message_data(message), sizeof(ping));
	printf("%d: %.3f ms\n", (int)ping.number, (double)(kith_message_time_us(message) - ping.sent_us) / 1000);
	kith_message_release(message);
	return ping.number;
}

static int send_pings(kith_endpoint endpoint, const char *target, int32_t count)
{
	struct kith_event event = KITH_EVENT_INIT;
	struct kith_identity peer;
	int64_t end = kith_now_us() + LIMIT_US;
	int32_t number = 1;

	if (kith_identity_parse(target, &peer) != KITH_OK)
		return complain(target);
	if (send_ping(endpoint, &peer, number) != 0)
		return 1;
	while (number <= count && kith_now_us() < end) {
		kith_endpoint_wait(endpoint, end - kith_now_us());
		while (kith_endpoint_next_event(endpoint, &event) == KITH_OK) {
			if (event.type == KITH_EVENT_SESSION_FAILED)
				return fprintf(stderr, "%s: %s\n", target, event.text), 1;
		}
		while (number <= count && receive_pong(endpoint) == number) {
			if (++number <= count && send_ping(endpoint, &peer, number) != 0)
				return 1;
		}
	}
	kith_messages_close(endpoint, &peer, 0);
	return number <= count;
}

int main(int argc, char **argv)
{
	kith_endpoint endpoint;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 3 && argc != 5)
		return fprintf(stderr, "usage: messages_ping NAME URL [PEER COUNT]\n"), 2;
	if (open_endpoint(argv[1], argv[2], &endpoint) != 0)
		return 1;
	status = argc == 3 ? answer_everybody(endpoint) : send_pings(endpoint, argv[3], (int32_t)atoi(argv[4]));
	kith_endpoint_destroy(endpoint);
	return status;
}
