/* Certificates: asked for, made, written otherwise, looked at. */
#include <string.h>
#include <time.h>

#include "field.h"
#include "verbs.h"

enum { CERTIFICATE_SIZE_MAX = 4096 };

static kith_result add_certificate(struct world *world, const char *name, const void *bytes, size_t size)
{
	struct step named = { .arguments = { { name, strlen(name) } }, .arguments_count = 1 };
	struct object *object = world_add(world, &named, OBJECT_CERTIFICATE);
	char *copy = world_new(size + 1);

	memcpy(copy, bytes, size);
	object->text = (struct step_text){ copy, size };
	return KITH_OK;
}

/* What the keys of the step say; `identity` and `app_ids` have room for it. */
static void read_options(struct world *world, struct step *step, struct kith_certificate_options *options,
                         struct kith_identity *identity, uint32_t *app_ids)
{
	const char *name = step_string(step, "identity"), *apps = step_string(step, "apps");
	const char *kind = step_string(step, "kind"), *subject = step_string(step, "for");

	kith_certificate_options_init(options);
	if (kind != NULL)
		options->kind = (int32_t)value_constant(world, "CERTIFICATE_", kind);
	value_identity(world, name, identity);
	options->identity = name != NULL ? identity : NULL;
	if (subject != NULL)
		options->public_key = world_object(world, subject, OBJECT_KEY)->public_key;
	while (apps != NULL && options->app_id_count < KITH_APP_IDS_MAX)
		app_ids[options->app_id_count++] = (uint32_t)step_next_number(&apps);
	options->app_ids = options->app_id_count > 0 ? app_ids : NULL;
	options->form = (int32_t)value_constant(world, "FORM_", step_string(step, "form"));
}

/* What a request asks for; `asked` holds what the options borrow. */
static kith_result read_request(struct world *world, const char *name, struct kith_certificate *asked,
                                struct kith_certificate_options *options)
{
	struct object *request = world_object(world, name, OBJECT_CERTIFICATE);
	kith_result result;

	kith_certificate_init(asked);
	result = kith_certificate_describe(request->text.bytes, request->text.size, 0, asked);
	VERBS_EXPECT(world, result != KITH_OK || asked->kind == KITH_CERTIFICATE_REQUEST, "%s is no request", name);
	options->public_key = asked->key;
	options->identity = asked->identity.kind != KITH_IDENTITY_NONE ? &asked->identity : NULL;
	options->kind = options->identity != NULL ? KITH_CERTIFICATE_PEER : KITH_CERTIFICATE_AUTHORITY;
	options->app_ids = asked->app_id_count > 0 ? asked->app_ids : NULL;
	options->app_id_count = asked->app_id_count;
	return result;
}

static kith_result certificate(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, 0);
	const char *request = step_string(step, "request");
	int64_t now = (int64_t)time(NULL) * 1000000;
	struct kith_certificate_options options;
	struct kith_certificate asked;
	struct kith_identity identity;
	uint32_t app_ids[KITH_APP_IDS_MAX];
	char buffer[CERTIFICATE_SIZE_MAX];
	size_t size = 0;
	kith_result result = KITH_OK;

	read_options(world, step, &options, &identity, app_ids);
	if (request != NULL)
		result = read_request(world, request, &asked, &options);
	options.signing_key = world_object(world, step_string(step, "signed_by"), OBJECT_KEY)->private_key;
	options.created_unix_us = now + step_integer(step, "from_s", 0) * 1000000;
	options.expires_unix_us = now + step_integer(step, "until_s", 3600) * 1000000;
	if (result == KITH_OK)
		result = kith_certificate_sign(&options, buffer, sizeof(buffer), &size);
	return result == KITH_OK && name != NULL ? add_certificate(world, name->bytes, buffer, size) : result;
}

static kith_result request(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, 0);
	struct kith_certificate_options options;
	struct kith_identity identity;
	uint32_t app_ids[KITH_APP_IDS_MAX];
	char buffer[CERTIFICATE_SIZE_MAX];
	size_t size = 0;
	kith_result result;

	read_options(world, step, &options, &identity, app_ids);
	options.signing_key = world_object(world, step_string(step, "by"), OBJECT_KEY)->private_key;
	result = kith_certificate_request(&options, buffer, sizeof(buffer), &size);
	return result == KITH_OK && name != NULL ? add_certificate(world, name->bytes, buffer, size) : result;
}

static kith_result convert(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, 0);
	const char *from = step_string(step, "from");
	struct step_text text = value_certificates(world, from != NULL ? from : "");
	int32_t form = (int32_t)value_constant(world, "FORM_", step_string(step, "form"));
	char *buffer = world_temporary(world, 65536);
	size_t size = 0;
	kith_result result = kith_certificate_convert(text.bytes, text.size, form, buffer, 65536, &size);

	return result == KITH_OK && name != NULL ? add_certificate(world, name->bytes, buffer, size) : result;
}

/* Of a certificate, or of the one that an endpoint presents. */
static kith_result describe(struct world *world, struct step *step, struct kith_certificate *out_certificate)
{
	const struct step_text *name = step_argument(step, 0);
	struct object *object = name != NULL ? world_look_up(world, name->bytes) : NULL;

	kith_certificate_init(out_certificate);
	if (object != NULL && object->kind == OBJECT_ENDPOINT)
		return kith_endpoint_certificate(object->handle, out_certificate);
	object = world_argument(world, step, 0, OBJECT_CERTIFICATE);
	return kith_certificate_describe(object->text.bytes, object->text.size, 0, out_certificate);
}

static kith_result certificate_is(struct world *world, struct step *step)
{
	static const char *const relations[] = { "is", "not", "min", "max" };
	const struct step_text *argument = step_argument(step, 1);
	const char *name = argument != NULL ? argument->bytes : "";
	const struct field *field = field_find("kith_certificate", name);
	struct kith_certificate certificate;
	char seen[FIELD_TEXT_MAX];
	kith_result result = describe(world, step, &certificate);

	VERBS_EXPECT(world, field != NULL, "a certificate has no %s", name);
	if (result != KITH_OK || field == NULL)
		return result;
	field_print(world, field, name, &certificate, seen);
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		const char *text = step_string(step, relations[i]);
		VERBS_EXPECT(world, text == NULL || field_holds(world, field, name, &certificate, relations[i], text),
		             "it is %s", seen);
	}
	return KITH_OK;
}

const struct verb verbs_certificate[] = { { "certificate", certificate },
	                                      { "request", request },
	                                      { "convert", convert },
	                                      { "certificate_is", certificate_is },
	                                      { 0 } };
