#include "sim_messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 8
#define REST_LIMIT (400 * USEC_PER_SEC)

void sim_messages_fail(const struct sim_messages *app, const char *what, const char *file, int line)
{
	fprintf(stderr, "%s (%s:%d)\n", what, file, line);
	for (unsigned i = 0; i < app->options.peers; i++) {
		for (unsigned j = 0; j < app->options.peers; j++) {
			const struct sim_messages_talk *talk = &app->talks[i][j];
			if (i != j)
				fprintf(stderr, "  %c to %c: state %d session %u sent %u asked %u connected %u ended %u failed %u\n",
				        'A' + (int)i, 'A' + (int)j, (int)talk->state, talk->session, talk->sent_count, talk->requests,
				        talk->connected, talk->ended, talk->failed);
		}
	}
	sim_world_fail(app->world, what);
	abort();
}

static usec_t soon(struct sim_messages *app, usec_t most)
{
	usec_t pause = most > 0 ? (usec_t)sim_random_below(&app->world->random, (uint64_t)most) : 0;

	return app->world->now + pause;
}

static struct messages *messages_of(const struct sim_messages *app, unsigned peer)
{
	return core_messages(app->world->peers[peer].core);
}

/* --- what a message says: from whom, on which channel, its number, and bytes that follow from them */

static uint8_t content_at(const uint8_t *header, size_t at)
{
	return (uint8_t)(header[0] * 11 + header[4] * 7 + header[5] * 3 + at * 5 + (at >> 8));
}

static struct message *make_message(struct sim_messages *app, unsigned from, const struct sim_messages_sent *sent,
                                    unsigned number)
{
	static uint8_t bytes[300000];
	size_t size = HEADER_SIZE + sim_random_below(&app->world->random, app->options.size_max + 1);
	const uint8_t header[HEADER_SIZE] = {
		(uint8_t)from, sent->channel, sent->reliable, 0x4D, (uint8_t)number, (uint8_t)(number >> 8), 0, 0
	};
	struct message *message;

	memcpy(bytes, header, sizeof header);
	for (size_t i = HEADER_SIZE; i < size; i++)
		bytes[i] = content_at(header, i);
	message = messages_frame(messages_of(app, from), sent->channel - 1, bytes, size);
	message->flags = (sent->reliable ? MESSAGE_RELIABLE : 0) |
	                 (sim_random_below(&app->world->random, 3) == 0 ? MESSAGE_NO_NAGLE : 0);
	return message;
}

static void check_message(struct sim_messages *app, unsigned to, const struct message *message)
{
	const uint8_t *data = message->data;
	struct sim_messages_talk *theirs, *ours;
	unsigned from, number;

	sim_messages_check(app, message->size >= HEADER_SIZE && data[3] == 0x4D && data[0] < app->options.peers);
	from = data[0];
	number = data[4] | (unsigned)data[5] << 8;
	theirs = &app->talks[from][to];
	ours = &app->talks[to][from];
	sim_messages_check(app, identity_equal(&message->peer->identity, &app->world->peers[from].identity));
	sim_messages_check(app, data[1] < SIM_MESSAGES_CHANNELS && message->channel == data[1] - 1);
	for (size_t i = HEADER_SIZE; i < message->size; i++)
		sim_messages_check(app, data[i] == content_at(data, i));
	sim_messages_check(app, number < theirs->sent_count && !theirs->sent[number].arrived);
	theirs->sent[number].arrived = true;
	sim_messages_check(app, theirs->sent[number].channel == data[1]);
	if (!data[2])
		return;
	sim_messages_check(app, (int)number > ours->last_in[data[1]]);
	ours->last_in[data[1]] = (int)number;
}

static void receive_all(struct sim_messages *app, unsigned peer)
{
	struct message *messages[8];
	size_t count;

	for (int32_t channel = 0; channel < SIM_MESSAGES_CHANNELS; channel++) {
		do {
			count = messages_receive(messages_of(app, peer), app->world->now, channel - 1, messages, 8);
			for (size_t i = 0; i < count; i++) {
				check_message(app, peer, messages[i]);
				message_unref(messages[i]);
			}
		} while (count > 0);
	}
	sim_world_drain(app->world, peer);
}

/* --- sessions as the application sees them */

