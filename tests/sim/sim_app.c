#include "sim_app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIRTUAL_PORT 7
#define LISTEN_PORT 27000
#define HEADER_SIZE 8
#define LINGER_LIMIT (120 * USEC_PER_SEC)

void sim_app_fail(const struct sim_app *app, const char *what, const char *file, int line)
{
	fprintf(stderr, "seed=%llu at %.1f ms: %s (%s:%d)\n", (unsigned long long)app->world->seed,
	        (double)(app->world->now - 1000 * USEC_PER_SEC) / 1000, what, file, line);
	for (unsigned i = 0; i < 2; i++) {
		const struct sim_app_side *side = &app->sides[i];
		fprintf(stderr, "  side %u: state %d reason %u \"%s\" sent %u+%u received %u+%u\n", i, side->last_state,
		        side->end_reason, side->text, side->reliable_sent, side->unreliable_sent, side->reliable_received,
		        side->unreliable_received);
	}
	abort();
}

/* --- what a message says: kind, lane, sequence, and bytes that follow from them */

static uint8_t content_at(const uint8_t *header, size_t at)
{
	return (uint8_t)(header[4] * 7 + header[5] * 3 + header[1] * 13 + at * 5 + (at >> 8));
}

static struct message *make_message(struct sim_app *app, bool reliable, unsigned lane, uint32_t sequence)
{
	size_t size = HEADER_SIZE + sim_random_below(&app->world->random, app->options.size_max + 1);
	struct message *message;
	uint8_t header[HEADER_SIZE] = {
		reliable, (uint8_t)lane, 0, 0, (uint8_t)sequence, (uint8_t)(sequence >> 8), (uint8_t)(sequence >> 16), 0x4B
	};

	if (!reliable && size > 16000)
		size = 16000;
	message = message_new(size);
	memcpy(message->data, header, sizeof header);
	for (size_t i = HEADER_SIZE; i < size; i++)
		message->data[i] = content_at(header, i);
	message->flags = reliable ? MESSAGE_RELIABLE : 0;
	if (sim_random_below(&app->world->random, 3) == 0)
		message->flags |= MESSAGE_NO_NAGLE;
	message->lane = (uint16_t)lane;
	return message;
}

static void check_message(struct sim_app *app, unsigned index, const struct message *message)
{
	struct sim_app_side *side = &app->sides[index];
	const uint8_t *data = message->data;
	uint32_t sequence;

	sim_app_check(app, message->size >= HEADER_SIZE && data[7] == 0x4B);
	sim_app_check(app, message->lane == data[1] && data[1] < app->options.lanes);
	for (size_t i = HEADER_SIZE; i < message->size; i++)
		sim_app_check(app, data[i] == content_at(data, i));
	sequence = data[4] | (uint32_t)data[5] << 8 | (uint32_t)data[6] << 16;
	if (data[0]) {
		sim_app_check(app, sequence == side->lanes[data[1]].next_in);
		side->lanes[data[1]].next_in++;
		side->reliable_received++;
	} else {
		sim_app_check(app, sequence < app->options.unreliable_count && !side->unreliable_seen[sequence]);
		side->unreliable_seen[sequence] = 1;
		side->unreliable_received++;
	}
}

/* --- sending and receiving what can be */

static bool send_next(struct sim_app *app, unsigned index)
{
	struct sim_app_side *side = &app->sides[index];
	bool reliable = side->reliable_sent < app->options.reliable_count;
	unsigned lane = (unsigned)sim_random_below(&app->world->random, app->options.lanes);
	uint32_t sequence = reliable ? side->lanes[lane].next_out : side->unreliable_sent;
	struct message *message;
	int32_t result;

	if (side->unreliable_sent < app->options.unreliable_count && sim_random_below(&app->world->random, 2) == 0) {
		reliable = false;
		sequence = side->unreliable_sent;
	} else if (!reliable) {
		return false;
	}
	message = make_message(app, reliable, lane, sequence);
	result = sockets_send(app->world->peers[index].core, app->world->now, side->conn, message, NULL);
	if (result != KITH_OK) {
		sim_app_check(app, result == KITH_E_AGAIN || side->closed);
		message_unref(message);
		return false;
	}
	if (reliable) {
		side->lanes[lane].next_out++;
		side->reliable_sent++;
	} else {
		side->unreliable_sent++;
	}
	return true;
}

