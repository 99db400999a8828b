/* handle_table: numbers for the objects of the whole process.
 *
 * Owns: which number names which object, and that an object is not finalized while a call uses it.
 * A handle is kind, generation and slot; slots are reused in turn, so that the same number comes
 * back only after millions of others. Looking up takes no lock.
 * Does not know: what the objects are.
 */
#ifndef ENGINE_HANDLE_TABLE_H
#define ENGINE_HANDLE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum handle_kind {
	HANDLE_ENDPOINT = 1,
	HANDLE_CONNECTION,
	HANDLE_LISTENER,
	HANDLE_POLL_GROUP,
	HANDLE_SIGNALING,
};

/* Ends an object: called once, after handle_table_remove, when nothing pins it any more; on the
 * thread that removed it or unpinned it last. */
typedef void handle_finalize_fn(void *object);

/* Returns 0 when the table is full. */
uint32_t handle_table_add(enum handle_kind kind, void *object, handle_finalize_fn *finalize);
/* From now on the handle names nothing. False: it named nothing already. */
bool handle_table_remove(uint32_t handle);

/* The object, kept from being finalized until handle_table_unpin; null: stale or of another kind. */
void *handle_table_pin(uint32_t handle, enum handle_kind kind);
void handle_table_unpin(uint32_t handle);

/* The object without pinning it, for who knows that it cannot go away now; null: stale. */
void *handle_table_peek(uint32_t handle, enum handle_kind kind);

/* A handle of this kind that stands at `*place` or behind it, which then moves on; 0: no more. One
 * that comes or goes meanwhile may be missed or stale. */
uint32_t handle_table_next(enum handle_kind kind, uint32_t *place);

/* Around a fork(), see fork_guard.h: between the two nobody adds or frees. `forget`, for the child: every
 * handle names nothing any more, and what it named is left as it is. */
void handle_table_hold(void);
void handle_table_let_go(bool forget);

/* 0: not a handle of any kind. */
enum handle_kind handle_table_kind(uint32_t handle);

#endif
