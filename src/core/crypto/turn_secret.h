/* turn_secret: the password of a TURN user, made of a secret that the server shares (draft-uberti-behave-turn-rest).
 *
 * Owns: how it is made.
 * Does not know: what time it is, lists of servers.
 */
#ifndef CRYPTO_TURN_SECRET_H
#define CRYPTO_TURN_SECRET_H

#include <stddef.h>

#include "core/base/text.h"

/* Base64 of an HMAC-SHA1 is so long. */
#define TURN_SECRET_PASSWORD_SIZE 28

/* `user`: "1767225600:name", the second of its end and what the server calls it, or the former alone. Appends. */
void turn_secret_password(struct text *out, const char *secret, size_t secret_size, const char *user, size_t user_size);

#endif