static void receive_all(struct sim_app *app, unsigned index)
{
	struct message *messages[16];
	size_t count;

	do {
		count = sockets_receive(app->world->peers[index].core, app->world->now, app->sides[index].conn, messages, 16);
		for (size_t i = 0; i < count; i++) {
			check_message(app, index, messages[i]);
			message_unref(messages[i]);
		}
	} while (count > 0);
}

static void give_up(struct sim_app *app, unsigned index, uint32_t reason, const char *text, usec_t linger)
{
	struct sim_app_side *side = &app->sides[index];

	side->gave_up = true;
	sockets_close(app->world->peers[index].core, app->world->now, side->conn, reason, text, linger);
	side->conn = NULL;
	sim_world_drain(app->world, index);
}

static void work_side(struct sim_app *app, unsigned index)
{
	struct sim_app_side *side = &app->sides[index];

	if (side->conn == NULL || app->world->peers[index].core == NULL)
		return;
	if (side->accept_at != USEC_NEVER && app->world->now >= side->accept_at) {
		side->accept_at = USEC_NEVER;
		sim_app_check(app, sockets_accept(app->world->peers[index].core, app->world->now, side->conn) == KITH_OK);
	}
	receive_all(app, index);
	while (side->connected && !side->closed && send_next(app, index))
		;
	sim_world_drain(app->world, index);
	if (side->closed && side->conn != NULL) {
		receive_all(app, index);
		give_up(app, index, 0, NULL, 0);
	}
}

static void call(struct sim_app *app, unsigned index)
{
	struct sim_world *world = app->world;
	struct core *core = world->peers[index].core;
	struct conn *conn = NULL;
	int32_t result;

	config_set_int(&app->config, CONFIG_REQUIRE_PROOF, app->options.require_proof[index]);
	if (app->options.mode == SIM_APP_UDP) {
		struct endpoint_udp_call udp = { 0 };
		udp.transport = sim_world_open_udp(world, index, 0);
		udp.remote = world->network.hosts[1 - index].address;
		udp.remote.port = LISTEN_PORT;
		udp.expected = &world->peers[1 - index].identity;
		udp.config = &app->config;
		result = sockets_connect_udp(core, world->now, &udp, &conn);
	} else {
		result =
			sockets_connect_p2p(core, world->now, &world->peers[1 - index].identity, VIRTUAL_PORT, &app->config, &conn);
	}
	sim_app_check(app, result == KITH_OK);
	app->sides[index].conn = conn;
	if (app->options.lanes > 1)
		sim_app_check(app, sockets_configure_lanes(core, conn, (int)app->options.lanes, NULL, NULL) == KITH_OK);
	sim_world_drain(world, index);
}

static void change_address(struct sim_app *app)
{
	static const char *const addresses[] = { "198.51.100.31", "198.51.100.32" };
	struct sim_nat *nat = &app->world->network.hosts[0].nat;

	if (nat->kind == SIM_NAT_NONE)
		sim_world_move_peer(app->world, 0, addresses[app->moves % 2], app->moves % 3 != 0);
	else
		sim_nat_rebind(nat);
	app->moves++;
}

static void move(struct sim_app *app)
{
	if (app->options.move_every == 0 || !app->sides[0].connected || !app->sides[1].connected ||
	    app->sides[0].conn == NULL || app->world->now < app->move_at)
		return;
	if (app->move_at != 0)
		change_address(app);
	app->move_at = app->world->now + app->options.move_every;
}

void sim_app_work(struct sim_app *app)
{
	if (app->world->now >= app->second_call_at) {
		app->second_call_at = USEC_NEVER;
		call(app, 1);
	}
	move(app);
	work_side(app, 0);
	work_side(app, 1);
}

/* --- events */

static void on_incoming(struct sim_app *app, unsigned index, const struct event *event)
{
	struct sim_app_side *side = &app->sides[index];

	/* A symmetric call never shows as an incoming one beside it. */
	sim_app_check(app, side->conn == NULL && app->options.mode != SIM_APP_SYMMETRIC);
	side->conn = event->conn;
	side->accept_at = app->world->now + app->options.accept_delay;
	if (app->options.lanes > 1)
		sockets_configure_lanes(app->world->peers[index].core, event->conn, (int)app->options.lanes, NULL, NULL);
}

