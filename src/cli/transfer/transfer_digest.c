#include "cli/transfer/transfer_digest.h"

#include <errno.h>
#include <unistd.h>

#include "core/base/alloc.h"

enum { CHUNK = 256 * 1024 };

void transfer_digest_init(struct transfer_digest *digest)
{
	sha256_init(&digest->context);
	digest->size = 0;
}

void transfer_digest_add(struct transfer_digest *digest, const void *bytes, size_t size)
{
	sha256_update(&digest->context, size, bytes);
	digest->size += (int64_t)size;
}

bool transfer_digest_add_file(struct transfer_digest *digest, int fd, int64_t size)
{
	uint8_t *chunk = alloc_bytes(CHUNK);
	bool good = true;

	while (size > 0 && good) {
		ssize_t got = read(fd, chunk, size < CHUNK ? (size_t)size : CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		good = got > 0;
		if (good) {
			transfer_digest_add(digest, chunk, (size_t)got);
			size -= got;
		}
	}
	alloc_free(chunk);
	return good;
}

void transfer_digest_get(const struct transfer_digest *digest, uint8_t out[TRANSFER_HASH_SIZE])
{
	struct sha256_ctx copy = digest->context;

	sha256_digest(&copy, TRANSFER_HASH_SIZE, out);
}
