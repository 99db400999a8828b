/* key_openssh: Ed25519 keys in the files of OpenSSH, and of GNS's tool, which has the same.
 *
 * Owns: "ssh-ed25519 AAAA...", and private keys without a passphrase.
 * Does not know: other types of keys, encryption.
 */
#ifndef CRYPTO_KEY_OPENSSH_H
#define CRYPTO_KEY_OPENSSH_H

#include <stdbool.h>

#include "core/base/text.h"
#include "core/crypto/primitives.h"

enum key_openssh_result {
	KEY_OPENSSH_FINE,
	KEY_OPENSSH_NONE, /* no file of this form */
	KEY_OPENSSH_MALFORMED,
	KEY_OPENSSH_ENCRYPTED,
	KEY_OPENSSH_OTHER_TYPE, /* RSA and so on */
};

/* `out` is zeroed unless the result is FINE. */
enum key_openssh_result key_openssh_read_private(const char *text, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE]);
enum key_openssh_result key_openssh_read_public(const char *text, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE]);
/* One line without its end and without a comment. */
void key_openssh_write_public(struct text *text, const uint8_t public_key[PRIMITIVES_KEY_SIZE]);

#endif
