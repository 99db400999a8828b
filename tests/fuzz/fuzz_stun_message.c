/* What a STUN server, or whoever poses as one, answers: the first twelve bytes are the id of the question. */
#include <stdlib.h>

#include "transport/stun_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct address address;

	if (size < STUN_MESSAGE_ID_SIZE)
		return 0;
	if (stun_message_read_answer(data + STUN_MESSAGE_ID_SIZE, size - STUN_MESSAGE_ID_SIZE, data, &address) &&
	    address.port == 0)
		abort();
	return 0;
}
