/* Certificates, session infos and their envelopes: what can be read is written again, and then stays
 * as it is. The first byte chooses which. */
#include "core/wire/msg_certificate.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_MAX_WRITTEN (1 << 17)

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

CHECK(certificate)
CHECK(signed_certificate)
CHECK(session_crypt)
CHECK(signed_session_crypt)
CHECK(certificate_request)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0] & 7) {
	case 0:
		check_certificate(data + 1, size - 1);
		break;
	case 1:
		check_signed_certificate(data + 1, size - 1);
		break;
	case 2:
		check_session_crypt(data + 1, size - 1);
		break;
	case 3:
		check_signed_session_crypt(data + 1, size - 1);
		break;
	default:
		check_certificate_request(data + 1, size - 1);
		break;
	}
	return 0;
}
