/* What the peers of a world do. */
#include "sim_folk_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/wire/wire.h"
#include "sim_diagnosis.h"

#define READ_BATCH 64
#define QUIET_PAUSE (500 * USEC_PER_MSEC)

static struct sim_random *dice(struct sim_folk *folk)
{
	return &folk->world.random;
}

static struct core *core_of(struct sim_folk *folk, unsigned index)
{
	return folk->world.peers[index].core;
}

/* --- who is who */

static struct sim_talk *find_conn(struct sim_folk *folk, unsigned peer, const struct conn *conn)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->peer == peer && talk->conn == conn && conn != NULL)
			return talk;
	}
	return NULL;
}

static struct sim_talk *find_tag(struct sim_folk *folk, uint32_t tag)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		if (folk->talks[i]->tag == tag)
			return folk->talks[i];
	}
	return NULL;
}

struct sim_talk *sim_folk_other_end(struct sim_folk *folk, struct sim_talk *talk)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *other = folk->talks[i];
		if (other != talk && sim_talk_fits(talk, other))
			return other;
	}
	return NULL;
}

static struct sim_talk *add_talk(struct sim_folk *folk, unsigned peer, struct conn *conn, enum sim_talk_kind kind)
{
	struct sim_talk *talk;

	if (folk->talk_count == SIM_FOLK_TALKS)
		sim_world_fail(&folk->world, "more connections than this world has place for");
	talk = sim_talk_new(&folk->world, peer, conn, folk->talk_count + 1);
	talk->kind = kind;
	folk->talks[folk->talk_count++] = talk;
	sim_talk_tell(talk, "has connection");
	if (folk->peers[peer].group != NULL)
		sockets_poll_group_set(core_of(folk, peer), conn, folk->peers[peer].group);
	return talk;
}

static unsigned count_live(const struct sim_folk *folk)
{
	unsigned count = 0;

	for (unsigned i = 0; i < folk->talk_count; i++)
		count += folk->talks[i]->conn != NULL;
	return count;
}

/* A random connection of the peer that its application still holds; null: none. */
static struct sim_talk *pick_talk(struct sim_folk *folk, unsigned peer)
{
	struct sim_talk *found = NULL;
	unsigned seen = 0;

	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->peer == peer && talk->conn != NULL && sim_folk_draw(dice(folk), ++seen) == 0)
			found = talk;
	}
	return found;
}

/* --- events */

static void on_incoming(struct sim_folk *folk, unsigned peer, const struct event *event)
{
	struct sim_folk_peer *self = &folk->peers[peer];
	enum sim_talk_kind kind = event->listener == self->udp         ? SIM_TALK_UDP
	                          : event->listener == self->symmetric ? SIM_TALK_SYMMETRIC
	                                                               : SIM_TALK_P2P;
	struct sim_talk *talk = add_talk(folk, peer, event->conn, kind);
	uint32_t mood = sim_folk_draw(dice(folk), 20);

	talk->incoming = true;
	if (mood == 0 && !folk->options.calm)
		talk->decide_at = USEC_NEVER; /* and so it will time out */
	else if (mood < 6)
		talk->decide_at = folk->world.now + (usec_t)sim_folk_draw(dice(folk), 2000000);
	else
		talk->decide_at = folk->world.now;
}

void sim_folk_on_event(struct sim_world *world, unsigned peer, const struct event *event)
{
	struct sim_folk *folk = (struct sim_folk *)world; /* its first member */
	struct sim_talk *talk = find_conn(folk, peer, event->conn);

	if (event->kind == EVENT_REFUSED) {
		/* A translator changed the address of a caller; certificates of honest peers all check out. */
		if (!folk->options.hostile && (folk->options.calm || event->end_reason != END_REASON_GENERIC))
			sim_world_fail(world, "a request is refused");
		return;
	}
	if (talk == NULL && event->kind == EVENT_STATE && event->old_state == STATE_NONE && event->listener != NULL) {
		on_incoming(folk, peer, event);
		return;
	}
	if (talk == NULL)
		sim_world_fail(world, "an event names a connection that the application does not have");
	sim_talk_on_event(talk, event);
	if (talk->over)
		sim_diagnosis_check(talk);
}

/* --- reading */

static void take(struct sim_folk *folk, struct message **messages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sim_talk *talk = find_tag(folk, messages[i]->connection);
		if (talk == NULL)
			sim_world_fail(&folk->world, "a message of no connection");
		sim_talk_take(talk, sim_folk_other_end(folk, talk), messages[i]);
	}
}

