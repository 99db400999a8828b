/* What an endpoint presents, and whom it believes. */
#include <string.h>

#include "verbs.h"

static kith_endpoint endpoint_of(struct world *world, struct step *step)
{
	return world_argument(world, step, 0, OBJECT_ENDPOINT)->handle;
}

/* The second argument; empty when it is "none" or missing. */
static const char *names_of(struct step *step)
{
	const struct step_text *names = step_argument(step, 1);

	return names != NULL && strcmp(names->bytes, "none") != 0 ? names->bytes : "";
}

/* The public key of the key or certificate. */
static void key_of(struct world *world, const char *name, uint8_t out_key[KITH_KEY_SIZE])
{
	struct object *object = world_look_up(world, name);
	struct kith_certificate certificate;

	kith_certificate_init(&certificate);
	memset(out_key, 0, KITH_KEY_SIZE);
	if (object != NULL && object->kind == OBJECT_KEY) {
		memcpy(out_key, object->public_key, KITH_KEY_SIZE);
		return;
	}
	object = world_object(world, name, OBJECT_CERTIFICATE);
	if (kith_certificate_describe(object->text.bytes, object->text.size, 0, &certificate) == KITH_OK)
		memcpy(out_key, certificate.key, KITH_KEY_SIZE);
}

static uint64_t id_of(struct world *world, const char *name)
{
	uint8_t key[KITH_KEY_SIZE];
	uint64_t id = 0;

	key_of(world, name, key);
	kith_key_id(key, &id);
	return id;
}

static kith_result set_certificate(struct world *world, struct step *step)
{
	const char *key = step_string(step, "key");
	struct step_text text = value_certificates(world, names_of(step));

	return kith_endpoint_set_certificate(endpoint_of(world, step),
	                                     key != NULL ? world_object(world, key, OBJECT_KEY)->private_key : NULL,
	                                     text.size > 0 ? text.bytes : NULL, text.size);
}

static kith_result check(struct world *world, struct step *step)
{
	struct step_text text = value_certificates(world, names_of(step));
	const char *name = step_string(step, "identity"), *wanted = step_string(step, "doubt");
	struct kith_identity identity;
	int32_t doubt;
	kith_result result;

	value_identity(world, name, &identity);
	result = kith_endpoint_check_certificate(endpoint_of(world, step), text.bytes, text.size,
	                                         name != NULL ? &identity : NULL, &doubt);
	VERBS_EXPECT(world, result != KITH_OK || doubt == value_constant(world, "DOUBT_", wanted), "it says %s",
	             kith_doubt_name(doubt));
	return result;
}

static kith_result trust(struct world *world, struct step *step)
{
	struct step_text text = value_certificates(world, names_of(step));

	return kith_endpoint_add_trust(endpoint_of(world, step), text.bytes, text.size);
}

static kith_result distrust(struct world *world, struct step *step)
{
	return kith_endpoint_remove_trust(endpoint_of(world, step), id_of(world, names_of(step)));
}

static kith_result trusts(struct world *world, struct step *step)
{
	kith_endpoint endpoint = endpoint_of(world, step);
	const char *name = names_of(step);
	int64_t wanted = step_integer(step, "believed", 1), count = step_integer(step, "count", -1);
	uint64_t id = name[0] != '\0' ? id_of(world, name) : 0;
	struct kith_certificate certificate;
	int32_t believed, found = -1;
	uint32_t listed = 0;

	kith_certificate_init(&certificate);
	while (kith_endpoint_trust_at(endpoint, listed, &certificate, &believed) == KITH_OK) {
		if (certificate.key_id == id)
			found = believed;
		listed++;
	}
	VERBS_EXPECT(world, name[0] == '\0' || found == wanted, found < 0 ? "it lists no such key" : "it believes: %d",
	             found);
	VERBS_EXPECT(world, count < 0 || listed == count, "it lists %u", listed);
	return KITH_OK;
}

/* --- keys that count no longer */

static kith_result revoke(struct world *world, struct step *step)
{
	return kith_endpoint_revoke(endpoint_of(world, step), id_of(world, names_of(step)));
}

static kith_result set_revoked(struct world *world, struct step *step)
{
	struct step_text text = value_revoked(world, names_of(step));

	return kith_endpoint_set_revoked(endpoint_of(world, step), text.bytes, text.size);
}

static kith_result revoked(struct world *world, struct step *step)
{
	kith_endpoint endpoint = endpoint_of(world, step);
	const char *name = names_of(step);
	int64_t count = step_integer(step, "count", -1);
	uint64_t wanted = name[0] != '\0' ? id_of(world, name) : 0, id;
	bool found = false;
	uint32_t listed = 0;

	while (kith_endpoint_revoked_at(endpoint, listed, &id) == KITH_OK) {
		found |= id == wanted;
		listed++;
	}
	VERBS_EXPECT(world, name[0] == '\0' || found, "it does not list that key");
	VERBS_EXPECT(world, count < 0 || listed == count, "it lists %u", listed);
	return KITH_OK;
}

static kith_result revoked_text(struct world *world, struct step *step)
{
	const struct step_text *text = step_argument(step, 0);
	uint64_t ids[16];
	size_t count = 0;
	kith_result result =
		kith_revoked_parse(text != NULL ? text->bytes : NULL, text != NULL ? text->size : 0, ids, 16, &count);

	VERBS_EXPECT(world, result != KITH_OK || (int64_t)count == step_integer(step, "count", 0), "it has %zu", count);
	return result;
}

const struct verb verbs_trust[] = { { "set_certificate", set_certificate },
	                                { "check", check },
	                                { "trust", trust },
	                                { "distrust", distrust },
	                                { "trusts", trusts },
	                                { "revoke", revoke },
	                                { "set_revoked", set_revoked },
	                                { "revoked", revoked },
	                                { "revoked_text", revoked_text },
	                                { 0 } };
