#include "plan.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is lost does not come back: how long to wait for it. */
enum { QUIET_MS = 1000 };

/* --- options */

enum option_kind { TEXT, NUMBER, SWITCH, JOB, MODE, SIZES, SETTING };

static const struct option {
	const char *name;
	enum option_kind kind;
	size_t offset;
} options[] = {
	{ "udp", TEXT, offsetof(struct plan_options, udp) },
	{ "signaling", TEXT, offsetof(struct plan_options, signaling) },
	{ "identity", TEXT, offsetof(struct plan_options, identity) },
	{ "certificate", TEXT, offsetof(struct plan_options, certificate) },
	{ "peer", TEXT, offsetof(struct plan_options, peer) },
	{ "port", NUMBER, offsetof(struct plan_options, port) },
	{ "listen", SWITCH, offsetof(struct plan_options, listen) },
	{ "symmetric", SWITCH, offsetof(struct plan_options, symmetric) },
	{ "call", SWITCH, offsetof(struct plan_options, call) },
	{ "retry", SWITCH, offsetof(struct plan_options, retry) },
	{ "never-accept", SWITCH, offsetof(struct plan_options, never_accept) },
	{ "refuse", SWITCH, offsetof(struct plan_options, refuse) },
	{ "accept-delay", NUMBER, offsetof(struct plan_options, accept_delay_ms) },
	{ "count", NUMBER, offsetof(struct plan_options, count) },
	{ "job", JOB, offsetof(struct plan_options, job) },
	{ "mode", MODE, offsetof(struct plan_options, mode) },
	{ "messages", NUMBER, offsetof(struct plan_options, messages) },
	{ "sizes", SIZES, 0 },
	{ "lanes", NUMBER, offsetof(struct plan_options, lanes) },
	{ "window", NUMBER, offsetof(struct plan_options, window) },
	{ "every", NUMBER, offsetof(struct plan_options, every_ms) },
	{ "one-way", SWITCH, offsetof(struct plan_options, one_way) },
	{ "tolerate", NUMBER, offsetof(struct plan_options, tolerate) },
	{ "sequenced", SWITCH, offsetof(struct plan_options, sequenced) },
	{ "ttl", NUMBER, offsetof(struct plan_options, ttl_ms) },
	{ "idle", NUMBER, offsetof(struct plan_options, idle_ms) },
	{ "stay", SWITCH, offsetof(struct plan_options, stay) },
	{ "linger", SWITCH, offsetof(struct plan_options, linger) },
	{ "reason", NUMBER, offsetof(struct plan_options, reason) },
	{ "text", TEXT, offsetof(struct plan_options, text) },
	{ "timeout", NUMBER, offsetof(struct plan_options, timeout_ms) },
	{ "exit-delay", NUMBER, offsetof(struct plan_options, exit_delay_ms) },
	{ "set", SETTING, 0 },
};

static int word_index(const char *value, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(value, words[i]) == 0)
			return i;
	return -1;
}

static bool read_job(struct plan_options *out, const char *value)
{
	static const char *const words[] = { "none", "send", "echo", "sink" };
	int index = word_index(value, words, 4);

	out->job = (enum plan_job)index;
	return index >= 0;
}

static bool read_mode(struct plan_options *out, const char *value)
{
	static const char *const words[] = { "reliable", "unreliable", "mixed" };
	int index = word_index(value, words, 3);

	out->mode = (enum plan_mode)index;
	return index >= 0;
}

static bool read_sizes(struct plan_options *out, const char *value)
{
	char *end = NULL;

	for (out->size_count = 0; out->size_count < PLAN_SIZES_MAX; value = end + 1) {
		out->sizes[out->size_count++] = (int)strtol(value, &end, 10);
		if (end == value)
			return false;
		if (*end != ',')
			return *end == '\0';
	}
	return false;
}

static bool read_setting(struct plan_options *out, char *value)
{
	char *equals = strchr(value, '=');

	if (equals == NULL || out->setting_count == PLAN_SETTINGS_MAX)
		return false;
	*equals = '\0';
	out->settings[out->setting_count++] = (struct plan_setting){ value, equals + 1 };
	return true;
}

static bool read_number(int *out, const char *value)
{
	char *end;

	*out = (int)strtol(value, &end, 10);
	return end != value && *end == '\0';
}

static bool read_value(struct plan_options *out, const struct option *option, char *value)
{
	char *place = (char *)out + option->offset;

	if (option->kind == SWITCH) {
		*(bool *)(void *)place = value == NULL;
		return value == NULL;
	}
	if (value == NULL)
		return false;
	switch (option->kind) {
	case TEXT:
		*(const char **)(void *)place = value;
		return true;
	case NUMBER:
		return read_number((int *)(void *)place, value);
	case JOB:
		return read_job(out, value);
	case MODE:
		return read_mode(out, value);
	case SIZES:
		return read_sizes(out, value);
	default:
		return read_setting(out, value);
	}
}

