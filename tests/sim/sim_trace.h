/* sim_trace: a world told line by line: who sends which packet or signal, who learns what.
 *
 *   [  10.0ms] B  sends challenge reply
 *
 * Owns: the words. They are the vocabulary of the scenario tests: a line reworded here is a line to
 * change there.
 * Does not know: what is right.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdio.h>

#include "sim_world.h"

#define SIM_TRACE_DATA 1u     /* data packets too */
#define SIM_TRACE_ARRIVALS 2u /* and when things arrive */
#define SIM_TRACE_PATHS 4u    /* what ICE reports */
#define SIM_TRACE_READY 8u    /* that there is something to read, or room to write */
#define SIM_TRACE_ALL 15u

struct sim_trace {
	struct sim_world *world;
	FILE *out;
	unsigned what;
};

void sim_trace_wire(const struct sim_trace *trace, const struct sim_wire *wire);
void sim_trace_signal(const struct sim_trace *trace, unsigned from, const struct action *action);
void sim_trace_arrival(const struct sim_trace *trace, const struct sim_item *item);
void sim_trace_path(const struct sim_trace *trace, unsigned peer, const struct path_change *change);
void sim_trace_event(const struct sim_trace *trace, unsigned peer, const struct event *event);
/* What somebody does: "A  calls str:bob". */
void sim_trace_say(const struct sim_trace *trace, unsigned peer, const char *text);

#endif
