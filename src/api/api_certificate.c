#include <kith/certificate.h>

#include "api/structs.h"
#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/usec.h"
#include "core/crypto/certificate_issue.h"
#include "engine/certificate_info.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/failure.h"

/* --- reading */

/* The item wanted; the caller frees the text on KITH_OK. */
static kith_result find_item(struct certificate_text *text, const void *data, size_t size, uint32_t index)
{
	const char *wrong;

	if (data == NULL)
		return failure_set(KITH_E_INVALID, "data: null");
	wrong = certificate_text_read(text, data, size);
	if (wrong != NULL)
		return failure_set(KITH_E_INVALID, "data: %s", wrong);
	if (index < text->count)
		return KITH_OK;
	failure_set(KITH_E_NOT_FOUND, "index: there are %zu certificates", text->count);
	certificate_text_free(text);
	return KITH_E_NOT_FOUND;
}

kith_result kith_certificate_describe(const void *data, size_t size, uint32_t index,
                                      struct kith_certificate *out_certificate)
{
	struct kith_certificate own = KITH_CERTIFICATE_INIT;
	struct certificate_text text;
	kith_result result = structs_check(out_certificate, "out_certificate");

	if (result != KITH_OK)
		return result;
	structs_clear(out_certificate);
	result = find_item(&text, data, size, index);
	if (result != KITH_OK)
		return result;
	if (certificate_info_of_item(&own, &text.items[index], text.kinds[index]))
		structs_write(out_certificate, &own, sizeof(own));
	else
		result = failure_set(KITH_E_INVALID, "data: number %u is malformed, or not signed by its own key",
		                     (unsigned)index + 1);
	certificate_text_free(&text);
	return result;
}

/* --- writing */

/* Where something goes: what functions that give bytes out have in common. */
struct api_buffer {
	void *at;
	size_t capacity;
	size_t *size; /* may be null */
};

/* What is to be written: one that was made, or several that were read. */
struct api_items {
	const struct msg_bytes *items;
	const enum certificate_text_kind *kinds;
	size_t count;
};

static void write_text(const struct api_items *from, void *out, size_t size)
{
	char *written = alloc_bytes(size + 1); /* the builder ends with a NUL, for which there may be no room */
	struct text text;

	text_init(&text, written, size + 1);
	for (size_t i = 0; i < from->count; i++)
		certificate_text_write(&text, from->kinds[i], from->items[i].bytes, from->items[i].size);
	bytes_copy(out, written, size);
	alloc_free(written);
}

static kith_result give_out(const struct api_items *from, int32_t form, const struct api_buffer *out)
{
	size_t needed = 0;

	if (form == KITH_FORM_BINARY && from->count > 1)
		return failure_set(KITH_E_INVALID, "form: bare bytes are of one certificate, and there are %zu", from->count);
	for (size_t i = 0; i < from->count; i++)
		needed +=
			form == KITH_FORM_BINARY ? from->items[i].size : certificate_text_size(from->kinds[i], from->items[i].size);
	if (out->size != NULL)
		*out->size = needed;
	if (out->at == NULL && out->capacity > 0)
		return failure_set(KITH_E_INVALID, "buffer: null");
	if (out->at == NULL && out->size != NULL)
		return KITH_OK;
	if (out->capacity < needed)
		return failure_set(KITH_E_TOO_LARGE, "capacity: %zu bytes are needed", needed);
	if (form == KITH_FORM_BINARY)
		bytes_copy(out->at, from->items[0].bytes, from->items[0].size);
	else
		write_text(from, out->at, needed);
	return KITH_OK;
}

static kith_result give_out_one(enum certificate_text_kind kind, const struct byte_writer *written, int32_t form,
                                const struct api_buffer *out)
{
	const struct msg_bytes item = { written->start, byte_writer_size(written) };
	const struct api_items from = { &item, &kind, 1 };

	return give_out(&from, form, out);
}

static kith_result check_form(int32_t form)
{
	if (form == KITH_FORM_TEXT || form == KITH_FORM_BINARY)
		return KITH_OK;
	return failure_set(KITH_E_INVALID, "form: there is none with the number %d", (int)form);
}

kith_result kith_certificate_convert(const void *data, size_t size, int32_t form, void *buffer, size_t capacity,
                                     size_t *out_size)
{
	struct api_buffer out = { buffer, capacity, out_size };
	struct certificate_text text;
	kith_result result = check_form(form);

	if (out_size != NULL)
		*out_size = 0;
	if (result == KITH_OK)
		result = find_item(&text, data, size, 0);
	if (result != KITH_OK)
		return result;
	result = give_out(&(struct api_items){ text.items, text.kinds, text.count }, form, &out);
	certificate_text_free(&text);
	return result;
}

/* --- making */

static kith_result read_app_ids(struct msg_certificate *cert, const struct kith_certificate_options *options)
{
	if (options->app_id_count > KITH_APP_IDS_MAX)
		return failure_set(KITH_E_INVALID, "app_id_count: %u is more than %d", (unsigned)options->app_id_count,
		                   KITH_APP_IDS_MAX);
	if (options->app_ids == NULL && options->app_id_count > 0)
		return failure_set(KITH_E_INVALID, "app_ids: null");
	cert->app_id_count = options->app_id_count;
	bytes_copy(cert->app_ids, options->app_ids, options->app_id_count * sizeof(cert->app_ids[0]));
	/* Somebody's certificate has to list one; application 0 is no application in particular. */
	if (cert->app_id_count == 0 && options->kind == KITH_CERTIFICATE_PEER)
		cert->app_id_count = 1;
	return KITH_OK;
}

