/* entropy: the door to randomness. */
#ifndef ENGINE_ENTROPY_H
#define ENGINE_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/* Fills `out` with random bytes of the system. False: it has none; `out` is zeroed. */
bool entropy_fill(void *out, size_t size);

#endif
