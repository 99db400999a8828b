#include "cli/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options_table.h"

const char *options_command_name(enum command command)
{
	return options_table_commands[command].name;
}

/* How many words of the command line are the name: 0: none, 1 of two: its group only. */
static int matching_words(const char *name, int argc, char **argv)
{
	size_t first = strcspn(name, " ");

	if (argc < 1 || strlen(argv[0]) != first || strncmp(argv[0], name, first) != 0)
		return 0;
	return name[first] == ' ' && argc > 1 && strcmp(argv[1], name + first + 1) == 0 ? 2 : 1;
}

bool options_find_command(int argc, char **argv, enum command *out, int *words)
{
	*words = 0;
	for (int i = 0; i < COMMANDS_COUNT; i++) {
		const char *name = options_table_commands[i].name;
		int matching = matching_words(name, argc, argv);

		if (matching == 0)
			continue;
		*out = (enum command)i;
		*words = matching;
		if (matching == (strchr(name, ' ') != NULL ? 2 : 1))
			return true;
	}
	return false;
}

int options_complain(enum command command, const char *format, ...)
{
	const char *name = options_command_name(command);
	va_list arguments;

	fprintf(stderr, "kith %s: ", name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nTry 'kith %s --help'.\n", name);
	return EXIT_USAGE;
}

void options_print_overview(const char *group)
{
	size_t size = group != NULL ? strlen(group) : 0;

	if (group != NULL)
		printf("usage: kith %s COMMAND [OPTION]...\n\n", group);
	else
		printf("usage: kith COMMAND [OPTION]...\n\n"
		       "Connects two programs that know each other's identity, or address, and carries\n"
		       "messages between them.\n\n");
	for (int i = 0; i < COMMANDS_COUNT; i++) {
		const char *name = options_table_commands[i].name;
		if (group == NULL || (strncmp(name, group, size) == 0 && name[size] == ' '))
			printf("  %-13s %s\n", name, options_table_commands[i].summary);
	}
	printf("\n'kith COMMAND --help' tells the options of a command, 'kith --version' the version.\n");
}

static bool has_option(enum command command, const struct options_row *row)
{
	return (row->commands & (1u << command)) != 0;
}

static void print_help(enum command command)
{
	const struct options_command *about = &options_table_commands[command];

	printf("usage: kith %s %s\n\n%s\n\n", about->name, about->arguments, about->text);
	for (const struct options_row *row = options_table; row->name != NULL; row++) {
		char left[64];
		if (!has_option(command, row))
			continue;
		snprintf(left, sizeof(left), "%c%c%c --%s %s", row->letter != 0 ? '-' : ' ',
		         row->letter != 0 ? row->letter : ' ', row->letter != 0 ? ',' : ' ', row->name,
		         row->value != NULL ? row->value : "");
		printf("  %-34s %s\n", left, row->help);
	}
	printf("  %-34s %s\n", "    --help", "print this");
}

static const struct options_row *find_name(enum command command, const char *name, size_t size)
{
	for (const struct options_row *row = options_table; row->name != NULL; row++)
		if (has_option(command, row) && strlen(row->name) == size && strncmp(row->name, name, size) == 0)
			return row;
	return NULL;
}

static const struct options_row *find_letter(enum command command, char letter)
{
	for (const struct options_row *row = options_table; row->name != NULL; row++)
		if (has_option(command, row) && row->letter == letter)
			return row;
	return NULL;
}

static bool read_integer(int64_t *out, const char *text, int64_t min, int64_t max)
{
	char *end;
	long long value;

	const char *digits = min < 0 && text[0] == '-' ? text + 1 : text;

	if (digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || value < min || value > max)
		return false;
	*out = value;
	return true;
}

/* Seconds with a fraction, into microseconds. */
static bool read_seconds(int64_t *out, const char *text, int64_t max)
{
	char *end;
	double value;

	/* No sign, no hex, no "nan": digits and one point. */
	if (text[0] == '\0' || strspn(text, "0123456789.") != strlen(text) || strcmp(text, ".") == 0)
		return false;
	value = strtod(text, &end);
	if (*end != '\0' || !(value <= (double)max))
		return false;
	*out = (int64_t)(value * 1e6 + 0.5);
	return true;
}

static bool is_share(const char *text)
{
	static const char *const words[] = { "private", "public", "relay" };

	for (;;) {
		size_t size = strcspn(text, ",");
		bool known = false;
		for (int i = 0; i < 3; i++)
			known = known || (strlen(words[i]) == size && strncmp(words[i], text, size) == 0);
		if (!known)
			return false;
		if (text[size] == '\0')
			return true;
		text += size + 1;
	}
}

/* `words` has "|" between them. */
static bool is_one_of(const char *word, const char *words)
{
	size_t size = strlen(word);

	while (strncmp(words, word, size) != 0 || (words[size] != '|' && words[size] != '\0')) {
		words += strcspn(words, "|");
		if (*words++ == '\0')
			return false;
	}
	return size > 0 && strchr(word, '|') == NULL;
}

/* `spelled`: the option as it was given, -c or --count. */
static int complain_value(enum command command, const struct options_row *row, const char *spelled, const char *value)
{
	if (value[0] == '\0')
		return options_complain(command, "option %s: empty value", spelled);
	switch (row->kind) {
	case OPTIONS_INTEGER:
		return options_complain(command, "option %s: '%s' is not a number from %lld to %lld", spelled, value,
		                        (long long)row->min, (long long)row->max);
	case OPTIONS_SECONDS:
		return options_complain(command, "option %s: '%s' is not a number of seconds from 0 to %lld", spelled, value,
		                        (long long)row->max);
	case OPTIONS_LIST:
		return options_complain(command, "option %s: '%s' is one too many: at most %d", spelled, value,
		                        OPTIONS_LIST_MAX);
	case OPTIONS_WORD:
		return options_complain(command, "option %s: '%s' is not one of %s", spelled, value, row->value);
	default:
		return options_complain(command, "option %s: '%s' is not a list of private, public, relay with commas", spelled,
		                        value);
	}
}

static bool set_list(struct options_list *list, const char *value)
{
	if (list->count == OPTIONS_LIST_MAX)
		return false;
	list->values[list->count++] = value;
	return true;
}

/* Stores a value. False: it is not of the option's form. */
static bool set_value(struct options *options, const struct options_row *row, const char *value)
{
	void *field = (char *)options + row->offset;

	switch (row->kind) {
	case OPTIONS_FLAG:
		*(bool *)field = true;
		return true;
	case OPTIONS_TEXT:
		*(const char **)field = value;
		return value[0] != '\0';
	case OPTIONS_LIST:
		return value[0] != '\0' && set_list(field, value);
	case OPTIONS_INTEGER:
		return read_integer(field, value, row->min, row->max);
	case OPTIONS_SECONDS:
		return read_seconds(field, value, row->max);
	case OPTIONS_SHARE:
		*(const char **)field = value;
		return is_share(value);
	case OPTIONS_WORD:
		*(const char **)field = value;
		return is_one_of(value, row->value);
	}
	return false;
}

/* Where the reading of the command line stands. */
struct reading {
	int argc;
	char **argv;
	int at;
};

/* `attached` is the value in the same word, if any. -1, or the status after a complaint. */
static int read_option(struct options *options, struct reading *reading, const struct options_row *row,
                       const char *spelled, const char *attached)
{
	if (row->kind == OPTIONS_FLAG) {
		if (attached != NULL)
			return options_complain(options->command, "option %s takes no value, but '%s' was given", spelled,
			                        attached);
		set_value(options, row, NULL);
		return -1;
	}
	if (attached == NULL) {
		if (reading->at >= reading->argc)
			return options_complain(options->command, "option %s needs a value: %s", spelled, row->value);
		attached = reading->argv[reading->at++];
	}
	if (!set_value(options, row, attached))
		return complain_value(options->command, row, spelled, attached);
	return -1;
}

static int read_word(struct options *options, struct reading *reading, const char *word)
{
	const struct options_row *row;
	char spelled[64];

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		print_help(options->command);
		return EXIT_OK;
	}
	if (strncmp(word, "--", 2) == 0) {
		size_t size = strcspn(word + 2, "=");
		row = find_name(options->command, word + 2, size);
		if (row == NULL)
			return options_complain(options->command, "unknown option '%.*s'", (int)size + 2, word);
		snprintf(spelled, sizeof(spelled), "--%s", row->name);
		return read_option(options, reading, row, spelled, word[2 + size] == '=' ? word + 3 + size : NULL);
	}
	row = find_letter(options->command, word[1]);
	if (row == NULL)
		return options_complain(options->command, "unknown option '%s'", word);
	snprintf(spelled, sizeof(spelled), "-%c", row->letter);
	return read_option(options, reading, row, spelled, word[2] != '\0' ? word + 2 : NULL);
}

