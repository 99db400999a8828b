#include "core/messages/message_channel.h"

#include "core/base/list.h"

/* Empty channels that keep their place: those in use would come and go with every message. */
#define CHANNELS_KEPT_MAX 256u
/* Items kept for the next messages. */
#define SPARE_MAX 1024u

void message_channel_init(struct message_channels *channels, uint64_t hash_key)
{
	*channels = (struct message_channels){ .hash_key = hash_key };
}

static void forget(struct message_channels *channels, struct message_channel *channel)
{
	if (channel->is_news)
		DL_DELETE2(channels->news, channel, news_prev, news_next);
	HASH_DELETE(hh, channels->by_number, channel);
	alloc_free(channel);
}

void message_channel_free(struct message_channels *channels)
{
	struct message_channel *channel, *next;

	HASH_ITER (hh, channels->by_number, channel, next)
		forget(channels, channel);
	while (channels->spare != NULL) {
		struct message_item *item = channels->spare;
		channels->spare = item->next;
		alloc_free(item);
	}
	channels->spare_count = 0;
}

static unsigned hash_number(const struct message_channels *channels, int32_t number)
{
	return hash_value(hash_u64(channels->hash_key, (uint64_t)(int64_t)number));
}

static struct message_channel *find(const struct message_channels *channels, int32_t number)
{
	struct message_channel *channel;

	HASH_FIND_BYHASHVALUE(hh, channels->by_number, &number, sizeof number, hash_number(channels, number), channel);
	return channel;
}

static struct message_channel *find_or_add(struct message_channels *channels, int32_t number)
{
	struct message_channel *channel = find(channels, number);

	if (channel != NULL)
		return channel;
	channel = alloc_zeroed(sizeof *channel);
	channel->number = number;
	HASH_ADD_BYHASHVALUE(hh, channels->by_number, number, sizeof channel->number, hash_number(channels, number),
	                     channel);
	return channel;
}

/* What comes next is news again. */
static void on_emptied(struct message_channels *channels, struct message_channel *channel)
{
	channel->told = false;
	if (HASH_COUNT(channels->by_number) > CHANNELS_KEPT_MAX)
		forget(channels, channel);
}

/* --- items */

static struct message_item *take_spare(struct message_channels *channels)
{
	struct message_item *item = channels->spare;

	if (item == NULL)
		return alloc_zeroed(sizeof *item);
	channels->spare = item->next;
	channels->spare_count--;
	return item;
}

static void give_spare(struct message_channels *channels, struct message_item *item)
{
	if (channels->spare_count == SPARE_MAX) {
		alloc_free(item);
		return;
	}
	item->next = channels->spare;
	channels->spare = item;
	channels->spare_count++;
}

/* Out of both queues. The reference of the message is the caller's. */
static struct message *remove_item(struct message_channels *channels, struct message_item *item)
{
	struct message *message = item->message;
	struct message_channel *channel = item->channel;

	DL_DELETE(channel->items, item);
	DL_DELETE2(item->inbox->items, item, own_prev, own_next);
	item->inbox->bytes -= (int64_t)message->size;
	item->inbox->count--;
	give_spare(channels, item);
	if (channel->items == NULL)
		on_emptied(channels, channel);
	return message;
}

/* --- in and out */

void message_channel_push(struct message_channels *channels, struct message_inbox *inbox, struct message *message)
{
	struct message_channel *channel = find_or_add(channels, message->channel);
	struct message_item *item = take_spare(channels);

	item->message = message;
	item->channel = channel;
	item->inbox = inbox;
	DL_APPEND(channel->items, item);
	DL_APPEND2(inbox->items, item, own_prev, own_next);
	inbox->bytes += (int64_t)message->size;
	inbox->count++;
	if (channel->told)
		return;
	channel->told = true;
	if (channel->is_news)
		return;
	channel->is_news = true;
	DL_APPEND2(channels->news, channel, news_prev, news_next);
}

struct message *message_channel_pop(struct message_channels *channels, int32_t number, struct message_inbox **inbox)
{
	struct message_channel *channel = find(channels, number);

	if (channel == NULL || channel->items == NULL)
		return NULL;
	*inbox = channel->items->inbox;
	return remove_item(channels, channel->items);
}

int64_t message_channel_drop(struct message_channels *channels, struct message_inbox *inbox, int32_t number)
{
	struct message_item *item, *next;
	int64_t count = 0;

	DL_FOREACH_SAFE2(inbox->items, item, next, own_next)
	{
		if (item->channel->number != number)
			continue;
		message_unref(remove_item(channels, item));
		count++;
	}
	return count;
}

void message_channel_drop_all(struct message_channels *channels, struct message_inbox *inbox)
{
	while (inbox->items != NULL)
		message_unref(remove_item(channels, inbox->items));
}

bool message_channel_next_news(struct message_channels *channels, int32_t *number)
{
	while (channels->news != NULL) {
		struct message_channel *channel = channels->news;
		DL_DELETE2(channels->news, channel, news_prev, news_next);
		channel->is_news = false;
		*number = channel->number;
		/* It may have been read or dropped meanwhile. */
		if (channel->items != NULL)
			return true;
	}
	return false;
}
