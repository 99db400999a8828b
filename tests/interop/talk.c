#include "talk.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE_MAX_SENT = 524288, LINE_SIZE = 400, CHANNELS = 8 };

/* One "send" that is not done yet. */
struct job {
	char peer[128];
	int channel, size, left;
	bool reliable, restart;
};

static const struct talk_port *library;
static struct talk_options options;
static struct job job;
static uint32_t next_index;
static bool quitting;
static char input[4096];
static size_t input_size;
/* Where the peers of a case send; the other library has no event that names channels. */
static const int channels[CHANNELS] = { 0, 1, 2, 3, 7, -1, INT32_MAX, INT32_MIN };

void talk_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

/* --- what messages contain: their index, then bytes that follow from it */

static uint8_t content_at(uint32_t index, int at)
{
	return (uint8_t)(at < 4 ? index >> (8 * at) : index * 31 + (uint32_t)at * 7 + ((uint32_t)at >> 8));
}

static void fill(uint8_t *bytes, int size, uint32_t index)
{
	for (int i = 0; i < size; i++)
		bytes[i] = content_at(index, i);
}

/* -1: it is not as it was sent. Messages shorter than an index have none: 0. */
static int64_t read_index(const struct talk_message *message)
{
	const uint8_t *bytes = message->bytes;
	uint32_t index = 0;

	if (message->size < 4)
		return 0;
	for (int i = 0; i < 4; i++)
		index |= (uint32_t)bytes[i] << (8 * i);
	for (int i = 4; i < message->size; i++)
		if (bytes[i] != content_at(index, i))
			return -1;
	return index;
}

/* --- what happened */

void talk_on_request(const char *peer)
{
	talk_say("request %s", peer);
	if (options.accept && !library->accept(peer))
		talk_say("refused %s accept", peer);
}

void talk_on_failed(const char *peer, int reason, const char *text)
{
	talk_say("failed %s %d %s", peer, reason, text);
}

void talk_on_ended(const char *peer, int reason)
{
	talk_say("ended %s %d", peer, reason);
}

bool talk_on_message(const struct talk_message *message)
{
	int64_t index = read_index(message);
	const char *why = "";
	enum talk_sent sent;

	if (options.echo) {
		sent = library->send(message, &why);
		if (sent == TALK_FULL)
			return false;
		if (sent == TALK_REFUSED)
			talk_say("refused %s %s", message->peer, why);
	}
	talk_say("%s %s %d %d %s %d", index >= 0 ? "message" : "spoilt", message->peer, message->channel, message->size,
	         message->reliable ? "reliable" : "unreliable", (int)index);
	return true;
}

/* --- commands */

/* Sends what there is room for. */
static void work(void)
{
	static uint8_t bytes[SIZE_MAX_SENT];
	struct talk_message message = { job.peer, job.channel, bytes, job.size, job.reliable, job.restart };
	const char *why = "";

	while (job.left > 0) {
		enum talk_sent sent;
		fill(bytes, job.size, next_index);
		sent = library->send(&message, &why);
		if (sent == TALK_FULL)
			return;
		if (sent == TALK_REFUSED) {
			talk_say("refused %s %s", job.peer, why);
			job.left = 0;
			return;
		}
		talk_say("sent %s %d %d", job.peer, job.channel, (int)next_index);
		next_index++;
		job.left--;
	}
}

static void answer(bool good)
{
	talk_say("answer %s", good ? "ok" : "no");
}

static void obey(const char *line)
{
	char verb[16] = "", peer[128] = "", mode[16] = "", more[16] = "";
	int channel = 0, size = 0, count = 0;
	int words = sscanf(line, "%15s %127s %d %d %15s %d %15s", verb, peer, &channel, &size, mode, &count, more);

	if (strcmp(verb, "send") == 0 && words >= 6 && size >= 0 && size <= SIZE_MAX_SENT) {
		job = (struct job){ .channel = channel, .size = size, .left = count };
		snprintf(job.peer, sizeof(job.peer), "%s", peer);
		job.reliable = strcmp(mode, "reliable") == 0;
		job.restart = strcmp(more, "restart") == 0;
	} else if (strcmp(verb, "accept") == 0) {
		answer(library->accept(peer));
	} else if (strcmp(verb, "close") == 0) {
		answer(library->close(peer));
	} else if (strcmp(verb, "leave") == 0) {
		answer(library->close_channel(peer, channel));
	} else if (strcmp(verb, "info") == 0) {
		talk_say("answer %s", library->state(peer));
	} else if (strcmp(verb, "quit") == 0) {
		quitting = true;
	} else {
		talk_say("what is \"%s\"?", line);
	}
}

/* One line at a time, and none while something is still to be sent. */
static void read_commands(void)
{
	ssize_t got = read(STDIN_FILENO, input + input_size, sizeof(input) - 1 - input_size);
	char *end;

	if (got == 0)
		quitting = true;
	if (got > 0)
		input_size += (size_t)got;
	input[input_size] = '\0';
	while (job.left == 0 && (end = strchr(input, '\n')) != NULL) {
		*end = '\0';
		obey(input);
		input_size -= (size_t)(end + 1 - input);
		memmove(input, end + 1, input_size + 1);
		work();
	}
}

/* --- */

static bool read_option(const char *word)
{
	if (strncmp(word, "--identity=", 11) == 0)
		options.identity = word + 11;
	else if (strncmp(word, "--signaling=", 12) == 0)
		options.signaling = word + 12;
	else if (strncmp(word, "--rate=", 7) == 0)
		options.rate = atoi(word + 7);
	else if (strncmp(word, "--set=", 6) == 0 && options.setting_count < TALK_SETTINGS_MAX)
		options.settings[options.setting_count++] = word + 6;
	else if (strcmp(word, "--echo") == 0)
		options.echo = true;
	else if (strcmp(word, "--accept") == 0)
		options.accept = true;
	else
		return false;
	return true;
}

int talk_run(const struct talk_port *port, int count, char **words)
{
	library = port;
	for (int i = 1; i < count; i++) {
		if (!read_option(words[i])) {
			talk_say("what is %s?", words[i]);
			return 2;
		}
	}
	if (!port->open(&options))
		return 1;
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	talk_say("ready");
	while (!quitting) {
		port->wait(2);
		for (int i = 0; i < CHANNELS; i++)
			port->receive(channels[i]);
		work();
		read_commands();
	}
	return 0;
}