static int take_argument(struct options *options, const char *word)
{
	const struct options_command *about = &options_table_commands[options->command];

	if (options->arguments.count == about->arguments_max + (about->takes_target ? 1 : 0))
		return options_complain(options->command, "unexpected argument '%s'", word);
	options->arguments.values[options->arguments.count++] = word;
	return -1;
}

/* The arguments are all there: which of them is TARGET, and is one missing? */
static int check_arguments(struct options *options)
{
	const struct options_command *about = &options_table_commands[options->command];

	if (options->arguments.count < about->arguments_min)
		return options_complain(options->command, "missing %s", about->argument);
	if (!about->takes_target)
		return -1;
	if (options->arguments.count == about->arguments_min)
		return options_complain(options->command, "missing TARGET: an identity, or udp:HOST:PORT");
	options->target = options->arguments.values[--options->arguments.count];
	return -1;
}

int options_read(struct options *options, enum command command, int argc, char **argv)
{
	struct reading reading = { argc, argv, 0 };
	bool only_arguments = false;

	*options = (struct options){
		.command = command,
		.timeout_usec = -1,
		.retry_usec = -1,
		.interval_usec = 1000000,
		.bytes = 64,
	};
	while (reading.at < argc) {
		const char *word = argv[reading.at++];
		int status;
		if (!only_arguments && strcmp(word, "--") == 0) {
			only_arguments = true;
			continue;
		}
		if (!only_arguments && word[0] == '-' && word[1] != '\0')
			status = read_word(options, &reading, word);
		else
			status = take_argument(options, word);
		if (status >= 0)
			return status;
	}
	return check_arguments(options);
}
