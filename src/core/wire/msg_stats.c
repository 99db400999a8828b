#include "core/wire/msg_stats.h"

#include "core/base/bytes.h"

enum stats_field { STATS_QUALITY = 1, STATS_FLAGS = 3 };
enum quality_field { QUALITY_INSTANTANEOUS = 1, QUALITY_LIFETIME = 2 };

void msg_stats_set(struct msg_stats_items *items, unsigned item, uint64_t value)
{
	if (item >= MSG_STATS_ITEMS)
		return;
	items->value[item] = value;
	items->present[item] = true;
}

bool msg_stats_wants_ack(const struct msg_stats *stats)
{
	return stats->has_quality || (stats->flags & WIRE_STATS_ACK_REQUEST) != 0;
}

bool msg_stats_wants_ack_now(const struct msg_stats *stats)
{
	return msg_stats_wants_ack(stats) && (stats->flags & WIRE_STATS_ACK_IMMEDIATE) != 0;
}

/* --- reading */

/* All items are varints; repeated ones keep the last, unknown and out-of-range ones are dropped. */
static bool read_items(struct msg_stats_items *out, const struct pb_field *message)
{
	struct pb_reader reader;
	struct pb_field field;

	pb_reader_init(&reader, message->bytes, message->size);
	while (pb_next(&reader, &field)) {
		if (field.bytes == NULL && field.tag == PB_VARINT(field.tag >> 3))
			msg_stats_set(out, field.tag >> 3, field.value);
	}
	return !pb_reader_failed(&reader);
}

static bool read_quality(struct msg_stats *out, const struct pb_field *message)
{
	struct pb_reader reader;
	struct pb_field field;
	bool good = true;

	pb_reader_init(&reader, message->bytes, message->size);
	while (good && pb_next(&reader, &field)) {
		if (field.tag == PB_BYTES(QUALITY_INSTANTANEOUS)) {
			out->has_instantaneous = true;
			good = read_items(&out->instantaneous, &field);
		} else if (field.tag == PB_BYTES(QUALITY_LIFETIME)) {
			out->has_lifetime = true;
			good = read_items(&out->lifetime, &field);
		}
	}
	return good && !pb_reader_failed(&reader);
}

bool msg_stats_read(struct msg_stats *out, const uint8_t *bytes, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;
	bool good = true;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, bytes, size);
	while (good && pb_next(&reader, &field)) {
		if (field.tag == PB_BYTES(STATS_QUALITY)) {
			out->has_quality = true;
			good = read_quality(out, &field);
		} else if (field.tag == PB_VARINT(STATS_FLAGS)) {
			out->has_flags = true;
			out->flags = (uint32_t)field.value;
		}
	}
	return good && !pb_reader_failed(&reader);
}

/* --- writing */

static void write_items(struct byte_writer *writer, uint32_t number, const struct msg_stats_items *items)
{
	size_t mark = pb_begin(writer, number);

	for (uint32_t i = 1; i < MSG_STATS_ITEMS; i++) {
		if (items->present[i])
			pb_write_varint(writer, i, items->value[i]);
	}
	pb_end(writer, mark);
}

/* Every peer passes over fields that it does not know. */
static void write_padding(struct byte_writer *writer, size_t size)
{
	size_t mark;

	if (size == 0)
		return;
	mark = pb_begin(writer, WIRE_STATS_PADDING_FIELD);
	byte_writer_zeros(writer, size);
	pb_end(writer, mark);
}

void msg_stats_write(struct byte_writer *writer, const struct msg_stats *stats)
{
	if (stats->has_quality) {
		size_t mark = pb_begin(writer, STATS_QUALITY);
		if (stats->has_instantaneous)
			write_items(writer, QUALITY_INSTANTANEOUS, &stats->instantaneous);
		if (stats->has_lifetime)
			write_items(writer, QUALITY_LIFETIME, &stats->lifetime);
		pb_end(writer, mark);
	}
	if (stats->has_flags)
		pb_write_varint(writer, STATS_FLAGS, stats->flags);
	write_padding(writer, stats->padding);
}
