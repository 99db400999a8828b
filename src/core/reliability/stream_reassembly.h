/* stream_reassembly: the reliable byte stream of one lane, back into messages.
 *
 * Owns: the position of the next byte to be parsed, bytes that came before their turn, the message
 * that is half there. A byte is copied once, into its message, unless it comes before its
 * message's header.
 * Does not know: packets, other lanes (what they share is struct reassembly), who reads messages.
 */
#ifndef RELIABILITY_STREAM_REASSEMBLY_H
#define RELIABILITY_STREAM_REASSEMBLY_H

#include "core/base/seq_ranges.h"
#include "core/reliability/lane_numbers.h"
#include "core/reliability/message_queue.h"
#include "core/reliability/stream_store.h"
#include "core/types/message_pool.h"
#include "core/wire/frame_segment.h"

/* What all lanes of a connection share while they receive. */
struct reassembly {
	struct message_queue inbox; /* complete messages that nobody has taken yet */
	struct stream_pool pool;
	struct message_pool *messages; /* where messages come from; null: the allocator */
	int64_t buffer_size;           /* limits: bytes, messages, bytes of one message */
	int64_t buffer_messages;
	int64_t message_size_max;
	bool sequenced;             /* both sides know the mark of sequenced messages */
	int64_t stream_consumed;    /* bytes of all lanes' streams that were parsed */
	int64_t messages_completed; /* reliable ones of all lanes */
	uint64_t messages_late;     /* sequenced ones that came after a newer one, and were dropped */
	usec_t now;
	const char *violation; /* set when a function returns STREAM_VIOLATION */
};

/* True if the inbox takes another message. Half messages are not counted: each lane may have one,
 * or lanes could wait for each other for ever. */
bool stream_reassembly_has_room(const struct reassembly *shared);

struct stream_reassembly {
	int64_t position;       /* next byte to parse; the first is 1 */
	struct seq_ranges held; /* what lies above it; within the partial message's range the bytes are
	                         * in the message, above that in the store */
	struct stream_store store;
	struct message *partial;
	size_t partial_filled;
	int64_t number; /* of the last reliable message whose header was parsed */
	uint16_t lane;
	uint8_t header_size; /* bytes of an incomplete message header */
	uint8_t header[STREAM_HEADER_SIZE_MAX];
};

enum stream_result {
	STREAM_OK,
	STREAM_REFUSED, /* could not be kept, in part or wholly */
	STREAM_VIOLATION,
};

void stream_reassembly_init(struct stream_reassembly *stream, uint16_t lane);
void stream_reassembly_free(struct stream_reassembly *stream, struct reassembly *shared);

/* The next byte never seen: what absolute positions on the wire are expanded against. */
int64_t stream_reassembly_expected(const struct stream_reassembly *stream);

/* A segment. `numbers`: the lane's, of both kinds. */
enum stream_result stream_reassembly_receive(struct stream_reassembly *stream, struct reassembly *shared,
                                             struct lane_numbers *numbers, int64_t position, const uint8_t *bytes,
                                             size_t size);
/* True if bytes that are next wait for room in the inbox. */
bool stream_reassembly_is_stalled(const struct stream_reassembly *stream);
/* There is room in the inbox again: parses what waits. */
enum stream_result stream_reassembly_resume(struct stream_reassembly *stream, struct reassembly *shared,
                                            struct lane_numbers *numbers);

#endif