/* Returns how many there were. */
static size_t read_talk(struct sim_folk *folk, struct sim_talk *talk, size_t max)
{
	struct message *messages[READ_BATCH];
	size_t count =
		sockets_receive(talk->core, folk->world.now, talk->conn, messages, max < READ_BATCH ? max : READ_BATCH);

	take(folk, messages, count);
	if (!sockets_readable(talk->conn))
		talk->readable = false;
	return count;
}

static void read_group(struct sim_folk *folk, unsigned index, size_t max)
{
	struct message *messages[READ_BATCH];
	struct poll_group *group = folk->peers[index].group;
	size_t count;

	do {
		count = sockets_poll_group_receive(core_of(folk, index), folk->world.now, group, messages,
		                                   max < READ_BATCH ? max : READ_BATCH);
		take(folk, messages, count);
		max -= count;
	} while (count > 0 && max > 0);
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->peer == index && talk->conn != NULL && !sockets_readable(talk->conn))
			talk->readable = false;
	}
	if (max > 0 && sockets_poll_group_readable(group))
		sim_world_fail(&folk->world, "a poll group is readable and gives nothing");
}

void sim_folk_read(struct sim_folk *folk, unsigned index, bool all)
{
	struct sim_folk_peer *self = &folk->peers[index];

	if (self->group != NULL) {
		read_group(folk, index, all || self->polite ? SIZE_MAX : self->read_max);
		sim_world_drain(&folk->world, index);
		return;
	}
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->peer != index || talk->conn == NULL)
			continue;
		/* A polite one relies on having been told. */
		if (self->polite && !talk->readable) {
			sim_talk_check(talk, talk->over || !sockets_readable(talk->conn));
			continue;
		}
		if (!all && !self->polite)
			read_talk(folk, talk, self->read_max);
		else
			while (read_talk(folk, talk, READ_BATCH) > 0)
				;
		sim_world_drain(&folk->world, index);
	}
}

/* --- listening and calling */

static void listen_udp(struct sim_folk *folk, unsigned index)
{
	struct sim_folk_peer *self = &folk->peers[index];

	if (self->behind_nat || self->udp != NULL)
		return;
	self->udp_transport = sim_world_open_udp(&folk->world, index, SIM_FOLK_UDP_PORT);
	if (sockets_listen_udp(core_of(folk, index), self->udp_transport, &self->config, &self->udp) != KITH_OK)
		sim_world_fail(&folk->world, "listening by address failed");
}

static void listen_p2p(struct sim_folk *folk, unsigned index, bool symmetric)
{
	struct sim_folk_peer *self = &folk->peers[index];
	struct listen_socket **out = symmetric ? &self->symmetric : &self->p2p;
	struct config config;

	if (*out != NULL)
		return;
	config_copy(&config, &self->config, CONFIG_LEVEL_LISTENER);
	config_set_int(&config, CONFIG_SYMMETRIC_CONNECT, symmetric);
	if (sockets_listen_p2p(core_of(folk, index), symmetric ? SIM_FOLK_PORT_SYMMETRIC : SIM_FOLK_PORT, &config, out) !=
	    KITH_OK)
		sim_world_fail(&folk->world, "listening on a virtual port failed");
	config_free(&config);
}

static void close_listener(struct sim_folk *folk, unsigned index)
{
	struct sim_folk_peer *self = &folk->peers[index];
	struct listen_socket **all[3] = { &self->udp, &self->p2p, &self->symmetric };
	struct listen_socket **one = all[sim_folk_draw(dice(folk), 3)];

	if (*one == NULL || folk->options.calm)
		return;
	/* The socket of a listener by address stays until its connections are gone; its port is not free. */
	if (one == &self->udp)
		self->behind_nat = true;
	sockets_listen_close(core_of(folk, index), folk->world.now, *one);
	*one = NULL;
}

void sim_folk_start_peer(struct sim_folk *folk, unsigned index)
{
	struct sim_folk_peer *self = &folk->peers[index];

	config_free(core_config(core_of(folk, index)));
	config_copy(core_config(core_of(folk, index)), &self->config, CONFIG_LEVEL_ENDPOINT);
	self->group = sim_folk_draw(dice(folk), 3) == 0 ? sockets_poll_group_new(core_of(folk, index)) : NULL;
	listen_udp(folk, index);
	listen_p2p(folk, index, false);
	if (folk->options.calm || sim_folk_draw(dice(folk), 2) == 0)
		listen_p2p(folk, index, true);
	self->revive_at = USEC_NEVER;
}

