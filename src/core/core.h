/* core: the protocol, whole. Pure. Inputs are borrowed for the call; `now` never decreases.
 *
 * Drain the three outputs (transmit, action, event) after every input and command, until none has
 * more: an event may have made the others so. Same inputs and same seed give the same outputs,
 * always. Commands of the application are in core/sockets/sockets.h and core/messages/messages.h.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "core/config/config.h"
#include "core/types/action.h"
#include "core/types/datagram.h"
#include "core/types/event.h"
#include "core/types/path_change.h"
#include "core/types/signal.h"

struct core;
struct endpoint;
struct messages;

struct core_options {
	uint8_t seed[32];         /* all randomness of this endpoint comes from here */
	struct identity identity; /* IDENTITY_NONE: of the key */
	uint8_t private_key[32];  /* Ed25519 seed; used when has_private_key */
	bool has_private_key;     /* else one is made from the seed */
	int64_t unix_time;        /* seconds at `now`, for certificates' expiry */
	uint32_t app_id;          /* in our certificate, and demanded of peers' */
};

/* The caller owns the result. */
struct core *core_new(usec_t now, const struct core_options *options);
/* Before core_destroy: what lingers is closed now. Close the other connections first, and drain the
 * outputs afterwards: that is what tells the peers. */
void core_shutdown(struct core *core, usec_t now);
/* Frees everything; sends nothing. */
void core_destroy(struct core *core);

/* The endpoint's own identity and configuration (connections inherit at creation). */
const struct identity *core_identity(const struct core *core);
struct config *core_config(struct core *core);

/* The Messages interface of this endpoint; there from the beginning. */
struct messages *core_messages(struct core *core);
/* The world's clock by which certificates expire, as often as the engine looks at it. */
void core_set_unix_time(struct core *core, usec_t now, int64_t unix_time);
/* Commands about trust (core/endpoint/endpoint_trust.h) take the endpoint. */
struct endpoint *core_endpoint(struct core *core);

/* A fresh number for a UDP socket the engine opened; ICE sessions get theirs inside the core. */
uint32_t core_new_transport(struct core *core);

/* The options that concern a datagram of this transport to or from `remote`: those of its connection, or
 * of who hears strangers there. Until the next call into the core. */
const struct config *core_config_of(struct core *core, uint32_t transport, const struct address *remote,
                                    bool *is_stranger);

void core_receive_datagram(struct core *core, usec_t now, const struct datagram *datagram);
/* As one input: those that come together and belong together cost less. */
void core_receive_datagrams(struct core *core, usec_t now, const struct datagram *datagrams, size_t count);
void core_receive_signal(struct core *core, usec_t now, const struct signal *signal);
void core_receive_path_change(struct core *core, usec_t now, const struct path_change *change);
/* The addresses of this machine changed, or its way out; `usable`: there are some that a peer could reach. */
void core_network_changed(struct core *core, usec_t now, bool usable);
void core_handle_timeout(struct core *core, usec_t now);
usec_t core_next_timeout(const struct core *core);

/* Fills the caller's buffer with one burst that is due. False: nothing (more) to send now. */
bool core_transmit(struct core *core, usec_t now, struct datagram_burst *out);
bool core_next_action(struct core *core, struct action *out);
bool core_next_event(struct core *core, struct event *out);

#endif