static bool read_word(struct plan_options *out, char *word)
{
	char *equals = strchr(word, '=');
	size_t size = equals != NULL ? (size_t)(equals - word) : strlen(word);

	if (size < 3 || strncmp(word, "--", 2) != 0)
		return false;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strlen(options[i].name) == size - 2 && strncmp(options[i].name, word + 2, size - 2) == 0)
			return read_value(out, &options[i], equals != NULL ? equals + 1 : NULL);
	return false;
}

bool plan_init(struct plan *plan, int count, char **words)
{
	struct plan_options *out = &plan->options;

	*plan = (struct plan){ .options = { .port = 7, .count = 1, .lanes = 1, .window = 64, .size_count = 1 } };
	out->sizes[0] = 100;
	out->reason = 1234;
	out->text = "bye";
	out->timeout_ms = 60000;
	out->exit_delay_ms = 300;
	for (int i = 1; i < count; i++)
		if (!read_word(out, words[i])) {
			snprintf(plan->why, sizeof(plan->why), "bad option %s", words[i]);
			return false;
		}
	if (out->lanes < 1 || out->lanes > PLAN_LANES_MAX) {
		snprintf(plan->why, sizeof(plan->why), "bad number of lanes");
		return false;
	}
	plan->seen = calloc(1, (size_t)out->messages + 1);
	return plan->seen != NULL;
}

void plan_free(struct plan *plan)
{
	free(plan->seen);
}

void plan_restart(struct plan *plan, int64_t now_ms)
{
	memset(plan->seen, 0, (size_t)plan->options.messages + 1);
	memset(plan->returned, 0, sizeof(plan->returned));
	memset(plan->answered, 0, sizeof(plan->answered));
	memset(plan->originals, 0, sizeof(plan->originals));
	plan->sent = plan->received = plan->verified = 0;
	plan->bytes = 0;
	plan->last_sent_ms = plan->last_seen_ms = now_ms;
}

/* --- the messages */

int plan_size(const struct plan *plan, int index)
{
	return plan->options.sizes[index % plan->options.size_count];
}

int plan_lane(const struct plan *plan, int index)
{
	return index % plan->options.lanes;
}

/* Which of two neighbours in a lane is reliable changes with the lane, so that packets mix them. */
bool plan_is_reliable(const struct plan *plan, int index)
{
	if (plan->options.mode == PLAN_MIXED)
		return (index / plan->options.lanes + index % plan->options.lanes) % 2 == 0;
	return plan->options.mode == PLAN_RELIABLE;
}

int64_t plan_number(const struct plan *plan, int index)
{
	return index / plan->options.lanes + 1;
}

/* The first four bytes, where there are four, are the index. */
static uint8_t byte_at(int index, int size, int place)
{
	if (place < 4 && size >= 4)
		return (uint8_t)((unsigned int)index >> (8 * place));
	return (uint8_t)(index * 31 + place * 7 + (place >> 8));
}

void plan_fill(const struct plan *plan, int index, uint8_t *bytes)
{
	int size = plan_size(plan, index);

	for (int i = 0; i < size; i++)
		bytes[i] = byte_at(index, size, i);
}

static bool wrong(struct plan *plan, const char *what, int index, const struct plan_message *message)
{
	snprintf(plan->why, sizeof(plan->why), "%s: index %d, %d bytes, lane %d, number %lld, %s", what, index,
	         message->size, message->lane, (long long)message->number, message->reliable ? "reliable" : "unreliable");
	return false;
}

static bool is_message(const struct plan *plan, int index, const struct plan_message *message)
{
	const uint8_t *bytes = message->bytes;

	if (message->size != plan_size(plan, index) || message->lane != plan_lane(plan, index) ||
	    message->reliable != plan_is_reliable(plan, index))
		return false;
	for (int i = 0; i < message->size; i++)
		if (bytes[i] != byte_at(index, message->size, i))
			return false;
	return true;
}

static void note_arrival(struct plan *plan, const struct plan_message *message, int64_t now_ms)
{
	int64_t gap = now_ms - plan->last_seen_ms;

	if (gap > plan->worst_gap_ms)
		plan->worst_gap_ms = gap;
	plan->last_seen_ms = now_ms;
	plan->bytes += message->size;
}

/* --- sending */

static bool is_paced(const struct plan *plan)
{
	return plan->options.every_ms > 0;
}

/* What may be lost is not waited for. */
static bool has_window(const struct plan *plan)
{
	return !plan->options.one_way && plan->options.mode == PLAN_RELIABLE && plan->options.tolerate == 0;
}

