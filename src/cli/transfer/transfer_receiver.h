/* transfer_receiver: the receiving half of a transfer on one connection.
 *
 * Owns: the entries announced and not done, which of them is coming; every message is checked
 * against that.
 * Does not know: connections. Messages are pushed in; each has at most one answer.
 */
#ifndef CLI_TRANSFER_TRANSFER_RECEIVER_H
#define CLI_TRANSFER_TRANSFER_RECEIVER_H

#include "cli/transfer/transfer_sink.h"

/* The fate of a file: `text` is empty, or says why it is not there. `resumed`: bytes that were. */
typedef void transfer_receiver_result_fn(void *owner, const struct transfer_sink_entry *entry, int64_t resumed,
                                         const char *text);

struct transfer_receiver {
	struct transfer_sink sink;
	transfer_receiver_result_fn *on_result;
	void *owner;
	bool greeted;
	uint8_t id[TRANSFER_ID_SIZE];
	uint32_t count;
	int64_t size; /* of all; -1: unknown */
	struct transfer_sink_entry *waiting[TRANSFER_AHEAD_MAX];
	struct transfer_sink_entry *current; /* one of them; null: none */
	bool discarding;                     /* the rest of an entry that failed */
	uint32_t discarded;                  /* which */
	int64_t resumed;
	int64_t passed; /* bytes that need not come any more */
	uint32_t done, failed;
	bool complete;
};

/* False: errno says why the folder cannot be used. */
bool transfer_receiver_init(struct transfer_receiver *receiver, const char *folder, bool overwrite,
                            transfer_receiver_result_fn *on_result, void *owner);
void transfer_receiver_free(struct transfer_receiver *receiver);
/* False: not what a sender says here. `*reply_size`: of the answer in `reply` (TRANSFER_FRAME_MAX), 0:
 * there is none. */
bool transfer_receiver_receive(struct transfer_receiver *receiver, const uint8_t *bytes, size_t size, uint8_t *reply,
                               size_t *reply_size);

#endif
