/* engine: everything behind a kith_endpoint: the core, its lock, its thread, what carries for it.
 *
 * Owns: the lifetime of an endpoint and of the objects that belong to it. Functions here are what
 * the api calls with an object it pinned (handle_table); results are KITH_OK or KITH_E_*, with the
 * detail in failure.h.
 * Does not know: handles' look-up, versions of public structs: these arrive complete.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>

#include <kith/certificate.h>
#include <kith/diagnosis.h>
#include <kith/signaling.h>
#include <kith/sockets.h>

#include "core/base/usec.h"

struct engine;
struct engine_conn;
struct engine_listener;
struct engine_group;
struct engine_signaling;
struct identity;
struct message;
struct config;

/* --- the endpoint (engine.c) */
int32_t engine_new(const struct kith_endpoint_options *options, kith_endpoint *out);
/* Once: the handle is gone by then. From any thread, the service thread included. */
void engine_destroy(struct engine *engine);
int32_t engine_identity(struct engine *engine, struct kith_identity *out);

/* --- what it presents and whom it believes (engine_trust.c) */
int32_t engine_public_key(struct engine *engine, uint8_t out[KITH_KEY_SIZE]);
int32_t engine_set_certificate(struct engine *engine, const uint8_t *private_key, const void *data, size_t size);
int32_t engine_certificate(struct engine *engine, struct kith_certificate *out);
int32_t engine_add_trust(struct engine *engine, const void *data, size_t size);
int32_t engine_remove_trust(struct engine *engine, uint64_t key_id);
int32_t engine_trust_at(struct engine *engine, uint32_t index, struct kith_certificate *out, int32_t *out_believed);
int32_t engine_set_revoked(struct engine *engine, const void *data, size_t size);
int32_t engine_revoke(struct engine *engine, uint64_t key_id);
int32_t engine_revoked_at(struct engine *engine, uint32_t index, uint64_t *out);
/* `expected` null: whoever the certificate says. */
int32_t engine_check_certificate(struct engine *engine, const void *data, size_t size, const struct identity *expected,
                                 int32_t *out_doubt);
/* A list of at most TRUST_STORE_REVOKED_MAX keys, for which there must be room. */
int32_t engine_trust_read_revoked(const void *data, size_t size, uint64_t *key_ids, size_t *count);

/* --- events (engine_events.c) */
int32_t engine_fd(const struct engine *engine);
int32_t engine_wait(struct engine *engine, int64_t timeout_usec);
int32_t engine_next_event(struct engine *engine, struct kith_event *out);
int32_t engine_dispatch(struct engine *engine, int64_t timeout_usec);
int32_t engine_set_wake(struct engine *engine, kith_wake_fn wake, void *user_data, kith_release_fn release);
int32_t engine_set_callbacks(struct engine *engine, const struct kith_callbacks *callbacks);
int32_t engine_set_log(struct engine *engine, int32_t level, kith_log_fn log, void *user_data, kith_release_fn release);
int32_t engine_set_log_level(struct engine *engine, int32_t subject, int32_t level);

/* --- connections (engine_conn.c, and engine_stats.c for what is known of them) */
int32_t engine_connect_address(struct engine *engine, const struct kith_address *address,
                               const struct kith_connection_options *options, kith_connection *out);
int32_t engine_connect_identity(struct engine *engine, const struct kith_identity *peer,
                                const struct kith_connection_options *options, kith_connection *out);
/* One end of a pair. */
struct engine_pair_end {
	struct engine *engine;
	const struct kith_identity *identity; /* who it is to the other; null: this machine */
	struct kith_connection_options options;
};

/* Two connections that talk to each other, in memory or by UDP (engine_pair.c). */
int32_t engine_pair(const struct engine_pair_end ends[2], bool network, kith_connection out[2]);
int32_t engine_conn_accept(struct engine_conn *conn);
int32_t engine_conn_close(struct engine_conn *conn, int32_t reason, const char *text, int64_t linger_usec);
int32_t engine_conn_flush(struct engine_conn *conn);
int32_t engine_conn_set_lanes(struct engine_conn *conn, int32_t count, const int32_t *priorities,
                              const uint16_t *weights);
