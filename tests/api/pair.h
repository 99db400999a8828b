/* pair: two endpoints of one process with a connection over real UDP on loopback. Only include/kith. */
#ifndef API_PAIR_H
#define API_PAIR_H

#include <criterion/criterion.h>

#include <kith/kith.h>

#define PAIR_PATIENCE_US (INT64_C(20) * 1000000)

struct pair {
	kith_endpoint server;
	kith_endpoint client;
	kith_listener listener;
	kith_connection accepted; /* the server's end */
	kith_connection called;   /* the client's */
	struct kith_address address;
};

/* Waits for an event of one type (and, of states, one state); others are skipped. */
struct kith_event pair_await(kith_endpoint endpoint, int32_t type, int32_t state);
/* No event comes for a while. */
void pair_await_nothing(kith_endpoint endpoint, int64_t for_us);
/* Waits for one message. The caller releases it. */
kith_message *pair_receive(kith_endpoint endpoint, kith_connection connection);
/* Sends as the buffer allows, waiting for room. */
void pair_send(kith_endpoint endpoint, kith_connection connection, const void *data, size_t size, uint32_t flags,
               int32_t lane);

kith_endpoint pair_endpoint(void);
/* A listener on 127.0.0.1 with a port of the system's choice. */
kith_listener pair_listen(kith_endpoint endpoint, const struct kith_listener_options *options,
                          struct kith_address *address);
/* Everything up to a connected pair; either options may be null. */
void pair_open(struct pair *pair, const struct kith_listener_options *listener_options,
               const struct kith_connection_options *connection_options);
void pair_close(struct pair *pair);

#endif
