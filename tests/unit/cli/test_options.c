#include <criterion/criterion.h>
#include <string.h>

#include "cli/options.h"

enum { WORDS_MAX = 16 };

/* Splits `line` at spaces and reads it as the arguments of `command`. */
static int read_line(struct options *options, enum command command, const char *line)
{
	static char text[512];
	char *words[WORDS_MAX];
	int count = 0;

	cr_assert(strlen(line) < sizeof(text));
	strcpy(text, line);
	for (char *word = strtok(text, " "); word != NULL && count < WORDS_MAX; word = strtok(NULL, " "))
		words[count++] = word;
	return options_read(options, command, count, words);
}

Test(options, have_defaults)
{
	struct options options;

	cr_assert_eq(read_line(&options, COMMAND_PING, "str:bob"), -1);
	cr_assert(strcmp(options.target, "str:bob") == 0);
	cr_assert_eq(options.count, 0);
	cr_assert_eq(options.interval_usec, 1000000);
	cr_assert_eq(options.bytes, 64);
	cr_assert_eq(options.timeout_usec, -1);
	cr_assert_not(options.json);
}

Test(options, take_values_in_every_form)
{
	struct options options;

	cr_assert_eq(read_line(&options, COMMAND_PING, "-c5 a -i 0.25 --size=100 --lane 3 -v --json --timeout 0"), -1);
	cr_assert_eq(options.count, 5);
	cr_assert_eq(options.interval_usec, 250000);
	cr_assert_eq(options.bytes, 100);
	cr_assert_eq(options.lane, 3);
	cr_assert_eq(options.timeout_usec, 0);
	cr_assert(options.verbose);
	cr_assert(options.json);
}

Test(options, collect_what_may_be_given_again)
{
	struct options options;

	cr_assert_eq(read_line(&options, COMMAND_ECHO, "--stun a:1 --stun b:2 --config x=1"), -1);
	cr_assert_eq(options.stun.count, 2);
	cr_assert(strcmp(options.stun.values[1], "b:2") == 0);
	cr_assert_eq(options.config.count, 1);
}

Test(options, end_at_two_dashes)
{
	struct options options;

	cr_assert_eq(read_line(&options, COMMAND_CONNECT, "-- --strange"), -1);
	cr_assert(strcmp(options.target, "--strange") == 0);
}

Test(options, refuse_what_a_command_does_not_have)
{
	static const struct {
		enum command command;
		const char *line;
	} bad[] = {
		{ COMMAND_SIGNALD, "--udp 127.0.0.1:1" },
		{ COMMAND_ECHO, "--symmetric" },
		{ COMMAND_ECHO, "-s 5" },
		{ COMMAND_LISTEN, "--count 1" },
		{ COMMAND_CONNECT, "a --udp 127.0.0.1:1" },
		{ COMMAND_PING, "a --siz 64" },
		{ COMMAND_PING, "a -j" },
		{ COMMAND_PING, "a -i ." },
		{ COMMAND_PING, "a -i 1.2.3" },
		{ COMMAND_PING, "a -i 86401" },
		{ COMMAND_PING, "a -c 99999999999999999999" },
		{ COMMAND_PING, "a -c +1" },
		{ COMMAND_PING, "a -c 0x10" },
		{ COMMAND_PING, "a --share relay," },
		{ COMMAND_PING, "a --share relay,,public" },
	};
	struct options options;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(read_line(&options, bad[i].command, bad[i].line) == EXIT_USAGE, "%s is refused", bad[i].line);
}