static void on_event(struct sim_world *world, unsigned peer, const struct event *event)
{
	struct sim_app *app = world->user;
	struct sim_app_side *side = &app->sides[peer];

	if (event->kind != EVENT_STATE)
		return;
	if (event->old_state == STATE_NONE && event->listener != NULL)
		on_incoming(app, peer, event);
	sim_app_check(app, side->conn == event->conn || side->conn == NULL);
	side->last_state = event->new_state;
	if (event->new_state == STATE_CONNECTED) {
		side->connected = true;
		side->connections_made++;
	}
	if (event->new_state == STATE_CLOSED_BY_PEER || event->new_state == STATE_PROBLEM_DETECTED_LOCALLY) {
		side->closed = true;
		side->end_reason = event->end_reason;
		memcpy(side->text, event->text, sizeof side->text);
	}
}

/* --- the whole */

void sim_app_init(struct sim_app *app, struct sim_world *world, const struct sim_app_options *options)
{
	memset(app, 0, sizeof *app);
	app->world = world;
	app->options = *options;
	app->second_call_at = USEC_NEVER;
	config_copy(&app->config, core_config(world->peers[0].core), CONFIG_LEVEL_CONNECTION);
	config_set_int(&app->config, CONFIG_SYMMETRIC_CONNECT, options->mode == SIM_APP_SYMMETRIC);
	config_set_int(&app->config, CONFIG_LOCAL_VIRTUAL_PORT, VIRTUAL_PORT);
	for (unsigned i = 0; i < 2; i++) {
		app->sides[i].unreliable_seen = calloc(options->unreliable_count + 1, 1);
		app->sides[i].accept_at = USEC_NEVER;
	}
	world->user = app;
	world->on_event = on_event;
}

void sim_app_free(struct sim_app *app)
{
	for (unsigned i = 0; i < 2; i++)
		free(app->sides[i].unreliable_seen);
	config_free(&app->config);
}

void sim_app_start(struct sim_app *app)
{
	struct sim_world *world = app->world;
	int32_t result = KITH_OK;

	config_set_int(&app->config, CONFIG_REQUIRE_PROOF, app->options.require_proof[1]);
	if (app->options.mode == SIM_APP_UDP) {
		app->listen_transport = sim_world_open_udp(world, 1, LISTEN_PORT);
		result = sockets_listen_udp(world->peers[1].core, app->listen_transport, &app->config, &app->sides[1].listener);
	} else if (app->options.mode == SIM_APP_P2P) {
		result = sockets_listen_p2p(world->peers[1].core, VIRTUAL_PORT, &app->config, &app->sides[1].listener);
	} else {
		app->second_call_at = world->now + app->options.call_skew;
	}
	sim_app_check(app, result == KITH_OK);
	call(app, 0);
}

static bool all_arrived(const struct sim_app *app)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct sim_app_side *side = &app->sides[i];
		if (side->reliable_received < app->options.reliable_count ||
		    side->unreliable_sent < app->options.unreliable_count)
			return false;
		if (!side->connected)
			return false;
	}
	return true;
}

bool sim_app_run(struct sim_app *app, usec_t limit)
{
	usec_t until = app->world->now + limit;

	while (!all_arrived(app)) {
		sim_app_work(app);
		if (app->second_call_at != USEC_NEVER && app->second_call_at < until) {
			if (!sim_world_step(app->world, app->second_call_at))
				app->world->now = app->second_call_at;
		} else if (!sim_world_step(app->world, until)) {
			return all_arrived(app);
		}
	}
	return true;
}

bool sim_app_close(struct sim_app *app, unsigned side, uint32_t reason, const char *text, usec_t limit)
{
	usec_t until = app->world->now + limit;

	if (app->sides[side].conn != NULL)
		give_up(app, side, reason, text, app->options.linger ? LINGER_LIMIT : 0);
	while (!app->sides[1 - side].closed) {
		sim_app_work(app);
		if (!sim_world_step(app->world, until))
			return app->sides[1 - side].closed;
	}
	sim_app_work(app);
	return true;
}
