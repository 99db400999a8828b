/* Options that are changed while the connection lives, and what becomes of it. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/wire/packet_header.h"
#include "story.h"

static struct story story;

/* What left side 0 since `watch` began. */
static struct {
	unsigned packets, with_spacing;
	size_t largest;
	usec_t last_at;
	usec_t worst_spacing_error;
} seen;

static bool on_packet(struct sim_world *world, unsigned from, const uint8_t *bytes, size_t size)
{
	struct packet_header header;

	if (from != 0 || !packet_header_read(&header, bytes, size))
		return true;
	seen.packets++;
	if (size > seen.largest)
		seen.largest = size;
	if (header.has_spacing) {
		usec_t error = world->now - seen.last_at - header.spacing * 16;
		seen.with_spacing++;
		if (seen.last_at != 0 && error > seen.worst_spacing_error)
			seen.worst_spacing_error = error;
	}
	seen.last_at = world->now;
	return true;
}

/* Connected, silent, and ours to drive. */
static void begin(void)
{
	story_begin(&story, SIM_APP_UDP, 1);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_wait(&story, USEC_PER_SEC);
	story.world.on_packet = on_packet;
	story.world.on_event = NULL;
	memset(&seen, 0, sizeof(seen));
}

static void wait_for(usec_t duration)
{
	usec_t until = story.world.now + duration;

	while (sim_world_step(&story.world, until))
		continue;
	story.world.now = until;
}

static void set(unsigned side, enum config_id id, int32_t value)
{
	struct conn *conn = story.app.sides[side].conn;

	cr_assert_eq(config_set_int(sockets_config(conn), (int32_t)id, value), CONFIG_OK);
	sockets_reconfigure(story.world.peers[side].core, story.world.now, conn);
	sim_world_drain(&story.world, side);
}

static int32_t send(size_t size, uint32_t flags)
{
	struct message *message = message_new(size);
	int32_t result;

	bytes_zero(message->data, size);
	message->flags = flags;
	result = sockets_send(story.world.peers[0].core, story.world.now, story.app.sides[0].conn, message, NULL);
	if (result != KITH_OK)
		message_unref(message);
	sim_world_drain(&story.world, 0);
	return result;
}

static unsigned receive_all(void)
{
	struct message *message;
	unsigned count = 0;

	while (sockets_receive(story.world.peers[1].core, story.world.now, story.app.sides[1].conn, &message, 1) == 1) {
		message_unref(message);
		count++;
	}
	sim_world_drain(&story.world, 1);
	return count;
}

Test(story_options, packets_tell_their_spacing_once_they_are_asked_to)
{
	begin();
	cr_assert_eq(send(10, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE), KITH_OK);
	wait_for(100 * USEC_PER_MSEC);
	cr_assert(seen.packets > 0);
	cr_assert_eq(seen.with_spacing, 0);
	set(0, CONFIG_SEND_TIME_SINCE_PREVIOUS_PACKET, 1);
	seen.packets = 0;
	for (int i = 0; i < 20; i++) {
		cr_assert_eq(send(10, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE), KITH_OK);
		wait_for(i * 3 * USEC_PER_MSEC);
	}
	cr_assert_eq(seen.with_spacing, seen.packets);
	cr_assert(seen.worst_spacing_error < 16, "%d us", (int)seen.worst_spacing_error);
	cr_assert_eq(receive_all(), 21);
	story_end(&story);
}

Test(story_options, a_shorter_timeout_counts_from_now_on)
{
	begin();
	set(0, CONFIG_TIMEOUT_CONNECTED, 2000);
	sim_world_kill_peer(&story.world, 1);
	story.app.sides[1].conn = NULL;
	cr_assert_eq(send(10, MESSAGE_RELIABLE), KITH_OK);
	wait_for(USEC_PER_SEC);
	struct sockets_info info;
	sockets_info(story.app.sides[0].conn, &info);
	cr_assert_eq(info.state, STATE_CONNECTED);
	wait_for(3 * USEC_PER_SEC);
	sockets_info(story.app.sides[0].conn, &info);
	cr_assert_eq(info.state, STATE_PROBLEM_DETECTED_LOCALLY);
	story_end(&story);
}

