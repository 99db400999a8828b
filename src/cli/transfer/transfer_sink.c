#include "cli/transfer/transfer_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/transfer/transfer_path.h"
#include "core/base/bytes.h"

enum { NAME_SIZE = 256 + (int)sizeof(TRANSFER_PATH_PART) };

static bool refuse(char text[TRANSFER_SINK_TEXT_MAX], const char *what)
{
	snprintf(text, TRANSFER_SINK_TEXT_MAX, "%s: %s", what, strerror(errno));
	return false;
}

static bool refuse_with(char text[TRANSFER_SINK_TEXT_MAX], const char *why)
{
	snprintf(text, TRANSFER_SINK_TEXT_MAX, "%s", why);
	return false;
}

bool transfer_sink_init(struct transfer_sink *sink, const char *folder, bool overwrite)
{
	*sink = (struct transfer_sink){ .folder = -1, .file = -1, .parent = -1, .overwrite = overwrite };
	sink->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return sink->folder >= 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void transfer_sink_leave(struct transfer_sink *sink)
{
	close_fd(&sink->file);
	close_fd(&sink->parent);
	sink->entry = NULL;
}

void transfer_sink_free(struct transfer_sink *sink)
{
	transfer_sink_leave(sink);
	close_fd(&sink->folder);
}

/* --- names. Every folder on the way is opened by itself, so that no link is followed. */

/* The folder that `path` lies in, or with `all` the one it names; folders are made as needed. `name`
 * (of NAME_SIZE) gets the last name. -1: errno says why. */
static int open_parent(const struct transfer_sink *sink, const char *path, bool all, char *name)
{
	int at = dup(sink->folder);

	while (at >= 0) {
		size_t size = strcspn(path, "/");
		bool last = path[size] == '\0';
		int next;
		snprintf(name, NAME_SIZE, "%.*s", (int)size, path);
		if (last && !all)
			return at;
		if (mkdirat(at, name, 0777) != 0 && errno != EEXIST)
			next = -1;
		else
			next = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(at);
		at = next;
		if (last)
			return at;
		path += size + 1;
	}
	return -1;
}

static void part_of(char out[NAME_SIZE], const char *name)
{
	snprintf(out, NAME_SIZE, "%.250s%s", name, TRANSFER_PATH_PART);
}

/* --- what is there */

/* Takes what a file holds into the digest; what cannot be read counts as nothing. */
static void digest_file(struct transfer_digest *digest, int parent, const char *name, int64_t size)
{
	int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || !transfer_digest_add_file(digest, fd, size))
		transfer_digest_init(digest);
	if (fd >= 0)
		close(fd);
}