static void begin_session(struct sim_messages *app, struct sim_messages_talk *talk)
{
	talk->state = TALK_CALLING;
	talk->may_speak = true;
	talk->session++;
	sim_messages_check(app, talk->session < SIM_MESSAGES_SESSIONS_MAX);
}

static void end_session(struct sim_messages_talk *talk, enum sim_messages_fate fate, enum sim_messages_state state)
{
	if (talk->state == TALK_CALLING || talk->state == TALK_CONNECTED)
		talk->fates[talk->session] = (uint8_t)fate;
	talk->state = state;
}

static void on_session_event(struct sim_messages *app, struct sim_messages_talk *talk, const struct event *event)
{
	switch (event->kind) {
	case EVENT_SESSION_REQUEST:
		sim_messages_check(app, talk->state == TALK_NONE || talk->state == TALK_BROKEN);
		talk->state = TALK_ASKED;
		talk->requests++;
		talk->accept_at = talk->ignores ? USEC_NEVER : soon(app, app->options.accept_delay);
		break;
	case EVENT_SESSION_CONNECTED:
		sim_messages_check(app, talk->state == TALK_CALLING);
		talk->state = TALK_CONNECTED;
		talk->connected++;
		break;
	case EVENT_SESSION_ENDED:
		sim_messages_check(app, talk->state == TALK_ASKED || talk->state == TALK_CONNECTED);
		end_session(talk, FATE_ENDED, TALK_NONE);
		talk->ended++;
		talk->accept_at = USEC_NEVER;
		break;
	case EVENT_SESSION_FAILED:
		sim_messages_check(app, talk->state == TALK_CALLING || talk->state == TALK_CONNECTED);
		end_session(talk, FATE_LOST, TALK_BROKEN);
		talk->failed++;
		break;
	default:
		break;
	}
}

static void on_event(struct sim_world *world, unsigned peer, const struct event *event)
{
	struct sim_messages *app = world->user;

	sim_messages_check(app, event->kind > EVENT_ROUTE); /* the connections do not show */
	for (unsigned other = 0; other < app->options.peers; other++) {
		if (other != peer && identity_equal(&event->peer, &world->peers[other].identity))
			on_session_event(app, &app->talks[peer][other], event);
	}
}

static bool on_signal(struct sim_world *world, unsigned from, const struct action *action)
{
	struct sim_messages *app = world->user;

	for (unsigned to = 0; to < app->options.peers; to++) {
		if (identity_equal(action->to, &world->peers[to].identity))
			sim_messages_check(app, app->talks[from][to].may_speak);
	}
	return true;
}

/* --- doing */

static void close_session(struct sim_messages *app, unsigned from, unsigned to)
{
	struct sim_messages_talk *talk = &app->talks[from][to];
	usec_t linger = sim_random_below(&app->world->random, 2) == 0 ? 0 : 5 * USEC_PER_SEC;
	int32_t result = messages_close(messages_of(app, from), app->world->now, &app->world->peers[to].identity, linger);

	/* A broken one may have been forgotten; one that is over may have left messages unread. */
	sim_messages_check(app, result == KITH_OK || talk->state == TALK_NONE || talk->state == TALK_BROKEN);
	talk->may_speak |= talk->state == TALK_ASKED;
	talk->forgot = true;
	end_session(talk, FATE_LOST, TALK_NONE);
	talk->accept_at = USEC_NEVER;
}

static void send_next(struct sim_messages *app, unsigned from, unsigned to)
{
	struct sim_messages_talk *talk = &app->talks[from][to];
	struct sim_messages_sent *sent = &talk->sent[talk->sent_count];
	struct message *message;
	int32_t result;

	if (sim_random_chance(&app->world->random, app->options.close))
		close_session(app, from, to);
	sent->channel = (uint8_t)sim_random_below(&app->world->random, SIM_MESSAGES_CHANNELS);
	sent->reliable = sim_random_below(&app->world->random, 4) != 0;
	message = make_message(app, from, sent, talk->sent_count);
	talk->may_speak = true;
	if (talk->state == TALK_BROKEN && sim_random_below(&app->world->random, 2) == 0)
		message->flags |= MESSAGE_AUTO_RESTART;
	result = messages_send(messages_of(app, from), app->world->now, &app->world->peers[to].identity, message);
	if (result != KITH_OK) {
		sim_messages_check(app, result == KITH_E_AGAIN || (result == KITH_E_CLOSED && talk->state == TALK_BROKEN));
		message_unref(message);
		return;
	}
	if (talk->state != TALK_CALLING && talk->state != TALK_CONNECTED)
		begin_session(app, talk);
	talk->accept_at = USEC_NEVER;
	if (app->world->trace != NULL)
		fprintf(stderr, "%c sends number %u to %c%s\n", 'A' + (int)from, talk->sent_count, 'A' + (int)to,
		        sent->reliable ? ", reliable" : "");
	sent->session = (uint16_t)talk->session;
	talk->sent_count++;
}

