/* sim_diagnosis: what must hold of the diagnosis of a connection, whatever happened to it. */
#ifndef SIM_DIAGNOSIS_H
#define SIM_DIAGNOSIS_H

#include "sim_talk.h"

/* One that works, or was just told to have ended. Ends the process unless all fits together. */
void sim_diagnosis_check(const struct sim_talk *talk);

#endif
