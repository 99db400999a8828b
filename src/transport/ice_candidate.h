/* ice_candidate: the text line of an ICE candidate, and which ones may be told or tried.
 *
 * Owns: the strict reader and the writer (docs/wire.md, "ICE"), policy by address.
 * Does not know: libnice. What comes in is hostile: each candidate makes us send checks to it.
 */
#ifndef TRANSPORT_ICE_CANDIDATE_H
#define TRANSPORT_ICE_CANDIDATE_H

#include "core/types/address.h"
#include "core/types/path_change.h"

#define ICE_FOUNDATION_MAX 33 /* RFC 8839 §5.1: 32 characters, and the NUL */

enum ice_candidate_type { ICE_HOST, ICE_SERVER_REFLEXIVE, ICE_PEER_REFLEXIVE, ICE_RELAYED };

struct ice_candidate {
	enum ice_candidate_type type;
	uint32_t priority;
	struct address address;
	char foundation[ICE_FOUNDATION_MAX];
};

/* False: malformed, not UDP, of an unknown type, or an address nobody can be reached at. */
bool ice_candidate_parse(struct ice_candidate *out, const char *line);
/* Writes no related address: it would tell where we are. False: no room. */
bool ice_candidate_print(const struct ice_candidate *candidate, char line[CANDIDATE_LINE_MAX]);

/* May the peer be told of ours, under this mask of SHARE_*? */
bool ice_candidate_may_share(const struct ice_candidate *candidate, uint32_t share);
/* May we send checks to the peer's? `allow_loopback`: we have nothing but loopback ourselves. */
bool ice_candidate_may_try(const struct ice_candidate *candidate, bool allow_loopback);

#endif
