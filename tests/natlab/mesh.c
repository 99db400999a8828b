/* mesh: some of the endpoints of a full mesh, all in one process, peer to peer by signals.
 *
 *   mesh URL ALL FIRST COUNT     endpoints str:mFIRST and COUNT - 1 more, of ALL
 *
 * Each calls the half of all that follows it in the circle, so that every two are connected once. Says "ready"
 * when it can be called; then takes lines from standard input:
 *
 *   go     calls all; "connected MS FAILED" when every endpoint has all the others; FAILED calls went again
 *   say    each says something to all others; "heard MS" when all of it is there
 *   end */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <kith/kith.h>

/* Calls of all endpoints that have not come through yet: all at once would only wait for each other. Who shares a
 * machine with thousands of ends asks seldom whether they live, and has patience. */
enum { UNDER_WAY_MAX = 4, PROBE_MS = 10000, PATIENCE_MS = 60000, LINE_SIZE = 16, WAIT_MS = 1000 };

struct peer {
	kith_endpoint endpoint;
	int number;
	bool reachable;
	int called, failed; /* of the half that we call */
	int connected, heard;
	kith_connection *connections; /* by number of the other; 0: none */
};

static int all, count;
static struct peer *peers;
static bool going;
static int under_way;

static void die(const char *what)
{
	fprintf(stderr, "mesh: %s: %s\n", what, kith_last_error());
	exit(1);
}

static struct kith_identity identity_of(int number)
{
	struct kith_identity identity;
	char text[32];

	snprintf(text, sizeof(text), "str:m%d", number);
	if (kith_identity_parse(text, &identity) != KITH_OK)
		die(text);
	return identity;
}

static int number_of(const struct kith_identity *identity)
{
	return atoi(identity->text + strlen("str:m"));
}

static void open_peer(struct peer *peer, int number, const char *url)
{
	struct kith_config_entry patience[] = {
		{ .id = KITH_CONFIG_PROBE_INTERVAL, .type = KITH_TYPE_INT32, .integer = PROBE_MS },
		{ .id = KITH_CONFIG_TIMEOUT_INITIAL, .type = KITH_TYPE_INT32, .integer = PATIENCE_MS },
		{ .id = KITH_CONFIG_TIMEOUT_CONNECTED, .type = KITH_TYPE_INT32, .integer = PATIENCE_MS },
	};
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity = identity_of(number);
	kith_listener listener;
	kith_signaling signaling;

	options.identity = &identity;
	options.config = patience;
	options.config_count = sizeof(patience) / sizeof(patience[0]);
	peer->number = number;
	peer->connections = calloc((size_t)all, sizeof(*peer->connections));
	if (peer->connections == NULL || kith_endpoint_create(&options, &peer->endpoint) != KITH_OK ||
	    kith_endpoint_listen_port(peer->endpoint, 0, NULL, &listener) != KITH_OK ||
	    kith_signaling_open(peer->endpoint, url, &signaling) != KITH_OK)
		die("an endpoint");
}

/* --- calls */

/* How many follow in the circle that are ours to call: of two that face each other the first calls. */
static int calls_of(const struct peer *peer)
{
	return (all - 1) / 2 + (all % 2 == 0 && peer->number < all / 2);
}

static void call(struct peer *peer, int other)
{
	struct kith_identity identity = identity_of(other);
	kith_connection connection;

	if (kith_endpoint_connect_identity(peer->endpoint, &identity, NULL, &connection) != KITH_OK)
		die("a call");
	under_way++;
}

/* Each in its turn. */
static void call_more(void)
{
	static int turn;

	for (int left = count; going && left > 0 && under_way < UNDER_WAY_MAX; turn++) {
		struct peer *peer = &peers[turn % count];
		left--;
		if (peer->called == calls_of(peer))
			continue;
		call(peer, (peer->number + ++peer->called) % all);
		left = count;
	}
}

static bool is_ours(const struct peer *peer, int other)
{
	int distance = (other - peer->number + all) % all;

	return distance <= calls_of(peer);
}

static void on_connected(struct peer *peer, const struct kith_event *event)
{
	int other = number_of(&event->peer);

	if (peer->connections[other] == 0)
		peer->connected++;
	peer->connections[other] = event->connection;
	if (!is_ours(peer, other))
		return;
	under_way--;
	call_more();
}

