/* inside: every function of the description, called inside every callback. */
#ifndef TESTS_ABI_INSIDE_H
#define TESTS_ABI_INSIDE_H

#include "description.h"

/* Each function at each place in a process of its own. Adds to the counts and says what failed. */
void inside_run(struct description *description, unsigned *passed, unsigned *failed);

#endif
