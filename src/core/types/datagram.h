/* datagram: what a transport carries, in and out of the core.
 *
 * A transport is named by a number the core hands out (core_new_transport): a UDP socket or one
 * ICE session. Over ICE the remote address is informative only.
 */
#ifndef TYPES_DATAGRAM_H
#define TYPES_DATAGRAM_H

#include <stdbool.h>

#include "core/types/address.h"

struct datagram {
	uint32_t transport;
	struct address remote;
	struct address local; /* where it arrived; zero: the transport does not know */
	uint8_t *bytes;       /* borrowed; decrypted in place */
	size_t size;
	bool whole; /* on its way out: must not be cut */
};

/* One burst to one destination: `size` bytes cut every `segment_size` (the last may be shorter),
 * as UDP_SEGMENT takes it. */
struct datagram_burst {
	uint8_t *bytes;  /* in: the caller's buffer */
	size_t capacity; /* in: at least 1500 */
	uint32_t transport;
	struct address remote;
	struct address local; /* the address it must leave from; zero: whichever the system takes */
	size_t size;
	size_t segment_size;
	bool whole; /* must not be cut on its way: rather lost */
};

#endif
