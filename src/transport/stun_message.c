#include "transport/stun_message.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/bytes.h"

enum {
	BINDING_REQUEST = 0x0001,
	BINDING_SUCCESS = 0x0101,
	MAPPED_ADDRESS = 0x0001,
	XOR_MAPPED_ADDRESS = 0x0020,
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
};

#define COOKIE 0x2112a442u

void stun_message_write_request(uint8_t out[STUN_MESSAGE_REQUEST_SIZE], const uint8_t id[STUN_MESSAGE_ID_SIZE])
{
	struct byte_writer writer;

	byte_writer_init(&writer, out, STUN_MESSAGE_REQUEST_SIZE);
	byte_writer_be16(&writer, BINDING_REQUEST);
	byte_writer_be16(&writer, 0);
	byte_writer_be32(&writer, COOKIE);
	byte_writer_bytes(&writer, id, STUN_MESSAGE_ID_SIZE);
}

/* `mask`: what the address is disguised with, cookie and id; null: it is not. */
static bool read_address(struct byte_reader *value, const uint8_t *mask, struct address *out)
{
	uint8_t family;
	size_t size;

	bytes_zero(out, sizeof(*out));
	byte_reader_skip(value, 1);
	family = byte_reader_u8(value);
	out->port = byte_reader_be16(value);
	size = family == FAMILY_IPV4 ? 4 : 16;
	byte_reader_copy(value, out->ip + 16 - size, size);
	if (!byte_reader_at_end(value) || (family != FAMILY_IPV4 && family != FAMILY_IPV6))
		return false;
	if (mask != NULL) {
		out->port = (uint16_t)(out->port ^ (mask[0] << 8 | mask[1]));
		for (size_t i = 0; i < size; i++)
			out->ip[16 - size + i] ^= mask[i];
	}
	if (family == FAMILY_IPV4)
		out->ip[10] = out->ip[11] = 0xff;
	return out->port != 0;
}

/* The disguised form counts more: it came through gateways that rewrite addresses in what passes. */
static bool read_attributes(struct byte_reader *reader, const uint8_t *mask, struct address *out)
{
	struct address address;
	bool found = false;

	while (byte_reader_remaining(reader) > 0) {
		uint16_t type = byte_reader_be16(reader);
		uint16_t size = byte_reader_be16(reader);
		struct byte_reader value = byte_reader_sub(reader, size);

		byte_reader_skip(reader, (4u - size % 4u) % 4u);
		if (byte_reader_failed(reader))
			return false;
		if (type == XOR_MAPPED_ADDRESS)
			return read_address(&value, mask, out);
		if (type == MAPPED_ADDRESS && !found && read_address(&value, NULL, &address)) {
			*out = address;
			found = true;
		}
	}
	return found;
}

bool stun_message_read_answer(const uint8_t *bytes, size_t size, const uint8_t id[STUN_MESSAGE_ID_SIZE],
                              struct address *out)
{
	struct byte_reader reader;
	const uint8_t *mask;
	uint16_t type, length;

	byte_reader_init(&reader, bytes, size);
	type = byte_reader_be16(&reader);
	length = byte_reader_be16(&reader);
	mask = byte_reader_bytes(&reader, 4 + STUN_MESSAGE_ID_SIZE);
	if (mask == NULL || type != BINDING_SUCCESS || length != byte_reader_remaining(&reader) || length % 4 != 0)
		return false;
	if (!bytes_equal(mask + 4, id, STUN_MESSAGE_ID_SIZE) ||
	    ((uint32_t)mask[0] << 24 | (uint32_t)mask[1] << 16 | (uint32_t)mask[2] << 8 | mask[3]) != COOKIE)
		return false;
	return read_attributes(&reader, mask, out);
}
