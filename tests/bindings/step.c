#include "step.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The length of "name=" at the beginning of a token, 0: it is not a key. */
static size_t key_length(const char *token)
{
	size_t length = 1;

	if (!islower((unsigned char)token[0]))
		return 0;
	while (isalnum((unsigned char)token[length]) || token[length] == '_' || token[length] == '.')
		length++;
	return token[length] == '=' ? length + 1 : 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return found != NULL ? (int)(found - digits) : -1;
}

/* One escape behind its backslash: the byte, or -1. */
static int read_escape(const char **from)
{
	char c = *(*from)++;
	int high, low;

	if (c == '"' || c == '\\')
		return c;
	if (c == 'n')
		return '\n';
	if (c != 'x' || (high = hex_digit((*from)[0])) < 0 || (low = hex_digit((*from)[1])) < 0)
		return -1;
	*from += 2;
	return high * 16 + low;
}

/* The text in quotes, unescaped in place. False: it does not end, or an escape is none. */
static bool read_quoted(char **cursor, struct step_text *out_text)
{
	const char *from = *cursor + 1;
	char *to = *cursor;
	int byte;

	out_text->bytes = to;
	while (*from != '"') {
		if (*from == '\0')
			return false;
		byte = (unsigned char)*from++;
		if (byte == '\\' && (byte = read_escape(&from)) < 0)
			return false;
		*to++ = (char)byte;
	}
	out_text->size = (size_t)(to - out_text->bytes);
	*to = '\0';
	*cursor = (char *)from + 1;
	return **cursor == '\0' || is_blank(**cursor);
}

static bool read_value(char **cursor, struct step_text *out_text)
{
	char *end = *cursor;

	if (*end == '"')
		return read_quoted(cursor, out_text);
	while (*end != '\0' && !is_blank(*end))
		end++;
	out_text->bytes = *cursor;
	out_text->size = (size_t)(end - *cursor);
	*cursor = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return true;
}

static const char *read_token(char **cursor, struct step *step)
{
	size_t key = key_length(*cursor);
	struct step_text *value;

	if (key != 0) {
		if (step->keys_count == STEP_KEYS_MAX)
			return "too many keys";
		step->keys[step->keys_count].name = *cursor;
		(*cursor)[key - 1] = '\0';
		*cursor += key;
		value = &step->keys[step->keys_count++].value;
	} else {
		if (step->arguments_count == STEP_ARGUMENTS_MAX)
			return "too many arguments";
		value = &step->arguments[step->arguments_count++];
	}
	return read_value(cursor, value) ? NULL : "quotes or escapes are wrong";
}

static char *skip_blanks(char *cursor)
{
	while (is_blank(*cursor))
		cursor++;
	return cursor;
}

static const char *read_word(char **cursor)
{
	struct step_text word;

	*cursor = skip_blanks(*cursor);
	read_value(cursor, &word);
	return word.bytes;
}

const char *step_read(char *line, int number, struct step *step)
{
	char *cursor = skip_blanks(line);
	const char *problem = NULL;

	memset(step, 0, sizeof(*step));
	step->line = number;
	if (*cursor == '\0' || *cursor == '#')
		return NULL;
	step->verb = read_word(&cursor);
	if (strcmp(step->verb, "fails") == 0) {
		step->fails = read_word(&cursor);
		step->verb = read_word(&cursor);
	}
	for (cursor = skip_blanks(cursor); *cursor != '\0' && problem == NULL; cursor = skip_blanks(cursor))
		problem = read_token(&cursor, step);
	return problem;
}

const struct step_text *step_argument(struct step *step, unsigned index)
{
	if (index >= step->arguments_count)
		return NULL;
	step->arguments_used |= 1u << index;
	return &step->arguments[index];
}

const struct step_text *step_key(struct step *step, const char *name)
{
	for (unsigned i = 0; i < step->keys_count; i++) {
		if (strcmp(step->keys[i].name, name) == 0) {
			step->keys[i].is_used = true;
			return &step->keys[i].value;
		}
	}
	return NULL;
}

const char *step_string(struct step *step, const char *name)
{
	const struct step_text *value = step_key(step, name);

	return value != NULL ? value->bytes : NULL;
}

int64_t step_integer(struct step *step, const char *name, int64_t otherwise)
{
	const char *value = step_string(step, name);

	return value != NULL ? strtoll(value, NULL, 10) : otherwise;
}

const char *step_key_within(struct step *step, const char *prefix, unsigned *index, const char **out_value)
{
	size_t length = strlen(prefix);

	while (*index < step->keys_count) {
		struct step_key *key = &step->keys[(*index)++];
		if (strncmp(key->name, prefix, length) == 0 && key->name[length] == '.') {
			key->is_used = true;
			*out_value = key->value.bytes;
			return key->name + length + 1;
		}
	}
	return NULL;
}

int64_t step_next_number(const char **list)
{
	char *end;
	int64_t number = strtoll(*list, &end, 10);

	*list = *end == ',' ? end + 1 : NULL;
	return number;
}

const char *step_unused(const struct step *step)
{
	for (unsigned i = 0; i < step->arguments_count; i++) {
		if ((step->arguments_used & 1u << i) == 0)
			return step->arguments[i].bytes;
	}
	for (unsigned i = 0; i < step->keys_count; i++) {
		if (!step->keys[i].is_used)
			return step->keys[i].name;
	}
	return NULL;
}
