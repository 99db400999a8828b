/* scratch: a folder of a test's own, and files in it. */
#ifndef TESTS_UNIT_TRANSFER_SCRATCH_H
#define TESTS_UNIT_TRANSFER_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
	char folder[64];
};

static inline void scratch_init(struct scratch *scratch)
{
	snprintf(scratch->folder, sizeof(scratch->folder), "/tmp/kith-transfer-XXXXXX");
	if (mkdtemp(scratch->folder) == NULL)
		abort();
}

static inline int scratch_remove_one(const char *path, const struct stat *about, int type, struct FTW *ftw)
{
	(void)about, (void)type, (void)ftw;
	return remove(path);
}

static inline void scratch_free(struct scratch *scratch)
{
	nftw(scratch->folder, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in it; the four last ones stay valid. */
static inline const char *scratch_path(const struct scratch *scratch, const char *name)
{
	static char paths[4][2048];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch->folder, name);
	return path;
}

/* `size` bytes that differ by `seed`. */
static inline void scratch_write(const struct scratch *scratch, const char *name, size_t size, unsigned seed)
{
	FILE *file = fopen(scratch_path(scratch, name), "wb");

	if (file == NULL)
		abort();
	for (size_t i = 0; i < size; i++)
		fputc((int)((i * 31 + (i >> 8) * 7 + seed) & 255), file);
	fclose(file);
}

static inline int scratch_equal(const char *a, const char *b)
{
	FILE *first = fopen(a, "rb"), *second = fopen(b, "rb");
	int same = first != NULL && second != NULL, c;

	while (same && (c = fgetc(first)) != EOF)
		same = fgetc(second) == c;
	same = same && fgetc(second) == EOF;
	if (first != NULL)
		fclose(first);
	if (second != NULL)
		fclose(second);
	return same;
}

static inline long scratch_size(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 ? (long)about.st_size : -1;
}

#endif
