#include "engine/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/errors.h>

#include "engine/failure.h"

static bool read_all(int fd, char *out, size_t capacity, size_t *size)
{
	char beyond;

	*size = 0;
	for (;;) {
		size_t left = capacity - *size;
		ssize_t count = left > 0 ? read(fd, out + *size, left) : read(fd, &beyond, 1);

		if (count < 0 && errno == EINTR)
			continue;
		if (count > 0)
			*size += (size_t)count;
		if (count <= 0 || *size > capacity)
			return count >= 0;
	}
}

int32_t file_read(const char *path, void *out, size_t capacity, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool done;
	int error;

	*size = 0;
	if (fd < 0 && errno == ENOENT)
		return failure_set(KITH_E_NOT_FOUND, "%.200s: no such file", path);
	if (fd < 0)
		return failure_set_system(errno, "%.200s", path);
	done = read_all(fd, out, capacity, size);
	error = errno;
	close(fd);
	return done ? KITH_OK : failure_set_system(error, "%.200s", path);
}

static bool write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		data += written;
		size -= (size_t)written;
	}
	return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP; /* what is no disk cannot be synced */
}

int32_t file_write_new(const char *path, const void *data, size_t size, bool is_secret)
{
	mode_t mode = is_secret ? S_IRUSR | S_IWUSR : S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	int error;

	if (fd < 0 && errno == EEXIST)
		return failure_set(KITH_E_EXISTS, "%.200s: the file exists already", path);
	if (fd < 0)
		return failure_set_system(errno, "%.200s", path);
	if (!write_all(fd, data, size)) {
		error = errno;
		close(fd);
		unlink(path);
		return failure_set_system(error, "%.200s", path);
	}
	return close(fd) == 0 ? KITH_OK : failure_set_system(errno, "%.200s", path);
}
