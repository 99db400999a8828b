/* key_text: Ed25519 keys as files hold them.
 *
 * Owns: every form that is read, the one that is written, and telling a private key from a public
 * one wherever the form says which it is: raw bytes and bare digits do not.
 * Does not know: files, and who may read them.
 */
#ifndef CRYPTO_KEY_TEXT_H
#define CRYPTO_KEY_TEXT_H

#include "core/base/text.h"
#include "core/crypto/primitives.h"

/* Longest file of a key; OpenSSH's with a long comment. */
#define KEY_TEXT_SIZE_MAX 4096
/* Room for what is written, with the NUL. */
#define KEY_TEXT_WRITTEN_MAX 128

enum key_text_result {
	KEY_TEXT_FINE,
	KEY_TEXT_MALFORMED,
	KEY_TEXT_IS_PUBLIC,  /* and a private one was wanted */
	KEY_TEXT_IS_PRIVATE, /* and a public one was wanted */
	KEY_TEXT_ENCRYPTED,
	KEY_TEXT_OTHER_TYPE,
};

/* Private: 32 raw bytes, 64 hex digits, "kith-key ed25519 <64 hex digits>", or OpenSSH's without a
 * passphrase. Public: 32 raw bytes, 64 hex digits, "key:<64 hex digits>" ("gen:" is the same),
 * "kith-public-key ed25519 <64 hex digits>", or "ssh-ed25519 ...". Blanks at the end are fine. `out`
 * is zeroed on failure. */
enum key_text_result key_text_read_private(const void *data, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE]);
enum key_text_result key_text_read_public(const void *data, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE]);

/* One line, its end included. */
void key_text_write_private(struct text *text, const uint8_t private_key[PRIMITIVES_KEY_SIZE]);
void key_text_write_public(struct text *text, const uint8_t public_key[PRIMITIVES_KEY_SIZE]);

/* One line for people; empty when all is fine. It has nothing of the file's content. */
const char *key_text_result_text(enum key_text_result result, bool wanted_private);

#endif
