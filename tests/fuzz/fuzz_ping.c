/* Messages that come to `kith ping`: the first byte says how many pings are out, then each message has a byte of
 * length; one that begins with the byte 'o' gets our nonce, as a peer that echoes would send it. */
#include <stdlib.h>
#include <string.h>

#include "cli/ping_track.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct ping_track *track, uint8_t *message, size_t size, int64_t now)
{
	uint32_t number, before = track->received;
	int64_t took;

	if (size >= sizeof(track->nonce) && message[0] == 'o')
		memcpy(message, track->nonce, sizeof(track->nonce));
	if (!ping_track_is_ours(track, message, size)) {
		(void)ping_track_remaining(message, size);
		return;
	}
	if (size < PING_TRACK_HEADER)
		abort();
	took = ping_track_read(track, message, now, &number);
	if (took >= 0 && (number == 0 || number > track->sent || track->received != before + 1))
		abort();
	if (took < 0 && track->received != before)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ping_track track;
	struct ping_summary summary;

	if (size < 1 || !ping_track_init(&track))
		return 0;
	for (int i = 0; i < data[0]; i++)
		ping_track_on_sent(&track, 1000 + i);
	for (size_t at = 1; at < size && at + 1 + data[at] <= size; at += (size_t)1 + data[at]) {
		uint8_t *message = malloc((size_t)data[at] + 1);
		memcpy(message, data + at + 1, data[at]);
		take(&track, message, data[at], 5000);
		free(message);
	}
	ping_track_sum_up(&track, &summary);
	/* Nothing came back that had not been sent, or twice. */
	if (summary.received > summary.sent || summary.lost + summary.received != summary.sent)
		abort();
	ping_track_free(&track);
	return 0;
}
