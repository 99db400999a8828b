#include "cli/ping_track.h"

#include <stdlib.h>
#include <sys/random.h>

bool ping_track_init(struct ping_track *track)
{
	*track = (struct ping_track){ 0 };
	track->sent_usec = calloc(PING_TRACK_WINDOW, sizeof(int64_t));
	return track->sent_usec != NULL && getrandom(track->nonce, sizeof(track->nonce), 0) == sizeof(track->nonce);
}

void ping_track_free(struct ping_track *track)
{
	free(track->sent_usec);
	free(track->samples);
}

static void write_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t read_u32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void ping_track_write(const struct ping_track *track, uint8_t *message, uint32_t remaining)
{
	for (size_t i = 0; i < sizeof(track->nonce); i++)
		message[i] = track->nonce[i];
	write_u32(message + 8, track->sent + 1);
	write_u32(message + 12, remaining);
}

void ping_track_on_sent(struct ping_track *track, int64_t now)
{
	track->sent++;
	track->sent_usec[track->sent % PING_TRACK_WINDOW] = now;
}

bool ping_track_is_ours(const struct ping_track *track, const void *message, size_t size)
{
	const uint8_t *bytes = message;
	bool same = size >= PING_TRACK_HEADER;

	for (size_t i = 0; same && i < sizeof(track->nonce); i++)
		same = bytes[i] == track->nonce[i];
	return same;
}

/* Without memory for it the sample is not kept; the count is right all the same. */
static void keep_sample(struct ping_track *track, int64_t rtt)
{
	size_t at = (track->received - 1) % PING_TRACK_SAMPLES;

	if (at >= track->samples_capacity) {
		size_t capacity = track->samples_capacity > 0 ? track->samples_capacity * 2 : 1024;
		int64_t *grown = realloc(track->samples, capacity * sizeof(int64_t));
		if (grown == NULL)
			return;
		track->samples = grown;
		track->samples_capacity = capacity;
	}
	track->samples[at] = rtt;
}

int64_t ping_track_read(struct ping_track *track, const void *message, int64_t now, uint32_t *number)
{
	int64_t *sent;
	int64_t rtt;

	*number = read_u32((const uint8_t *)message + 8);
	if (*number == 0 || *number > track->sent || track->sent - *number >= PING_TRACK_WINDOW)
		return -1;
	sent = &track->sent_usec[*number % PING_TRACK_WINDOW];
	if (*sent == 0)
		return -1;
	rtt = now > *sent ? now - *sent : 0;
	*sent = 0;
	track->received++;
	keep_sample(track, rtt);
	return rtt;
}

uint32_t ping_track_remaining(const void *message, size_t size)
{
	return size >= PING_TRACK_HEADER ? read_u32((const uint8_t *)message + 12) : PING_TRACK_ENDLESS;
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

void ping_track_sum_up(struct ping_track *track, struct ping_summary *out)
{
	size_t count = track->received < PING_TRACK_SAMPLES ? track->received : PING_TRACK_SAMPLES;

	*out = (struct ping_summary){ .sent = track->sent, .received = track->received };
	out->lost = track->sent - track->received;
	if (count > track->samples_capacity)
		count = track->samples_capacity;
	if (count == 0)
		return;
	qsort(track->samples, count, sizeof(int64_t), compare);
	out->min = track->samples[0];
	out->p50 = track->samples[(count - 1) / 2];
	out->p99 = track->samples[(count - 1) * 99 / 100];
	out->max = track->samples[count - 1];
}
