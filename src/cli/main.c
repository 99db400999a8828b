/* The `kith` command: one subcommand a file, this one picks. */
#include <stdio.h>
#include <string.h>

#include <kith/version.h>

#include "cli/commands.h"
#include "cli/options.h"

static int (*const commands[COMMANDS_COUNT])(const struct options *options) = {
	[COMMAND_SIGNALD] = signald_run,   [COMMAND_ECHO] = echo_run,        [COMMAND_PING] = ping_run,
	[COMMAND_CONNECT] = pipe_run,      [COMMAND_LISTEN] = pipe_run,      [COMMAND_BENCH] = bench_run,
	[COMMAND_SEND] = send_run,         [COMMAND_RECEIVE] = receive_run,  [COMMAND_KEY_NEW] = key_run,
	[COMMAND_KEY_PUBLIC] = key_run,    [COMMAND_KEY_IDENTITY] = key_run, [COMMAND_KEY_SHOW] = key_run,
	[COMMAND_CERT_REQUEST] = cert_run, [COMMAND_CERT_SIGN] = cert_run,   [COMMAND_CERT_ROOT] = cert_run,
	[COMMAND_CERT_SHOW] = cert_run,    [COMMAND_CERT_CHECK] = cert_run,  [COMMAND_CERT_REVOKE] = cert_run,
	[COMMAND_DOCTOR] = doctor_run,
};

static int complain(const char *what, const char *word)
{
	fprintf(stderr, "kith: %s%s%s%s\nTry 'kith --help'.\n", what, word != NULL ? " '" : "", word != NULL ? word : "",
	        word != NULL ? "'" : "");
	return EXIT_USAGE;
}

/* "kith cert" without a command of its own, or with one that there is not. */
static int of_group(int argc, char **argv)
{
	char what[80];

	if (argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)) {
		options_print_overview(argv[1]);
		return EXIT_OK;
	}
	if (argc > 2) {
		snprintf(what, sizeof(what), "'%.40s' has no such command", argv[1]);
		return complain(what, argv[2]);
	}
	return complain("missing COMMAND of", argv[1]);
}

int main(int argc, char **argv)
{
	struct options options;
	enum command command;
	int status, words;

	if (argc < 2)
		return complain("missing COMMAND", NULL);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		options_print_overview(NULL);
		return EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("kith %s\n", kith_version_text());
		return EXIT_OK;
	}
	if (argv[1][0] == '-')
		return complain("unknown option", argv[1]);
	if (!options_find_command(argc - 1, argv + 1, &command, &words))
		return words == 0 ? complain("no such command", argv[1]) : of_group(argc, argv);
	status = options_read(&options, command, argc - 1 - words, argv + 1 + words);
	return status >= 0 ? status : commands[command](&options);
}
