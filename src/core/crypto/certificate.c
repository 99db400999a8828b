#include "core/crypto/certificate.h"

#include "core/base/alloc.h"
#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/bytes.h"

uint64_t certificate_key_id(const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	uint8_t hash[PRIMITIVES_HASH_SIZE];
	struct byte_reader reader;

	primitives_sha256(hash, public_key, PRIMITIVES_KEY_SIZE);
	byte_reader_init(&reader, hash, sizeof(hash));
	return byte_reader_le64(&reader);
}

bool certificate_read(struct msg_certificate *out, const uint8_t *cert, size_t cert_size)
{
	return msg_certificate_read(out, cert, cert_size) && out->key_type == MSG_KEY_TYPE_ED25519 &&
	       out->key_size == PRIMITIVES_KEY_SIZE;
}

bool certificate_peek_identity(const uint8_t *cert, size_t cert_size, struct identity *out)
{
	struct msg_certificate parsed;

	bytes_zero(out, sizeof(*out));
	if (!msg_certificate_read(&parsed, cert, cert_size))
		return false;
	*out = parsed.identity;
	return true;
}

/* Nobody may present an identity that claims to be another key: every peer would refuse it. */
static bool may_present(const struct identity *identity, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (identity_is_none(identity))
		return false;
	return !identity_get_key(identity, key) || bytes_equal(key, public_key, sizeof(key));
}

bool certificate_make_own(struct certificate_own *out, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                          const struct identity *identity, uint32_t app_id)
{
	struct msg_certificate cert;
	struct byte_writer writer;

	bytes_zero(out, sizeof(*out));
	bytes_copy(out->private_key, private_key, sizeof(out->private_key));
	primitives_ed25519_public(out->public_key, private_key);
	out->identity = *identity;
	if (!may_present(identity, out->public_key)) {
		certificate_wipe_own(out);
		return false;
	}
	bytes_zero(&cert, sizeof(cert));
	cert.key_type = MSG_KEY_TYPE_ED25519;
	cert.key = out->public_key;
	cert.key_size = sizeof(out->public_key);
	cert.app_ids[0] = app_id;
	cert.app_id_count = 1;
	cert.identity = *identity;
	byte_writer_init(&writer, out->cert, sizeof(out->cert));
	msg_certificate_write(&writer, &cert);
	out->cert_size = byte_writer_size(&writer);
	return true;
}

/* --- what an authority signed for us */

/* A certificate read for loading; borrows. */
struct loaded {
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;
	bool taken;
};

static enum certificate_result read_loaded(struct loaded *out, const struct msg_bytes *bytes)
{
	if (!msg_signed_certificate_read(&out->envelope, bytes->bytes, bytes->size) || out->envelope.cert == NULL ||
	    !certificate_read(&out->cert, out->envelope.cert, out->envelope.cert_size))
		return CERTIFICATE_MALFORMED;
	if (out->envelope.cert_size > CERTIFICATE_SIZE_MAX)
		return CERTIFICATE_TOO_LARGE;
	return certificate_is_signed(&out->envelope) ? CERTIFICATE_FINE : CERTIFICATE_UNSIGNED;
}

static bool is_somebodys(const struct loaded *loaded)
{
	return !identity_is_none(&loaded->cert.identity) && !identity_is_localhost(&loaded->cert.identity);
}

static enum certificate_result take_ours(struct certificate_own *out, struct loaded *loaded, size_t count)
{
	struct loaded *ours = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!is_somebodys(&loaded[i]))
			continue;
		if (ours != NULL)
			return CERTIFICATE_SEVERAL;
		ours = &loaded[i];
	}
	if (ours == NULL)
		return CERTIFICATE_NOBODYS;
	if (!bytes_equal(ours->cert.key, out->public_key, sizeof(out->public_key)) ||
	    !may_present(&ours->cert.identity, out->public_key))
		return CERTIFICATE_OTHER_KEY;
	ours->taken = true;
	out->identity = ours->cert.identity;
	bytes_copy(out->cert, ours->envelope.cert, ours->envelope.cert_size);
	out->cert_size = ours->envelope.cert_size;
	out->is_signed = true;
	out->authority = ours->envelope.authority;
	bytes_copy(out->signature, ours->envelope.signature, sizeof(out->signature));
	return CERTIFICATE_FINE;
}

/* Appends an authority's certificate, written anew: a file may hold more than peers need to see. */
static bool append(struct certificate_own *out, size_t *used, struct loaded *loaded)
{
	struct byte_writer writer;

	if (out->chain_count == MSG_CERTIFICATE_CHAIN_MAX)
		return false;
	loaded->envelope.chain_count = 0;
	byte_writer_init(&writer, out->chain + *used, sizeof(out->chain) - *used);
	msg_signed_certificate_write(&writer, &loaded->envelope);
	out->chain_sizes[out->chain_count++] = byte_writer_size(&writer);
	*used += byte_writer_size(&writer);
	return !byte_writer_failed(&writer);
}

static struct loaded *find_untaken(struct loaded *loaded, size_t count, uint64_t key_id)
{
	for (size_t i = 0; i < count; i++) {
		if (!loaded[i].taken && certificate_key_id(loaded[i].cert.key) == key_id)
			return &loaded[i];
	}
	return NULL;
}

/* From the signer upwards. A root does not go along: peers believe only those they know. */
static enum certificate_result take_chain(struct certificate_own *out, struct loaded *loaded, size_t count)
{
	uint64_t issuer = out->authority;
	struct loaded *above;
	size_t used = 0;

