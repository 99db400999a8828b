#include "core/types/identity.h"

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/text.h"

#define PREFIX_MAX 16
#define XBOX_PAIRWISE_MAX 32

/* One way to read what follows a prefix. On success it has set kind and canonical text. */
typedef bool parse_fn(struct identity *out, const char *rest, size_t size);

static void set_text(struct identity *out, enum identity_kind kind, const char *prefix, const char *rest, size_t size)
{
	struct text text;
	bytes_zero(out, sizeof(*out));
	text_init(&text, out->text, sizeof(out->text));
	text_add(&text, prefix);
	text_add_bytes(&text, rest, size);
	out->kind = (uint8_t)kind;
	out->size = (uint8_t)text.size;
}

static void set_number(struct identity *out, enum identity_kind kind, const char *prefix, uint64_t number)
{
	char digits[24];
	struct text text;
	text_init(&text, digits, sizeof(digits));
	text_add_u64(&text, number);
	set_text(out, kind, prefix, digits, text.size);
}

/* A 64-bit Steam id: universe (8 bits), type (4), instance (20), account (32). Persons and game
 * servers only; anonymous game servers may have no account. */
static bool is_steam_id(uint64_t id)
{
	unsigned universe = (unsigned)(id >> 56);
	unsigned type = (unsigned)(id >> 52) & 15;
	unsigned instance = (unsigned)(id >> 32) & 0xfffff;
	uint32_t account = (uint32_t)id;
	if (universe < 1 || universe > 4)
		return false;
	if (type == 1)
		return account != 0 && instance <= 4;
	if (type == 3)
		return account != 0;
	return type == 4;
}

static bool parse_steam_id(struct identity *out, const char *rest, size_t size)
{
	uint64_t id = 0;
	if (!text_read_u64(rest, size, &id) || !is_steam_id(id))
		return false;
	set_number(out, IDENTITY_STEAM_ID, "steamid:", id);
	return true;
}

static bool parse_psn(struct identity *out, const char *rest, size_t size)
{
	uint64_t id = 0;
	if (!text_read_u64(rest, size, &id))
		return false;
	set_number(out, IDENTITY_PSN, "psn:", id);
	return true;
}

static bool parse_xbox_pairwise(struct identity *out, const char *rest, size_t size)
{
	if (size < 1 || size > XBOX_PAIRWISE_MAX)
		return false;
	set_text(out, IDENTITY_XBOX_PAIRWISE, "xboxpwid:", rest, size);
	return true;
}

static bool parse_ip(struct identity *out, const char *rest, size_t size)
{
	char text[ADDRESS_TEXT_MAX];
	struct address address;
	if (size >= sizeof(text))
		return false;
	bytes_copy(text, rest, size);
	text[size] = '\0';
	if (!address_parse(&address, text))
		return false;
	identity_set_address(out, &address);
	return true;
}

static bool parse_string(struct identity *out, const char *rest, size_t size)
{
	if (size < 1 || size > IDENTITY_STRING_MAX)
		return false;
	set_text(out, IDENTITY_STRING, "str:", rest, size);
	return true;
}

static bool parse_generic(struct identity *out, const char *rest, size_t size)
{
	uint8_t bytes[IDENTITY_GENERIC_MAX];
	return identity_set_generic(out, bytes, text_read_hex(rest, size, bytes, sizeof(bytes)));
}

static bool parse_key(struct identity *out, const char *rest, size_t size)
{
	return size == 2 * IDENTITY_KEY_SIZE && parse_generic(out, rest, size);
}

static const struct {
	const char *prefix;
	parse_fn *parse;
} forms[] = {
	{ "steamid:", parse_steam_id }, { "xboxpwid:", parse_xbox_pairwise },
	{ "psn:", parse_psn },          { "ip:", parse_ip },
	{ "str:", parse_string },       { "gen:", parse_generic },
	{ "key:", parse_key },
};

