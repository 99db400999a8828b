#include "sim/sim_reliability.h"

#include <stdlib.h>
#include <string.h>

#define DRAIN_MAX 200000

#define FRAGILE (-1)

struct sim_header {
	int64_t number;
	int64_t reliable_index; /* from 1; 0: unreliable; FRAGILE: reliable, but may be missing */
	int64_t sent_at;
};

struct reliability_settings sim_settings(void)
{
	return (struct reliability_settings){
		.payload_max = 1200,
		.send_buffer_size = 8 << 20,
		.recv_buffer_size = 16 << 20,
		.recv_buffer_messages = 65536,
		.recv_max_message_size = 524288,
		.recv_max_segments_per_packet = 1300,
		.nagle_time = 5000,
		.send_rate_min = 16384,
		.send_rate_max = 2000000000,
		.congestion = CONGESTION_BBR,
		.window_frames = true,
		.sequenced = true,
	};
}

void sim_pair_init(struct sim_pair *pair, uint64_t seed, const struct reliability_settings settings[2],
                   const struct sim_link_settings links[2])
{
	memset(pair, 0, sizeof(*pair));
	pair->now = 1000000;
	pair->seed = seed;
	pair->random.state = seed;
	for (int i = 0; i < 2; i++) {
		struct sim_side *side = &pair->sides[i];
		side->settings = settings[i];
		side->reliability = reliability_new(pair->now, &settings[i]);
		sim_link_init(&side->link, &links[i], seed * 2 + (uint64_t)i + 77);
		side->next_number = 2;
		side->highest = 1;
		side->take_unreliable = true;
		side->reading = true;
	}
}

void sim_pair_free(struct sim_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		struct sim_side *side = &pair->sides[i];
		reliability_destroy(side->reliability);
		sim_link_free(&side->link);
		free(side->replay);
		for (int lane = 0; lane < SIM_LANES; lane++)
			free(side->lanes[lane].seen);
	}
}

static void fail(struct sim_pair *pair, const char *what, int64_t a, int64_t b)
{
	if (pair->failure != NULL)
		return;
	pair->failure = what;
	pair->failure_detail[0] = a;
	pair->failure_detail[1] = b;
}

/* --- messages */

static uint8_t pattern(uint64_t number, size_t at)
{
	return (uint8_t)((number * 31 + at) * 2654435761u >> 13);
}

int32_t sim_pair_send(struct sim_pair *pair, int side, uint16_t lane, uint32_t flags, size_t size)
{
	const struct sim_send send = { lane, flags, size, 0 };
	return sim_pair_send_as(pair, side, &send);
}

int32_t sim_pair_send_as(struct sim_pair *pair, int side, const struct sim_send *send)
{
	struct sim_side *self = &pair->sides[side];
	struct sim_lane *lane = &self->lanes[send->lane];
	struct message *message = message_new(send->size);
	bool reliable = (send->flags & MESSAGE_RELIABLE) != 0;
	bool fragile = reliable && (send->ttl > 0 || (send->flags & MESSAGE_SEQUENCED));
	struct sim_header header = { lane->sent + 1, 0, pair->now };
	if (reliable)
		header.reliable_index = fragile ? FRAGILE : lane->reliable_sent + 1;
	if (send->size >= sizeof(header))
		memcpy(message->data, &header, sizeof(header));
	for (size_t i = sizeof(header); i < send->size; i++)
		message->data[i] = pattern((uint64_t)header.number, i);
	message->lane = send->lane;
	message->flags = send->flags;
	message->ttl = send->ttl;
	int32_t result = reliability_enqueue(self->reliability, pair->now, message);
	if (result != KITH_OK) {
		message_unref(message);
		return result;
	}
	if (message->number != header.number)
		fail(pair, "message number", message->number, header.number);
	lane->sent++;
	if (fragile)
		lane->fragile_sent++;
	else if (reliable)
		lane->reliable_sent++;
	else
		self->unreliable_sent++;
	return result;
}

static void check_unreliable(struct sim_pair *pair, struct sim_lane *lane, int64_t number)
{
	if (number >= lane->seen_capacity) {
		int64_t capacity = number * 2 + 64;
		lane->seen = realloc(lane->seen, (size_t)capacity);
		memset(lane->seen + lane->seen_capacity, 0, (size_t)(capacity - lane->seen_capacity));
		lane->seen_capacity = capacity;
	}
	if (lane->seen[number])
		fail(pair, "unreliable message twice", number, 0);
	lane->seen[number] = 1;
}

