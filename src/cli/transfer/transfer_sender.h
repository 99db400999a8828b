/* transfer_sender: the sending half of a transfer, one message after the other.
 *
 * Owns: which entry has come how far, over any number of connections; the file being read.
 * Does not know: connections. Messages are pulled when there is room for one, answers pushed in.
 */
#ifndef CLI_TRANSFER_TRANSFER_SENDER_H
#define CLI_TRANSFER_TRANSFER_SENDER_H

#include "cli/transfer/transfer_digest.h"
#include "cli/transfer/transfer_source.h"

/* A message of the largest kind: DATA. */
enum { TRANSFER_CHUNK = 64 * 1024, TRANSFER_MESSAGE_MAX = TRANSFER_CHUNK + 1 };

enum transfer_sender_state {
	TRANSFER_SENDER_NEW,       /* the peer does not know of it */
	TRANSFER_SENDER_ANNOUNCED, /* it does, and has not answered */
	TRANSFER_SENDER_READY,     /* it said what it has */
	TRANSFER_SENDER_SENT,      /* all of it is on its way */
	TRANSFER_SENDER_DONE,      /* the peer has it, or will not */
};

struct transfer_sender_entry {
	enum transfer_sender_state state;
	bool failed;
	enum transfer_have have;
	int64_t have_size;
	uint8_t have_hash[TRANSFER_HASH_SIZE];
	int64_t resumed; /* bytes the peer had */
	uint8_t hash[TRANSFER_HASH_SIZE];
	int64_t size; /* once sent */
};

struct transfer_sender;

/* The fate of an entry: `text` is empty, or says why the peer does not have it. */
typedef void transfer_sender_result_fn(void *owner, const struct transfer_sender *sender, uint32_t index,
                                       const char *text);

struct transfer_sender {
	const struct transfer_source *source; /* borrowed */
	struct transfer_sender_entry *entries;
	uint8_t id[TRANSFER_ID_SIZE];
	transfer_sender_result_fn *on_result;
	void *owner;
	bool hello_sent, done_sent;
	uint32_t announced;   /* the first that is not, on this connection */
	uint32_t outstanding; /* announced and not done */
	uint32_t current;     /* the first that is neither sent nor done */
	uint32_t done;
	int fd; /* of `current`; -1: not begun */
	bool give_up;
	char why[TRANSFER_TEXT_MAX];
	bool stream_begun; /* standard input cannot be read again */
	struct transfer_digest digest;
	int64_t passed; /* bytes that need not be sent any more */
};

void transfer_sender_init(struct transfer_sender *sender, const struct transfer_source *source,
                          transfer_sender_result_fn *on_result, void *owner);
void transfer_sender_free(struct transfer_sender *sender);
/* The next message into `out` (TRANSFER_MESSAGE_MAX). Returns its size; 0: the peer has to say
 * something first, or all is done. */
size_t transfer_sender_next(struct transfer_sender *sender, uint8_t *out);
/* False: not an answer. */
bool transfer_sender_receive(struct transfer_sender *sender, const uint8_t *bytes, size_t size);
/* A new connection: what the peer does not have whole begins anew, from where it says. False: that
 * cannot be, as standard input has been read. */
bool transfer_sender_restart(struct transfer_sender *sender);
/* The peer knows that all is done. */
bool transfer_sender_is_complete(const struct transfer_sender *sender);

#endif
