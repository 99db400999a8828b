/* ice_credentials: the user names and passwords of ICE checks, as short as the wire has them.
 *
 * Owns: user name from a connection id, a random password (docs/wire.md, "ICE").
 * Does not know: the ICE agent.
 */
#ifndef RENDEZVOUS_ICE_CREDENTIALS_H
#define RENDEZVOUS_ICE_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICE_USERNAME_MAX 8
#define ICE_PASSWORD_MAX 257 /* RFC 8839 §5.4: up to 256 characters, and the NUL */

/* Five characters for the low 30 bits of the id, most significant first. */
void ice_credentials_username(uint32_t connection_id, char out[ICE_USERNAME_MAX]);
/* Five characters from 30 of `random`'s bits. */
void ice_credentials_password(uint32_t random, char out[ICE_PASSWORD_MAX]);
/* The peer's password as it came: 1-256 ice-chars, copied with a NUL. False: unusable. */
bool ice_credentials_read_password(const uint8_t *bytes, size_t size, char out[ICE_PASSWORD_MAX]);

#endif