static void check_order(struct sim_pair *pair, struct sim_lane *lane, const struct message *message)
{
	if (message->flags & MESSAGE_RELIABLE) {
		if (message->number <= lane->number_received)
			fail(pair, "reliable message out of order", message->number, lane->number_received);
		lane->number_received = message->number;
	}
	if (message->flags & MESSAGE_SEQUENCED) {
		if (message->number <= lane->sequenced_received)
			fail(pair, "sequenced message after a newer one", message->number, lane->sequenced_received);
		lane->sequenced_received = message->number;
	}
}

static void check_message(struct sim_pair *pair, struct sim_side *side, const struct message *message)
{
	struct sim_lane *lane = &side->lanes[message->lane];
	struct sim_header header = { message->number, 0, pair->now };
	side->messages_received++;
	side->bytes_received += (int64_t)message->size;
	if (message->size >= sizeof(header))
		memcpy(&header, message->data, sizeof(header));
	if (header.number != message->number)
		fail(pair, "number or content wrong", header.number, message->number);
	for (size_t i = sizeof(header); i < message->size; i++)
		if (message->data[i] != pattern((uint64_t)header.number, i))
			fail(pair, "content wrong", header.number, (int64_t)i);
	check_order(pair, lane, message);
	if (message->size >= sizeof(header) && header.reliable_index == FRAGILE) {
		lane->fragile_received++;
	} else if (message->size >= sizeof(header) && header.reliable_index != 0) {
		if (header.reliable_index != ++lane->reliable_received)
			fail(pair, "reliable message missing or double", header.reliable_index, lane->reliable_received);
	} else if (message->size == 0 && (message->flags & MESSAGE_RELIABLE)) {
		lane->reliable_received++;
	} else {
		check_unreliable(pair, lane, message->number);
		side->unreliable_received++;
	}
	usec_t latency = pair->now - header.sent_at;
	if ((size_t)side->latency_count < side->latencies_capacity)
		side->latencies[side->latency_count] = (uint32_t)latency;
	side->latency_sum += latency;
	side->latency_max = usec_max(side->latency_max, latency);
	side->latency_count++;
}

int sim_pair_read(struct sim_pair *pair, int side, int max)
{
	struct message *message;
	int count = 0;
	while (count < max && (message = reliability_next_message(pair->sides[side].reliability, pair->now)) != NULL) {
		check_message(pair, &pair->sides[side], message);
		message_unref(message);
		count++;
	}
	return count;
}

/* --- packets */

static void transmit(struct sim_pair *pair, struct sim_side *side)
{
	uint8_t payload[SIM_LINK_PACKET_MAX];
	int64_t number = side->next_number++;
	size_t capacity = side->settings.payload_max;
	size_t size = reliability_write_packet(side->reliability, pair->now, number, payload, capacity, 0);
	if (size == 0 || size > capacity)
		fail(pair, "payload size", (int64_t)size, (int64_t)capacity);
	reliability_on_sent(side->reliability, pair->now, number, size + SIM_OVERHEAD);
	sim_link_send(&side->link, pair->now, number, payload, size, size + SIM_OVERHEAD + 28);
	side->packets_sent++;
	side->bytes_sent += (int64_t)size + SIM_OVERHEAD;
}

void sim_pair_drain(struct sim_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		struct sim_side *side = &pair->sides[i];
		int count = 0;
		while (pair->failure == NULL && reliability_wants_to_send(side->reliability, pair->now)) {
			transmit(pair, side);
			if (++count > DRAIN_MAX)
				fail(pair, "sends for ever", i, 0);
		}
		usec_t next = reliability_next_timeout(side->reliability);
		if (next <= pair->now && pair->failure == NULL) {
			reliability_handle_timeout(side->reliability, pair->now);
			while (reliability_wants_to_send(side->reliability, pair->now) && ++count <= DRAIN_MAX)
				transmit(pair, side);
			next = reliability_next_timeout(side->reliability);
			if (next <= pair->now)
				fail(pair, "busy loop: next_timeout not after now", next, pair->now);
		}
	}
}

static bool is_replay(struct sim_side *side, int64_t number)
{
	if (number >= side->replay_capacity) {
		int64_t capacity = number * 2 + 1024;
		side->replay = realloc(side->replay, (size_t)capacity);
		memset(side->replay + side->replay_capacity, 0, (size_t)(capacity - side->replay_capacity));
		side->replay_capacity = capacity;
	}
	bool again = side->replay[number];
	side->replay[number] = 1;
	return again;
}

