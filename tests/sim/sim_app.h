/* sim_app: two applications that talk to each other in a simulated world, and what must hold.
 *
 * Owns: who calls whom, the plan of messages each side sends, the checks on what arrives: reliable
 * ones once, in order, per lane; unreliable ones at most once; every byte as it was sent.
 * Failures end the process with the world's seed.
 */
#ifndef SIM_APP_H
#define SIM_APP_H

#include "sim_world.h"

#define SIM_APP_LANES_MAX 4

enum sim_app_mode { SIM_APP_UDP, SIM_APP_P2P, SIM_APP_SYMMETRIC };

struct sim_app_options {
	enum sim_app_mode mode;
	unsigned lanes;
	unsigned reliable_count; /* messages of each side, over all lanes */
	unsigned unreliable_count;
	size_t size_max;
	usec_t call_skew; /* symmetric: the second calls this much later */
	usec_t accept_delay;
	/* While the two are connected: side 0 gets another address, or its translator forgets its mappings; 0: never. */
	usec_t move_every;
	int32_t require_proof[2]; /* of each side: the option RequireProof */
	bool linger;              /* side 0 closes with linger as soon as it has queued everything */
};

struct sim_app_lane {
	uint32_t next_out, next_in; /* reliable sequence */
};

struct sim_app_side {
	struct conn *conn;
	struct listen_socket *listener;
	bool connected, closed, gave_up;
	int32_t last_state;
	uint32_t end_reason;
	char text[EVENT_TEXT_MAX];
	unsigned reliable_sent, unreliable_sent;
	unsigned reliable_received, unreliable_received;
	struct sim_app_lane lanes[SIM_APP_LANES_MAX];
	uint8_t *unreliable_seen;  /* by sequence */
	unsigned connections_made; /* handles the application ever saw connect */
	usec_t accept_at;
};

struct sim_app {
	struct sim_world *world;
	struct sim_app_options options;
	struct sim_app_side sides[2];
	struct config config;
	usec_t second_call_at;
	usec_t move_at;
	unsigned moves;
	uint32_t listen_transport;
};

/* Uses peers 0 and 1 of the world; takes its `user` and `on_event`. */
void sim_app_init(struct sim_app *app, struct sim_world *world, const struct sim_app_options *options);
void sim_app_free(struct sim_app *app);
/* Listens and calls. */
void sim_app_start(struct sim_app *app);
/* Lets both applications send and receive what they can; call between steps. */
void sim_app_work(struct sim_app *app);
/* Steps until everything sent reliably has arrived on both sides. False: `limit` passed before. */
bool sim_app_run(struct sim_app *app, usec_t limit);
/* Side `side` closes with `reason`; steps until both sides are over. */
bool sim_app_close(struct sim_app *app, unsigned side, uint32_t reason, const char *text, usec_t limit);
/* Ends the process: prints the seed and what was wrong. */
#define sim_app_check(app, condition) ((condition) ? (void)0 : sim_app_fail((app), #condition, __FILE__, __LINE__))
void sim_app_fail(const struct sim_app *app, const char *what, const char *file, int line);

#endif
