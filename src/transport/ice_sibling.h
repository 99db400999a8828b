/* ice_sibling: the fast way for the data of a direct pair: a second socket on the same port.
 *
 * Owns: the socket beside libnice's, and the selector by which the kernel gives STUN and TURN to
 * libnice's, data and answers to questions of our own to ours. Where the kernel cannot, there is none.
 * Does not know: pairs, agents.
 */
#ifndef TRANSPORT_ICE_SIBLING_H
#define TRANSPORT_ICE_SIBLING_H

#include <stdbool.h>

#include "transport/udp.h"

/* What the sibling gets: of STUN only answers whose transaction id begins with the tag. */
struct ice_sibling_share {
	bool data;
	bool answers;
	uint32_t tag; /* in network order, as it stands in the message */
};

/* Makes `fd`, a bound UDP socket, ready for a sibling before anything arrives at it: a sibling that
 * came without this would take STUN too, for a moment. False: not on this system. */
bool ice_sibling_prepare(int fd, const struct ice_sibling_share *share);
/* Beside `fd`. Null: not on this system, or not now; libnice carries the data. */
struct udp *ice_sibling_open(int fd, const struct ice_sibling_share *share, const struct udp_options *options);
/* Can this system do that at all? */
bool ice_sibling_is_possible(void);

#endif
