/* bench_seal: AES-256-GCM for the limit: sealing from and to the buffers of datagrams.
 *
 * Owns: one key, the same in both processes.
 * Does not know: datagrams. Built with GnuTLS where that is found, else there is no limit to compare with.
 */
#ifndef CLI_BENCH_SEAL_H
#define CLI_BENCH_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_SEAL_TAG = 16, BENCH_SEAL_NONCE = 12 };

struct bench_seal;

/* Null, or why there is none. */
const char *bench_seal_missing(void);
struct bench_seal *bench_seal_new(void);
/* `out` gets `size` bytes and the tag. */
bool bench_seal_close(struct bench_seal *seal, uint64_t number, const uint8_t *bytes, size_t size, uint8_t *out);
/* `out` gets `size` bytes without the tag; false: they are not what was sealed. */
bool bench_seal_open(struct bench_seal *seal, uint64_t number, const uint8_t *bytes, size_t size, uint8_t *out);

#endif
