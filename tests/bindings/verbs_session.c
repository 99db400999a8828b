/* Messages to an identity, and their sessions. */
#include "messages.h"

static kith_endpoint endpoint_of(struct world *world, struct step *step, struct kith_identity *peer)
{
	value_identity(world, step_string(step, "peer"), peer);
	return world_argument(world, step, 0, OBJECT_ENDPOINT)->handle;
}

static kith_result send_to(struct world *world, struct step *step)
{
	struct kith_identity peer;
	kith_endpoint endpoint = endpoint_of(world, step, &peer);
	struct step_text content = value_content(world, step, 1, 0);
	uint32_t flags = value_mode(world, step, KITH_SEND_RELIABLE);

	if (step_integer(step, "no_nagle", 0) != 0)
		flags |= KITH_SEND_NO_NAGLE;
	if (step_integer(step, "restart", 0) != 0)
		flags |= KITH_SEND_AUTO_RESTART;
	return kith_messages_send(endpoint, &peer, (int32_t)step_integer(step, "channel", 0), content.bytes, content.size,
	                          flags);
}

struct receipt {
	kith_endpoint endpoint;
	int32_t channel, count;
	kith_message *message;
};

static bool receive_one(struct world *world, void *data)
{
	struct receipt *receipt = data;

	(void)world;
	receipt->count = kith_messages_receive(receipt->endpoint, receipt->channel, &receipt->message, 1);
	return receipt->count != 0;
}

static struct receipt receipt_of(struct world *world, struct step *step)
{
	struct receipt receipt = { .endpoint = world_argument(world, step, 0, OBJECT_ENDPOINT)->handle };

	receipt.channel = (int32_t)step_integer(step, "channel", 0);
	return receipt;
}

static kith_result receive_from(struct world *world, struct step *step)
{
	struct receipt receipt = receipt_of(world, step);

	if (!world_await(world, receive_one, &receipt, step->fails != NULL ? 0 : WORLD_PATIENCE_US))
		world_fail(world, "nothing came in time");
	if (receipt.count <= 0)
		return receipt.count;
	messages_check(world, step, 1, 0, receipt.message);
	VERBS_EXPECT(world, kith_message_connection(receipt.message) == KITH_NO_HANDLE, "it has a connection");
	kith_message_release(receipt.message);
	return KITH_OK;
}

static kith_result nothing_on(struct world *world, struct step *step)
{
	struct receipt receipt = receipt_of(world, step);

	world_pause(world, step_integer(step, "for_us", 0));
	if (!receive_one(world, &receipt) || receipt.count < 0)
		return receipt.count;
	world_fail(world, "something came: %.60s", (const char *)kith_message_data(receipt.message));
	kith_message_release(receipt.message);
	return KITH_OK;
}

static kith_result accept_session(struct world *world, struct step *step)
{
	struct kith_identity peer;
	kith_endpoint endpoint = endpoint_of(world, step, &peer);

	return kith_messages_accept(endpoint, &peer);
}

static kith_result close_session(struct world *world, struct step *step)
{
	struct kith_identity peer;
	kith_endpoint endpoint = endpoint_of(world, step, &peer);

	return kith_messages_close(endpoint, &peer, step_integer(step, "linger_us", 0));
}

static kith_result close_channel(struct world *world, struct step *step)
{
	struct kith_identity peer;
	kith_endpoint endpoint = endpoint_of(world, step, &peer);

	return kith_messages_close_channel(endpoint, &peer, (int32_t)step_integer(step, "channel", 0));
}

static kith_result flush_session(struct world *world, struct step *step)
{
	struct kith_identity peer;
	kith_endpoint endpoint = endpoint_of(world, step, &peer);

	return kith_messages_flush(endpoint, &peer);
}

const struct verb verbs_session[] = { { "send_to", send_to },
	                                  { "receive_from", receive_from },
	                                  { "nothing_on", nothing_on },
	                                  { "accept_session", accept_session },
	                                  { "close_session", close_session },
	                                  { "close_channel", close_channel },
	                                  { "flush_session", flush_session },
	                                  { 0 } };
