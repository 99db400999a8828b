#include "core/wire/packet_header.h"

#include "core/base/byte_reader.h"
#include "core/base/varint.h"

/* The general allowance of every peer: UDP payload minus this and the tag is the plaintext's room,
 * whether or not a packet has extras. Staying below it keeps packets of all peers alike. */
#define ALLOWANCE 52

#define PADDED_HEADER_SIZE 3

bool packet_header_is_data(uint8_t lead)
{
	return lead >= WIRE_LEAD_DATA;
}

bool packet_header_read(struct packet_header *out, const uint8_t *packet, size_t size)
{
	struct byte_reader reader;

	byte_reader_init(&reader, packet, size);
	uint8_t lead = byte_reader_u8(&reader);
	if (!packet_header_is_data(lead))
		return false;
	out->connection_id = byte_reader_le32(&reader);
	out->number = byte_reader_le16(&reader);
	out->stats = NULL;
	out->stats_size = 0;
	if (lead & WIRE_DATA_HAS_STATS) {
		uint32_t stats_size = byte_reader_varint32(&reader);
		out->stats = byte_reader_bytes(&reader, stats_size);
		out->stats_size = stats_size;
	}
	out->has_spacing = (lead & WIRE_DATA_HAS_SPACING) != 0;
	out->spacing = out->has_spacing ? byte_reader_le16(&reader) : 0;
	if (byte_reader_failed(&reader))
		return false;
	out->size = size - byte_reader_remaining(&reader);
	return true;
}

void packet_header_write(struct byte_writer *writer, const struct packet_header *header)
{
	unsigned lead = WIRE_LEAD_DATA;

	if (header->stats != NULL)
		lead |= WIRE_DATA_HAS_STATS;
	if (header->has_spacing)
		lead |= WIRE_DATA_HAS_SPACING;
	byte_writer_u8(writer, (uint8_t)lead);
	byte_writer_le32(writer, header->connection_id);
	byte_writer_le16(writer, header->number);
	if (header->stats != NULL) {
		byte_writer_varint(writer, header->stats_size);
		byte_writer_bytes(writer, header->stats, header->stats_size);
	}
	if (header->has_spacing)
		byte_writer_le16(writer, header->spacing);
}

size_t packet_header_payload_max(size_t mtu, size_t stats_size, size_t tag_size)
{
	/* Both flagged extras count, so that a packet fits with either. */
	size_t taken = WIRE_PACKET_HEADER_SIZE + 2;

	if (stats_size != PACKET_HEADER_NO_STATS) {
		if (stats_size > mtu)
			return 0;
		taken += varint_size(stats_size) + stats_size;
	}
	if (taken < ALLOWANCE)
		taken = ALLOWANCE;
	taken += tag_size;
	return taken < mtu ? mtu - taken : 0;
}

bool packet_header_read_padded(const uint8_t *datagram, size_t size, const uint8_t **body, size_t *body_size)
{
	struct byte_reader reader;

	if (size < WIRE_PADDED_MIN)
		return false;
	byte_reader_init(&reader, datagram, size);
	byte_reader_u8(&reader);
	*body_size = byte_reader_le16(&reader);
	*body = byte_reader_bytes(&reader, *body_size);
	return !byte_reader_failed(&reader) && *body_size > 0;
}

size_t packet_header_begin_padded(struct byte_writer *writer, uint8_t lead)
{
	size_t mark = byte_writer_mark(writer);

	byte_writer_u8(writer, lead);
	byte_writer_le16(writer, 0);
	return mark;
}

void packet_header_end_padded(struct byte_writer *writer, size_t mark)
{
	size_t size = byte_writer_size(writer) - mark;
	struct byte_writer length;

	if (byte_writer_failed(writer))
		return;
	if (size < PADDED_HEADER_SIZE || size - PADDED_HEADER_SIZE > UINT16_MAX) {
		byte_writer_fail(writer);
		return;
	}
	byte_writer_init(&length, writer->start + mark + 1, 2);
	byte_writer_le16(&length, (uint16_t)(size - PADDED_HEADER_SIZE));
	if (size < WIRE_PADDED_MIN)
		byte_writer_zeros(writer, WIRE_PADDED_MIN - size);
}
