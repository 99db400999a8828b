/* sim_memory: how much the cores of this process hold.
 *
 * Owns: the count. The program is linked with --wrap for the functions of base/alloc, so that what
 * simulator and tests allocate for themselves is not counted.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stdint.h>

int64_t sim_memory_held(void); /* bytes */

#endif
