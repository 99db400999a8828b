#include <kith/certificate.h>

#include "api/out_text.h"
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/crypto/certificate.h"
#include "core/crypto/key_openssh.h"
#include "core/crypto/key_text.h"
#include "engine/convert.h"
#include "engine/entropy.h"
#include "engine/failure.h"
#include "engine/file.h"

static kith_result null_argument(const char *name)
{
	return failure_set(KITH_E_INVALID, "%s: null", name);
}

kith_result kith_key_generate(void *out_private_key)
{
	if (out_private_key == NULL)
		return null_argument("out_private_key");
	if (!entropy_fill(out_private_key, KITH_KEY_SIZE))
		return failure_set(KITH_E_SYSTEM, "the system has no random numbers");
	return KITH_OK;
}

kith_result kith_key_public(const void *private_key, void *out_public_key)
{
	if (out_public_key == NULL)
		return null_argument("out_public_key");
	bytes_zero(out_public_key, KITH_KEY_SIZE);
	if (private_key == NULL)
		return null_argument("private_key");
	primitives_ed25519_public(out_public_key, private_key);
	return KITH_OK;
}

kith_result kith_key_identity(const void *private_key, struct kith_identity *out_identity)
{
	struct identity identity;
	uint8_t public_key[KITH_KEY_SIZE];

	if (out_identity == NULL)
		return null_argument("out_identity");
	bytes_zero(out_identity, sizeof(*out_identity));
	if (private_key == NULL)
		return null_argument("private_key");
	primitives_ed25519_public(public_key, private_key);
	identity_set_key(&identity, public_key);
	convert_identity_out(out_identity, &identity);
	return KITH_OK;
}

kith_result kith_key_id(const void *public_key, uint64_t *out_key_id)
{
	if (out_key_id == NULL)
		return null_argument("out_key_id");
	*out_key_id = 0;
	if (public_key == NULL)
		return null_argument("public_key");
	*out_key_id = certificate_key_id(public_key);
	return KITH_OK;
}

/* --- text */

/* `what`: the file, or the argument. Nothing of the content is said. */
static kith_result result_of(enum key_text_result result, const char *what, bool wanted_private)
{
	if (result == KEY_TEXT_FINE)
		return KITH_OK;
	return failure_set(result == KEY_TEXT_ENCRYPTED || result == KEY_TEXT_OTHER_TYPE ? KITH_E_UNSUPPORTED
	                                                                                 : KITH_E_INVALID,
	                   "%.200s: %s", what, key_text_result_text(result, wanted_private));
}

kith_result kith_key_parse(const void *data, size_t size, void *out_private_key)
{
	if (out_private_key == NULL)
		return null_argument("out_private_key");
	bytes_zero(out_private_key, KITH_KEY_SIZE);
	if (data == NULL)
		return null_argument("data");
	return result_of(key_text_read_private(data, size, out_private_key), "data", true);
}

kith_result kith_key_parse_public(const void *data, size_t size, void *out_public_key)
{
	if (out_public_key == NULL)
		return null_argument("out_public_key");
	bytes_zero(out_public_key, KITH_KEY_SIZE);
	if (data == NULL)
		return null_argument("data");
	return result_of(key_text_read_public(data, size, out_public_key), "data", false);
}

kith_result kith_key_print_public(const void *public_key, int32_t form, char *buffer, size_t capacity, size_t *out_size)
{
	char line[KEY_TEXT_WRITTEN_MAX];
	struct text text;

	if (out_size != NULL)
		*out_size = 0;
	if (public_key == NULL)
		return null_argument("public_key");
	text_init(&text, line, sizeof(line));
	if (form == KITH_KEY_FORM_SSH) {
		key_openssh_write_public(&text, public_key);
	} else if (form == KITH_KEY_FORM_FILE) {
		key_text_write_public(&text, public_key);
		line[text.size - 1] = '\0';
	} else {
		return failure_set(KITH_E_INVALID, "form: there is none with the number %d", (int)form);
	}
	return out_text(line, buffer, capacity, out_size);
}

/* --- files */

kith_result kith_key_save(const char *path, const void *private_key)
{
	char line[KEY_TEXT_WRITTEN_MAX];
	struct text text;
	kith_result result;

	if (path == NULL || private_key == NULL)
		return null_argument(path == NULL ? "path" : "private_key");
	text_init(&text, line, sizeof(line));
	key_text_write_private(&text, private_key);
	result = file_write_new(path, line, text.size, true);
	bytes_wipe(line, sizeof(line));
	return result;
}

kith_result kith_key_save_public(const char *path, const void *public_key)
{
	char line[KEY_TEXT_WRITTEN_MAX];
	struct text text;

	if (path == NULL || public_key == NULL)
		return null_argument(path == NULL ? "path" : "public_key");
	text_init(&text, line, sizeof(line));
	key_text_write_public(&text, public_key);
	return file_write_new(path, line, text.size, false);
}

typedef enum key_text_result read_fn(const void *data, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE]);

static kith_result load(const char *path, read_fn *read, bool is_private, void *out)
{
	uint8_t data[KEY_TEXT_SIZE_MAX];
	size_t size;
	kith_result result = file_read(path, data, sizeof(data), &size);

	/* A file that is larger is no key. */
	if (result == KITH_OK)
		result = result_of(size > sizeof(data) ? KEY_TEXT_MALFORMED : read(data, size, out), path, is_private);
	bytes_wipe(data, sizeof(data));
	return result;
}

kith_result kith_key_load(const char *path, void *out_private_key)
{
	if (out_private_key == NULL)
		return null_argument("out_private_key");
	bytes_zero(out_private_key, KITH_KEY_SIZE);
	return path == NULL ? null_argument("path") : load(path, key_text_read_private, true, out_private_key);
}

kith_result kith_key_load_public(const char *path, void *out_public_key)
{
	if (out_public_key == NULL)
		return null_argument("out_public_key");
	bytes_zero(out_public_key, KITH_KEY_SIZE);
	return path == NULL ? null_argument("path") : load(path, key_text_read_public, false, out_public_key);
}
