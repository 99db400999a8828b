#include "messages.h"

#include <stdio.h>
#include <string.h>

static void check_content(struct world *world, struct step *step, unsigned index, int64_t number,
                          const kith_message *message)
{
	struct step_text wanted = value_content(world, step, index, number);
	size_t size = kith_message_size(message);
	const char *data = kith_message_data(message);

	VERBS_EXPECT(world, size == wanted.size, "it has %zu bytes, not %zu, and begins %.*s", size, wanted.size,
	             size < 60 ? (int)size : 60, data);
	VERBS_EXPECT(world, size != wanted.size || size == 0 || memcmp(data, wanted.bytes, size) == 0,
	             "its bytes are others: %.*s", size < 60 ? (int)size : 60, data);
}

static void check_number(struct world *world, struct step *step, const char *name, int64_t seen)
{
	int64_t wanted = step_integer(step, name, seen);

	VERBS_EXPECT(world, seen == wanted, "its %s is %lld", name, (long long)seen);
}

static void check_peer(struct world *world, struct step *step, const kith_message *message)
{
	const char *peer = step_string(step, "peer");
	struct kith_identity wanted, seen;

	if (peer == NULL)
		return;
	value_identity(world, peer, &wanted);
	VERBS_EXPECT(world, kith_message_peer(message, &seen) == KITH_OK && kith_identity_equal(&wanted, &seen),
	             "it is from %s", seen.text);
}

void messages_check(struct world *world, struct step *step, unsigned index, int64_t number, const kith_message *message)
{
	const char *from = step_string(step, "from");
	uint32_t modes = KITH_SEND_RELIABLE | KITH_SEND_SEQUENCED;
	int64_t now = kith_now_us(), arrived = kith_message_time_us(message);

	check_content(world, step, index, number, message);
	check_number(world, step, "lane", kith_message_lane(message));
	check_number(world, step, "number", kith_message_number(message));
	check_number(world, step, "user_data", kith_message_user_data(message));
	check_number(world, step, "channel", kith_message_channel(message));
	check_peer(world, step, message);
	VERBS_EXPECT(world,
	             (kith_message_flags(message) & modes) == value_mode(world, step, kith_message_flags(message) & modes),
	             "its flags are %u", kith_message_flags(message));
	VERBS_EXPECT(world, from == NULL || strcmp(world_name(world, kith_message_connection(message)), from) == 0,
	             "it is from %s", world_name(world, kith_message_connection(message)));
	VERBS_EXPECT(world, arrived > 0 && arrived <= now, "it came at %lld, and it is %lld", (long long)arrived,
	             (long long)now);
}
