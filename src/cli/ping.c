#include "cli/ping.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/dialog.h"
#include "cli/ping_track.h"

enum {
	REPLY_LIMIT_US = 10 * 1000000,     /* for the last replies, unless --timeout says else */
	UNRELIABLE_LIMIT_US = 2 * 1000000, /* what is not back by then is lost */
	PEER_LIMIT_US = 2 * 1000000,       /* how long we stay for a peer that means to ping us */
	FINISH_LIMIT_US = 2 * 1000000,
};

struct ping {
	struct session session;
	struct ping_track track;
	struct dialog dialog;
	char peer[KITH_IDENTITY_TEXT_MAX]; /* TARGET, until it has said who it is */
	uint8_t *message;
	bool connected;
	bool ended; /* the connection */
	bool failed;
	bool blocked;         /* no room to send: wait for the event */
	int64_t next_us;      /* when the next one is due */
	int64_t last_sent_us; /* since then the last replies are due */
	int64_t complete_us;  /* when the last reply was there; 0: not yet */
	bool peer_pings;
	uint32_t peer_remaining; /* what the peer still means to send, by its last ping */
	int64_t peer_us;         /* when that came */
	kith_message *unsent;    /* a peer's ping for which there is no room */
};

static bool all_sent(const struct ping *ping)
{
	return ping->session.options->count > 0 && ping->track.sent >= ping->session.options->count;
}

static void say_reply(struct ping *ping, uint32_t number, size_t size, int64_t rtt)
{
	struct output *output = ping->session.output;

	if (!output->json) {
		output_line(output, "%zu bytes from %s: seq=%" PRIu32 " time=%.3f ms", size, ping->peer, number,
		            (double)rtt / 1000);
		return;
	}
	output_open(output, "reply");
	output_integer(output, "seq", number);
	output_integer(output, "bytes", (int64_t)size);
	output_integer(output, "rtt_us", rtt);
	output_close(output);
}

static void on_reply(struct ping *ping, const kith_message *message, int64_t now)
{
	uint32_t number;
	int64_t rtt = ping_track_read(&ping->track, kith_message_data(message), now, &number);

	if (rtt < 0)
		return;
	say_reply(ping, number, kith_message_size(message), rtt);
	if (ping->session.options->interval_usec == 0 && ping->track.received == ping->track.sent)
		ping->next_us = now;
	if (all_sent(ping) && ping->track.received == ping->track.sent)
		ping->complete_us = now;
}

/* Sends a peer's ping back. False: no room, it is kept. */
static bool send_back(struct ping *ping, kith_message *message)
{
	kith_result result = dialog_send_back(&ping->dialog, message);

	if (result == KITH_E_AGAIN) {
		ping->unsent = message;
		return false;
	}
	if (result != KITH_OK)
		kith_message_release(message);
	return true;
}

static void on_peer_ping(struct ping *ping, kith_message *message, int64_t now)
{
	ping->peer_pings = true;
	ping->peer_remaining = ping_track_remaining(kith_message_data(message), kith_message_size(message));
	ping->peer_us = now;
	send_back(ping, message);
}

static void receive(struct ping *ping)
{
	kith_message *message;

	while (ping->unsent == NULL && dialog_receive(&ping->dialog, &message)) {
		int64_t now = kith_now_us();
		if (ping_track_is_ours(&ping->track, kith_message_data(message), kith_message_size(message))) {
			on_reply(ping, message, now);
			kith_message_release(message);
		} else {
			on_peer_ping(ping, message, now);
		}
	}
}

static void on_room(struct ping *ping)
{
	kith_message *message = ping->unsent;

	ping->blocked = false;
	ping->unsent = NULL;
	if (message == NULL || send_back(ping, message))
		receive(ping);
}

static void on_closed(struct ping *ping, const struct kith_event *event)
{
	receive(ping);
	ping->ended = true;
	/* Who has all it wanted does not mind. */
	if (ping->complete_us != 0 && session_is_normal_end(event))
		return;
	session_say_failed(&ping->session, event);
	ping->failed = true;
}

static void on_connected(struct ping *ping, const struct kith_event *event)
{
	ping->connected = true;
	if (ping->track.sent == 0)
		ping->next_us = kith_now_us();
	/* What was sent before could not arrive any sooner. */
	ping->last_sent_us = kith_now_us();
	session_name_peer(&event->peer, ping->peer);
	dialog_say_connected(&ping->dialog);
}

static void handle_events(struct ping *ping)
{
	struct kith_event event;

	while (!ping->ended && session_next_event(&ping->session, &event)) {
		switch (dialog_on_event(&ping->dialog, &event)) {
		case DIALOG_READABLE:
			receive(ping);
			break;
		case DIALOG_WRITABLE:
			on_room(ping);
			break;
		case DIALOG_CONNECTED:
			on_connected(ping, &event);
			break;
		case DIALOG_CLOSED:
			on_closed(ping, &event);
			break;
		case DIALOG_PAUSED:
		case DIALOG_NOTHING:
			break;
		}
	}
}

static bool may_send(const struct ping *ping)
{
	/* Without a connection it is the first message that makes one. */
	bool ready = ping->connected || (ping->session.options->messages && ping->track.sent == 0);

	return ready && !ping->blocked && !all_sent(ping);
}

