/* A datagram: what is read as a header is written back as it was, but for bits without meaning. */
#include "core/wire/packet_header.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_data(const uint8_t *data, size_t size)
{
	static uint8_t out[1 << 16];
	struct packet_header header, back;
	struct byte_writer writer;

	if (size > sizeof(out) / 2 || !packet_header_read(&header, data, size))
		return;
	if (header.size > size || (header.stats != NULL && header.stats + header.stats_size > data + size))
		abort();
	byte_writer_init(&writer, out, sizeof(out));
	packet_header_write(&writer, &header);
	if (!packet_header_read(&back, out, byte_writer_size(&writer)) || back.connection_id != header.connection_id ||
	    back.number != header.number || back.stats_size != header.stats_size ||
	    (back.stats == NULL) != (header.stats == NULL) || back.spacing != header.spacing ||
	    back.size != byte_writer_size(&writer) || back.size > header.size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *body;
	size_t body_size;

	check_data(data, size);
	if (packet_header_read_padded(data, size, &body, &body_size) &&
	    (body != data + 3 || body_size == 0 || body_size > size - 3))
		abort();
	return 0;
}
