#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/certificate.h>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/crypto/primitives.h"
#include "engine/convert.h"
#include "engine/entropy.h"
#include "engine/failure.h"

#define KEY_FILE_PREFIX "kith-key ed25519 "

enum {
	KEY_FILE_PREFIX_SIZE = sizeof(KEY_FILE_PREFIX) - 1,
	KEY_FILE_SIZE = KEY_FILE_PREFIX_SIZE + 2 * KITH_KEY_SIZE + 1
};

kith_result kith_key_generate(void *out_private_key)
{
	if (out_private_key == NULL)
		return failure_set(KITH_E_INVALID, "out_private_key: null");
	if (!entropy_fill(out_private_key, KITH_KEY_SIZE))
		return failure_set(KITH_E_SYSTEM, "the system has no random numbers");
	return KITH_OK;
}

kith_result kith_key_public(const void *private_key, void *out_public_key)
{
	if (out_public_key == NULL)
		return failure_set(KITH_E_INVALID, "out_public_key: null");
	bytes_zero(out_public_key, KITH_KEY_SIZE);
	if (private_key == NULL)
		return failure_set(KITH_E_INVALID, "private_key: null");
	primitives_ed25519_public(out_public_key, private_key);
	return KITH_OK;
}

kith_result kith_key_identity(const void *private_key, struct kith_identity *out_identity)
{
	struct identity identity;
	uint8_t public_key[KITH_KEY_SIZE];

	if (out_identity == NULL)
		return failure_set(KITH_E_INVALID, "out_identity: null");
	bytes_zero(out_identity, sizeof(*out_identity));
	if (private_key == NULL)
		return failure_set(KITH_E_INVALID, "private_key: null");
	primitives_ed25519_public(public_key, private_key);
	identity_set_key(&identity, public_key);
	convert_identity_out(out_identity, &identity);
	return KITH_OK;
}

static bool write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		size -= (size_t)written;
	}
	return true;
}

static kith_result write_key(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	int error;

	if (fd < 0 && errno == EEXIST)
		return failure_set(KITH_E_EXISTS, "%.200s: the file exists already", path);
	if (fd < 0)
		return failure_set_system(errno, "%.200s", path);
	if (!write_all(fd, text, size) || fsync(fd) != 0) {
		error = errno;
		close(fd);
		unlink(path);
		return failure_set_system(error, "%.200s", path);
	}
	return close(fd) == 0 ? KITH_OK : failure_set_system(errno, "%.200s", path);
}

kith_result kith_key_save(const char *path, const void *private_key)
{
	char line[KEY_FILE_SIZE + 1];
	struct text text;
	kith_result result;

	if (path == NULL || private_key == NULL)
		return failure_set(KITH_E_INVALID, "%s: null", path == NULL ? "path" : "private_key");
	text_init(&text, line, sizeof(line));
	text_add(&text, KEY_FILE_PREFIX);
	text_add_hex_bytes(&text, private_key, KITH_KEY_SIZE);
	text_add_char(&text, '\n');
	result = write_key(path, line, text.size);
	bytes_wipe(line, sizeof(line));
	return result;
}

/* Reads at most `capacity` bytes. Less than 0: errno says why not. */
static ssize_t read_file(const char *path, char *out, size_t capacity)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0;
	ssize_t count = 1;
	int error;

	if (fd < 0)
		return -1;
	while (size < capacity && count != 0) {
		count = read(fd, out + size, capacity - size);
		if (count < 0 && errno != EINTR)
			break;
		size += count > 0 ? (size_t)count : 0;
	}
	error = errno;
	close(fd);
	errno = error;
	return count < 0 ? -1 : (ssize_t)size;
}

kith_result kith_key_load(const char *path, void *out_private_key)
{
	/* One more than there may be: a longer file is not a key. */
	char line[KEY_FILE_SIZE + 1];
	ssize_t size;
	bool good;

	if (out_private_key == NULL)
		return failure_set(KITH_E_INVALID, "out_private_key: null");
	bytes_zero(out_private_key, KITH_KEY_SIZE);
	if (path == NULL)
		return failure_set(KITH_E_INVALID, "path: null");
	size = read_file(path, line, sizeof(line));
	if (size < 0 && errno == ENOENT)
		return failure_set(KITH_E_NOT_FOUND, "%.200s: no such file", path);
	if (size < 0)
		return failure_set_system(errno, "%.200s", path);
	if (size == KEY_FILE_SIZE && line[size - 1] == '\n')
		size--;
	good =
		size == KEY_FILE_SIZE - 1 && bytes_equal(line, KEY_FILE_PREFIX, KEY_FILE_PREFIX_SIZE) &&
		text_read_hex(line + KEY_FILE_PREFIX_SIZE, 2 * KITH_KEY_SIZE, out_private_key, KITH_KEY_SIZE) == KITH_KEY_SIZE;
	bytes_wipe(line, sizeof(line));
	if (good)
		return KITH_OK;
	bytes_zero(out_private_key, KITH_KEY_SIZE);
	return failure_set(KITH_E_INVALID, "%.200s: not a key file (kith-key ed25519 and 64 hex digits)", path);
}