int32_t engine_conn_set_group(struct engine_conn *conn, struct engine_group *group); /* null: none */
int32_t engine_conn_info(struct engine_conn *conn, struct kith_info *out);
int32_t engine_conn_status(struct engine_conn *conn, struct kith_status *out);
int32_t engine_conn_lane_status(struct engine_conn *conn, int32_t lane, struct kith_lane_status *out);
int32_t engine_conn_statistics(struct engine_conn *conn, int32_t side, struct kith_statistics *out);
int32_t engine_conn_security(struct engine_conn *conn, struct kith_security *out);
int32_t engine_conn_diagnosis(struct engine_conn *conn, struct kith_diagnosis *out);         /* engine_diagnosis.c */
int32_t engine_conn_report(struct engine_conn *conn, bool hide, char *out, size_t capacity); /* engine_report.c */
int32_t engine_conn_route(struct engine_conn *conn, bool hide, char *out, size_t capacity);
int32_t engine_conn_user_data(struct engine_conn *conn, int64_t *out);
int32_t engine_conn_set_user_data(struct engine_conn *conn, int64_t user_data);
int32_t engine_conn_set_name(struct engine_conn *conn, const char *name);

/* --- messages of connections (engine_messages.c) */
/* Takes the messages' references, in order, until one is refused. Returns how many, or why not one. */
int32_t engine_conn_send(struct engine_conn *conn, struct message *const *messages, size_t count, int64_t *out_number);
/* The same with copies, made only of what there is room for. */
int32_t engine_conn_send_copies(struct engine_conn *conn, const struct kith_outgoing *outgoing, size_t count,
                                int64_t *out_number);
int32_t engine_conn_receive(struct engine_conn *conn, struct message **out, int32_t max);

/* --- listeners (engine_listener.c) */
int32_t engine_listen_address(struct engine *engine, const struct kith_address *address,
                              const struct kith_listener_options *options, kith_listener *out);
int32_t engine_listen_port(struct engine *engine, int32_t virtual_port, const struct kith_listener_options *options,
                           kith_listener *out);
int32_t engine_listener_close(struct engine_listener *listener);
int32_t engine_listener_address(struct engine_listener *listener, struct kith_address *out);

/* --- poll groups (engine_group.c) */
int32_t engine_group_new(struct engine *engine, kith_poll_group *out);
int32_t engine_group_destroy(struct engine_group *group);
int32_t engine_group_receive(struct engine_group *group, struct message **out, int32_t max);
int32_t engine_group_wait(struct engine_group *group, int64_t timeout_usec);
int32_t engine_group_fd(const struct engine_group *group);

/* --- signaling (engine_signaling.c) */
int32_t engine_signaling_add(struct engine *engine, const struct kith_signaling_callbacks *callbacks,
                             kith_signaling *out);
int32_t engine_signaling_close(struct engine_signaling *signaling);
int32_t engine_signaling_set_state(struct engine_signaling *signaling, int32_t state, const char *text);
int32_t engine_signaling_state(struct engine_signaling *signaling, int32_t *out);
int32_t engine_receive_signal(struct engine *engine, kith_signaling source, const void *data, size_t size);
int32_t engine_add_stun_server(struct engine *engine, const char *server);
int32_t engine_add_turn_server(struct engine *engine, const char *server, const char *user, const char *password);

/* --- configuration (engine_config.c) */
/* `object` is KITH_NO_HANDLE (the library's defaults) or any handle. `read` gets the values with the
 * lock held. */
typedef void engine_config_fn(const struct config *config, void *data);
int32_t engine_config_read(uint32_t object, engine_config_fn *read, void *data);
/* Sets one value by number or, that being CONFIG_NONE, by name, from text, and has it reach what
 * stands below. The failure names value, text and range. */
int32_t engine_config_set(uint32_t object, int32_t id, const char *name, const char *text);
/* Forgets what was set for the object. */
int32_t engine_config_reset(uint32_t object, int32_t id);

#endif
