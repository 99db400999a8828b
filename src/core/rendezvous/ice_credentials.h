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

#define ICE_USERNAME_MAX 16
#define ICE_LONG_PASSWORD 24 /* characters; RFC 8445 wants 22 */
#define ICE_PASSWORD_MAX 257 /* RFC 8839 §5.4: up to 256 characters, and the NUL */

/* Five characters for the low 30 bits of the id, most significant first. */
void ice_credentials_username(uint32_t connection_id, char out[ICE_USERNAME_MAX]);
/* Five characters from 30 of `random`'s bits. */
void ice_credentials_password(uint32_t random, char out[ICE_PASSWORD_MAX]);
/* Of the later sessions of a connection, between peers that know of them: another name for each, and a
 * password of `random`'s low bits. */
void ice_credentials_later_username(uint32_t connection_id, uint32_t generation, char out[ICE_USERNAME_MAX]);
void ice_credentials_long_password(const uint8_t random[ICE_LONG_PASSWORD], char out[ICE_PASSWORD_MAX]);
/* The peer's password as it came: 1-256 ice-chars, copied with a NUL. False: unusable. */
bool ice_credentials_read_password(const uint8_t *bytes, size_t size, char out[ICE_PASSWORD_MAX]);

#endif
