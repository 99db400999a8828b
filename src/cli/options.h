/* options: the command line of every subcommand, read by one table.
 *
 * Owns: which subcommand has which option, the form and range of each value, --help, and the exact
 * messages of wrong usage.
 * Does not know: what the values do. Identities, URLs and configuration are checked by those who
 * use them (session, target), through options_complain.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_status { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

enum command {
	COMMAND_SIGNALD,
	COMMAND_ECHO,
	COMMAND_PING,
	COMMAND_CONNECT,
	COMMAND_LISTEN,
	COMMAND_BENCH,
	COMMAND_SEND,
	COMMAND_RECEIVE,
	COMMAND_DOCTOR,
	COMMAND_KEY_NEW,
	COMMAND_KEY_PUBLIC,
	COMMAND_KEY_IDENTITY,
	COMMAND_KEY_SHOW,
	COMMAND_CERT_REQUEST,
	COMMAND_CERT_SIGN,
	COMMAND_CERT_ROOT,
	COMMAND_CERT_SHOW,
	COMMAND_CERT_CHECK,
	COMMAND_CERT_REVOKE,
	COMMANDS_COUNT
};

enum { OPTIONS_LIST_MAX = 32 };

struct options_list {
	const char *values[OPTIONS_LIST_MAX];
	int count;
};

/* Everything is borrowed from the command line. */
struct options {
	enum command command;
	const char *identity;
	const char *key_file;
	struct options_list signaling;
	struct options_list stun;
	struct options_list turn;
	const char *turn_user;
	const char *turn_password;
	const char *turn_secret;
	const char *share; /* checked: words of private, public, relay with commas */
	bool relay_only;
	bool symmetric;
	int64_t port; /* virtual port */
	struct options_list config;
	struct options_list log; /* SUBJECT=LEVEL */
	int64_t timeout_usec;    /* -1: not given */
	bool json;
	bool verbose;
	bool report;
	bool hide_addresses;
	const char *udp;
	const char *listen;
	int64_t count; /* 0: without end */
	int64_t interval_usec;
	int64_t bytes;
	bool unreliable;
	int64_t lane;
	bool messages; /* ping, echo: without connections */
	int64_t channel;
	struct options_list peers;
	struct options_list workloads;
	int64_t rounds;       /* 0: not given */
	int64_t seconds_usec; /* 0: not given */
	int64_t connections;  /* 0: not given */
	bool quick;
	const char *gateway;      /* doctor: the router to ask; null: none */
	const char *name;         /* send: what the receiver shall call it */
	int64_t retry_usec;       /* send: -1: not given */
	const char *into;         /* receive: null: here */
	struct options_list from; /* receive: who may send; none: all */
	bool overwrite;
	bool keep;
	struct options_list certs; /* files; those of trust and revoked too */
	struct options_list trusts;
	struct options_list revoked;
	const char *require; /* checked: key, certificate or proof */
	int64_t app_id;
	const char *expect;          /* who must answer at an address */
	struct options_list app_ids; /* of a certificate */
	int64_t days;                /* 0: not given */
	const char *since, *until;
	bool authority;
	bool binary;
	bool ssh;
	const char *out;
	const char *public_file;
	struct options_list chain;
	struct options_list arguments; /* beside the target */
	const char *target;
};

/* Reads the arguments after the subcommand's name. Returns -1 to go on, else the exit status:
 * --help was printed, or a message about what is wrong. */
int options_read(struct options *options, enum command command, int argc, char **argv);

/* Says on standard error what is wrong with an option or argument; returns EXIT_USAGE. */
int options_complain(enum command command, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *options_command_name(enum command command);
/* Finds a subcommand: its name is one word, or two of which the first is a group ("cert sign"). `*words`
 * gets how many. False: there is no such thing; 1 word: there is the group, and nothing of it. */
bool options_find_command(int argc, char **argv, enum command *out, int *words);
/* All of them, or those of a group (not null). */
void options_print_overview(const char *group);

#endif
