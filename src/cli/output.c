#include "cli/output.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { LINE_MAX_SIZE = 2048 };

void output_init(struct output *output, FILE *stream, bool json, bool verbose)
{
	*output = (struct output){ .stream = stream, .json = json, .verbose = verbose };
	/* Whoever reads a pipe wants each line when it happens. */
	setvbuf(stream, NULL, _IOLBF, 0);
}

/* The size of the UTF-8 character at `text`, 0 when it is none (RFC 3629). */
static size_t character_size(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t size = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : at[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < size; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what lies beyond the last code point. */
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) || (at[0] == 0xf0 && at[1] < 0x90) ||
	    (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return size;
}

static bool is_control(const char *text, size_t size)
{
	unsigned char first = (unsigned char)text[0];

	/* C1 controls are two bytes long: 0xc2 0x80 to 0xc2 0x9f. */
	return first < 0x20 || first == 0x7f || (size == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0);
}

static void write_escaped(FILE *stream, const char *text)
{
	fputc('"', stream);
	while (*text != '\0') {
		size_t size = character_size(text);
		if (size == 0)
			fputs("\\ufffd", stream);
		else if (*text == '"' || *text == '\\')
			fprintf(stream, "\\%c", *text);
		else if (is_control(text, size))
			fprintf(stream, "\\u%04x", (unsigned char)text[size - 1]);
		else
			fwrite(text, 1, size, stream);
		text += size > 0 ? size : 1;
	}
	fputc('"', stream);
}

static void name_field(struct output *output, const char *name)
{
	if (output->has_field)
		fputc(',', output->stream);
	output->has_field = true;
	write_escaped(output->stream, name);
	fputc(':', output->stream);
}

void output_open(struct output *output, const char *event)
{
	fputc('{', output->stream);
	output->has_field = false;
	output_string(output, "event", event);
}

void output_string(struct output *output, const char *name, const char *value)
{
	name_field(output, name);
	write_escaped(output->stream, value);
}

void output_lower(const char *text, char *out, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < size && text[i] != '\0'; i++)
		out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]);
	out[i] = '\0';
}

void output_word(struct output *output, const char *name, const char *value)
{
	char word[64];

	output_lower(value, word, sizeof(word));
	output_string(output, name, word);
}

void output_integer(struct output *output, const char *name, int64_t value)
{
	name_field(output, name);
	fprintf(output->stream, "%" PRId64, value);
}

void output_integers(struct output *output, const char *name, const uint32_t *values, uint32_t count)
{
	name_field(output, name);
	fputc('[', output->stream);
	for (uint32_t i = 0; i < count; i++)
		fprintf(output->stream, "%s%" PRIu32, i > 0 ? "," : "", values[i]);
	fputc(']', output->stream);
}

void output_true(struct output *output, const char *name)
{
	name_field(output, name);
	fputs("true", output->stream);
}

void output_real(struct output *output, const char *name, double value, int decimals)
{
	name_field(output, name);
	fprintf(output->stream, "%.*f", decimals, value);
}

void output_list(struct output *output, const char *name, const char *const *values, int count)
{
	name_field(output, name);
	fputc('[', output->stream);
	for (int i = 0; i < count; i++) {
		if (i > 0)
			fputc(',', output->stream);
		write_escaped(output->stream, values[i]);
	}
	fputc(']', output->stream);
}

void output_open_nested(struct output *output, const char *name)
{
	name_field(output, name);
	fputc('{', output->stream);
	output->has_field = false;
}

void output_close_nested(struct output *output)
{
	fputc('}', output->stream);
	output->has_field = true;
}

void output_close(struct output *output)
{
	fputs("}\n", output->stream);
	fflush(output->stream);
}

/* Whole, whoever else writes at the moment. */
static void write_clean_line(FILE *stream, const char *text)
{
	flockfile(stream);
	while (*text != '\0') {
		size_t size = character_size(text);
		if (size == 0 || is_control(text, size))
			fputc('?', stream);
		else
			fwrite(text, 1, size, stream);
		text += size > 0 ? size : 1;
	}
	fputc('\n', stream);
	fflush(stream);
	funlockfile(stream);
}

void output_line(struct output *output, const char *format, ...)
{
	char line[LINE_MAX_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	write_clean_line(output->stream, line);
}

void output_verbose(struct output *output, const char *format, ...)
{
	char line[LINE_MAX_SIZE];
	va_list arguments;

	if (!output->verbose)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	write_clean_line(stderr, line);
}

void output_detail(const char *format, ...)
{
	char line[LINE_MAX_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	write_clean_line(stderr, line);
}

void output_log(struct output *output, const char *subject, const char *level, const char *text)
{
	char line[LINE_MAX_SIZE];

	(void)output;
	snprintf(line, sizeof(line), "%s %s: %s", subject, level, text);
	for (char *at = line; *at != ':'; at++)
		*at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
	write_clean_line(stderr, line);
}

void output_error(struct output *output, int64_t code, const char *reason, const char *text)
{
	char line[LINE_MAX_SIZE];

	if (output->json) {
		output_open(output, "error");
		output_integer(output, "code", code);
		output_string(output, "reason", reason);
		output_string(output, "text", text);
		output_close(output);
		return;
	}
	snprintf(line, sizeof(line), "kith: %s (%s, %" PRId64 ")", text[0] != '\0' ? text : reason, reason, code);
	write_clean_line(stderr, line);
}
