/* Two peers that send messages to each other's identity: the input is a script of what their applications
 * do, of messages as only a broken or hostile peer frames them, and of time. Whatever happens, counts
 * agree, messages keep to their limits, and in the end nothing is left. */
#include "core/base/byte_reader.h"
#include "unit/messages/messages_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 400
#define RAW_MAX 40

static struct pair pair;

/* As it would come off the wire, without a header of ours. */
static void send_raw(unsigned side, struct byte_reader *in)
{
	size_t size = byte_reader_u8(in) % RAW_MAX;
	const uint8_t *bytes = size <= byte_reader_remaining(in) ? byte_reader_bytes(in, size) : NULL;

	if (bytes != NULL)
		pair_send_raw(&pair, side, bytes, size);
}

static void send_framed(unsigned side, struct byte_reader *in)
{
	static const uint8_t filling[70000];
	uint32_t flags = byte_reader_u8(in);
	size_t size = (size_t)byte_reader_le16(in) * (flags & 16 ? 1u : 0u);
	struct message *message = messages_frame(pair.sides[side].messages, (int8_t)byte_reader_u8(in), filling, size);
	int32_t result;

	message->flags = flags;
	result = messages_send(pair.sides[side].messages, pair.now, &pair.sides[1 - side].identity, message);
	pair_check(result == KITH_OK || result == KITH_E_AGAIN || result == KITH_E_CLOSED || result == KITH_E_LIMIT ||
	           result == KITH_E_STATE);
	if (result != KITH_OK)
		message_unref(message);
}

static void receive(unsigned side, int32_t channel)
{
	struct message *messages[4];
	size_t count = messages_receive(pair.sides[side].messages, pair.now, channel, messages, 4);

	for (size_t i = 0; i < count; i++) {
		pair_check(messages[i]->channel == channel && messages[i]->size <= MESSAGES_SIZE_MAX);
		pair_check(messages[i]->peer != NULL && messages[i]->connection == 0);
		message_unref(messages[i]);
	}
}

static void configure(unsigned side, uint8_t how)
{
	struct config *config = endpoint_config(pair.sides[side].endpoint);
	int32_t id = how & 1   ? CONFIG_MESSAGES_IDLE_TIMEOUT
	             : how & 2 ? CONFIG_RECV_BUFFER_SIZE
	                       : CONFIG_MESSAGES_WAITING_MAX;

	config_set_int(config, id, (how & 1) != 0 ? how * 100 : (how & 2) != 0 ? 4096 + how * 64 : how % 3);
	messages_reconfigure(pair.sides[side].messages, pair.now, id);
}

static void step(struct byte_reader *in)
{
	uint8_t what = byte_reader_u8(in);
	unsigned side = what >> 7;
	struct messages *messages = pair.sides[side].messages;
	const struct identity *peer = &pair.sides[1 - side].identity;

	switch ((what & 0x7f) % 9) {
	case 0:
		send_raw(side, in);
		break;
	case 1:
		send_framed(side, in);
		break;
	case 2:
		receive(side, (int8_t)byte_reader_u8(in));
		break;
	case 3:
		messages_accept(messages, pair.now, peer);
		break;
	case 4:
		messages_close(messages, pair.now, peer, byte_reader_u8(in) * USEC_PER_MSEC);
		break;
	case 5:
		messages_close_channel(messages, pair.now, peer, (int8_t)byte_reader_u8(in));
		break;
	case 6:
		pair_run(&pair, (usec_t)byte_reader_u8(in) * byte_reader_u8(in) * USEC_PER_MSEC);
		break;
	case 7:
		pair.sides[side].deaf = (byte_reader_u8(in) & 3) == 1;
		pair.sides[side].severed = (byte_reader_u8(in) & 3) == 1;
		break;
	default:
		configure(side, byte_reader_u8(in));
		break;
	}
	pair_drain(&pair);
	pair_forget_events(&pair);
	pair_check_counts(&pair, 0);
	pair_check_counts(&pair, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct byte_reader in;

	byte_reader_init(&in, data, size);
	pair_open(&pair);
	for (unsigned i = 0; i < STEPS_MAX && byte_reader_remaining(&in) > 0; i++)
		step(&in);
	for (unsigned side = 0; side < 2; side++) {
		messages_close_all(pair.sides[side].messages, pair.now);
		pair_check(messages_session_count(pair.sides[side].messages) == 0);
	}
	/* The other may have asked once more, and nobody answers. */
	pair_run(&pair, 40 * USEC_PER_SEC);
	for (unsigned side = 0; side < 2; side++) {
		pair_check(messages_session_count(pair.sides[side].messages) == 0);
		pair_check(endpoint_next_timeout(pair.sides[side].endpoint) == USEC_NEVER);
	}
	pair_close(&pair);
	return 0;
}
