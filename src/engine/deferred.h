/* deferred: calls to the application that must wait until this thread holds no lock.
 *
 * Owns: the thread's count of locks and the calls that wait. So any function of the application may
 * call the library back, whatever made us call it.
 */
#ifndef ENGINE_DEFERRED_H
#define ENGINE_DEFERRED_H

struct deferred {
	struct deferred *next;
	void (*run)(struct deferred *self); /* frees it */
};

/* This thread takes, and gives back, an engine's lock. Leaving the last one runs what waits. */
void deferred_enter(void);
void deferred_leave(void);

/* Runs it now if this thread holds no lock, else when it has left the last one. */
void deferred_add(struct deferred *call);

#endif
