/* transfer_digest: the SHA-256 of what goes by, and of the beginning of a file. */
#ifndef CLI_TRANSFER_TRANSFER_DIGEST_H
#define CLI_TRANSFER_TRANSFER_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

#include "cli/transfer/transfer_frame.h"

struct transfer_digest {
	struct sha256_ctx context;
	int64_t size; /* of all that was added */
};

void transfer_digest_init(struct transfer_digest *digest);
void transfer_digest_add(struct transfer_digest *digest, const void *bytes, size_t size);
/* Reads `size` bytes from `fd`, from where it stands. False: there are not so many, or errno says why. */
bool transfer_digest_add_file(struct transfer_digest *digest, int fd, int64_t size);
/* Of all so far; more may be added afterwards. */
void transfer_digest_get(const struct transfer_digest *digest, uint8_t out[TRANSFER_HASH_SIZE]);

#endif
