#include "core/crypto/key_openssh.h"

#include "core/base/base64.h"
#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/bytes.h"

/* A private key with a comment of a line or two. */
#define BLOB_MAX 1024

static const char type_name[] = "ssh-ed25519";
static const char header[] = "-----BEGIN OPENSSH PRIVATE KEY-----";
static const char footer[] = "-----END OPENSSH PRIVATE KEY-----";
static const char magic[] = "openssh-key-v1"; /* with its NUL */

/* A string of the format: its length, then its bytes. */
static struct byte_reader take(struct byte_reader *reader)
{
	return byte_reader_sub(reader, byte_reader_be32(reader));
}

static bool is_text(const struct byte_reader *string, const char *text)
{
	return byte_reader_remaining(string) == strlen(text) && bytes_equal(string->at, text, strlen(text));
}

static const char *find(const char *text, size_t size, const char *what)
{
	size_t length = strlen(what);

	for (; size >= length; text++, size--) {
		if (bytes_equal(text, what, length))
			return text;
	}
	return NULL;
}

/* --- public */

/* type, key; nothing behind. */
static enum key_openssh_result read_public_blob(struct byte_reader *reader, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	struct byte_reader type = take(reader), key;

	if (byte_reader_failed(reader))
		return KEY_OPENSSH_MALFORMED;
	if (!is_text(&type, type_name))
		return KEY_OPENSSH_OTHER_TYPE;
	key = take(reader);
	if (!byte_reader_at_end(reader) || byte_reader_remaining(&key) != PRIMITIVES_KEY_SIZE)
		return KEY_OPENSSH_MALFORMED;
	byte_reader_copy(&key, out, PRIMITIVES_KEY_SIZE);
	return KEY_OPENSSH_FINE;
}

enum key_openssh_result key_openssh_read_public(const char *text, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	uint8_t blob[BLOB_MAX];
	struct byte_reader reader;
	size_t blob_size, letters = 0;

	bytes_zero(out, PRIMITIVES_KEY_SIZE);
	if (size < 4 || !bytes_equal(text, "ssh-", 4))
		return KEY_OPENSSH_NONE;
	if (size <= strlen(type_name) || !bytes_equal(text, type_name, strlen(type_name)) || text[strlen(type_name)] != ' ')
		return KEY_OPENSSH_OTHER_TYPE;
	text += strlen(type_name) + 1;
	size -= strlen(type_name) + 1;
	/* A comment may follow. */
	while (letters < size && text[letters] != ' ' && text[letters] != '\n' && text[letters] != '\r')
		letters++;
	if (!base64_read(text, letters, blob, sizeof(blob), &blob_size))
		return KEY_OPENSSH_MALFORMED;
	byte_reader_init(&reader, blob, blob_size);
	return read_public_blob(&reader, out);
}

void key_openssh_write_public(struct text *text, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	uint8_t blob[64];
	struct byte_writer writer;

	byte_writer_init(&writer, blob, sizeof(blob));
	byte_writer_be32(&writer, (uint32_t)strlen(type_name));
	byte_writer_bytes(&writer, type_name, strlen(type_name));
	byte_writer_be32(&writer, PRIMITIVES_KEY_SIZE);
	byte_writer_bytes(&writer, public_key, PRIMITIVES_KEY_SIZE);
	text_add(text, type_name);
	text_add_char(text, ' ');
	base64_write(text, blob, byte_writer_size(&writer));
}

/* --- private */

/* Two equal numbers, type, public key, seed with public key, comment, padding. */
static enum key_openssh_result read_secrets(struct byte_reader *reader, const uint8_t public_key[PRIMITIVES_KEY_SIZE],
                                            uint8_t out[PRIMITIVES_KEY_SIZE])
{
	uint32_t check = byte_reader_be32(reader);
	bool same = byte_reader_be32(reader) == check;
	struct byte_reader type = take(reader), own = take(reader), secret = take(reader);
	uint8_t made[PRIMITIVES_KEY_SIZE];

	if (byte_reader_failed(reader) || !same)
		return KEY_OPENSSH_MALFORMED;
	if (!is_text(&type, type_name))
		return KEY_OPENSSH_OTHER_TYPE;
	if (byte_reader_remaining(&own) != PRIMITIVES_KEY_SIZE || byte_reader_remaining(&secret) != 2 * PRIMITIVES_KEY_SIZE)
		return KEY_OPENSSH_MALFORMED;
	byte_reader_copy(&secret, out, PRIMITIVES_KEY_SIZE);
	primitives_ed25519_public(made, out);
	/* Signing under another public key would give the seed away. */
	return bytes_equal(made, public_key, sizeof(made)) && bytes_equal(made, own.at, sizeof(made))
	           ? KEY_OPENSSH_FINE
	           : KEY_OPENSSH_MALFORMED;
}

static enum key_openssh_result read_private_blob(struct byte_reader *reader, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	const uint8_t *start = byte_reader_bytes(reader, sizeof(magic));
	struct byte_reader cipher = take(reader), kdf = take(reader), options = take(reader);
	uint32_t count = byte_reader_be32(reader);
	struct byte_reader public_blob = take(reader), secrets = take(reader);
	uint8_t public_key[PRIMITIVES_KEY_SIZE];
	enum key_openssh_result result;

	if (byte_reader_failed(reader) || !bytes_equal(start, magic, sizeof(magic)) || count != 1)
		return KEY_OPENSSH_MALFORMED;
	if (!is_text(&cipher, "none") || !is_text(&kdf, "none") || byte_reader_remaining(&options) > 0)
		return KEY_OPENSSH_ENCRYPTED;
	result = read_public_blob(&public_blob, public_key);
	return result == KEY_OPENSSH_FINE ? read_secrets(&secrets, public_key, out) : result;
}

enum key_openssh_result key_openssh_read_private(const char *text, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	const char *body = find(text, size, header), *foot;
	enum key_openssh_result result = KEY_OPENSSH_MALFORMED;
	uint8_t blob[BLOB_MAX];
	struct byte_reader reader;
	size_t blob_size;

	bytes_zero(out, PRIMITIVES_KEY_SIZE);
	if (body == NULL)
		return KEY_OPENSSH_NONE;
	body += strlen(header);
	foot = find(body, size - (size_t)(body - text), footer);
	if (foot != NULL && base64_read(body, (size_t)(foot - body), blob, sizeof(blob), &blob_size)) {
		byte_reader_init(&reader, blob, blob_size);
		result = read_private_blob(&reader, out);
	}
	bytes_wipe(blob, sizeof(blob));
	if (result != KEY_OPENSSH_FINE)
		bytes_wipe(out, PRIMITIVES_KEY_SIZE);
	return result;
}
