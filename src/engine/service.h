/* service: the thread of an endpoint: what arrives and what time brings goes into the core, and what
 * the core gives goes out.
 *
 * Owns: the thread, its loop, when it wakes up, the transports. The application's calls send what
 * they can themselves, under the engine's lock, so that a message leaves without a change of
 * threads; in a rush that is left to the service, which makes larger bursts.
 * Does not know: handles, what events mean.
 */
#ifndef ENGINE_SERVICE_H
#define ENGINE_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/config/config.h"
#include "core/core.h"
#include "engine/service_attend.h"

struct engine;
struct service_transport;
struct service_socket;
struct service_command;
struct service_contexts;
struct service_impair;
struct interface_watch;

struct service {
	struct engine *engine;
	pthread_t thread;
	_Atomic bool stopping;
	int epoll_fd;
	int wake_fd; /* an eventfd */
	int timer_fd;
	struct service_contexts *contexts; /* libnice's home, made with the first session; the thread's alone */
	struct attend attend;
	unsigned ice_count; /* sessions, those that are closing included; the thread's alone */
	/* Under the engine's lock: */
	usec_t armed;                         /* when the timer rings; USEC_NEVER: not at all */
	usec_t sent_at;                       /* the application's last message left, or was left to the thread */
	size_t sent_bytes;                    /* queued by the application since the last flush */
	bool has_read;                        /* the application, since its last message: the next may be an answer */
	struct service_transport *transports; /* hash, by number */
	struct service_socket *sockets;       /* list: what is watched and read */
	struct service_command *commands;     /* for the thread */
	_Atomic bool commands_wait;           /* also read without it */
	struct interface_watch *watch;        /* null: not needed yet, or not possible */
	usec_t network_due;                   /* then the addresses are looked at; USEC_NEVER: they are known */
	usec_t credentials_due;               /* then those of TURN servers are looked at */
	struct service_impair *impair;        /* null as long as no option wants it */
	uint8_t *burst;                       /* room for one */
};

enum { SERVICE_BURST_MAX = 65535 };

/* --- lifetime; false: errno says why */
/* `event_fd`: readable while the application has events. */
bool service_init(struct service *service, int event_fd);
bool service_start(struct service *service, struct engine *engine);
/* Without the lock. Ends the thread and waits for it, a bounded time; on the thread itself it ends
 * later. The transports are closed and the core is gone when the thread is. */
void service_stop(struct service *service);
void service_free(struct service *service);

/* On the thread: handles what is ready, or gets ready within `timeout` milliseconds (-1: ever). */
void service_handle_ready(struct service *service, int timeout);

/* --- with the lock held */
/* After every input and command: sends what is due, takes actions and events, sets the timer. */
void service_flush(struct engine *engine, usec_t now);
/* The same until nothing is left, but for a bound that a thousand connections do not reach. */
void service_flush_all(struct engine *engine, usec_t now);
/* Takes actions and events only: more input follows at once. */
void service_collect(struct engine *engine, usec_t now);
/* A message of `size` bytes was queued. */
void service_count_sent(struct service *service, size_t size);
/* The application has queued what it wanted: it leaves now, or in a moment with what follows it. */
void service_sent(struct service *service, usec_t now);
/* The thread takes a step at `at` at the latest. */
void service_arm(struct service *service, usec_t at);
void service_wake(struct service *service);

#endif
