#include "core/crypto/key_text.h"

#include "core/base/bytes.h"
#include "core/crypto/key_openssh.h"

static const char private_prefix[] = "kith-key ed25519 ";
static const char public_prefix[] = "kith-public-key ed25519 ";

static size_t trimmed(const char *text, size_t size)
{
	while (size > 0 &&
	       (text[size - 1] == ' ' || text[size - 1] == '\t' || text[size - 1] == '\r' || text[size - 1] == '\n'))
		size--;
	return size;
}

static bool begins(const char *text, size_t size, const char *prefix)
{
	return size >= strlen(prefix) && bytes_equal(text, prefix, strlen(prefix));
}

/* 64 digits behind the prefix and nothing else. */
static bool read_digits(const char *text, size_t size, const char *prefix, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	size_t skipped = strlen(prefix);

	return begins(text, size, prefix) && size == skipped + 2 * (size_t)PRIMITIVES_KEY_SIZE &&
	       text_read_hex(text + skipped, size - skipped, out, PRIMITIVES_KEY_SIZE) == PRIMITIVES_KEY_SIZE;
}

static enum key_text_result of_openssh(enum key_openssh_result result, enum key_text_result fine)
{
	switch (result) {
	case KEY_OPENSSH_FINE:
		return fine;
	case KEY_OPENSSH_ENCRYPTED:
		return KEY_TEXT_ENCRYPTED;
	case KEY_OPENSSH_OTHER_TYPE:
		return KEY_TEXT_OTHER_TYPE;
	default:
		return KEY_TEXT_MALFORMED;
	}
}

static enum key_text_result read_private(const char *text, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	enum key_openssh_result openssh;
	uint8_t public_key[PRIMITIVES_KEY_SIZE];

	if (size == PRIMITIVES_KEY_SIZE) {
		bytes_copy(out, text, size);
		return KEY_TEXT_FINE;
	}
	size = trimmed(text, size);
	if (read_digits(text, size, "", out) || read_digits(text, size, private_prefix, out))
		return KEY_TEXT_FINE;
	openssh = key_openssh_read_private(text, size, out);
	if (openssh != KEY_OPENSSH_NONE)
		return of_openssh(openssh, KEY_TEXT_FINE);
	if (begins(text, size, public_prefix) || begins(text, size, "key:") || begins(text, size, "gen:") ||
	    key_openssh_read_public(text, size, public_key) == KEY_OPENSSH_FINE)
		return KEY_TEXT_IS_PUBLIC;
	return KEY_TEXT_MALFORMED;
}

enum key_text_result key_text_read_private(const void *data, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	enum key_text_result result = read_private(data, size, out);

	if (result != KEY_TEXT_FINE)
		bytes_wipe(out, PRIMITIVES_KEY_SIZE);
	return result;
}

static enum key_text_result read_public(const char *text, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	enum key_openssh_result openssh;

	if (size == PRIMITIVES_KEY_SIZE) {
		bytes_copy(out, text, size);
		return KEY_TEXT_FINE;
	}
	size = trimmed(text, size);
	if (read_digits(text, size, "", out) || read_digits(text, size, "key:", out) ||
	    read_digits(text, size, "gen:", out) || read_digits(text, size, public_prefix, out))
		return KEY_TEXT_FINE;
	if (begins(text, size, private_prefix))
		return KEY_TEXT_IS_PRIVATE;
	openssh = key_openssh_read_public(text, size, out);
	if (openssh != KEY_OPENSSH_NONE)
		return of_openssh(openssh, KEY_TEXT_FINE);
	return of_openssh(key_openssh_read_private(text, size, out), KEY_TEXT_IS_PRIVATE);
}

enum key_text_result key_text_read_public(const void *data, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE])
{
	enum key_text_result result = read_public(data, size, out);

	if (result != KEY_TEXT_FINE)
		bytes_wipe(out, PRIMITIVES_KEY_SIZE);
	return result;
}

static void write_line(struct text *text, const char *prefix, const uint8_t key[PRIMITIVES_KEY_SIZE])
{
	text_add(text, prefix);
	text_add_hex_bytes(text, key, PRIMITIVES_KEY_SIZE);
	text_add_char(text, '\n');
}

void key_text_write_private(struct text *text, const uint8_t private_key[PRIMITIVES_KEY_SIZE])
{
	write_line(text, private_prefix, private_key);
}

void key_text_write_public(struct text *text, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	write_line(text, public_prefix, public_key);
}

const char *key_text_result_text(enum key_text_result result, bool wanted_private)
{
	switch (result) {
	case KEY_TEXT_FINE:
		return "";
	case KEY_TEXT_IS_PUBLIC:
		return "it is a public key, and a private key is needed";
	case KEY_TEXT_IS_PRIVATE:
		return "it is a private key, and a public key is needed";
	case KEY_TEXT_ENCRYPTED:
		return "the key is protected by a passphrase, which cannot be asked for here";
	case KEY_TEXT_OTHER_TYPE:
		return "the key is of another type than Ed25519";
	case KEY_TEXT_MALFORMED:
		break;
	}
	return wanted_private ? "not a private key: 32 bytes, 64 hex digits, a file of 'kith key new', or of OpenSSH"
	                      : "not a public key: 32 bytes, 64 hex digits, 'key:' or 'kith-public-key' or 'ssh-ed25519'";
}
