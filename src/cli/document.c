#include "cli/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_standard(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

static const char *read_all(FILE *file, struct document *out)
{
	struct stat status;

	if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode))
		return strerror(EISDIR);
	out->bytes = calloc(1, DOCUMENT_SIZE_MAX + 2);
	if (out->bytes == NULL)
		return strerror(ENOMEM);
	out->size = fread(out->bytes, 1, DOCUMENT_SIZE_MAX + 1, file);
	if (ferror(file))
		return strerror(errno);
	return out->size > DOCUMENT_SIZE_MAX ? "the file is too large" : NULL;
}

bool document_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

const char *document_read(struct document *out, const char *path)
{
	FILE *file = is_standard(path) ? stdin : fopen(path, "rb");
	const char *wrong;

	*out = (struct document){ NULL, 0 };
	if (file == NULL)
		return strerror(errno);
	wrong = read_all(file, out);
	if (file != stdin)
		fclose(file);
	if (wrong != NULL)
		document_free(out);
	return wrong;
}

void document_append(struct document *document, const char *bytes, size_t size)
{
	char *grown = realloc(document->bytes, document->size + size + 2);

	if (grown == NULL)
		abort();
	document->bytes = grown;
	for (size_t i = 0; i < size; i++)
		grown[document->size++] = bytes[i];
	if (document->size > 0 && grown[document->size - 1] != '\n')
		grown[document->size++] = '\n';
	grown[document->size] = '\0';
}

void document_free(struct document *document)
{
	if (document->bytes != NULL)
		explicit_bzero(document->bytes, document->size);
	free(document->bytes);
	*document = (struct document){ NULL, 0 };
}

static const char *write_to(FILE *file, const char *bytes, size_t size)
{
	if (fwrite(bytes, 1, size, file) != size || fflush(file) != 0)
		return strerror(errno);
	return NULL;
}

/* A name beside the file's. */
static char *temporary_name(const char *path)
{
	char *name = NULL;

	return asprintf(&name, "%s.XXXXXX", path) < 0 ? NULL : name;
}

static const char *write_beside(const char *path, char *name, const char *bytes, size_t size)
{
	int fd = mkstemp(name);
	FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
	const char *wrong;

	if (file == NULL)
		return strerror(errno);
	wrong = write_to(file, bytes, size);
	fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
	if (fclose(file) != 0 && wrong == NULL)
		wrong = strerror(errno);
	if (wrong == NULL && rename(name, path) != 0)
		wrong = strerror(errno);
	if (wrong != NULL)
		unlink(name);
	return wrong;
}

/* A pipe or a device stays what it is. */
static bool is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static const char *write_into(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	const char *wrong;

	if (file == NULL)
		return strerror(errno);
	wrong = write_to(file, bytes, size);
	fclose(file);
	return wrong;
}

const char *document_write(const char *path, const char *bytes, size_t size)
{
	const char *wrong;
	char *name;

	if (is_standard(path))
		return write_to(stdout, bytes, size);
	if (is_special(path))
		return write_into(path, bytes, size);
	name = temporary_name(path);
	if (name == NULL)
		return strerror(ENOMEM);
	wrong = write_beside(path, name, bytes, size);
	free(name);
	return wrong;
}
