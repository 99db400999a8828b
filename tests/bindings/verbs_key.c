/* Keys, and files of them. */
#include <stdio.h>
#include <string.h>

#include "verbs.h"

/* The path of a file in the scenario's folder. */
static const char *path_of(struct world *world, const char *file)
{
	size_t size = strlen(world->folder) + strlen(file) + 2;
	char *path = world_temporary(world, size);

	snprintf(path, size, "%s/%s", world->folder, file);
	return path;
}

static kith_result add_key(struct world *world, struct step *step, const uint8_t *private_key,
                           const uint8_t *public_key)
{
	struct object *object = world_add(world, step, OBJECT_KEY);

	memcpy(object->public_key, public_key, KITH_KEY_SIZE);
	object->has_private = private_key != NULL;
	if (private_key != NULL)
		memcpy(object->private_key, private_key, KITH_KEY_SIZE);
	return KITH_OK;
}

static kith_result key(struct world *world, struct step *step)
{
	const char *text = step_string(step, "text"), *file = step_string(step, "file"), *seed = step_string(step, "seed");
	uint8_t private_key[KITH_KEY_SIZE], public_key[KITH_KEY_SIZE];
	kith_result result;

	memset(private_key, (int)value_constant(world, "", seed), sizeof(private_key));
	if (text != NULL)
		result = kith_key_parse(text, strlen(text), private_key);
	else if (file != NULL)
		result = kith_key_load(path_of(world, file), private_key);
	else
		result = seed != NULL ? KITH_OK : kith_key_generate(private_key);
	if (result == KITH_OK)
		result = kith_key_public(private_key, public_key);
	return result == KITH_OK ? add_key(world, step, private_key, public_key) : result;
}

static kith_result public_key(struct world *world, struct step *step)
{
	const char *text = step_string(step, "text"), *file = step_string(step, "file");
	uint8_t public_key[KITH_KEY_SIZE];
	kith_result result;

	if (file != NULL)
		result = kith_key_load_public(path_of(world, file), public_key);
	else
		result = kith_key_parse_public(text, text != NULL ? strlen(text) : 0, public_key);
	return result == KITH_OK ? add_key(world, step, NULL, public_key) : result;
}

/* --- what a key is */

static void check_line(struct world *world, const struct object *object, int32_t form, const char *wanted)
{
	char line[128] = "";

	if (wanted == NULL)
		return;
	kith_key_print_public(object->public_key, form, line, sizeof(line), NULL);
	VERBS_EXPECT(world, strcmp(line, wanted) == 0, "its text is %s", line);
}

static void check_identity(struct world *world, const struct object *object, const char *wanted)
{
	struct kith_identity identity, expected;
	char text[KITH_IDENTITY_TEXT_MAX] = "";

	if (wanted == NULL)
		return;
	value_identity(world, wanted, &expected);
	if (object->has_private)
		kith_key_identity(object->private_key, &identity);
	else
		kith_identity_from_bytes(object->public_key, KITH_KEY_SIZE, &identity);
	kith_identity_print(&identity, text, sizeof(text), NULL);
	VERBS_EXPECT(world, kith_identity_equal(&identity, &expected), "it is %s", text);
}

static kith_result key_is(struct world *world, struct step *step)
{
	const struct object *object = world_argument(world, step, 0, OBJECT_KEY);
	const char *hex = step_string(step, "public"), *number = step_string(step, "id");
	char text[32];
	uint64_t id = 0;

	if (hex != NULL) {
		struct step_text bytes = value_bytes(world, hex);
		VERBS_EXPECT(world, bytes.size == KITH_KEY_SIZE && memcmp(bytes.bytes, object->public_key, KITH_KEY_SIZE) == 0,
		             "it is another key");
	}
	kith_key_id(object->public_key, &id);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)id);
	VERBS_EXPECT(world, number == NULL || strcmp(text, number) == 0, "its id is %s", text);
	check_line(world, object, KITH_KEY_FORM_FILE, step_string(step, "line"));
	check_line(world, object, KITH_KEY_FORM_SSH, step_string(step, "ssh"));
	check_identity(world, object, step_string(step, "identity"));
	return KITH_OK;
}

static kith_result save_key(struct world *world, struct step *step)
{
	const struct object *object = world_argument(world, step, 0, OBJECT_KEY);
	const char *file = step_string(step, "file");

	return kith_key_save(path_of(world, file != NULL ? file : ""), object->private_key);
}

static kith_result save_public(struct world *world, struct step *step)
{
	const struct object *object = world_argument(world, step, 0, OBJECT_KEY);
	const char *file = step_string(step, "file");

	return kith_key_save_public(path_of(world, file != NULL ? file : ""), object->public_key);
}

const struct verb verbs_key[] = { { "key", key },           { "public_key", public_key },   { "key_is", key_is },
	                              { "save_key", save_key }, { "save_public", save_public }, { 0 } };
