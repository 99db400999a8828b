/* Messages of connections and poll groups: sending, receiving, and looking at them. */
#include <stdlib.h>
#include <string.h>

#include "messages.h"

/* --- sending */

static uint32_t flags_of(struct world *world, struct step *step)
{
	return value_mode(world, step, KITH_SEND_RELIABLE) |
	       (step_integer(step, "no_nagle", 0) != 0 ? (uint32_t)KITH_SEND_NO_NAGLE : 0) |
	       (step_integer(step, "no_delay", 0) != 0 ? (uint32_t)KITH_SEND_NO_DELAY : 0);
}

static struct kith_outgoing outgoing_of(struct world *world, struct step *step, unsigned argument, int64_t number)
{
	struct step_text content = value_content(world, step, argument, number);
	struct kith_outgoing outgoing = { .data = content.bytes, .size = content.size };

	outgoing.flags = flags_of(world, step);
	outgoing.lane = (int32_t)step_integer(step, "lane", 0);
	outgoing.ttl_us = step_integer(step, "ttl_us", 0);
	return outgoing;
}

struct lent_buffer {
	struct world *world;
	void *data;
};

static void on_buffer_release(void *user_data, void *data, size_t size)
{
	struct lent_buffer *lent = user_data;

	(void)size;
	if (data == lent->data)
		__atomic_sub_fetch(&lent->world->borrowed, 1, __ATOMIC_SEQ_CST);
	free(lent->data);
	free(lent);
}

/* A message object with all that the step says, around a buffer of ours if it `wraps`. */
static kith_result make_message(struct world *world, const struct kith_outgoing *outgoing, bool wraps,
                                kith_message **out_message)
{
	struct lent_buffer *lent;
	kith_result result;

	if (!wraps) {
		result = kith_message_new(outgoing->data, outgoing->size, out_message);
	} else {
		lent = world_new(sizeof(*lent));
		*lent = (struct lent_buffer){ world, world_new(outgoing->size) };
		if (outgoing->size > 0)
			memcpy(lent->data, outgoing->data, outgoing->size);
		result = kith_message_wrap(lent->data, outgoing->size, on_buffer_release, lent, out_message);
		if (result == KITH_OK) {
			__atomic_add_fetch(&world->borrowed, 1, __ATOMIC_SEQ_CST);
		} else {
			free(lent->data);
			free(lent);
		}
	}
	if (result != KITH_OK)
		return result;
	kith_message_set_flags(*out_message, outgoing->flags);
	kith_message_set_lane(*out_message, outgoing->lane);
	kith_message_set_ttl_us(*out_message, outgoing->ttl_us);
	kith_message_set_user_data(*out_message, 42);
	VERBS_EXPECT(world,
	             kith_message_ttl_us(*out_message) == outgoing->ttl_us && kith_message_number(*out_message) == 0 &&
	                 kith_message_user_data(*out_message) == 42,
	             "a message is not what was set");
	return KITH_OK;
}

static kith_result send_as_message(struct world *world, kith_connection connection,
                                   const struct kith_outgoing *outgoing, bool wraps, int64_t *out_number)
{
	kith_message *message;
	kith_result result = make_message(world, outgoing, wraps, &message);

	if (result != KITH_OK)
		return result;
	result = kith_connection_send_message(connection, message, out_number);
	if (result != KITH_OK)
		kith_message_release(message);
	return result;
}

static kith_result send_one(struct world *world, struct step *step)
{
	kith_connection connection = world_argument(world, step, 0, OBJECT_CONNECTION)->handle;
	struct kith_outgoing outgoing = outgoing_of(world, step, 1, 0);
	const char *by = step_string(step, "by");
	int64_t wanted = step_integer(step, "number", 0), number = wanted;
	kith_result result;

	if (by != NULL && strcmp(by, "copy") != 0) {
		result = send_as_message(world, connection, &outgoing, strcmp(by, "wrap") == 0, &number);
	} else if (outgoing.ttl_us != 0) {
		result = kith_connection_send_batch(connection, &outgoing, 1);
		result = result > 0 ? KITH_OK : result;
	} else {
		result = kith_connection_send(connection, outgoing.data, outgoing.size, outgoing.flags, outgoing.lane, &number);
	}
	VERBS_EXPECT(world, result != KITH_OK || wanted == 0 || number == wanted, "it has number %lld", (long long)number);
	return result;
}

static int32_t send_messages(struct world *world, kith_connection connection, const struct kith_outgoing *outgoing,
                             size_t count)
{
	kith_message **messages = world_temporary(world, count * sizeof(kith_message *));
	int32_t sent;

	for (size_t i = 0; i < count; i++)
		make_message(world, &outgoing[i], false, &messages[i]);
	sent = kith_connection_send_messages(connection, messages, count);
	kith_message_release_batch(messages + (sent > 0 ? sent : 0), count - (size_t)(sent > 0 ? sent : 0));
	return sent;
}

