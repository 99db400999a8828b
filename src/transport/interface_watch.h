/* interface_watch: hears from the system when the addresses of this machine change, or the way to everywhere.
 *
 * Owns: the descriptor, and what they were. Costs nothing while nothing changes.
 * Does not know: who is concerned. All on one thread at a time; nothing here blocks.
 */
#ifndef TRANSPORT_INTERFACE_WATCH_H
#define TRANSPORT_INTERFACE_WATCH_H

#include "transport/ice_interfaces.h"

struct interface_watch;

/* Null: the system does not tell, or no descriptor is left. */
struct interface_watch *interface_watch_new(void);
void interface_watch_free(struct interface_watch *watch);
int interface_watch_fd(const struct interface_watch *watch);
/* Takes what the system has told. False: there was nothing. */
bool interface_watch_read(struct interface_watch *watch);
/* True: a peer could reach us at others than when this was last asked, or we reach peers from another. `*usable`: at
 * any. */
bool interface_watch_compare(struct interface_watch *watch, bool *usable);
/* The same set, in whatever order. */
bool interface_watch_is_same(const struct ice_interfaces *a, const struct ice_interfaces *b);

#endif
