/* A datagram of the handshake: what can be read is written again, and then stays as it is. */
#include "core/wire/msg_handshake.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_MAX_WRITTEN (1 << 17)

/* Reads, writes, reads and writes `message`: both writings must be equal. */
#define CHECK(name) \
	static void check_##name(const uint8_t *data, size_t size) \
	{ \
		static uint8_t first[SIZE_MAX_WRITTEN], second[SIZE_MAX_WRITTEN]; \
		struct msg_##name message; \
		struct byte_writer writer; \
		size_t written; \
		if (!msg_##name##_read(&message, data, size)) \
			return; \
		byte_writer_init(&writer, first, sizeof(first)); \
		msg_##name##_write(&writer, &message); \
		if (byte_writer_failed(&writer)) \
			return; \
		written = byte_writer_size(&writer); \
		if (!msg_##name##_read(&message, first, written)) \
			abort(); \
		byte_writer_init(&writer, second, sizeof(second)); \
		msg_##name##_write(&writer, &message); \
		if (byte_writer_size(&writer) != written || memcmp(first, second, written) != 0) \
			abort(); \
	}

CHECK(challenge_request)
CHECK(challenge_reply)
CHECK(connect_request)
CHECK(connect_ok)
CHECK(connection_closed)
CHECK(no_connection)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_challenge_request(data, size);
	check_challenge_reply(data, size);
	check_connect_request(data, size);
	check_connect_ok(data, size);
	check_connection_closed(data, size);
	check_no_connection(data, size);
	return 0;
}