	while ((above = find_untaken(loaded, count, issuer)) != NULL) {
		bool is_root = above->envelope.authority == issuer;

		above->taken = true;
		issuer = above->envelope.authority;
		if (!is_root && !append(out, &used, above))
			return CERTIFICATE_TOO_LARGE;
	}
	for (size_t i = 0; i < count; i++) {
		if (!loaded[i].taken)
			return CERTIFICATE_STRAY;
	}
	return CERTIFICATE_FINE;
}

static enum certificate_result load(struct certificate_own *out, struct loaded *loaded,
                                    const struct msg_bytes *certificates, size_t count)
{
	struct msg_signed_certificate envelope;
	struct byte_writer writer;
	uint8_t bytes[CERTIFICATE_SIGNED_SIZE_MAX];
	enum certificate_result result = CERTIFICATE_FINE;

	for (size_t i = 0; i < count && result == CERTIFICATE_FINE; i++)
		result = read_loaded(&loaded[i], &certificates[i]);
	if (result == CERTIFICATE_FINE)
		result = take_ours(out, loaded, count);
	if (result == CERTIFICATE_FINE)
		result = take_chain(out, loaded, count);
	if (result != CERTIFICATE_FINE)
		return result;
	certificate_get_message(out, &envelope);
	byte_writer_init(&writer, bytes, sizeof(bytes));
	msg_signed_certificate_write(&writer, &envelope);
	return byte_writer_failed(&writer) ? CERTIFICATE_TOO_LARGE : CERTIFICATE_FINE;
}

enum certificate_result certificate_load_own(struct certificate_own *out,
                                             const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                                             const struct msg_bytes *certificates, size_t count)
{
	struct loaded *loaded = alloc_array(count, sizeof(*loaded));
	enum certificate_result result;

	bytes_zero(out, sizeof(*out));
	bytes_copy(out->private_key, private_key, sizeof(out->private_key));
	primitives_ed25519_public(out->public_key, private_key);
	result = load(out, loaded, certificates, count);
	if (result != CERTIFICATE_FINE)
		certificate_wipe_own(out);
	alloc_free(loaded);
	return result;
}

const char *certificate_result_text(enum certificate_result result)
{
	static const char *const texts[CERTIFICATE_RESULT_COUNT] = {
		[CERTIFICATE_FINE] = "",
		[CERTIFICATE_MALFORMED] = "it is malformed",
		[CERTIFICATE_UNSIGNED] = "it is not signed",
		[CERTIFICATE_NOBODYS] = "it is an authority's: none names an identity",
		[CERTIFICATE_SEVERAL] = "more than one names an identity",
		[CERTIFICATE_OTHER_KEY] = "it is for another key",
		[CERTIFICATE_STRAY] = "an authority among them is not above the certificate",
		[CERTIFICATE_TOO_LARGE] = "with its chain it is too large for a handshake",
	};

	return result < CERTIFICATE_RESULT_COUNT ? texts[result] : "";
}

/* --- shared */

struct shared {
	struct certificate_own own; /* first: what callers have a pointer to */
	unsigned references;
};

struct certificate_own *certificate_shared_new(void)
{
	struct shared *shared = alloc_zeroed(sizeof(*shared));

	shared->references = 1;
	return &shared->own;
}

void certificate_shared_ref(struct certificate_own *own)
{
	((struct shared *)own)->references++;
}

void certificate_shared_unref(struct certificate_own *own)
{
	if (--((struct shared *)own)->references > 0)
		return;
	certificate_wipe_own(own);
	alloc_free(own);
}

void certificate_wipe_own(struct certificate_own *own)
{
	bytes_wipe(own, sizeof(*own));
}

bool certificate_is_signed(const struct msg_signed_certificate *certificate)
{
	return certificate->cert && certificate->signature && certificate->signature_size == PRIMITIVES_SIGNATURE_SIZE;
}

static void get_chain(const struct certificate_own *own, struct msg_signed_certificate *out)
{
	size_t used = 0;

	for (size_t i = 0; i < own->chain_count; i++) {
		out->chain[out->chain_count++] = (struct msg_bytes){ own->chain + used, own->chain_sizes[i] };
		used += own->chain_sizes[i];
	}
}

/* An unsigned certificate has no signature field at all: its mere presence, empty or not, makes a
 * GNS peer try to verify it. */
void certificate_get_message(const struct certificate_own *own, struct msg_signed_certificate *out)
{
	bytes_zero(out, sizeof(*out));
	out->cert = own->cert;
	out->cert_size = own->cert_size;
	if (!own->is_signed)
		return;
	out->authority = own->authority;
	out->signature = own->signature;
	out->signature_size = sizeof(own->signature);
	get_chain(own, out);
}

void certificate_sign(struct msg_signed_certificate *out, uint8_t signature[PRIMITIVES_SIGNATURE_SIZE],
                      const uint8_t authority_private_key[PRIMITIVES_KEY_SIZE], const uint8_t *cert, size_t cert_size)
{
	uint8_t authority_public_key[PRIMITIVES_KEY_SIZE];

	primitives_ed25519_public(authority_public_key, authority_private_key);
	primitives_ed25519_sign(signature, authority_private_key, authority_public_key, cert, cert_size);
	bytes_zero(out, sizeof(*out));
	out->cert = cert;
	out->cert_size = cert_size;
	out->authority = certificate_key_id(authority_public_key);
	out->signature = signature;
	out->signature_size = PRIMITIVES_SIGNATURE_SIZE;
}