static void on_over(struct peer *peer, const struct kith_event *event)
{
	int other = number_of(&event->peer);

	kith_connection_close(event->connection, 0, NULL, 0);
	if (peer->connections[other] == event->connection) {
		peer->connections[other] = 0;
		peer->connected--;
	} else if (is_ours(peer, other)) {
		under_way--;
	}
	peer->failed++;
	fprintf(stderr, "m%d and m%d: %s\n", peer->number, other, event->text);
	if (is_ours(peer, other))
		call(peer, other);
}

static void on_state(struct peer *peer, const struct kith_event *event)
{
	if (event->state == KITH_STATE_CONNECTING && event->listener != 0)
		kith_connection_accept(event->connection);
	else if (event->state == KITH_STATE_CONNECTED)
		on_connected(peer, event);
	else if (event->state == KITH_STATE_CLOSED_BY_PEER || event->state == KITH_STATE_PROBLEM_DETECTED_LOCALLY)
		on_over(peer, event);
}

static void on_readable(struct peer *peer, kith_connection connection)
{
	kith_message *message;

	while (kith_connection_receive(connection, &message, 1) == 1) {
		kith_message_release(message);
		peer->heard++;
	}
}

static void handle_events(struct peer *peer)
{
	struct kith_event event = KITH_EVENT_INIT;

	while (kith_endpoint_next_event(peer->endpoint, &event) == KITH_OK) {
		if (event.type == KITH_EVENT_SIGNALING_STATE)
			peer->reachable = event.state == KITH_SIGNALING_CONNECTED;
		else if (event.type == KITH_EVENT_STATE)
			on_state(peer, &event);
		else if (event.type == KITH_EVENT_READABLE)
			on_readable(peer, event.connection);
		else if (event.type == KITH_EVENT_ERROR)
			fprintf(stderr, "m%d: %s\n", peer->number, event.text);
	}
}

/* --- all of them */

static bool is_reachable(const struct peer *peer)
{
	return peer->reachable;
}

static bool has_all(const struct peer *peer)
{
	return peer->connected == all - 1;
}

static bool heard_all(const struct peer *peer)
{
	return peer->heard == all - 1;
}

static void serve_until(bool (*is_so)(const struct peer *peer))
{
	struct pollfd *polled = calloc((size_t)count, sizeof(*polled));
	int so = 0;

	for (int i = 0; polled != NULL && i < count; i++) {
		polled[i].events = POLLIN;
		kith_endpoint_fd(peers[i].endpoint, &polled[i].fd);
	}
	while (polled != NULL && so < count) {
		so = 0;
		poll(polled, (nfds_t)count, WAIT_MS);
		for (int i = 0; i < count; i++) {
			handle_events(&peers[i]);
			so += is_so(&peers[i]);
		}
	}
	free(polled);
}

static void go(void)
{
	int64_t begin = kith_now_us();
	int failed = 0;

	going = true;
	call_more();
	serve_until(has_all);
	for (int i = 0; i < count; i++)
		failed += peers[i].failed;
	printf("connected %lld %d\n", (long long)(kith_now_us() - begin) / 1000, failed);
}

static void say(void)
{
	int64_t begin = kith_now_us();

	for (int i = 0; i < count; i++) {
		for (int other = 0; other < all; other++) {
			if (peers[i].connections[other] != 0)
				kith_connection_send(peers[i].connections[other], "well", 4, KITH_SEND_RELIABLE, 0, NULL);
		}
	}
	serve_until(heard_all);
	printf("heard %lld\n", (long long)(kith_now_us() - begin) / 1000);
}

static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* What is not asked for meanwhile, as that a connection ended, is not asked for: nobody shall end. */
static void obey(void)
{
	char line[LINE_SIZE];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (strcmp(line, "go\n") == 0)
			go();
		else if (strcmp(line, "say\n") == 0)
			say();
		else
			return;
	}
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	all = atoi(argv[2]);
	count = atoi(argv[4]);
	peers = calloc((size_t)count, sizeof(*peers));
	if (peers == NULL)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	raise_descriptor_limit();
	for (int i = 0; i < count; i++)
		open_peer(&peers[i], atoi(argv[3]) + i, argv[1]);
	serve_until(is_reachable);
	printf("ready\n");
	obey();
	for (int i = 0; i < count; i++) {
		kith_endpoint_destroy(peers[i].endpoint);
		free(peers[i].connections);
	}
	free(peers);
	return 0;
}