void sim_folk_kill_peer(struct sim_folk *folk, unsigned index)
{
	struct sim_folk_peer *self = &folk->peers[index];

	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->peer != index || talk->killed)
			continue;
		sim_talk_refresh(talk);
		talk->killed = talk->conn != NULL || (talk->hung_up && folk->world.now - talk->hung_up_at < 150 * USEC_PER_SEC);
		talk->conn = NULL;
	}
	if (self->group != NULL)
		sockets_poll_group_destroy(core_of(folk, index), self->group);
	self->group = NULL;
	self->udp = self->p2p = self->symmetric = NULL;
	sim_world_kill_peer(&folk->world, index);
}

static void call_udp(struct sim_folk *folk, unsigned index, unsigned other)
{
	struct endpoint_udp_call call = { 0 };
	struct conn *conn;

	if (folk->peers[other].behind_nat)
		return;
	call.transport = sim_world_open_udp(&folk->world, index, 0);
	call.remote = folk->world.network.hosts[other].address;
	call.remote.port = SIM_FOLK_UDP_PORT;
	call.expected = sim_folk_draw(dice(folk), 2) == 0 ? &folk->world.peers[other].identity : NULL;
	call.config = &folk->peers[index].config;
	if (sockets_connect_udp(core_of(folk, index), folk->world.now, &call, &conn) != KITH_OK)
		sim_world_fail(&folk->world, "a call by address failed");
	add_talk(folk, index, conn, SIM_TALK_UDP)->other = (int)other;
}

static void call_p2p(struct sim_folk *folk, unsigned index, unsigned other, bool symmetric)
{
	struct config config;
	struct sim_talk *talk;
	struct conn *conn;

	config_copy(&config, &folk->peers[index].config, CONFIG_LEVEL_CONNECTION);
	config_set_int(&config, CONFIG_SYMMETRIC_CONNECT, symmetric);
	if (sockets_connect_p2p(core_of(folk, index), folk->world.now, &folk->world.peers[other].identity,
	                        symmetric ? SIM_FOLK_PORT_SYMMETRIC : SIM_FOLK_PORT, &config, &conn) != KITH_OK)
		sim_world_fail(&folk->world, "a call by signals failed");
	config_free(&config);
	talk = find_conn(folk, index, conn);
	if (talk == NULL)
		talk = add_talk(folk, index, conn, symmetric ? SIM_TALK_SYMMETRIC : SIM_TALK_P2P);
	else
		sim_talk_check(talk, symmetric && talk->kind == SIM_TALK_SYMMETRIC);
	talk->accepted = true; /* if it waited, it waits no longer */
	talk->decide_at = USEC_NEVER;
}

static void call(struct sim_folk *folk, unsigned index)
{
	unsigned other = (index + 1 + sim_folk_draw(dice(folk), folk->options.peer_count - 1)) % folk->options.peer_count;
	/* The other end needs its place too. */
	bool room = count_live(folk) < folk->options.talks_max && folk->talk_count < SIM_FOLK_TALKS / 2;
	uint32_t way = sim_folk_draw(dice(folk), 3);

	if (!room)
		return;
	if (way == 0)
		call_udp(folk, index, other);
	else
		call_p2p(folk, index, other, way == 2);
}

static void decide(struct sim_folk *folk, unsigned index)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		int32_t result;
		if (talk->peer != index || talk->conn == NULL || talk->decide_at > folk->world.now)
			continue;
		talk->decide_at = USEC_NEVER;
		if (talk->over)
			continue;
		if (sim_folk_draw(dice(folk), 12) == 0) {
			sim_talk_hang_up(talk, 1900, "not today", 0);
		} else {
			talk->accepted = true;
			result = sockets_accept(talk->core, folk->world.now, talk->conn);
			sim_talk_check(talk, result == KITH_OK);
			result = sockets_accept(talk->core, folk->world.now, talk->conn);
			sim_talk_check(talk, result == KITH_E_STATE);
		}
		sim_world_drain(&folk->world, index);
	}
}

/* --- sending and hanging up */

static size_t draw_size(struct sim_folk *folk)
{
	uint32_t kind = sim_folk_draw(dice(folk), 10);

	if (kind == 0)
		return 0;
	if (kind < 6)
		return sim_folk_draw(dice(folk), 120);
	return sim_random_below(dice(folk), folk->options.size_max + 1);
}