static void send_ping(struct ping *ping, int64_t now)
{
	const struct options *options = ping->session.options;
	uint32_t flags = (options->unreliable ? KITH_SEND_UNRELIABLE : KITH_SEND_RELIABLE) | KITH_SEND_NO_NAGLE;
	uint32_t remaining = PING_TRACK_ENDLESS;
	kith_result result;

	if (options->count > 0)
		remaining = (uint32_t)(options->count - ping->track.sent - 1);
	ping_track_write(&ping->track, ping->message, remaining);
	result = dialog_send(&ping->dialog, ping->message, (size_t)options->bytes, flags);
	if (result == KITH_E_AGAIN) {
		ping->blocked = true;
		return;
	}
	if (result != KITH_OK) {
		session_fail(&ping->session, result, "cannot send");
		ping->failed = true;
		return;
	}
	ping_track_on_sent(&ping->track, now);
	ping->last_sent_us = now;
	/* Without an interval the reply sets the next; an unreliable one may never come. */
	ping->next_us = now + options->interval_usec;
	if (options->interval_usec == 0)
		ping->next_us = options->unreliable ? now + UNRELIABLE_LIMIT_US : INT64_MAX;
}

/* When we have what we came for, but the peer has not: the moment to leave all the same. */
static int64_t stay_until(const struct ping *ping)
{
	if (ping->peer_pings)
		return ping->peer_remaining == 0 && ping->unsent == NULL ? 0 : ping->peer_us + PEER_LIMIT_US;
	return ping->session.options->symmetric ? ping->complete_us + PEER_LIMIT_US : 0;
}

static int64_t reply_limit(const struct ping *ping)
{
	int64_t fallback = ping->session.options->unreliable ? UNRELIABLE_LIMIT_US : REPLY_LIMIT_US;
	int64_t limit = session_timeout_us(&ping->session, fallback);

	return limit < 0 ? INT64_MAX : ping->last_sent_us + limit;
}

/* The next moment at which something is to be done without an event. */
static int64_t next_moment(const struct ping *ping)
{
	int64_t moment = INT64_MAX;

	if (may_send(ping))
		moment = ping->next_us;
	else if (ping->complete_us != 0)
		moment = stay_until(ping);
	else if (all_sent(ping) && ping->connected)
		moment = reply_limit(ping);
	return moment == INT64_MAX ? KITH_FOREVER_US : moment;
}

static bool is_over(struct ping *ping, int64_t now)
{
	if (ping->session.interrupted || ping->ended || ping->failed)
		return true;
	if (ping->complete_us != 0)
		return now >= stay_until(ping);
	return all_sent(ping) && ping->connected && now >= reply_limit(ping);
}

static void loop(struct ping *ping)
{
	for (;;) {
		int64_t now;
		handle_events(ping);
		now = kith_now_us();
		if (is_over(ping, now))
			return;
		if (may_send(ping) && now >= ping->next_us) {
			send_ping(ping, now);
			continue;
		}
		session_wait(&ping->session, NULL, 0, next_moment(ping));
	}
}

static void say_summary(struct ping *ping)
{
	struct output *output = ping->session.output;
	struct ping_summary sum;

	ping_track_sum_up(&ping->track, &sum);
	if (!output->json) {
		output_line(output, "--- %s: %" PRIu32 " sent, %" PRIu32 " received, %" PRIu32 " lost", ping->peer, sum.sent,
		            sum.received, sum.lost);
		if (sum.received > 0)
			output_line(output, "round trip min/p50/p99/max %.3f/%.3f/%.3f/%.3f ms", (double)sum.min / 1000,
			            (double)sum.p50 / 1000, (double)sum.p99 / 1000, (double)sum.max / 1000);
		return;
	}
	output_open(output, "summary");
	output_integer(output, "sent", sum.sent);
	output_integer(output, "received", sum.received);
	output_integer(output, "lost", sum.lost);
	if (sum.received > 0) {
		output_open_nested(output, "rtt_us");
		output_integer(output, "min", sum.min);
		output_integer(output, "p50", sum.p50);
		output_integer(output, "p99", sum.p99);
		output_integer(output, "max", sum.max);
		output_close_nested(output);
	}
	output_close(output);
}

/* All came back; of unreliable ones, and after an interruption, it is enough that some did. */
static int exit_status(const struct ping *ping)
{
	if (ping->failed || !ping->connected)
		return ping->session.interrupted && !ping->failed ? EXIT_OK : EXIT_FAILED;
	if (ping->session.interrupted || ping->session.options->unreliable)
		return ping->track.received > 0 || ping->track.sent == 0 ? EXIT_OK : EXIT_FAILED;
	return ping->track.received == ping->track.sent ? EXIT_OK : EXIT_FAILED;
}

static int run(struct ping *ping)
{
	int status = dialog_open(&ping->dialog, &ping->session);

	if (status >= 0)
		return status;
	loop(ping);
	if (ping->connected)
		say_summary(ping);
	if (!ping->ended)
		dialog_finish(&ping->dialog, "ping ends", FINISH_LIMIT_US);
	return exit_status(ping);
}

int ping_run(const struct options *options)
{
	struct ping ping = { 0 };
	struct output output;
	int status;

	output_init(&output, stdout, options->json, options->verbose);
	ping.message = calloc(1, (size_t)options->bytes);
	if (ping.message == NULL || !ping_track_init(&ping.track)) {
		output_error(&output, KITH_E_SYSTEM, kith_result_name(KITH_E_SYSTEM), "out of memory");
		return EXIT_FAILED;
	}
	status = session_open(&ping.session, options, &output);
	if (status < 0)
		status = run(&ping);
	kith_message_release(ping.unsent);
	session_close(&ping.session);
	ping_track_free(&ping.track);
	free(ping.message);
	return status;
}
