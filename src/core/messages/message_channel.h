/* message_channel: what arrived without a connection, by channel and in order of arrival.
 *
 * Owns: the queue of each channel with one reference of each message, which of them are whose, and
 * the news that a channel has something again.
 * Does not know: sessions (an inbox is one's share of the queues), connections.
 */
#ifndef MESSAGES_MESSAGE_CHANNEL_H
#define MESSAGES_MESSAGE_CHANNEL_H

#include "core/base/hash.h"
#include "core/types/message.h"

struct message_channel;

/* One message, in the queue of its channel and in the inbox of its session. */
struct message_item {
	struct message_item *next, *prev;
	struct message_item *own_next, *own_prev;
	struct message *message;
	struct message_channel *channel;
	struct message_inbox *inbox;
};

/* What one session has received and nobody has taken. */
struct message_inbox {
	struct message_item *items;
	int64_t bytes;
	int64_t count;
	void *owner;
};

struct message_channel {
	int32_t number;
	struct message_item *items;
	bool told; /* that it has something; until it is empty */
	bool is_news;
	struct message_channel *news_next, *news_prev;
	UT_hash_handle hh;
};

struct message_channels {
	uint64_t hash_key;
	struct message_channel *by_number;
	struct message_channel *news;
	struct message_item *spare; /* linked by next */
	unsigned spare_count;
};

void message_channel_init(struct message_channels *channels, uint64_t hash_key);
/* The inboxes must have been emptied. */
void message_channel_free(struct message_channels *channels);

/* Takes the caller's reference; message->channel says where to. */
void message_channel_push(struct message_channels *channels, struct message_inbox *inbox, struct message *message);
/* The oldest message of a channel, whose reference is the caller's then, and whose it was; or null. */
struct message *message_channel_pop(struct message_channels *channels, int32_t number, struct message_inbox **inbox);
/* Drops what a session has in one channel; returns how many messages. */
int64_t message_channel_drop(struct message_channels *channels, struct message_inbox *inbox, int32_t number);
void message_channel_drop_all(struct message_channels *channels, struct message_inbox *inbox);
/* A channel that was empty and is not any more. False: no news. */
bool message_channel_next_news(struct message_channels *channels, int32_t *number);

#endif
