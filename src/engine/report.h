/* report: all that is known of a connection, in words; and the way it takes, in one line.
 *
 * Owns: the words, their order, what must not stand there.
 * Does not know: where the facts come from; locks, handles.
 */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include <kith/diagnosis.h>
#include <kith/stats.h>

#include "core/base/text.h"
#include "core/config/config.h"

#define REPORT_LANES_MAX 16

struct report_facts {
	const char *library; /* its version */
	const char *system;
	const char *time; /* now */
	uint32_t handle;
	const char *own; /* our identity */
	struct kith_info info;
	struct kith_security security;
	struct kith_status status;
	struct kith_statistics sides[2];                 /* by KITH_SIDE_* */
	struct kith_lane_status lanes[REPORT_LANES_MAX]; /* the first ones */
	int lane_count;
	struct kith_diagnosis diagnosis;
	const struct config *config;
	bool hide; /* addresses, and names of servers */
};

void report_write(const struct report_facts *facts, struct text *out);
/* "DIRECT, 192.0.2.7:1 to 198.51.100.9:2, peer to peer" */
void report_write_route(const struct kith_info *info, bool hide, struct text *out);
/* Adds `from` with "(address)" for each IP address in it. */
void report_hide_addresses(const char *from, struct text *out);

#endif
