/* The `kith` command: one subcommand a file, this one picks. */
#include <stdio.h>
#include <string.h>

#include <kith/version.h>

#include "cli/bench/bench.h"
#include "cli/echo.h"
#include "cli/options.h"
#include "cli/ping.h"
#include "cli/pipe.h"
#include "cli/receive.h"
#include "cli/send.h"
#include "cli/signald.h"

static int (*const commands[COMMANDS_COUNT])(const struct options *options) = {
	[COMMAND_SIGNALD] = signald_run, [COMMAND_ECHO] = echo_run,       [COMMAND_PING] = ping_run,
	[COMMAND_CONNECT] = pipe_run,    [COMMAND_LISTEN] = pipe_run,     [COMMAND_BENCH] = bench_run,
	[COMMAND_SEND] = send_run,       [COMMAND_RECEIVE] = receive_run,
};

static int complain(const char *what, const char *word)
{
	fprintf(stderr, "kith: %s%s%s%s\nTry 'kith --help'.\n", what, word != NULL ? " '" : "", word != NULL ? word : "",
	        word != NULL ? "'" : "");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options;
	enum command command;
	int status;

	if (argc < 2)
		return complain("missing COMMAND", NULL);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		options_print_overview();
		return EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("kith %s\n", kith_version_text());
		return EXIT_OK;
	}
	if (argv[1][0] == '-')
		return complain("unknown option", argv[1]);
	if (!options_find_command(argv[1], &command))
		return complain("no such command", argv[1]);
	status = options_read(&options, command, argc - 2, argv + 2);
	return status >= 0 ? status : commands[command](&options);
}