static bool look_at_file(struct transfer_sink *sink, struct transfer_sink_entry *entry, int parent, const char *name,
                         char text[TRANSFER_SINK_TEXT_MAX])
{
	char part[NAME_SIZE];
	struct stat about;

	part_of(part, name);
	if (fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
		if (!S_ISREG(about.st_mode))
			return refuse_with(text, "something else has that name");
		if (about.st_size == entry->size) {
			entry->have = sink->overwrite ? TRANSFER_HAVE_WHOLE : TRANSFER_HAVE_OTHER;
			digest_file(&entry->digest, parent, name, about.st_size);
			return true;
		}
		if (!sink->overwrite)
			return refuse_with(text, "another file of that name is there");
	}
	if (fstatat(parent, part, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
	    (entry->size < 0 || about.st_size <= entry->size))
		digest_file(&entry->digest, parent, part, about.st_size);
	return true;
}

bool transfer_sink_look(struct transfer_sink *sink, struct transfer_sink_entry *entry,
                        char text[TRANSFER_SINK_TEXT_MAX])
{
	const char *why = transfer_path_check(entry->path, strlen(entry->path));
	char name[NAME_SIZE];
	bool good;
	int parent;

	entry->have = TRANSFER_HAVE_PART;
	transfer_digest_init(&entry->digest);
	if (why != NULL)
		return refuse_with(text, why);
	parent = open_parent(sink, entry->path, entry->kind == TRANSFER_FOLDER, name);
	if (parent < 0)
		return refuse(text, "the folder cannot be made");
	good = entry->kind == TRANSFER_FOLDER || look_at_file(sink, entry, parent, name, text);
	close(parent);
	return good;
}

/* --- writing */

static bool open_part(struct transfer_sink *sink, const struct transfer_sink_entry *entry,
                      char text[TRANSFER_SINK_TEXT_MAX])
{
	char name[NAME_SIZE], part[NAME_SIZE];
	struct stat about;

	sink->parent = open_parent(sink, entry->path, false, name);
	if (sink->parent < 0)
		return refuse(text, "the folder cannot be made");
	part_of(part, name);
	sink->file = openat(sink->parent, part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (sink->file < 0 || fstat(sink->file, &about) != 0)
		return refuse(text, "the file cannot be written");
	if (!S_ISREG(about.st_mode))
		return refuse_with(text, "something else has that name");
	if (flock(sink->file, LOCK_EX | LOCK_NB) != 0)
		return refuse_with(text, "another transfer writes this file");
	if (about.st_size < entry->digest.size || ftruncate(sink->file, entry->digest.size) != 0 ||
	    lseek(sink->file, entry->digest.size, SEEK_SET) < 0)
		return refuse_with(text, "the file changed meanwhile");
	return true;
}

bool transfer_sink_start(struct transfer_sink *sink, struct transfer_sink_entry *entry, int64_t offset,
                         char text[TRANSFER_SINK_TEXT_MAX])
{
	transfer_sink_leave(sink);
	if (offset != 0 && offset != entry->digest.size)
		return refuse_with(text, "the sender begins where nothing ends");
	/* What is whole already is only checked once more. */
	if (entry->have != TRANSFER_HAVE_PART && offset == entry->digest.size && offset == entry->size) {
		sink->entry = entry;
		return true;
	}
	if (entry->have == TRANSFER_HAVE_OTHER)
		return refuse_with(text, "another file of that name is there");
	entry->have = TRANSFER_HAVE_PART;
	if (offset == 0)
		transfer_digest_init(&entry->digest);
	if (!open_part(sink, entry, text)) {
		transfer_sink_leave(sink);
		return false;
	}
	sink->entry = entry;
	return true;
}

bool transfer_sink_write(struct transfer_sink *sink, const void *bytes, size_t size, char text[TRANSFER_SINK_TEXT_MAX])
{
	const uint8_t *at = bytes;
	size_t left = size;

	if (sink->file < 0)
		return refuse_with(text, "more came than was to come");
	while (left > 0) {
		ssize_t put = write(sink->file, at, left);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			refuse(text, "the file cannot be written");
			transfer_sink_leave(sink);
			return false;
		}
		at += put;
		left -= (size_t)put;
	}
	transfer_digest_add(&sink->entry->digest, bytes, size);
	return true;
}

/* The file is whole: its times, its rights, its name. */
static bool give_name(struct transfer_sink *sink, char text[TRANSFER_SINK_TEXT_MAX])
{
	const struct transfer_sink_entry *entry = sink->entry;
	const char *slash = strrchr(entry->path, '/');
	const char *name = slash != NULL ? slash + 1 : entry->path;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = entry->modified } };
	mode_t mask = umask(0);
	char part[NAME_SIZE];

	umask(mask);
	part_of(part, name);
	/* A file system may know neither; what counts is the content. */
	(void)futimens(sink->file, times);
	if (fchmod(sink->file, ((mode_t)entry->mode | 0600) & ~mask) != 0 && errno != EPERM)
		return refuse(text, "the rights cannot be set");
	if (sink->overwrite ? renameat(sink->parent, part, sink->parent, name) != 0
	                    : linkat(sink->parent, part, sink->parent, name, 0) != 0)
		return refuse(text, "the file cannot be given its name");
	if (!sink->overwrite)
		(void)unlinkat(sink->parent, part, 0);
	return true;
}

bool transfer_sink_finish(struct transfer_sink *sink, int64_t size, const uint8_t hash[TRANSFER_HASH_SIZE],
                          char text[TRANSFER_SINK_TEXT_MAX])
{
	struct transfer_sink_entry *entry = sink->entry;
	uint8_t ours[TRANSFER_HASH_SIZE];
	bool good;

	transfer_digest_get(&entry->digest, ours);
	good = entry->digest.size == size && bytes_equal(ours, hash, sizeof(ours));
	if (!good) {
		refuse_with(text, "the checksum is another: what arrived is not what was sent");
		/* Nothing of it can be gone on with. */
		if (sink->file >= 0)
			(void)ftruncate(sink->file, 0);
	} else if (sink->file >= 0) {
		good = give_name(sink, text);
	}
	transfer_sink_leave(sink);
	return good;
}
