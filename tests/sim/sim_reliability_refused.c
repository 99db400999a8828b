/* sim_reliability_refused: a peer that tells no window and refuses what it has no room for, as GNS does:
 * its application does not read, or slowly. What is refused comes again, but must not flood the path.
 */
#include <stdio.h>

#include "sim/sim_reliability.h"

#define MESSAGE_SIZE 1000

struct row {
	const char *name;
	double delay_ms; /* one way */
	double loss;     /* percent, each way */
	double reads;    /* bytes/s of the slow reader; 0: it stops reading for a while */
	bool answers;    /* the reader sends messages of its own meanwhile: every gap is told at once */
};

static const struct row rows[] = {
	{ "stops reading, 40 us", 0.02, 0, 0, true },         { "stops reading and is silent, 40 us", 0.02, 0, 0, false },
	{ "stops reading, 50 ms", 25, 0, 0, true },           { "stops reading, 50 ms, 5 %", 25, 5, 0, true },
	{ "reads 256 KB/s, 40 us", 0.02, 0, 256e3, true },    { "reads 256 KB/s, silent, 40 us", 0.02, 0, 256e3, false },
	{ "reads 256 KB/s, 50 ms, 2 %", 25, 2, 256e3, true }, { "reads 4 MB/s, 2 ms", 1, 0, 4e6, true },
};

static struct sim_pair pair;

static void begin(const struct row *row)
{
	struct reliability_settings settings = sim_settings();
	struct sim_link_settings link = { .delay = (usec_t)(row->delay_ms * 1000),
		                              .loss = (uint32_t)(row->loss * 10000),
		                              .rate = 25000000,
		                              .queue = 262144 };
	settings.peer_is_gns = true;
	settings.window_frames = false;
	settings.recv_buffer_size = (int64_t)1024 * 1024;
	settings.recv_buffer_messages = 1000;
	sim_pair_init(&pair, 3, (struct reliability_settings[2]){ settings, settings },
	              (struct sim_link_settings[2]){ link, link });
	for (int i = 0; i < 2; i++)
		reliability_add_rtt_sample(pair.sides[i].reliability, pair.now, 2 * link.delay);
}

/* Sends as much as goes; the reader reads `reads` bytes/s, -1: all at once. */
static void run(const struct row *row, double seconds, double reads)
{
	usec_t end = pair.now + (usec_t)(seconds * 1e6);
	double owed = 0;
	pair.sides[1].reading = reads < 0;
	for (int tick = 0; pair.now < end && pair.failure == NULL; tick++) {
		while (sim_pair_send(&pair, 0, 0, MESSAGE_RELIABLE, MESSAGE_SIZE) == KITH_OK)
			;
		if (row->answers && tick % 10 == 0)
			sim_pair_send(&pair, 1, 0, MESSAGE_RELIABLE, 100);
		/* A game reads once a frame. */
		owed += reads / 1000;
		if (reads > 0 && tick % 16 == 0)
			owed -= MESSAGE_SIZE * sim_pair_read(&pair, 1, (int)(owed / MESSAGE_SIZE));
		else if (reads < 0)
			sim_pair_read(&pair, 1, 1 << 30);
		sim_pair_drain(&pair);
		sim_pair_run(&pair, pair.now + 1000);
	}
}

static bool report(const struct row *row, bool fine, const char *text)
{
	fine &= pair.failure == NULL;
	printf("%-36s %s%s%s\n", row->name, text, fine ? "" : " FAILED ", pair.failure != NULL ? pair.failure : "");
	sim_pair_free(&pair);
	return fine;
}

/* It stops for two seconds, in the first of which its buffers fill. */
static bool check_stop(const struct row *row)
{
	char text[160];
	begin(row);
	run(row, 0.3, -1);
	run(row, 1, 0);
	int64_t sent = pair.sides[0].packets_sent;
	run(row, 1, 0);
	int64_t asked = pair.sides[0].packets_sent - sent;
	int64_t before = pair.sides[1].bytes_received;
	run(row, 0.3, -1);
	int64_t after = pair.sides[1].bytes_received - before;
	snprintf(text, sizeof(text), "%lld packets in a second, then %.2f MB in 0.3 s", (long long)asked,
	         (double)after / 1e6);
	/* Its own messages are acknowledged meanwhile; what was unread is a megabyte. */
	return report(row, asked <= 25 + (row->answers ? 110 : 0) && after >= 1200000, text);
}

static bool check_slow(const struct row *row)
{
	char text[160];
	begin(row);
	run(row, 0.3, -1);
	run(row, 3, row->reads);
	int64_t before = pair.sides[1].bytes_received, sent = pair.sides[0].packets_sent;
	run(row, 5, row->reads);
	double goodput = (double)(pair.sides[1].bytes_received - before) / 5;
	double packets = (double)(pair.sides[0].packets_sent - sent) / 5;
	double needed = row->reads / 1200;
	snprintf(text, sizeof(text), "%.1f KB/s of %.0f, %.0f packets/s for %.0f", goodput / 1e3, row->reads / 1e3, packets,
	         needed);
	return report(row, goodput >= 0.95 * row->reads && packets <= 3 * needed + 300, text);
}

int main(void)
{
	int failed = 0;
	int count = (int)(sizeof(rows) / sizeof(*rows));
	for (int i = 0; i < count; i++)
		failed += rows[i].reads > 0 ? !check_slow(&rows[i]) : !check_stop(&rows[i]);
	printf("%d passed, %d failed\n", count - failed, failed);
	return failed != 0;
}
