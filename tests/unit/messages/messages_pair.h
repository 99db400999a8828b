/* messages_pair: two endpoints with the Messages interface, a signaling service without fault and
 * perfect paths between them, in virtual time. */
#ifndef MESSAGES_PAIR_H
#define MESSAGES_PAIR_H

#include "core/messages/messages.h"
#include "core/messages/messages_event.h"

#define PAIR_TRANSPORTS_MAX 32
#define PAIR_EVENTS_MAX 256

struct pair_transport {
	uint32_t number; /* 0: free */
	char username[16];
	char remote[16];
	bool ready;
};

struct pair_side {
	struct endpoint *endpoint;
	struct messages *messages;
	struct identity identity;
	struct pair_transport transports[PAIR_TRANSPORTS_MAX];
	struct event events[PAIR_EVENTS_MAX];
	unsigned event_count;
	unsigned signals_sent;
	bool deaf;    /* no signals reach it */
	bool severed; /* none of its packets arrives */
};

struct pair {
	struct pair_side sides[2];
	usec_t now;
};

/* Ends the process, as this serves fuzzing as well. */
#define pair_check(condition) ((condition) ? (void)0 : pair_fail(#condition, __FILE__, __LINE__))
void pair_fail(const char *what, const char *file, int line);

void pair_open(struct pair *pair);
void pair_close(struct pair *pair);
/* Everything due at this moment, and what comes of it. Call after each command. */
void pair_drain(struct pair *pair);
void pair_run(struct pair *pair, usec_t duration);
/* Runs until `side` has an event of the kind (and forgets those before it) or ten seconds are over. */
const struct event *pair_await(struct pair *pair, unsigned side, enum event_kind kind);
unsigned pair_count(const struct pair *pair, unsigned side, enum event_kind kind);
void pair_forget_events(struct pair *pair);
/* Sends text to the other side. */
int32_t pair_send(struct pair *pair, unsigned side, int32_t channel, const char *text, uint32_t flags);
/* Sends bytes as they are, without a header of ours. False: there is no connection for them. */
bool pair_send_raw(struct pair *pair, unsigned side, const uint8_t *bytes, size_t size);
/* What sessions say they hold is what they hold. */
void pair_check_counts(const struct pair *pair, unsigned side);
/* The next message on a channel is this text, from the other side. */
void pair_expect(struct pair *pair, unsigned side, int32_t channel, const char *text);
void pair_expect_none(struct pair *pair, unsigned side, int32_t channel);
/* Alice sends "hello", Bob accepts; both are connected. */
void pair_connect(struct pair *pair);

#endif
