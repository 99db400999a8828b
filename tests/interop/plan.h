/* plan: what a test peer is told to do, and whether what comes in is what was agreed.
 *
 * Owns: the options of the command line, the same for every kind of peer; the messages of a case,
 * each of them a function of its index; what was sent, received and seen.
 * Does not know: the library under test.
 */
#ifndef KITH_TESTS_INTEROP_PLAN_H
#define KITH_TESTS_INTEROP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PLAN_SIZES_MAX = 32,
	PLAN_SETTINGS_MAX = 16,
	PLAN_LANES_MAX = 8, /* what GNS may send on */
};

/* Who originates messages, and who answers them. */
enum plan_job {
	PLAN_JOB_NONE,
	PLAN_JOB_SEND, /* sends, and wants every message back unless told that nobody answers */
	PLAN_JOB_ECHO, /* checks what comes and sends it back */
	PLAN_JOB_SINK, /* checks what comes */
};

enum plan_mode { PLAN_RELIABLE, PLAN_UNRELIABLE, PLAN_MIXED };

struct plan_setting {
	const char *name;
	const char *value;
};

/* Options; texts are null when not given. */
struct plan_options {
	const char *udp;       /* ADDR:PORT to listen on or to call */
	const char *signaling; /* HOST:PORT; peer to peer then */
	const char *identity;
	const char *certificate; /* of GNS: a file for its request; the certificate comes to FILE.cert */
	const char *peer;        /* whom to call */
	int port;                /* virtual */
	bool listen;
	bool symmetric;
	bool call;  /* also with listen: call without being told to */
	bool retry; /* call again when a call fails */
	bool never_accept, refuse;
	int accept_delay_ms; /* -1: wait to be told */
	int count;           /* connections that have to end before we do */

	enum plan_job job;
	enum plan_mode mode;
	int messages;
	int sizes[PLAN_SIZES_MAX];
	int size_count;
	int lanes;
	int window;     /* reliable messages that may be away at once */
	int every_ms;   /* between messages; 0: as fast as they go */
	bool one_way;   /* nobody answers */
	int tolerate;   /* per cent that may be missing when all has been sent */
	bool sequenced; /* Kith sends them so */
	int ttl_ms;     /* and drops those that waited so long; 0: none */

	int idle_ms; /* stay connected after the work */
	bool stay;   /* until the peer closes, or we are told to */
	bool linger;
	int reason;
	const char *text;
	int timeout_ms;
	int exit_delay_ms; /* go on answering after the end */

	struct plan_setting settings[PLAN_SETTINGS_MAX];
	int setting_count;
};

/* A message as it came, in the terms of either library. */
struct plan_message {
	const void *bytes;
	int size;
	int lane;
	bool reliable;
	int64_t number;
};

struct plan {
	struct plan_options options;
	int sent;
	int received; /* originals of the peer, each once */
	int verified; /* of ours, that came back */
	int64_t bytes;
	uint8_t *seen;                      /* by index */
	int64_t returned[PLAN_LANES_MAX];   /* highest number of what came back, by lane */
	int64_t answered[PLAN_LANES_MAX];   /* how many we sent back, by lane */
	int64_t originals[PLAN_LANES_MAX];  /* highest number of the peer's reliable ones, by lane */
	int64_t last_sent_ms, last_seen_ms; /* by the driver's clock */
	int64_t worst_gap_ms;               /* longest time without anything coming in */
	char why[160];                      /* what was not as agreed */
};

/* Options are --name=value or --name. False: `why` says what is wrong with them. */
bool plan_init(struct plan *plan, int count, char **words);
void plan_free(struct plan *plan);

/* For a new connection: what was sent through an old one is forgotten. */
void plan_restart(struct plan *plan, int64_t now_ms);

int plan_size(const struct plan *plan, int index);
int plan_lane(const struct plan *plan, int index);
bool plan_is_reliable(const struct plan *plan, int index);
/* The number that message `index` has in its lane. */
int64_t plan_number(const struct plan *plan, int index);
/* Writes plan_size() bytes. */
void plan_fill(const struct plan *plan, int index, uint8_t *bytes);

bool plan_may_send(const struct plan *plan, int64_t now_ms);
/* Message `plan->sent` has left with this number. False: the number is wrong. */
bool plan_on_sent(struct plan *plan, int64_t number, int64_t now_ms);

/* A message that the peer originated. False: it is not what the peer should have sent. */
bool plan_on_original(struct plan *plan, const struct plan_message *message, int64_t now_ms);
/* An original went back with this number. False: the number is wrong. */
bool plan_on_answered(struct plan *plan, int lane, int64_t number);
/* A message of ours that came back. */
bool plan_on_returned(struct plan *plan, const struct plan_message *message, int64_t now_ms);

/* All has been sent and enough of it has come back, or arrived. */
bool plan_is_done(const struct plan *plan, int64_t now_ms);

#endif
