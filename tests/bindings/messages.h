/* messages: whether a message that came is the one that a step expects. */
#ifndef BINDINGS_MESSAGES_H
#define BINDINGS_MESSAGES_H

#include "verbs.h"

/* `index`: the argument that is its content; `number`: which of a batch. Fails the step when it is not. */
void messages_check(struct world *world, struct step *step, unsigned index, int64_t number,
                    const kith_message *message);

#endif
