/* service_contexts: GLib's main contexts in the loop of the service thread.
 *
 * A context asks the system about all its descriptors whenever one of its sources is due. So each ICE
 * session has a context of its own, and what one of a thousand sessions does costs the others nothing.
 *
 * Owns: the contexts, which descriptors of theirs are watched, when each is due. All of it is for the
 * service thread. Does not know: what is in a context.
 */
#ifndef ENGINE_SERVICE_CONTEXTS_H
#define ENGINE_SERVICE_CONTEXTS_H

#include <stdbool.h>

#include <glib.h>

struct service_contexts;

/* With one context, which is the thread's default where no other is. Null: no descriptor is left. */
struct service_contexts *service_contexts_new(void);
void service_contexts_free(struct service_contexts *contexts);
/* Readable when there is something to run. */
int service_contexts_fd(const struct service_contexts *contexts);
/* Runs what is ready or due; what becomes so within `timeout` milliseconds (-1: ever) is waited for. */
void service_contexts_run(struct service_contexts *contexts, int timeout);

/* Borrows. Null: no descriptor is left. */
GMainContext *service_contexts_add(struct service_contexts *contexts);
/* Around every call from outside of a run that may give it something to do. In between, as in its own run, it is the
 * thread's default. */
void service_contexts_enter(GMainContext *context);
void service_contexts_leave(GMainContext *context);
/* It may be running: it is gone when the run is over. */
void service_contexts_remove(struct service_contexts *contexts, GMainContext *context);

#endif
