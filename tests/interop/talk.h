/* talk: a test peer that sends and takes messages without connections, through one of the libraries.
 *
 * Owns: the commands on its standard input, the lines on its standard output, what messages contain.
 * Does not know: the libraries; each kind of peer gives it a struct talk_port.
 *
 * Options: --identity=ID --signaling=HOST:PORT --echo --accept --rate=BYTES --set=NAME=VALUE.
 * Commands: "send PEER CHANNEL SIZE reliable|unreliable COUNT [restart]", "accept PEER", "close PEER",
 * "leave PEER CHANNEL", "info PEER", "quit". Lines: "ready", "request PEER", "failed PEER REASON TEXT",
 * "ended PEER REASON", "sent PEER CHANNEL INDEX", "refused PEER WHY", "message PEER CHANNEL SIZE
 * reliable|unreliable INDEX", "spoilt ...", "answer STATE|ok|no".
 */
#ifndef KITH_TESTS_INTEROP_TALK_H
#define KITH_TESTS_INTEROP_TALK_H

#include <stdbool.h>
#include <stdint.h>

enum { TALK_SETTINGS_MAX = 8 };

struct talk_options {
	const char *identity;
	const char *signaling;
	bool echo;                               /* what comes goes back on its channel */
	bool accept;                             /* whoever asks */
	int rate;                                /* bytes a second; 0: the library's own choice */
	const char *settings[TALK_SETTINGS_MAX]; /* NAME=VALUE */
	int setting_count;
};

struct talk_message {
	const char *peer;
	int channel;
	const void *bytes;
	int size;
	bool reliable;
	bool restart; /* a broken session */
};

enum talk_sent { TALK_SENT, TALK_FULL, TALK_REFUSED };

/* A library as the talk uses it. */
struct talk_port {
	bool (*open)(const struct talk_options *options);
	/* `why`: of TALK_REFUSED. */
	enum talk_sent (*send)(const struct talk_message *message, const char **why);
	bool (*accept)(const char *peer);
	bool (*close)(const char *peer);
	bool (*close_channel)(const char *peer, int channel);
	const char *(*state)(const char *peer); /* of the session */
	/* Up to so many milliseconds; what happened is told by the functions below. */
	void (*wait)(int milliseconds);
	/* What came on a channel, by talk_on_message, until there is no more or that returns false. */
	void (*receive)(int channel);
};

void talk_on_request(const char *peer);
void talk_on_failed(const char *peer, int reason, const char *text);
void talk_on_ended(const char *peer, int reason);
/* False: it cannot go back now, and comes again. */
bool talk_on_message(const struct talk_message *message);

/* Returns the exit status. */
int talk_run(const struct talk_port *port, int count, char **words);
void talk_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