static void send_burst(struct sim_folk *folk, struct sim_talk *talk)
{
	unsigned count = 1 + sim_folk_draw(dice(folk), sim_folk_draw(dice(folk), 8) == 0 ? 80 : 6);

	for (unsigned i = 0; i < count; i++) {
		uint32_t flags = sim_folk_draw(dice(folk), 3) != 0 ? MESSAGE_RELIABLE : 0;
		uint16_t lane = (uint16_t)sim_folk_draw(dice(folk), talk->lane_count);
		usec_t ttl = 0;
		if (sim_folk_draw(dice(folk), 3) == 0)
			flags |= MESSAGE_NO_NAGLE;
		if (sim_folk_draw(dice(folk), 12) == 0)
			flags |= MESSAGE_NO_DELAY;
		if (sim_folk_draw(dice(folk), 8) == 0)
			flags |= MESSAGE_SEQUENCED;
		if (sim_folk_draw(dice(folk), 8) == 0)
			ttl = 1 + (usec_t)sim_folk_draw(dice(folk), 200000);
		if (sim_talk_send(talk, flags, lane, draw_size(folk), ttl) != KITH_OK)
			break;
	}
	if (sim_folk_draw(dice(folk), 6) == 0)
		sockets_flush(talk->core, folk->world.now, talk->conn);
}

static void configure_lanes(struct sim_folk *folk, struct sim_talk *talk)
{
	int priorities[256] = { 0 };
	uint16_t weights[256] = { 0 };
	unsigned count = talk->lane_count + sim_folk_draw(dice(folk), folk->options.lanes_max - talk->lane_count + 1);
	int32_t result;

	for (unsigned i = 0; i < count; i++) {
		priorities[i] = (int)sim_folk_draw(dice(folk), 3);
		weights[i] = (uint16_t)sim_folk_draw(dice(folk), 10);
	}
	result = sockets_configure_lanes(talk->core, talk->conn, (int)count, priorities, weights);
	sim_talk_check(talk, result == KITH_OK);
	talk->lane_count = count;
	if (count == 1)
		return;
	result = sockets_configure_lanes(talk->core, talk->conn, (int)count - 1, NULL, NULL);
	sim_talk_check(talk, result == KITH_E_STATE);
}

static void hang_up(struct sim_folk *folk, struct sim_talk *talk)
{
	char text[64];
	uint32_t reason = 1000 + sim_folk_draw(dice(folk), 2000);

	snprintf(text, sizeof text, "farewell %u of %u", reason, talk->tag);
	sim_talk_hang_up(talk, reason, text, sim_folk_draw(dice(folk), 2) == 0 ? 120 * USEC_PER_SEC : 0);
}

void sim_folk_let_go(struct sim_folk *folk, unsigned index)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->peer != index || talk->conn == NULL || !talk->over)
			continue;
		while (read_talk(folk, talk, READ_BATCH) > 0)
			;
		sim_talk_hang_up(talk, 0, "", 0);
		sim_world_drain(&folk->world, index);
	}
}

static void do_something(struct sim_folk *folk, unsigned index)
{
	struct sim_talk *talk = pick_talk(folk, index);
	uint32_t what = sim_folk_draw(dice(folk), 100);

	if (what < 25 || talk == NULL)
		call(folk, index);
	else if (what < 75)
		send_burst(folk, talk);
	else if (what < 80)
		configure_lanes(folk, talk);
	else if (what < 85)
		sockets_flush(talk->core, folk->world.now, talk->conn);
	else if (what < 92)
		hang_up(folk, talk);
	else if (what < 94)
		close_listener(folk, index);
	else if (what < 96)
		listen_p2p(folk, index, sim_folk_draw(dice(folk), 2) == 0);
	else if (what < 97 && !folk->options.calm)
		sim_folk_kill_peer(folk, index);
}

void sim_folk_act(struct sim_folk *folk, unsigned index)
{
	struct sim_folk_peer *self = &folk->peers[index];

	self->act_at = folk->world.now + 1;
	self->act_at += folk->quiet ? QUIET_PAUSE : (usec_t)sim_folk_draw(dice(folk), (uint32_t)folk->options.pause_max);
	if (core_of(folk, index) == NULL) {
		if (folk->world.now < self->revive_at)
			return;
		sim_world_revive_peer(&folk->world, index);
		sim_folk_start_peer(folk, index);
	}
	decide(folk, index);
	sim_folk_read(folk, index, folk->quiet);
	if (!folk->quiet) {
		do_something(folk, index);
		if (core_of(folk, index) == NULL) {
			self->revive_at = folk->world.now + (usec_t)sim_folk_draw(dice(folk), 8000000);
			return;
		}
	}
	sim_world_drain(&folk->world, index);
	/* Some notice late that a connection has ended. */
	if (folk->quiet || sim_folk_draw(dice(folk), 3) == 0)
		sim_folk_let_go(folk, index);
}