static kith_result read_identity(struct msg_certificate *cert, const struct kith_certificate_options *options,
                                 const uint8_t public_key[KITH_KEY_SIZE])
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (options->identity != NULL && !convert_identity_in(&cert->identity, options->identity))
		return failure_set(KITH_E_INVALID, "identity: not an identity");
	if (options->kind != KITH_CERTIFICATE_PEER)
		return identity_is_none(&cert->identity)
		           ? KITH_OK
		           : failure_set(KITH_E_INVALID, "identity: an authority's certificate has none");
	if (identity_is_none(&cert->identity) || identity_is_localhost(&cert->identity))
		return failure_set(KITH_E_INVALID, "identity: the certificate has to be for somebody");
	if (identity_get_key(&cert->identity, key) && !bytes_equal(key, public_key, sizeof(key)))
		return failure_set(KITH_E_AUTH, "identity: it is of another key than the certificate's");
	return KITH_OK;
}

static kith_result read_options(struct kith_certificate_options *own, const struct kith_certificate_options *options,
                                struct msg_certificate *cert)
{
	kith_result result;

	bytes_zero(cert, sizeof(*cert));
	if (options == NULL)
		return failure_set(KITH_E_INVALID, "options: null");
	result = structs_read(own, sizeof(*own), options);
	if (result != KITH_OK)
		return result;
	if (own->kind < KITH_CERTIFICATE_PEER || own->kind > KITH_CERTIFICATE_ROOT)
		return failure_set(KITH_E_INVALID, "kind: %d is not one that can be made", (int)own->kind);
	if (own->signing_key == NULL)
		return failure_set(KITH_E_INVALID, "signing_key: null");
	result = check_form(own->form);
	return result == KITH_OK ? read_app_ids(cert, own) : result;
}

kith_result kith_certificate_request(const struct kith_certificate_options *options, void *buffer, size_t capacity,
                                     size_t *out_size)
{
	uint8_t bytes[CERTIFICATE_REQUEST_SIZE_MAX], public_key[KITH_KEY_SIZE];
	struct api_buffer out = { buffer, capacity, out_size };
	struct kith_certificate_options own;
	struct msg_certificate cert;
	struct byte_writer writer;
	kith_result result = read_options(&own, options, &cert);

	if (out_size != NULL)
		*out_size = 0;
	if (result == KITH_OK && own.kind == KITH_CERTIFICATE_ROOT)
		return failure_set(KITH_E_INVALID, "kind: a root signs itself, nobody is asked");
	if (result != KITH_OK)
		return result;
	primitives_ed25519_public(public_key, own.signing_key);
	if (own.identity == NULL && own.kind == KITH_CERTIFICATE_PEER)
		identity_set_key(&cert.identity, public_key);
	else
		result = read_identity(&cert, &own, public_key);
	if (result != KITH_OK)
		return result;
	byte_writer_init(&writer, bytes, sizeof(bytes));
	certificate_issue_request(&writer, own.signing_key, &cert);
	return give_out_one(CERTIFICATE_TEXT_REQUEST, &writer, own.form, &out);
}

static kith_result read_times(struct msg_certificate *cert, const struct kith_certificate_options *options)
{
	int64_t created = options->created_unix_us == 0 ? clock_unix_seconds() : options->created_unix_us / USEC_PER_SEC;
	int64_t expiry = options->expires_unix_us / USEC_PER_SEC;

	if (options->expires_unix_us == 0)
		return failure_set(KITH_E_INVALID, "expires_unix_us: a certificate has to expire");
	if (created < 1 || created > UINT32_MAX || expiry < 1 || expiry > UINT32_MAX)
		return failure_set(KITH_E_INVALID, "created_unix_us, expires_unix_us: not between 1970 and 2106");
	if (expiry < created)
		return failure_set(KITH_E_INVALID, "expires_unix_us: before created_unix_us");
	cert->created = (uint32_t)created;
	cert->expiry = (uint32_t)expiry;
	return KITH_OK;
}

kith_result kith_certificate_sign(const struct kith_certificate_options *options, void *buffer, size_t capacity,
                                  size_t *out_size)
{
	uint8_t bytes[CERTIFICATE_SIZE_MAX + 128], public_key[KITH_KEY_SIZE];
	struct api_buffer out = { buffer, capacity, out_size };
	struct kith_certificate_options own;
	struct msg_certificate cert;
	struct byte_writer writer;
	kith_result result = read_options(&own, options, &cert);

	if (out_size != NULL)
		*out_size = 0;
	if (result == KITH_OK && own.kind != KITH_CERTIFICATE_ROOT && own.public_key == NULL)
		return failure_set(KITH_E_INVALID, "public_key: null");
	if (result != KITH_OK)
		return result;
	if (own.kind == KITH_CERTIFICATE_ROOT)
		primitives_ed25519_public(public_key, own.signing_key);
	else
		bytes_copy(public_key, own.public_key, sizeof(public_key));
	result = read_identity(&cert, &own, public_key);
	if (result == KITH_OK)
		result = read_times(&cert, &own);
	if (result != KITH_OK)
		return result;
	cert.key_type = MSG_KEY_TYPE_ED25519;
	cert.key = public_key;
	cert.key_size = sizeof(public_key);
	byte_writer_init(&writer, bytes, sizeof(bytes));
	certificate_issue_signed(&writer, own.signing_key, &cert);
	return give_out_one(CERTIFICATE_TEXT_CERTIFICATE, &writer, own.form, &out);
}