static void accept_session(struct sim_messages *app, unsigned peer, unsigned other)
{
	struct sim_messages_talk *talk = &app->talks[peer][other];
	int32_t result = messages_accept(messages_of(app, peer), app->world->now, &app->world->peers[other].identity);

	talk->accept_at = USEC_NEVER;
	sim_messages_check(app, talk->state == TALK_ASKED && result == KITH_OK);
	begin_session(app, talk);
}

static void work_talk(struct sim_messages *app, unsigned peer, unsigned other)
{
	struct sim_messages_talk *talk = &app->talks[peer][other];

	if (talk->accept_at <= app->world->now)
		accept_session(app, peer, other);
	if (talk->send_at <= app->world->now) {
		send_next(app, peer, other);
		talk->send_at = soon(app, app->options.pause_max) + 1;
		if (talk->sent_count == app->options.messages || !app->sending)
			talk->send_at = USEC_NEVER;
	}
	sim_world_drain(app->world, peer);
}

static void work_peer(struct sim_messages *app, unsigned peer)
{
	if (app->read_at[peer] <= app->world->now) {
		receive_all(app, peer);
		app->read_at[peer] = app->options.read_pause > 0 ? soon(app, app->options.read_pause) + 1 : 0;
	}
	for (unsigned other = 0; other < app->options.peers; other++) {
		if (other != peer && app->world->peers[peer].core != NULL)
			work_talk(app, peer, other);
	}
}

/* --- death */

static void kill_peer(struct sim_messages *app)
{
	app->killed = (unsigned)sim_random_below(&app->world->random, app->options.peers);
	app->kill_at = USEC_NEVER;
	app->revive_at = soon(app, 20 * USEC_PER_SEC) + 1;
	sim_world_kill_peer(app->world, app->killed);
	for (unsigned other = 0; other < app->options.peers; other++) {
		struct sim_messages_talk *talk = &app->talks[app->killed][other];
		end_session(talk, FATE_LOST, TALK_NONE);
		talk->forgot = true;
		talk->accept_at = USEC_NEVER;
	}
}

static void apply_idle(struct sim_messages *app, unsigned peer)
{
	if (app->options.idle > 0)
		config_set_int(core_config(app->world->peers[peer].core), CONFIG_MESSAGES_IDLE_TIMEOUT,
		               (int32_t)(app->options.idle / USEC_PER_MSEC));
}

static void revive_peer(struct sim_messages *app)
{
	sim_world_revive_peer(app->world, app->killed);
	apply_idle(app, app->killed);
	app->revive_at = USEC_NEVER;
	app->kills_left--;
	if (app->kills_left > 0)
		app->kill_at = soon(app, 20 * USEC_PER_SEC) + 1;
}

/* --- the whole */

void sim_messages_init(struct sim_messages *app, struct sim_world *world, const struct sim_messages_options *options)
{
	memset(app, 0, sizeof *app);
	app->world = world;
	app->options = *options;
	app->sending = true;
	app->kills_left = options->kills;
	app->revive_at = USEC_NEVER;
	app->kill_at = options->kills > 0 ? soon(app, 20 * USEC_PER_SEC) : USEC_NEVER;
	world->user = app;
	world->on_event = on_event;
	world->on_signal = on_signal;
	for (unsigned i = 0; i < options->peers; i++) {
		apply_idle(app, i);
		for (unsigned j = 0; j < options->peers; j++) {
			struct sim_messages_talk *talk = &app->talks[i][j];
			talk->accept_at = USEC_NEVER;
			talk->send_at = options->all_at_once ? world->now : soon(app, options->pause_max);
			talk->ignores = i < j && sim_random_chance(&world->random, options->ignore);
			if (talk->ignores || options->messages == 0)
				talk->send_at = USEC_NEVER;
			for (unsigned channel = 0; channel < SIM_MESSAGES_CHANNELS; channel++)
				talk->last_in[channel] = -1;
		}
	}
}

