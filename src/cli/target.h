/* target: what people name on the command line, turned into what the library takes.
 *
 * Owns: reading addresses (names are looked up), identities, keys and servers, and the message that
 * names what cannot be read.
 * Does not know: endpoints.
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include <kith/certificate.h>

#include "cli/options.h"

enum { TARGET_KEY_SIZE = 32 };

/* All return -1 to go on, or the exit status after a complaint that calls the argument `what`. */

/* HOST:PORT; a port of 0 only when `any_port`. */
int target_read_address(const struct options *options, const char *what, const char *text, bool any_port,
                        struct kith_address *out);
int target_read_identity(const struct options *options, const char *what, const char *text, struct kith_identity *out);
/* In any form that kith_key_load() reads. */
int target_read_key(const struct options *options, const char *path, uint8_t out[TARGET_KEY_SIZE]);
int target_check_stun(const struct options *options, const char *text);
int target_check_turn(const struct options *options, const char *text);

/* Where TARGET leads: `*by_address` tells which of the two was read. */
int target_read(const struct options *options, bool *by_address, struct kith_address *address,
                struct kith_identity *identity);

#endif
