#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- constants */

static bool is_number(const char *text, int64_t *out_number)
{
	char *end;

	*out_number = strtoll(text, &end, 10);
	return end != text && *end == '\0';
}

int64_t value_constant(struct world *world, const char *prefix, const char *text)
{
	char wanted[96];
	const char *name;
	int64_t number = 0;

	if (text == NULL || is_number(text, &number))
		return number;
	snprintf(wanted, sizeof(wanted), "%s%s", prefix, text);
	for (uint32_t i = 0; i < kith_constant_count(); i++) {
		if (kith_constant_at(i, &name, &number) == KITH_OK && strcmp(name, wanted) == 0)
			return number;
	}
	world_fail(world, "there is no constant %s", wanted);
	return 0;
}

uint32_t value_mode(struct world *world, struct step *step, uint32_t otherwise)
{
	static const struct {
		const char *name;
		uint32_t flags;
	} modes[] = { { "unreliable", KITH_SEND_UNRELIABLE },
		          { "sequenced", KITH_SEND_SEQUENCED },
		          { "reliable", KITH_SEND_RELIABLE },
		          { "reliable_sequenced", KITH_SEND_RELIABLE | KITH_SEND_SEQUENCED } };
	const char *mode = step_string(step, "mode");

	if (mode == NULL)
		return otherwise;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i].name, mode) == 0)
			return modes[i].flags;
	}
	world_fail(world, "there is no mode %s", mode);
	return otherwise;
}

/* --- who and where */

static void identity_of_object(struct world *world, const char *name, struct kith_identity *out_identity)
{
	struct object *object = world_look_up(world, name);
	struct kith_certificate certificate;

	kith_certificate_init(&certificate);
	if (object != NULL && object->kind == OBJECT_ENDPOINT)
		*out_identity = object->peer->identity;
	else if (object != NULL && object->kind == OBJECT_KEY)
		kith_identity_from_bytes(object->public_key, KITH_KEY_SIZE, out_identity);
	else if (object != NULL && object->kind == OBJECT_CERTIFICATE &&
	         kith_certificate_describe(object->text.bytes, object->text.size, 0, &certificate) == KITH_OK)
		*out_identity = certificate.identity;
	else
		world_fail(world, "nobody is called %s here", name);
}

void value_identity(struct world *world, const char *text, struct kith_identity *out_identity)
{
	memset(out_identity, 0, sizeof(*out_identity));
	if (text != NULL && text[0] == '@')
		identity_of_object(world, text + 1, out_identity);
	else if (text != NULL && kith_identity_parse(text, out_identity) != KITH_OK)
		world_fail(world, "%s: %s", text, kith_last_error());
}

void value_address(struct world *world, const char *text, struct kith_address *out_address)
{
	memset(out_address, 0, sizeof(*out_address));
	if (text != NULL && text[0] == '@')
		kith_listener_address(world_object(world, text + 1, OBJECT_LISTENER)->handle, out_address);
	else if (text != NULL && kith_address_parse(text, out_address) != KITH_OK)
		world_fail(world, "%s: %s", text, kith_last_error());
}

/* --- bytes */

struct step_text value_bytes(struct world *world, const char *hex)
{
	size_t size = strlen(hex) / 2;
	char *bytes = world_temporary(world, size + 1);
	unsigned byte;

	for (size_t i = 0; i < size; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			world_fail(world, "these are no hex digits: %s", hex);
		else
			bytes[i] = (char)byte;
	}
	return (struct step_text){ bytes, size };
}

struct step_text value_content(struct world *world, struct step *step, unsigned index, int64_t number)
{
	const struct step_text *text = step_argument(step, index);
	size_t size = (size_t)step_integer(step, "size", 0);
	size_t seed = (size_t)(step_integer(step, "seed", 0) + number);
	char *bytes;

	if (text != NULL)
		return *text;
	if (step_key(step, "size") == NULL)
		world_fail(world, "what shall it be?");
	bytes = world_temporary(world, size);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 31 + i / 256 * 17 + seed);
	return (struct step_text){ bytes, size };
}

/* Adds to a text that has room. */
static void append(char *text, size_t *size, const void *bytes, size_t count)
{
	memcpy(text + *size, bytes, count);
	*size += count;
}

static const char *next_name(const char **names, char buffer[32])
{
	size_t length = strcspn(*names, ",");

	snprintf(buffer, 32, "%.*s", (int)length, *names);
	*names += length + ((*names)[length] == ',');
	return buffer;
}

struct step_text value_certificates(struct world *world, const char *names)
{
	struct object *object;
	char name[32], *text = world_temporary(world, 65536);
	size_t size = 0;

	while (*names != '\0') {
		object = world_look_up(world, next_name(&names, name));
		if (object != NULL && object->kind == OBJECT_KEY) {
			kith_key_print_public(object->public_key, KITH_KEY_FORM_FILE, text + size, 128, NULL);
			size += strlen(text + size);
		} else {
			object = world_object(world, name, OBJECT_CERTIFICATE);
			append(text, &size, object->text.bytes, object->text.size);
		}
	}
	return (struct step_text){ text, size };
}

struct step_text value_revoked(struct world *world, const char *names)
{
	char name[32], *text = world_temporary(world, 4096);
	uint64_t id;
	size_t size = 0;

	while (*names != '\0') {
		id = 0;
		kith_key_id(world_object(world, next_name(&names, name), OBJECT_KEY)->public_key, &id);
		size += (size_t)snprintf(text + size, 4096 - size, "%llu\n", (unsigned long long)id);
	}
	return (struct step_text){ text, size };
}

const struct kith_config_entry *value_config(struct world *world, struct step *step, const char *prefix,
                                             uint32_t *out_count)
{
	struct kith_config_entry *entries = world_temporary(world, STEP_KEYS_MAX * sizeof(*entries));
	unsigned index = 0;
	const char *name, *text;

	*out_count = 0;
	while ((name = step_key_within(step, prefix, &index, &text)) != NULL)
		entries[(*out_count)++] = (struct kith_config_entry){ .type = KITH_TYPE_TEXT, .name = name, .string = text };
	return *out_count > 0 ? entries : NULL;
}