/* When the applications next want to do something of themselves. */
static usec_t next_work(const struct sim_messages *app)
{
	usec_t at = usec_min(app->kill_at, app->revive_at);

	for (unsigned i = 0; i < app->options.peers; i++) {
		if (app->world->peers[i].core == NULL)
			continue;
		if (app->options.read_pause > 0)
			at = usec_min(at, app->read_at[i]);
		for (unsigned j = 0; j < app->options.peers; j++) {
			if (i != j)
				at = usec_min(at, usec_min(app->talks[i][j].accept_at, app->talks[i][j].send_at));
		}
	}
	return at;
}

static bool all_said(const struct sim_messages *app)
{
	for (unsigned i = 0; i < app->options.peers; i++) {
		for (unsigned j = 0; j < app->options.peers; j++) {
			if (i != j && app->talks[i][j].send_at != USEC_NEVER)
				return false;
		}
	}
	return app->kills_left == 0;
}

/* Lets everybody do what is due, then moves on. False: nothing happens before `until`. */
static bool work_and_step(struct sim_messages *app, usec_t until)
{
	usec_t at;

	if (app->kill_at <= app->world->now)
		kill_peer(app);
	if (app->revive_at <= app->world->now)
		revive_peer(app);
	for (unsigned i = 0; i < app->options.peers; i++) {
		if (app->world->peers[i].core != NULL)
			work_peer(app, i);
	}
	at = next_work(app);
	if (sim_world_step(app->world, usec_min(at, until)))
		return true;
	app->world->now = usec_max(app->world->now, usec_min(at, until));
	return at <= until;
}

static void check_over(const struct sim_messages *app)
{
	for (unsigned i = 0; i < app->options.peers; i++) {
		sim_messages_check(app, messages_session_count(messages_of(app, i)) == 0);
		/* No connection is left, or it would have a timer. */
		sim_messages_check(app, core_next_timeout(app->world->peers[i].core) == USEC_NEVER);
	}
}

static void check_delivered(const struct sim_messages *app)
{
	for (unsigned i = 0; i < app->options.peers; i++) {
		for (unsigned j = 0; j < app->options.peers; j++) {
			const struct sim_messages_talk *talk = &app->talks[i][j];
			for (unsigned at = 0; at < talk->sent_count && !app->talks[j][i].forgot; at++) {
				const struct sim_messages_sent *sent = &talk->sent[at];
				sim_messages_check(app, sent->arrived || !sent->reliable || talk->fates[sent->session] == FATE_LOST);
			}
		}
	}
}

void sim_messages_run(struct sim_messages *app, usec_t limit)
{
	usec_t until = app->world->now + limit;

	while (!all_said(app) && app->world->now < until)
		work_and_step(app, until);
	app->sending = false;
	app->kill_at = USEC_NEVER;
	app->kills_left = app->revive_at != USEC_NEVER;
	for (unsigned i = 0; i < app->options.peers; i++) {
		for (unsigned j = 0; j < app->options.peers; j++)
			app->talks[i][j].send_at = USEC_NEVER;
	}
	/* Sessions end by themselves, broken ones are forgotten. */
	until = app->world->now + REST_LIMIT;
	while (app->world->now < until && work_and_step(app, until))
		;
	check_over(app);
	check_delivered(app);
}

void sim_messages_check_calm(const struct sim_messages *app)
{
	for (unsigned i = 0; i < app->options.peers; i++) {
		for (unsigned j = 0; j < app->options.peers; j++) {
			const struct sim_messages_talk *talk = &app->talks[i][j];
			if (i == j)
				continue;
			sim_messages_check(app, talk->failed == 0 && talk->connected == 1 && talk->ended == 1);
			sim_messages_check(app, talk->sent_count == app->options.messages);
			for (unsigned at = 0; at < talk->sent_count; at++)
				sim_messages_check(app, talk->sent[at].arrived || !talk->sent[at].reliable);
		}
	}
}
