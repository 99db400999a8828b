/* sim_messages: applications that send messages to identities in a simulated world, and what must hold:
 * every message at most once and as it was sent; reliable ones in order, and none missing whose session
 * did not fail; one session at a time; not a word to strangers that were not answered; in the end
 * nothing left. A failure ends the process with the world's seed.
 */
#ifndef SIM_MESSAGES_H
#define SIM_MESSAGES_H

#include "core/messages/messages.h"
#include "sim_world.h"

#define SIM_MESSAGES_PEERS_MAX 4
#define SIM_MESSAGES_CHANNELS 3
#define SIM_MESSAGES_SENT_MAX 128
#define SIM_MESSAGES_SESSIONS_MAX 160

struct sim_messages_options {
	unsigned peers;
	unsigned messages; /* of each to each */
	usec_t pause_max;  /* between two */
	size_t size_max;
	usec_t idle;         /* 0: the default */
	usec_t accept_delay; /* 0..this */
	usec_t read_pause;   /* 0: whenever there is something */
	bool all_at_once;    /* everybody begins at the same moment */
	uint32_t ignore;     /* millionths: of pairs, one of whom ignores the other's requests and sends nothing */
	uint32_t close;      /* millionths: of sends, before which the session is closed */
	unsigned kills;      /* processes that die and come again */
};

/* How far a session is, as the application has been told. */
enum sim_messages_state { TALK_NONE, TALK_ASKED, TALK_CALLING, TALK_CONNECTED, TALK_BROKEN };

enum sim_messages_fate { FATE_OPEN, FATE_ENDED, FATE_LOST };

struct sim_messages_sent {
	uint8_t channel;
	bool reliable;
	bool arrived;
	uint16_t session;
};

/* What one peer has to do with another. */
struct sim_messages_talk {
	enum sim_messages_state state;
	bool ignores;   /* requests of the other */
	bool may_speak; /* it has said something, or answered */
	bool forgot;    /* it closed a session or died: what was sent to it may be gone */
	usec_t accept_at, send_at;
	unsigned session; /* number of the present or last one */
	uint8_t fates[SIM_MESSAGES_SESSIONS_MAX];
	struct sim_messages_sent sent[SIM_MESSAGES_SENT_MAX];
	unsigned sent_count;
	int last_in[SIM_MESSAGES_CHANNELS]; /* reliable, by number; -1: none */
	unsigned requests, connected, ended, failed;
};

struct sim_messages {
	struct sim_world *world;
	struct sim_messages_options options;
	struct sim_messages_talk talks[SIM_MESSAGES_PEERS_MAX][SIM_MESSAGES_PEERS_MAX];
	usec_t read_at[SIM_MESSAGES_PEERS_MAX];
	usec_t kill_at, revive_at;
	unsigned kills_left, killed; /* who is dead until revive_at */
	bool sending;                /* else the world comes to rest */
};

/* Uses all peers of the world; takes its hooks. */
void sim_messages_init(struct sim_messages *app, struct sim_world *world, const struct sim_messages_options *options);
/* Lets everybody talk until all is said, or `limit`; then lets sessions end, and checks that all is over. */
void sim_messages_run(struct sim_messages *app, usec_t limit);
/* Every reliable message has arrived, each pair in one session without a failure. */
void sim_messages_check_calm(const struct sim_messages *app);

#define sim_messages_check(app, condition) \
	((condition) ? (void)0 : sim_messages_fail((app), #condition, __FILE__, __LINE__))
void sim_messages_fail(const struct sim_messages *app, const char *what, const char *file, int line);

#endif
