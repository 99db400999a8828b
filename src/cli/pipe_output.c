#include "cli/pipe_output.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void pipe_output_init(struct pipe_output *output)
{
	struct stat about;

	*output = (struct pipe_output){ 0 };
	output->is_file = fstat(STDOUT_FILENO, &about) == 0 && S_ISREG(about.st_mode);
}

void pipe_output_free(struct pipe_output *output)
{
	kith_message_release_batch(output->messages + output->first, output->count - output->first);
	free(output->messages);
	*output = (struct pipe_output){ 0 };
}

bool pipe_output_add(struct pipe_output *output, kith_message *message)
{
	if (output->count == output->capacity) {
		size_t capacity = output->capacity > 0 ? output->capacity * 2 : 16;
		kith_message **grown = realloc(output->messages, capacity * sizeof(*grown));
		if (grown == NULL) {
			kith_message_release(message);
			return false;
		}
		output->messages = grown;
		output->capacity = capacity;
	}
	output->messages[output->count++] = message;
	return true;
}

bool pipe_output_is_empty(const struct pipe_output *output)
{
	return output->first == output->count;
}

static void drop_first(struct pipe_output *output)
{
	kith_message_release(output->messages[output->first++]);
	output->written = 0;
	if (output->first < output->count)
		return;
	output->first = 0;
	output->count = 0;
}

bool pipe_output_write(struct pipe_output *output)
{
	do {
		kith_message *message = output->messages[output->first];
		size_t left = kith_message_size(message) - output->written;
		/* Who polls writable takes at least this much of a pipe or terminal without blocking. We may
		 * not set O_NONBLOCK: the descriptor is shared with whoever started us. */
		size_t size = output->is_file || left < PIPE_BUF ? left : PIPE_BUF;
		ssize_t result = write(STDOUT_FILENO, (const char *)kith_message_data(message) + output->written, size);
		if (result < 0)
			return errno == EINTR || errno == EAGAIN;
		output->written += (size_t)result;
		if (output->written == kith_message_size(message))
			drop_first(output);
	} while (output->is_file && !pipe_output_is_empty(output));
	return true;
}