Test(story_options, without_a_nagle_time_nothing_waits)
{
	begin();
	cr_assert_eq(send(10, MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(seen.packets, 0);
	wait_for(6 * USEC_PER_MSEC);
	cr_assert_eq(seen.packets, 1);
	wait_for(USEC_PER_SEC);
	seen.packets = 0;
	set(0, CONFIG_NAGLE_TIME, 0);
	cr_assert_eq(send(10, MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(seen.packets, 1);
	story_end(&story);
}

Test(story_options, packets_are_no_larger_than_told_and_a_message_of_the_data_size_takes_one)
{
	static const int32_t sizes[] = { 1300, 576, 200, 1300 };

	begin();
	set(0, CONFIG_MTU_DISCOVERY, 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		set(0, CONFIG_MTU_PACKET_SIZE, sizes[i]);
		seen.largest = 0;
		cr_assert_eq(send(20000, MESSAGE_RELIABLE), KITH_OK);
		wait_for(USEC_PER_SEC);
		cr_assert(seen.largest <= (size_t)sizes[i], "%zu", seen.largest);
		cr_assert(seen.largest > (size_t)sizes[i] - 80, "%zu", seen.largest);
		int32_t data_size = config_get_int(sockets_config(story.app.sides[0].conn), CONFIG_MTU_DATA_SIZE);
		seen.packets = 0;
		cr_assert_eq(send((size_t)data_size, MESSAGE_NO_NAGLE), KITH_OK);
		cr_assert_eq(seen.packets, 1, "%u packets for %d bytes", seen.packets, (int)data_size);
		wait_for(USEC_PER_SEC);
		cr_assert_eq(receive_all(), 2);
	}
	story_end(&story);
}

Test(story_options, a_fixed_rate_changes_at_once)
{
	struct conn_status status;

	story_begin(&story, SIM_APP_UDP, 1);
	config_set_int(&story.app.config, CONFIG_CONGESTION_CONTROL, 1);
	config_set_int(&story.app.config, CONFIG_SEND_RATE_MAX, 100000);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	sockets_status(story.world.now, story.app.sides[0].conn, &status);
	cr_assert_eq(status.reliability.send_rate, 100000);
	set(0, CONFIG_SEND_RATE_MAX, 300000);
	sockets_status(story.world.now, story.app.sides[0].conn, &status);
	cr_assert_eq(status.reliability.send_rate, 300000);
	cr_assert_eq(config_set_int(sockets_config(story.app.sides[0].conn), CONFIG_CONGESTION_CONTROL, 0), CONFIG_LOCKED);
	story_end(&story);
}

Test(story_options, a_smaller_send_buffer_is_full_sooner)
{
	begin();
	set(0, CONFIG_SEND_BUFFER_SIZE, 8192);
	cr_assert_eq(send(8000, MESSAGE_RELIABLE), KITH_OK);
	unsigned taken = 1;
	while (send(8000, MESSAGE_RELIABLE) == KITH_OK)
		cr_assert(++taken < 100);
	set(0, CONFIG_SEND_BUFFER_SIZE, 1 << 20);
	cr_assert_eq(send(8000, MESSAGE_RELIABLE), KITH_OK);
	story_end(&story);
}

Test(story_options, a_message_above_the_limit_ends_the_connection)
{
	struct sockets_info info;

	begin();
	set(1, CONFIG_RECV_MAX_MESSAGE_SIZE, 1000);
	cr_assert_eq(send(1000, MESSAGE_RELIABLE), KITH_OK);
	wait_for(USEC_PER_SEC);
	cr_assert_eq(receive_all(), 1);
	cr_assert_eq(send(1001, MESSAGE_RELIABLE), KITH_OK);
	wait_for(USEC_PER_SEC);
	sockets_info(story.app.sides[1].conn, &info);
	cr_assert_eq(info.end_reason, 5002);
	story_end(&story);
}

static struct conn *incoming;

static void on_incoming(struct sim_world *world, unsigned peer, const struct event *event)
{
	(void)world;
	if (peer == 1 && event->kind == EVENT_STATE && event->old_state == STATE_NONE)
		incoming = event->conn;
}

Test(story_options, a_call_that_waits_can_still_be_changed)
{
	story_begin(&story, SIM_APP_UDP, 1);
	story.world.on_event = on_incoming;
	config_set_int(&story.app.config, CONFIG_UNENCRYPTED, 1);
	sim_app_start(&story.app);
	wait_for(USEC_PER_SEC);
	cr_assert(incoming != NULL);
	cr_assert_eq(config_set_int(sockets_config(incoming), CONFIG_UNENCRYPTED, 3), CONFIG_OK);
	cr_assert_eq(sockets_accept(story.world.peers[1].core, story.world.now, incoming), KITH_OK);
	sim_world_drain(&story.world, 1);
	cr_assert_eq(config_set_int(sockets_config(incoming), CONFIG_UNENCRYPTED, 0), CONFIG_LOCKED);
	wait_for(USEC_PER_SEC);
	struct sockets_info info;
	sockets_info(incoming, &info);
	cr_assert_eq(info.state, STATE_CONNECTED);
	cr_assert_not(info.encrypted);
	story_end(&story);
}
