/* hostile: every function of the description with arguments that no honest caller gives. */
#ifndef TESTS_ABI_HOSTILE_H
#define TESTS_ABI_HOSTILE_H

#include "description.h"

/* Each function in a process of its own. Adds to the counts and says what failed. */
void hostile_run(struct description *description, unsigned *passed, unsigned *failed);

#endif
