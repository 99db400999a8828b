/* options_table: every subcommand and every option, each once.
 *
 * Owns: the names, the ranges, the words of --help.
 * Does not know: how they are read.
 */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H

#include "cli/options.h"

struct options_command {
	const char *name;
	const char *summary;   /* one line of the overview */
	const char *arguments; /* after the name in the usage line */
	const char *text;      /* what --help says about it */
	bool takes_target;     /* the last argument is TARGET */
	/* Arguments beside TARGET: how many, and what is said when one is missing. */
	int arguments_min, arguments_max;
	const char *argument;
};

enum options_kind {
	OPTIONS_FLAG,    /* bool */
	OPTIONS_TEXT,    /* const char * */
	OPTIONS_LIST,    /* struct options_list: may be given again */
	OPTIONS_INTEGER, /* int64_t from min to max */
	OPTIONS_SECONDS, /* int64_t microseconds, given in seconds up to max */
	OPTIONS_SHARE,   /* const char *, a list of kinds of candidates */
	OPTIONS_WORD,    /* const char *, one of those that `value` lists with "|" between */
};

struct options_row {
	const char *name;
	char letter;       /* 0: none */
	unsigned commands; /* a bit for each that has it */
	enum options_kind kind;
	size_t offset; /* in struct options */
	int64_t min, max;
	const char *value; /* what --help calls the value; null for a flag */
	const char *help;
};

extern const struct options_command options_table_commands[COMMANDS_COUNT];
extern const struct options_row options_table[]; /* ends with a null name */

#endif