bool plan_may_send(const struct plan *plan, int64_t now_ms)
{
	if (plan->options.job != PLAN_JOB_SEND || plan->sent >= plan->options.messages)
		return false;
	if (is_paced(plan) && plan->sent > 0 && now_ms < plan->last_sent_ms + plan->options.every_ms)
		return false;
	return !has_window(plan) || plan->sent - plan->verified < plan->options.window;
}

bool plan_on_sent(struct plan *plan, int64_t number, int64_t now_ms)
{
	int64_t expected = plan_number(plan, plan->sent);

	if (number != expected) {
		snprintf(plan->why, sizeof(plan->why), "sent as number %lld, not %lld", (long long)number, (long long)expected);
		return false;
	}
	/* Late ones are caught up with, as long as they are not very late. */
	if (is_paced(plan) && plan->sent > 0 && now_ms - plan->last_sent_ms < 10 * plan->options.every_ms)
		plan->last_sent_ms += plan->options.every_ms;
	else
		plan->last_sent_ms = now_ms;
	plan->sent++;
	return true;
}

/* --- receiving */

bool plan_on_original(struct plan *plan, const struct plan_message *message, int64_t now_ms)
{
	int64_t index = (message->number - 1) * plan->options.lanes + message->lane;
	/* To the reliable one before it in its lane. */
	int step = plan->options.lanes * (plan->options.mode == PLAN_MIXED ? 2 : 1);

	if (message->number < 1 || index >= plan->options.messages || !is_message(plan, (int)index, message))
		return wrong(plan, "not what was sent", (int)index, message);
	if (plan->seen[index])
		return wrong(plan, "came twice", (int)index, message);
	if (message->reliable && index >= step && !plan->seen[index - step] && plan->options.ttl_ms == 0)
		return wrong(plan, "out of order", (int)index, message);
	if (message->reliable && message->number <= plan->originals[message->lane])
		return wrong(plan, "behind a later one", (int)index, message);
	if (message->reliable)
		plan->originals[message->lane] = message->number;
	plan->seen[index] = 1;
	plan->received++;
	note_arrival(plan, message, now_ms);
	return true;
}

bool plan_on_answered(struct plan *plan, int lane, int64_t number)
{
	if (number == ++plan->answered[lane])
		return true;
	snprintf(plan->why, sizeof(plan->why), "answer %lld in lane %d has number %lld", (long long)plan->answered[lane],
	         lane, (long long)number);
	return false;
}

/* By its index; of those too small for one, the first that it could be. -1: it is none of ours. */
static int find_returned(const struct plan *plan, const struct plan_message *message)
{
	const uint8_t *bytes = message->bytes;
	int64_t index = -1;

	if (message->size >= 4)
		index = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (int64_t)bytes[3] << 24;
	else
		for (index = 0; index < plan->sent; index++)
			if (!plan->seen[index] && is_message(plan, (int)index, message))
				break;
	return index >= plan->sent || !is_message(plan, (int)index, message) ? -1 : (int)index;
}

bool plan_on_returned(struct plan *plan, const struct plan_message *message, int64_t now_ms)
{
	int index = find_returned(plan, message);

	if (index < 0)
		return wrong(plan, "came back changed", index, message);
	if (plan->seen[index])
		return wrong(plan, "came back twice", index, message);
	/* Without losses the peer has answered each lane in order, so the numbers are ours again. */
	if (plan->options.mode == PLAN_RELIABLE && message->number != plan_number(plan, index))
		return wrong(plan, "came back with another number", index, message);
	if (message->reliable && message->number <= plan->returned[message->lane])
		return wrong(plan, "came back out of order", index, message);
	if (message->reliable)
		plan->returned[message->lane] = message->number;
	plan->seen[index] = 1;
	plan->verified++;
	note_arrival(plan, message, now_ms);
	return true;
}

/* --- the end */

static bool is_missing_tolerable(const struct plan *plan, int there)
{
	int missing = plan->options.messages - there;

	return (int64_t)missing * 100 <= (int64_t)plan->options.messages * plan->options.tolerate;
}

bool plan_is_done(const struct plan *plan, int64_t now_ms)
{
	int there = plan->options.job == PLAN_JOB_SEND ? plan->verified : plan->received;

	if (plan->options.job == PLAN_JOB_NONE)
		return true;
	if (plan->options.job == PLAN_JOB_SEND && plan->sent < plan->options.messages)
		return false;
	if (there >= plan->options.messages || (plan->options.job == PLAN_JOB_SEND && plan->options.one_way))
		return true;
	return is_missing_tolerable(plan, there) && now_ms - plan->last_seen_ms >= QUIET_MS;
}
