/* sim_ice: stands in for an ICE agent: gathers, checks pairs through the simulated network,
 * selects one. Enough of RFC 8445 that translators and lost checks matter.
 *
 * Owns: one session's candidates, checks and selected pair.
 * Does not know: the core; it answers with path changes.
 */
#ifndef SIM_ICE_H
#define SIM_ICE_H

#include "core/types/action.h"
#include "core/types/path_change.h"
#include "sim_network.h"

#define SIM_ICE_REMOTES_MAX 32

struct sim_ice_pair {
	struct address remote;
	usec_t next_check;
	usec_t checked_at;
	unsigned check_count;
	bool valid;     /* a response came back */
	bool nominated; /* the controlling side said so */
};

struct sim_ice {
	bool open;
	unsigned host;
	uint32_t transport;
	struct address socket;
	bool controlling;
	bool remote_known;
	char username[16], password[64];
	char remote_username[16], remote_password[64];
	struct sim_ice_pair pairs[SIM_ICE_REMOTES_MAX];
	unsigned pair_count;
	int selected; /* index, or -1 */
	usec_t gather_at;
	bool gathered;
	uint32_t share;
	usec_t consent_at; /* of the selected pair: when it is asked for again, and */
	usec_t heard_at;   /* when it was given last (RFC 7675) */
};

typedef void sim_ice_sink_fn(void *owner, const struct path_change *change);

struct sim_ice_context {
	struct sim_network *network;
	sim_ice_sink_fn *sink;
	void *owner;
	usec_t now;
};

void sim_ice_start(struct sim_ice *ice, unsigned host, const struct address *socket, const struct action *action,
                   usec_t gather_at);
void sim_ice_set_remote(struct sim_ice *ice, usec_t now, const char *username, const char *password);
void sim_ice_add_candidate(struct sim_ice *ice, usec_t now, const char *line);
usec_t sim_ice_next_timeout(const struct sim_ice *ice);
void sim_ice_handle_timeout(struct sim_ice *ice, struct sim_ice_context *context);
/* The selected pair does not work any more. */
void sim_ice_break(struct sim_ice *ice, struct sim_ice_context *context);
/* True: it was a check of ours or theirs. False: data. */
bool sim_ice_receive(struct sim_ice *ice, struct sim_ice_context *context, const struct address *source,
                     const uint8_t *bytes, size_t size);

#endif
