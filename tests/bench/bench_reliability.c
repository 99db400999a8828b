/* bench_reliability: what a packet costs in reliability alone: no sockets, no encryption, no links.
 * A manual tool: two machines, packets handed over at once, time per packet of both sides.
 *
 *   bench_reliability [MESSAGE_SIZE [MEGABYTES [LOSS_PERCENT]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/reliability/reliability.h"

#define BATCH 32
#define OVERHEAD 23

static double seconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct bench {
	struct reliability *side[2];
	int64_t number[2];
	usec_t now;
	int64_t received;
	int64_t messages;
	int64_t packets[2];
	unsigned loss; /* of 1000 */
	unsigned dice;
};

static void carry(struct bench *bench, int from)
{
	static uint8_t payload[BATCH][1500];
	static size_t sizes[BATCH];
	static int64_t numbers[BATCH];
	int count = 0;
	struct reliability *sender = bench->side[from];
	for (; count < BATCH && reliability_wants_to_send(sender, bench->now); count++) {
		numbers[count] = bench->number[from]++;
		sizes[count] = reliability_write_packet(sender, bench->now, numbers[count], payload[count], 1236, 0);
		reliability_on_sent(sender, bench->now, numbers[count], sizes[count] + OVERHEAD);
	}
	bench->packets[from] += count;
	bench->now += 10;
	for (int i = 0; i < count; i++) {
		bench->dice = bench->dice * 1103515245 + 12345;
		if ((bench->dice >> 16) % 1000 < bench->loss)
			continue;
		reliability_receive_packet(bench->side[1 - from], bench->now, numbers[i], payload[i], sizes[i],
		                           RELIABILITY_TAKE_UNRELIABLE);
	}
	struct message *message;
	while ((message = reliability_next_message(bench->side[1 - from], bench->now)) != NULL) {
		bench->received += (int64_t)message->size;
		bench->messages++;
		message_unref(message);
	}
}

int main(int argc, char **argv)
{
	size_t size = argc > 1 ? (size_t)atoi(argv[1]) : 1200;
	int64_t total = (argc > 2 ? atoll(argv[2]) : 500) * 1000000;
	struct reliability_settings settings = {
		.payload_max = 1236,
		.send_buffer_size = 4 << 20,
		.recv_buffer_size = 4 << 20,
		.recv_buffer_messages = 16384,
		.recv_max_message_size = 524288,
		.recv_max_segments_per_packet = 1300,
		.nagle_time = 5000,
		.send_rate_min = 16384,
		.send_rate_max = 4000000000,
		.window_frames = true,
	};
	struct bench bench = { .now = 1000000, .number = { 2, 2 } };
	bench.loss = argc > 3 ? (unsigned)(atof(argv[3]) * 10) : 0;
	for (int i = 0; i < 2; i++)
		bench.side[i] = reliability_new(bench.now, &settings);
	double start = seconds();
	while (bench.received < total) {
		for (int i = 0; i < 64; i++) {
			struct message *message = message_new(size);
			message->flags = MESSAGE_RELIABLE;
			if (reliability_enqueue(bench.side[0], bench.now, message) != KITH_OK) {
				message_unref(message);
				break;
			}
		}
		int64_t before = bench.received;
		carry(&bench, 0);
		carry(&bench, 1);
		for (int i = 0; i < 2; i++)
			if (reliability_next_timeout(bench.side[i]) <= bench.now)
				reliability_handle_timeout(bench.side[i], bench.now);
		if (bench.received == before) {
			usec_t next = usec_min(reliability_next_timeout(bench.side[0]), reliability_next_timeout(bench.side[1]));
			if (next > bench.now && next != USEC_NEVER)
				bench.now = next;
			for (int i = 0; i < 2; i++)
				reliability_handle_timeout(bench.side[i], bench.now);
		}
	}
	double spent = seconds() - start;
	printf("%zu-byte messages: %.0f ns per data packet, %.0f ns per message, %.0f MB/s of CPU; %lld + %lld packets\n",
	       size, spent * 1e9 / (double)bench.packets[0], spent * 1e9 / (double)bench.messages,
	       (double)bench.received / spent / 1e6, (long long)bench.packets[0], (long long)bench.packets[1]);
	reliability_destroy(bench.side[0]);
	reliability_destroy(bench.side[1]);
	return 0;
}
