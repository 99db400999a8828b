/* A hostile peer: the input is a script of packets, time and of what our application does. Memory
 * stays bounded, messages stay within their limits, time never leads to a busy loop. Steps: one
 * byte says what, the following ones are its arguments. */
#include "core/reliability/reliability.h"

#include <stdlib.h>

#include "core/base/byte_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BUFFER_SIZE 65536
#define MESSAGES_MAX 64
#define MESSAGE_MAX 20000
#define STEPS_MAX 300

struct victim {
	struct reliability *reliability;
	usec_t now;
	int64_t received; /* number of the peer's last packet */
	int64_t sent;
	bool over;
};

static void check(bool fine)
{
	if (!fine)
		abort();
}

static void receive(struct victim *victim, struct byte_reader *in)
{
	victim->received += 1 + byte_reader_u8(in) % 32;
	size_t size = byte_reader_le16(in) % 1300;
	if (size > byte_reader_remaining(in))
		size = byte_reader_remaining(in);
	const uint8_t *payload = byte_reader_bytes(in, size);
	if (payload == NULL)
		return;
	enum reliability_result result = reliability_receive_packet(victim->reliability, victim->now, victim->received,
	                                                            payload, size, RELIABILITY_TAKE_UNRELIABLE);
	victim->over = result == RELIABILITY_VIOLATION;
	check(!victim->over || reliability_violation(victim->reliability)[0] != '\0');
}

static void send(struct victim *victim, struct byte_reader *in)
{
	struct message *message = message_new(byte_reader_le16(in) % 5000);
	for (size_t i = 0; i < message->size; i++)
		message->data[i] = (uint8_t)i;
	uint8_t flags = byte_reader_u8(in);
	message->flags = flags & (MESSAGE_RELIABLE | MESSAGE_NO_NAGLE | MESSAGE_NO_DELAY | MESSAGE_SEQUENCED);
	message->ttl = flags & 0x80 ? (flags & 0x36) * USEC_PER_MSEC : 0;
	message->lane = byte_reader_u8(in) % 4;
	if (reliability_enqueue(victim->reliability, victim->now, message) != KITH_OK)
		message_unref(message);
}

static void transmit(struct victim *victim)
{
	uint8_t payload[1200];
	for (int i = 0; i < 40 && reliability_wants_to_send(victim->reliability, victim->now); i++) {
		victim->sent++;
		size_t size =
			reliability_write_packet(victim->reliability, victim->now, victim->sent, payload, sizeof(payload), 0);
		check(size > 0 && size <= sizeof(payload));
		reliability_on_sent(victim->reliability, victim->now, victim->sent, size + 23);
	}
}

static void wait(struct victim *victim, int64_t time)
{
	victim->now += time;
	reliability_handle_timeout(victim->reliability, victim->now);
	transmit(victim);
}

static void read_messages(struct victim *victim, int count)
{
	struct message *message;
	while (count-- > 0 && (message = reliability_next_message(victim->reliability, victim->now)) != NULL) {
		check(message->size <= 26000 && message->lane < 256 && message->number > 0);
		message_unref(message);
	}
}

static void check_bounds(const struct victim *victim)
{
	struct reliability_status status;
	reliability_status(victim->reliability, victim->now, &status);
	check(status.held_bytes <= BUFFER_SIZE + 65 * 4096);
	check(status.unread_messages <= MESSAGES_MAX + 256);
	check(status.unread_bytes <= BUFFER_SIZE + 256 * MESSAGE_MAX + 26000);
	check(status.bytes_in_flight >= 0 && status.unacked_reliable >= 0 && status.pending_reliable >= 0);
	check(status.send_rate >= 1024);
}

static void step(struct victim *victim, struct byte_reader *in)
{
	switch (byte_reader_u8(in) % 8) {
	case 0:
		send(victim, in);
		break;
	case 1:
		wait(victim, byte_reader_le16(in));
		break;
	case 2:
		wait(victim, USEC_PER_SEC);
		break;
	case 3:
		read_messages(victim, byte_reader_u8(in));
		break;
	default:
		receive(victim, in);
		transmit(victim);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct byte_reader in;
	byte_reader_init(&in, data, size);
	uint8_t kind = byte_reader_u8(&in);
	bool gns = kind & 1;
	const struct reliability_settings settings = {
		.payload_max = 1200,
		.send_buffer_size = 20000,
		.recv_buffer_size = BUFFER_SIZE,
		.recv_buffer_messages = MESSAGES_MAX,
		.recv_max_message_size = MESSAGE_MAX,
		.recv_max_segments_per_packet = 1300,
		.nagle_time = 5000,
		.send_rate_min = 16384,
		.send_rate_max = 2000000000,
		.peer_is_gns = gns,
		.window_frames = !gns,
		.sequenced = !gns && (kind & 2) == 0,
	};
	struct victim victim = { .now = USEC_PER_SEC, .received = 1, .sent = 1 };
	victim.reliability = reliability_new(victim.now, &settings);
	reliability_configure_lanes(victim.reliability, 4, NULL, NULL);
	for (int i = 0; i < STEPS_MAX && !victim.over && byte_reader_remaining(&in) > 0; i++) {
		step(&victim, &in);
		check_bounds(&victim);
	}
	reliability_destroy(victim.reliability);
	return 0;
}
