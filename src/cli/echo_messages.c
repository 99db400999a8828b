#include "cli/echo_messages.h"

#include <stdlib.h>

#include "cli/session.h"

enum {
	BATCH = 32,
	/* Who does not read what we send back makes all others wait, as they share the channels: for so
	 * long, and then it has to go. */
	BLOCKED_LIMIT_US = 10 * 1000000,
};

struct echo_messages {
	struct session session;
	int32_t *channels; /* that may have something */
	size_t channels_count, channels_capacity;
	kith_message *batch[BATCH];
	int batch_count, batch_done;
	struct kith_identity blocked; /* whom there is no room to send to */
	int64_t blocked_until;        /* KITH_FOREVER_US: nobody */
	int64_t closed_count;
	bool had_one;
};

static bool is_blocked(const struct echo_messages *echo)
{
	return echo->blocked_until != KITH_FOREVER_US;
}

/* Without memory for it the channel waits for the next event. */
static void add_channel(struct echo_messages *echo, int32_t channel)
{
	if (echo->channels_count == echo->channels_capacity) {
		size_t capacity = echo->channels_capacity * 2 + 16;
		int32_t *grown = realloc(echo->channels, capacity * sizeof(*grown));
		if (grown == NULL)
			return;
		echo->channels = grown;
		echo->channels_capacity = capacity;
	}
	echo->channels[echo->channels_count++] = channel;
}

/* Who has left is not called to get its messages back. */
static bool is_there(const struct echo_messages *echo, const struct kith_identity *peer)
{
	struct kith_info info = KITH_INFO_INIT;

	return kith_messages_info(echo->session.endpoint, peer, &info) == KITH_OK && !session_is_closed_state(info.state);
}

/* False: there is no room for it now. */
static bool send_back(struct echo_messages *echo, const kith_message *message)
{
	uint32_t flags = (kith_message_flags(message) & KITH_SEND_RELIABLE) | KITH_SEND_NO_NAGLE;
	struct kith_identity peer;
	kith_result result;

	if (kith_message_peer(message, &peer) != KITH_OK || !is_there(echo, &peer))
		return true;
	result = kith_messages_send(echo->session.endpoint, &peer, kith_message_channel(message),
	                            kith_message_data(message), kith_message_size(message), flags);
	if (result != KITH_E_AGAIN)
		return true; /* a session that broke has had its event */
	echo->blocked = peer;
	echo->blocked_until = kith_now_us() + BLOCKED_LIMIT_US;
	return false;
}

/* The messages in hand. False: not all could be sent. */
static bool flush(struct echo_messages *echo)
{
	while (echo->batch_done < echo->batch_count && send_back(echo, echo->batch[echo->batch_done]))
		kith_message_release(echo->batch[echo->batch_done++]);
	return echo->batch_done == echo->batch_count;
}

static void serve(struct echo_messages *echo)
{
	while (!is_blocked(echo) && flush(echo) && echo->channels_count > 0) {
		int32_t channel = echo->channels[echo->channels_count - 1];
		int32_t count = kith_messages_receive(echo->session.endpoint, channel, echo->batch, BATCH);
		if (count < BATCH)
			echo->channels_count--;
		echo->batch_count = count > 0 ? count : 0;
		echo->batch_done = 0;
	}
}

static void unblock(struct echo_messages *echo, const struct kith_identity *peer)
{
	if (is_blocked(echo) && kith_identity_equal(&echo->blocked, peer))
		echo->blocked_until = KITH_FOREVER_US;
}

static void on_over(struct echo_messages *echo, const struct kith_event *event)
{
	unblock(echo, &event->peer);
	session_say_closed(&echo->session, event);
	/* One that failed shall not stand in the way of the next. */
	if (event->type == KITH_EVENT_SESSION_FAILED)
		kith_messages_close(echo->session.endpoint, &event->peer, 0);
	echo->closed_count++;
}

static void handle_events(struct echo_messages *echo)
{
	struct kith_event event;

	while (session_next_event(&echo->session, &event)) {
		switch (event.type) {
		case KITH_EVENT_SESSION_REQUEST:
			kith_messages_accept(echo->session.endpoint, &event.peer);
			echo->had_one = true;
			break;
		case KITH_EVENT_SESSION_CONNECTED:
			session_say_connected_to(&echo->session, &event.peer);
			break;
		case KITH_EVENT_SESSION_ENDED:
		case KITH_EVENT_SESSION_FAILED:
			on_over(echo, &event);
			break;
		case KITH_EVENT_SESSION_WRITABLE:
			unblock(echo, &event.peer);
			break;
		case KITH_EVENT_CHANNEL_READABLE:
			add_channel(echo, event.channel);
			break;
		default:
			break;
		}
	}
	serve(echo);
}

/* Who blocks for too long goes. */
static void end_blocked(struct echo_messages *echo)
{
	struct kith_event event = KITH_EVENT_INIT;

	if (!is_blocked(echo) || kith_now_us() < echo->blocked_until)
		return;
	kith_messages_close(echo->session.endpoint, &echo->blocked, 0);
	event.peer = echo->blocked;
	event.reason = KITH_MESSAGES_REASON_CLOSED;
	snprintf(event.text, sizeof(event.text), "it does not read");
	on_over(echo, &event);
	serve(echo);
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (a == KITH_FOREVER_US || b == KITH_FOREVER_US)
		return a == KITH_FOREVER_US ? b : a;
	return a < b ? a : b;
}

static int loop(struct echo_messages *echo)
{
	int64_t count = echo->session.options->count;
	int64_t deadline = session_deadline(session_timeout_us(&echo->session, KITH_FOREVER_US));

	for (;;) {
		handle_events(echo);
		end_blocked(echo);
		if (echo->session.interrupted || (count > 0 && echo->closed_count >= count))
			return EXIT_OK;
		if (echo->had_one)
			deadline = KITH_FOREVER_US;
		if (deadline >= 0 && kith_now_us() >= deadline) {
			output_error(echo->session.output, KITH_E_TIMEOUT, kith_result_name(KITH_E_TIMEOUT),
			             "nobody has sent anything in time");
			return EXIT_FAILED;
		}
		session_wait(&echo->session, NULL, 0, earlier(deadline, echo->blocked_until));
	}
}

int echo_messages_run(const struct options *options)
{
	struct echo_messages echo = { .blocked_until = KITH_FOREVER_US };
	struct output output;
	int status;

	output_init(&output, stdout, options->json, options->verbose);
	status = session_open(&echo.session, options, &output);
	if (status < 0)
		status = session_listen(&echo.session);
	if (status < 0)
		status = loop(&echo);
	kith_message_release_batch(echo.batch + echo.batch_done, (size_t)(echo.batch_count - echo.batch_done));
	session_close(&echo.session);
	free(echo.channels);
	return status;
}
