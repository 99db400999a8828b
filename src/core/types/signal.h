/* signal: one rendezvous blob, in or out of the core through some signaling service. */
#ifndef TYPES_SIGNAL_H
#define TYPES_SIGNAL_H

#include "core/types/identity.h"

#define SIGNAL_SIZE_MAX 65536 /* larger ones are dropped unread */

struct signal {
	const uint8_t *bytes; /* borrowed */
	size_t size;
	uint32_t source; /* which signaling brought it (its handle; 0 = the application); answers prefer it */
};

#endif
