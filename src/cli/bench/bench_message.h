/* bench_message: messages that tell when they were lost, doubled, moved or damaged.
 *
 * Owns: their form: 8 bytes number from 0 up, 8 bytes hash of the content and the number, content.
 * Does not know: who carries them.
 */
#ifndef CLI_BENCH_MESSAGE_H
#define CLI_BENCH_MESSAGE_H

#include "cli/bench/bench_peer.h"

enum { BENCH_MESSAGE_MIN = 24 };

/* Where messages come from. A batch has as many contents as messages, all prepared. */
struct bench_source {
	size_t size;
	uint64_t next; /* number of the first of the next batch */
	uint8_t *bytes;
	uint64_t hashes[BENCH_BATCH];
	const uint8_t *messages[BENCH_BATCH];
};

void bench_source_init(struct bench_source *source, size_t size);
void bench_source_free(struct bench_source *source);
/* The next `count` messages; the same ones until bench_source_sent(). */
const uint8_t *const *bench_source_prepare(struct bench_source *source, int count);
void bench_source_sent(struct bench_source *source, int count);

/* Where they end. */
struct bench_sink {
	size_t size;
	bool in_order;    /* each once, in order; else at most once */
	uint64_t count;   /* arrived */
	uint64_t highest; /* number after the highest that arrived */
	uint64_t seen_max;
	uint64_t *seen; /* a bit for each number; null: in_order */
	char fault[96]; /* of the first message that was wrong; empty: none was */
};

void bench_sink_init(struct bench_sink *sink, size_t size, bool in_order);
void bench_sink_free(struct bench_sink *sink);
/* A bench_take_fn; `data` is the sink. */
void bench_sink_take(void *data, const uint8_t *bytes, size_t size);

#endif
