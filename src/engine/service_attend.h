/* service_attend: sockets are read on the application's thread while it waits on the endpoint's
 * descriptor, so that an answer need not change threads twice.
 *
 * Owns: the descriptor that the application watches, and who reads the sockets. As a rule that is the
 * service thread. An application that has taken its events promptly many times in a row gets the
 * sockets into its descriptor; when it has not come for a moment, the service thread has them back.
 */
#ifndef ENGINE_SERVICE_ATTEND_H
#define ENGINE_SERVICE_ATTEND_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/usec.h"

struct service;
struct service_socket;

enum { ATTEND_SOCKETS_MAX = 8 };

struct attend {
	int fd;                  /* an epoll descriptor: the event queue's, and the sockets while `on` */
	pthread_mutex_t reading; /* whoever reads sockets; taken before the engine's lock */
	_Atomic bool on;         /* changes under both locks */
	_Atomic bool took_event; /* the application's last call had something */
	/* Under `reading`, and the engine's lock where they are written: */
	struct service_socket *sockets[ATTEND_SOCKETS_MAX];
	unsigned count;
	/* Under the engine's lock: */
	unsigned prompt; /* events taken promptly, in a row */
	unsigned needed; /* so many make the application's thread the reader */
	unsigned calls;  /* of the application, since it reads */
	usec_t signalled_at;
	usec_t came_at;
};

/* False: errno says why. */
bool service_attend_init(struct attend *attend, int event_fd);
void service_attend_free(struct attend *attend);

/* --- the application's thread */
/* Before it looks for events, without the lock. */
void service_attend_on_call(struct service *service);
/* It has looked, and took one or found none; with the lock held. */
void service_attend_on_taken(struct service *service, bool taken);
/* The event queue's descriptor is about to be written; with the lock held. */
void service_attend_on_signal(struct service *service);

/* --- the service thread, without the lock */
/* Time has passed: takes the sockets back if the application stays away. */
void service_attend_step(struct service *service);

/* Who reads sockets, or closes them, on the service thread: between these two, around the lock. */
void service_attend_enter(struct service *service);
void service_attend_leave(struct service *service);
/* With both locks held: the service thread reads from now on. */
void service_attend_end(struct service *service);

#endif