static kith_result send_batch(struct world *world, struct step *step)
{
	kith_connection connection = world_argument(world, step, 0, OBJECT_CONNECTION)->handle;
	size_t count = (size_t)step_integer(step, "count", 1);
	struct kith_outgoing *outgoing = world_temporary(world, count * sizeof(*outgoing));
	const char *by = step_string(step, "by");
	int64_t wanted = step_integer(step, "sent", (int64_t)count);
	int32_t sent;

	for (size_t i = 0; i < count; i++)
		outgoing[i] = outgoing_of(world, step, 1, (int64_t)i);
	if (by != NULL && strcmp(by, "message") == 0)
		sent = send_messages(world, connection, outgoing, count);
	else
		sent = kith_connection_send_batch(connection, outgoing, count);
	if (sent < 0)
		return sent;
	VERBS_EXPECT(world, sent == wanted, "%d were sent", sent);
	return KITH_OK;
}

/* --- receiving */

struct receipt {
	const struct object *from; /* a connection or poll group */
	kith_message *messages[64];
	int32_t max, count; /* count below 0: a result */
};

static bool receive_some(struct world *world, void *data)
{
	struct receipt *receipt = data;

	(void)world;
	if (receipt->from->kind == OBJECT_GROUP)
		receipt->count = kith_poll_group_receive(receipt->from->handle, receipt->messages, receipt->max);
	else
		receipt->count = kith_connection_receive(receipt->from->handle, receipt->messages, receipt->max);
	return receipt->count != 0;
}

static const struct object *receiver_of(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, 0);
	struct object *object = name != NULL ? world_look_up(world, name->bytes) : NULL;

	return object != NULL && object->kind == OBJECT_GROUP ? object : world_argument(world, step, 0, OBJECT_CONNECTION);
}

static kith_result receive(struct world *world, struct step *step)
{
	struct receipt receipt = { .from = receiver_of(world, step), .max = 1 };
	const char *keep = step_string(step, "keep");

	if (!world_await(world, receive_some, &receipt, step->fails != NULL ? 0 : WORLD_PATIENCE_US))
		world_fail(world, "nothing came in time");
	if (receipt.count <= 0)
		return receipt.count;
	VERBS_EXPECT(world,
	             receipt.from->kind == OBJECT_GROUP ||
	                 kith_message_connection(receipt.messages[0]) == receipt.from->handle,
	             "it came by another connection");
	messages_check(world, step, 1, 0, receipt.messages[0]);
	if (keep != NULL) {
		struct step named = { .arguments = { { keep, strlen(keep) } }, .arguments_count = 1 };
		world_add(world, &named, OBJECT_MESSAGE)->message = kith_message_ref(receipt.messages[0]);
	}
	kith_message_release(receipt.messages[0]);
	return KITH_OK;
}

static kith_result receive_batch(struct world *world, struct step *step)
{
	struct receipt receipt = { .from = receiver_of(world, step) };
	int64_t count = step_integer(step, "count", 1), max = step_integer(step, "max", 64);

	for (int64_t done = 0; done < count; done += receipt.count) {
		receipt.max = (int32_t)(count - done < max ? count - done : max);
		if (!world_await(world, receive_some, &receipt, WORLD_PATIENCE_US))
			world_fail(world, "only %lld came in time", (long long)done);
		if (receipt.count <= 0)
			return receipt.count;
		for (int32_t i = 0; i < receipt.count; i++)
			messages_check(world, step, 1, done + i, receipt.messages[i]);
		kith_message_release_batch(receipt.messages, (size_t)receipt.count);
	}
	return KITH_OK;
}

static kith_result nothing(struct world *world, struct step *step)
{
	struct receipt receipt = { .from = receiver_of(world, step), .max = 1 };

	if (step_integer(step, "for_us", 0) > 0)
		world_pause(world, step_integer(step, "for_us", 0));
	if (!receive_some(world, &receipt))
		return KITH_OK;
	if (receipt.count < 0)
		return receipt.count;
	world_fail(world, "something came: %.60s", (const char *)kith_message_data(receipt.messages[0]));
	kith_message_release(receipt.messages[0]);
	return KITH_OK;
}

/* --- kept ones */

static kith_result message_is(struct world *world, struct step *step)
{
	messages_check(world, step, 1, 0, world_argument(world, step, 0, OBJECT_MESSAGE)->message);
	return KITH_OK;
}

static kith_result release(struct world *world, struct step *step)
{
	struct object *object = world_argument(world, step, 0, OBJECT_MESSAGE);

	kith_message_release(object->message);
	object->message = NULL;
	return KITH_OK;
}

const struct verb verbs_message[] = { { "send", send_one },   { "send_batch", send_batch },
	                                  { "receive", receive }, { "receive_batch", receive_batch },
	                                  { "nothing", nothing }, { "message", message_is },
	                                  { "release", release }, { 0 } };