/* Of a kind we do not know: kept as it is, if it has a well-formed prefix. */
static bool parse_unknown(struct identity *out, const char *text, size_t size)
{
	size_t at = 0;
	while (at < size &&
	       ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= '0' && text[at] <= '9') || text[at] == '_'))
		at++;
	if (at < 1 || at > PREFIX_MAX || at + 1 >= size || text[at] != ':')
		return false;
	set_text(out, IDENTITY_UNKNOWN, "", text, size);
	return true;
}

bool identity_parse(struct identity *out, const char *text, size_t size)
{
	bytes_zero(out, sizeof(*out));
	if (size >= IDENTITY_TEXT_MAX || (size > 0 && memchr(text, '\0', size) != NULL))
		return false;
	bool ok = false;
	bool known = false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && !known; i++) {
		size_t prefix = strlen(forms[i].prefix);
		known = size >= prefix && bytes_equal(text, forms[i].prefix, prefix);
		if (known)
			ok = forms[i].parse(out, text + prefix, size - prefix);
	}
	if (!known)
		ok = parse_unknown(out, text, size);
	if (!ok)
		bytes_zero(out, sizeof(*out));
	return ok;
}

bool identity_equal(const struct identity *a, const struct identity *b)
{
	return a->kind == b->kind && a->size == b->size && bytes_equal(a->text, b->text, a->size);
}

uint64_t identity_hash(const struct identity *identity, uint64_t key)
{
	return hash_bytes(key, identity->text, identity->size);
}

bool identity_is_none(const struct identity *identity)
{
	return identity->kind == IDENTITY_NONE;
}

bool identity_is_localhost(const struct identity *identity)
{
	static const uint8_t first[4] = { 127, 0, 0, 1 };
	struct address address;
	if (!identity_get_address(identity, &address) || !address_is_loopback(&address))
		return false;
	return !address_is_ipv4(&address) || bytes_equal(address.ip + 12, first, sizeof(first));
}

void identity_set_localhost(struct identity *out)
{
	static const struct address loopback = { .ip = { [15] = 1 } };
	identity_set_address(out, &loopback);
}

void identity_set_address(struct identity *out, const struct address *address)
{
	char text[ADDRESS_TEXT_MAX];
	size_t size = address_print(address, text);
	set_text(out, IDENTITY_IP, "ip:", text, size);
}

bool identity_get_address(const struct identity *identity, struct address *out)
{
	if (identity->kind == IDENTITY_IP)
		return address_parse(out, identity->text + strlen("ip:"));
	bytes_zero(out, sizeof(*out));
	return false;
}

void identity_set_key(struct identity *out, const uint8_t key[IDENTITY_KEY_SIZE])
{
	identity_set_generic(out, key, IDENTITY_KEY_SIZE);
}

bool identity_get_key(const struct identity *identity, uint8_t key[IDENTITY_KEY_SIZE])
{
	return identity->size == strlen("gen:") + 2 * IDENTITY_KEY_SIZE &&
	       identity_get_generic(identity, key) == IDENTITY_KEY_SIZE;
}

bool identity_set_generic(struct identity *out, const uint8_t *bytes, size_t size)
{
	char digits[2 * IDENTITY_GENERIC_MAX + 1];
	struct text text;
	bytes_zero(out, sizeof(*out));
	if (size < 1 || size > IDENTITY_GENERIC_MAX)
		return false;
	text_init(&text, digits, sizeof(digits));
	text_add_hex_bytes(&text, bytes, size);
	set_text(out, IDENTITY_GENERIC, "gen:", digits, text.size);
	return true;
}

size_t identity_get_generic(const struct identity *identity, uint8_t bytes[IDENTITY_GENERIC_MAX])
{
	size_t prefix = strlen("gen:");
	if (identity->kind != IDENTITY_GENERIC)
		return 0;
	return text_read_hex(identity->text + prefix, identity->size - prefix, bytes, IDENTITY_GENERIC_MAX);
}
