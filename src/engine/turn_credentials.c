#include "engine/turn_credentials.h"

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/crypto/turn_secret.h"

enum {
	AHEAD_MAX = 60,
	AHEAD_SHARE = 4, /* of a short life no more than this part is given away */
	/* A number at the beginning of a name that is smaller is no time: 2001 and before. */
	END_MIN = 1000000000,
	/* Credentials that were over when they came may only seem so to a clock that is wrong: no rush for others. */
	ASK_AGAIN = 60,
};

/* What stands at a place of a list; size 0: nothing. */
struct item {
	const char *bytes;
	size_t size;
};

static struct item item_of(const struct config *config, enum config_id id, unsigned place)
{
	struct item item = { NULL, 0 };

	if (!ice_servers_item(config_get_string(config, id), place, &item.bytes, &item.size))
		item.size = 0;
	return item;
}

static void add_item(struct text *list, unsigned place, const char *bytes, size_t size)
{
	if (place > 0)
		text_add_char(list, ',');
	text_add_bytes(list, bytes, size);
}

static void add_made(struct text *users, struct text *passwords, unsigned place, struct item secret)
{
	size_t from = users->size;

	/* The user's time stands there already, and what it is called. */
	while (from > 0 && users->start[from - 1] != ',')
		from--;
	add_item(passwords, place, "", 0);
	turn_secret_password(passwords, secret.bytes, secret.size, users->start + from, users->size - from);
}

void turn_credentials_make(struct turn_credentials *out, const struct config *config, int64_t unix_time)
{
	int64_t end = unix_time + config_get_int(config, CONFIG_P2P_TURN_LIFETIME);
	struct text users, passwords;

	bytes_zero(out, sizeof(*out));
	text_init(&users, out->users, sizeof(out->users));
	text_init(&passwords, out->passwords, sizeof(out->passwords));
	for (unsigned place = 0; place < ICE_SERVERS_MAX; place++) {
		struct item user = item_of(config, CONFIG_P2P_TURN_USER_LIST, place);
		struct item password = item_of(config, CONFIG_P2P_TURN_PASS_LIST, place);
		struct item secret = item_of(config, CONFIG_P2P_TURN_SECRET_LIST, place);

		add_item(&users, place, "", 0);
		if (secret.size > 0) {
			text_add_i64(&users, end);
			text_add(&users, user.size > 0 ? ":" : "");
		}
		text_add_bytes(&users, user.bytes, user.size);
		if (secret.size > 0)
			add_made(&users, &passwords, place, secret);
		else
			add_item(&passwords, place, password.bytes, password.size);
		out->end = out->end || secret.size > 0;
	}
}

static int64_t end_of(struct item user)
{
	uint64_t end;
	size_t digits = 0;

	while (digits < user.size && user.bytes[digits] != ':')
		digits++;
	return text_read_u64(user.bytes, digits, &end) && end >= END_MIN && end < INT64_MAX ? (int64_t)end : 0;
}

int64_t turn_credentials_end(const struct config *config)
{
	int64_t first = 0;

	for (unsigned place = 0; place < ICE_SERVERS_MAX; place++) {
		struct item user = item_of(config, CONFIG_P2P_TURN_USER_LIST, place);
		int64_t end = user.size > 0 ? end_of(user) : 0;
		if (end > 0 && item_of(config, CONFIG_P2P_TURN_SERVER_LIST, place).size > 0 &&
		    item_of(config, CONFIG_P2P_TURN_SECRET_LIST, place).size == 0 && (first == 0 || end < first))
			first = end;
	}
	return first;
}

int64_t turn_credentials_ahead(int64_t seconds)
{
	return seconds / AHEAD_SHARE < AHEAD_MAX ? seconds / AHEAD_SHARE : AHEAD_MAX;
}

/* --- asking for others */

void turn_watch_set(struct turn_watch *watch, int64_t end, int64_t now)
{
	if (end == watch->end)
		return;
	watch->end = end;
	if (end == 0)
		watch->ask_at = 0;
	else if (end > now)
		watch->ask_at = end - turn_credentials_ahead(end - now);
	else
		watch->ask_at = watch->asked_at + ASK_AGAIN > now ? watch->asked_at + ASK_AGAIN : now;
}

bool turn_watch_is_due(struct turn_watch *watch, int64_t now)
{
	if (watch->ask_at == 0 || watch->ask_at > now)
		return false;
	watch->ask_at = 0;
	watch->asked_at = now;
	return true;
}
