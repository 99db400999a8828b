#include "cli/transfer/transfer_source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/transfer/transfer_path.h"
#include "core/base/alloc.h"

void transfer_source_init(struct transfer_source *source, transfer_source_skip_fn *on_skip, void *owner)
{
	*source = (struct transfer_source){ .on_skip = on_skip, .owner = owner };
}

void transfer_source_free(struct transfer_source *source)
{
	for (uint32_t i = 0; i < source->count; i++) {
		alloc_free(source->entries[i].path);
		alloc_free(source->entries[i].file);
	}
	alloc_free(source->entries);
	*source = (struct transfer_source){ 0 };
}

static bool add_entry(struct transfer_source *source, const struct transfer_source_entry *entry, const char **why)
{
	*why = transfer_path_check(entry->path, strlen(entry->path));
	if (*why == NULL && source->count == TRANSFER_ENTRIES_MAX)
		*why = "too many files";
	if (*why != NULL)
		return false;
	if (source->count == source->capacity) {
		source->capacity = source->capacity * 2 + 16;
		source->entries = alloc_resize(source->entries, source->capacity, sizeof(*source->entries));
	}
	source->entries[source->count] = *entry;
	source->entries[source->count].path = alloc_text(entry->path);
	source->entries[source->count++].file = alloc_text(entry->file);
	if (entry->kind == TRANSFER_FILE && source->size >= 0)
		source->size = entry->size < 0 ? -1 : source->size + entry->size;
	return true;
}

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = alloc_bytes(size);

	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static int is_wanted(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void add_found(struct transfer_source *source, char *file, char *path, const struct stat *about);

static void add_children(struct transfer_source *source, const char *folder, const char *path)
{
	struct dirent **names;
	int count = scandir(folder, &names, is_wanted, alphasort);

	if (count < 0) {
		source->on_skip(source->owner, folder, strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		char *file = join(folder, names[i]->d_name);
		char *child = join(path, names[i]->d_name);
		struct stat about;
		free(names[i]);
		if (lstat(file, &about) != 0)
			source->on_skip(source->owner, file, strerror(errno));
		else
			add_found(source, file, child, &about);
		alloc_free(file);
		alloc_free(child);
	}
	free(names);
}

static void fill_entry(struct transfer_source_entry *entry, char *file, char *path, const struct stat *about)
{
	*entry = (struct transfer_source_entry){
		.kind = S_ISDIR(about->st_mode) ? TRANSFER_FOLDER : TRANSFER_FILE,
		.path = path,
		.file = file,
		.mode = about->st_mode & 0777,
		.modified = about->st_mtime,
		.size = S_ISDIR(about->st_mode) ? 0 : (int64_t)about->st_size,
	};
}

/* Something in a folder: what cannot be sent is left out and told. */
static void add_found(struct transfer_source *source, char *file, char *path, const struct stat *about)
{
	struct transfer_source_entry entry;
	const char *why = S_ISLNK(about->st_mode) ? "a symbolic link" : "neither a file nor a folder";

	fill_entry(&entry, file, path, about);
	if ((!S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode)) || !add_entry(source, &entry, &why))
		source->on_skip(source->owner, file, why);
	else if (S_ISDIR(about->st_mode))
		add_children(source, file, path);
}

bool transfer_source_add(struct transfer_source *source, const char *file, const char *name, const char **why)
{
	struct transfer_source_entry entry;
	struct stat about;
	char *real = realpath(file, NULL);
	char *own_name = real != NULL ? alloc_text(name != NULL ? name : strrchr(real, '/') + 1) : NULL;
	bool good = false;

	if (real == NULL || stat(real, &about) != 0) {
		*why = strerror(errno);
	} else if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
		*why = "neither a file nor a folder";
	} else {
		fill_entry(&entry, real, own_name, &about);
		good = add_entry(source, &entry, why);
		if (good && S_ISDIR(about.st_mode))
			add_children(source, real, own_name);
	}
	free(real);
	alloc_free(own_name);
	return good;
}

bool transfer_source_add_stdin(struct transfer_source *source, const char *name, const char **why)
{
	char own_name[] = "stdin";
	char *path = name != NULL ? alloc_text(name) : alloc_text(own_name);
	struct transfer_source_entry entry = { TRANSFER_FILE, path, NULL, 0644, time(NULL), -1 };
	bool good = add_entry(source, &entry, why);

	alloc_free(path);
	return good;
}
