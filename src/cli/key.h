/* key: `kith key`: private keys in files, and what follows from them.
 *
 * Owns: that nothing which the commands write takes the place of a private key.
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H

#include "cli/options.h"

int key_run(const struct options *options);

/* document_write(), but a file with a private key stays. */
const char *key_write_beside(const char *path, const char *bytes, size_t size);

#endif
