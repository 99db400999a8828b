/* pipe_output: messages on their way to standard output, which may take them slowly.
 *
 * Owns: the messages not written yet, and writing without ever blocking.
 * Does not know: connections.
 */
#ifndef CLI_PIPE_OUTPUT_H
#define CLI_PIPE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include <kith/message.h>

struct pipe_output {
	kith_message **messages; /* a ring would save little: it is empty most of the time */
	size_t count, capacity;
	size_t first;   /* of `messages`, not written whole */
	size_t written; /* of the first */
	bool is_file;   /* takes everything at once */
};

void pipe_output_init(struct pipe_output *output);
void pipe_output_free(struct pipe_output *output);

/* Takes the message, whatever the result. False: no memory. */
bool pipe_output_add(struct pipe_output *output, kith_message *message);
bool pipe_output_is_empty(const struct pipe_output *output);
/* To be called when standard output can be written. False: it cannot any more, see errno. */
bool pipe_output_write(struct pipe_output *output);

#endif
