/* fork_guard: what a child process finds after fork(): the memory of its parent, without the threads.
 *
 * Owns: that in the child no handle of the parent names anything, and that no lock of the whole process
 * is held by a thread that the child does not have. So calls fail instead of waiting for ever.
 * Does not know: endpoints; those of the parent are left as they are, in memory that the child shares.
 */
#ifndef ENGINE_FORK_GUARD_H
#define ENGINE_FORK_GUARD_H

/* From now on; any number of times, from any thread. */
void fork_guard_watch(void);

#endif