static void check_memory(struct sim_pair *pair, const struct sim_side *side)
{
	struct reliability_status status;
	const struct reliability_settings *settings = &side->settings;
	reliability_status(side->reliability, pair->now, &status);
	if (status.held_bytes > settings->recv_buffer_size + 65 * 4096)
		fail(pair, "store above its limit", status.held_bytes, settings->recv_buffer_size);
	if (status.unread_messages > settings->recv_buffer_messages + SIM_LANES)
		fail(pair, "inbox above its limit", status.unread_messages, settings->recv_buffer_messages);
	if (status.unread_bytes > settings->recv_buffer_size + SIM_LANES * settings->recv_max_message_size)
		fail(pair, "inbox bytes above limit", status.unread_bytes, settings->recv_buffer_size);
	if (status.packets_remembered > 16384)
		fail(pair, "sent packets above limit", status.packets_remembered, 0);
	if (status.bytes_in_flight < 0 || status.pending_reliable < 0 || status.pending_unreliable < 0 ||
	    status.unacked_reliable < 0)
		fail(pair, "negative count", status.bytes_in_flight, status.pending_reliable);
}

static void receive(struct sim_pair *pair, int to, const struct sim_link_packet *packet)
{
	struct sim_side *side = &pair->sides[to];
	if (is_replay(side, packet->number))
		return;
	if (packet->number - side->highest >= 16384)
		fail(pair, "packet number jumps", packet->number, side->highest);
	if (packet->number > side->highest)
		side->highest = packet->number;
	unsigned flags = side->take_unreliable ? RELIABILITY_TAKE_UNRELIABLE : 0;
	enum reliability_result result =
		reliability_receive_packet(side->reliability, pair->now, packet->number, packet->bytes, packet->size, flags);
	if (result == RELIABILITY_VIOLATION)
		fail(pair, reliability_violation(side->reliability), packet->number, 0);
	if (result == RELIABILITY_ABANDON)
		fail(pair, "packet abandoned", packet->number, 0);
	if (side->reading)
		sim_pair_read(pair, to, 1 << 30);
	if (packet->number % 64 == 0)
		check_memory(pair, side);
}

static bool poke(struct sim_pair *pair, usec_t next)
{
	if (!pair->poke || next == USEC_NEVER || next - pair->now < 2 || sim_random_below(&pair->random, 8) != 0)
		return false;
	pair->now += (usec_t)sim_random_below(&pair->random, (uint64_t)(next - pair->now - 1));
	for (int i = 0; i < 2; i++) {
		reliability_handle_timeout(pair->sides[i].reliability, pair->now);
		if (reliability_wants_to_send(pair->sides[i].reliability, pair->now))
			fail(pair, "has something to do before next_timeout", i, pair->now);
	}
	return true;
}

bool sim_pair_step(struct sim_pair *pair, usec_t until)
{
	usec_t next = USEC_NEVER;
	for (int i = 0; i < 2; i++) {
		next = usec_min(next, sim_link_next(&pair->sides[i].link));
		next = usec_min(next, reliability_next_timeout(pair->sides[i].reliability));
	}
	if (pair->failure != NULL)
		return false;
	if (next > until) {
		pair->now = until;
		return false;
	}
	pair->steps++;
	poke(pair, next);
	pair->now = usec_max(next, pair->now);
	for (int i = 0; i < 2; i++) {
		struct sim_link *link = &pair->sides[i].link;
		struct sim_link_packet *packet;
		while ((packet = sim_link_take(link, pair->now)) != NULL) {
			receive(pair, 1 - i, packet);
			sim_link_give_back(link, packet);
		}
	}
	for (int i = 0; i < 2; i++)
		if (reliability_next_timeout(pair->sides[i].reliability) <= pair->now)
			reliability_handle_timeout(pair->sides[i].reliability, pair->now);
	sim_pair_drain(pair);
	return pair->failure == NULL;
}

void sim_pair_run(struct sim_pair *pair, usec_t until)
{
	sim_pair_drain(pair);
	while (sim_pair_step(pair, until))
		;
}

bool sim_pair_is_done(const struct sim_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		const struct sim_side *side = &pair->sides[i];
		if (reliability_outstanding(side->reliability) != 0)
			return false;
		for (int lane = 0; lane < SIM_LANES; lane++)
			if (side->lanes[lane].reliable_sent != pair->sides[1 - i].lanes[lane].reliable_received)
				return false;
	}
	return true;
}

void sim_pair_check_missing(struct sim_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		struct reliability_status sender, receiver;
		int64_t missing = 0;
		reliability_status(pair->sides[i].reliability, pair->now, &sender);
		reliability_status(pair->sides[1 - i].reliability, pair->now, &receiver);
		for (int lane = 0; lane < SIM_LANES; lane++) {
			int64_t lost = pair->sides[i].lanes[lane].fragile_sent - pair->sides[1 - i].lanes[lane].fragile_received;
			if (lost < 0)
				fail(pair, "more arrived than was sent", lane, lost);
			missing += lost;
		}
		if (missing > (int64_t)(sender.messages_expired + receiver.messages_late))
			fail(pair, "a message is missing for no reason", missing, (int64_t)sender.messages_expired);
	}
}
