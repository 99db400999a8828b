/* structs: the sizes that the library itself writes, against the description. */
#ifndef TESTS_ABI_STRUCTS_H
#define TESTS_ABI_STRUCTS_H

#include "description.h"

void structs_run(struct description *description, unsigned *passed, unsigned *failed);
/* Prints a C program that only compiles where sizes, offsets and constants are the described ones. */
void structs_print(const struct description *description);

#endif
