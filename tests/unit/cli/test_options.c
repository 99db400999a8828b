#include <criterion/criterion.h>
#include <stdio.h>
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

static int words_of(const char *first, const char *second, enum command *command)
{
	char one[32], two[32];
	char *words[] = { one, two };
	int count;

	snprintf(one, sizeof(one), "%s", first);
	snprintf(two, sizeof(two), "%s", second);
	return options_find_command(second[0] != '\0' ? 2 : 1, words, command, &count) ? count : -count;
}

Test(options, find_commands_of_one_word_and_of_two)
{
	enum command command;

	cr_expect_eq(words_of("ping", "cert", &command), 1);
	cr_expect_eq(command, COMMAND_PING);
	cr_expect_eq(words_of("cert", "sign", &command), 2);
	cr_expect_eq(command, COMMAND_CERT_SIGN);
	cr_expect_eq(words_of("key", "show", &command), 2);
	cr_expect_eq(command, COMMAND_KEY_SHOW);
	cr_expect_eq(words_of("cert", "", &command), -1);
	cr_expect_eq(words_of("cert", "new", &command), -1);
	cr_expect_eq(words_of("cert sign", "", &command), 0);
	cr_expect_eq(words_of("cer", "sign", &command), 0);
}

Test(options, take_one_of_some_words)
{
	struct options options;

	cr_assert_eq(read_line(&options, COMMAND_ECHO, "--require certificate"), -1);
	cr_assert_str_eq(options.require, "certificate");
	cr_assert_eq(read_line(&options, COMMAND_ECHO, "--require=proof"), -1);
	cr_expect_eq(read_line(&options, COMMAND_ECHO, "--require cert"), EXIT_USAGE);
	cr_expect_eq(read_line(&options, COMMAND_ECHO, "--require certificates"), EXIT_USAGE);
	cr_expect_eq(read_line(&options, COMMAND_ECHO, "--require key|certificate"), EXIT_USAGE);
}
