/* packet_header: what stands before the encrypted payload, and the frame of padded datagrams.
 *
 * Owns: lead byte, connection id, 16-bit packet number, the unauthenticated extras between header
 * and payload (docs/wire.md, "Packet header"), padding ("Padded datagrams").
 * Does not know: which connection, the full packet number, decryption, what the stats say.
 */
#ifndef WIRE_PACKET_HEADER_H
#define WIRE_PACKET_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/byte_writer.h"
#include "core/wire/wire.h"

struct packet_header {
	uint32_t connection_id; /* the recipient's */
	uint16_t number;        /* the low bits */
	const uint8_t *stats;   /* borrowed; null: no blob. May be there with size 0 */
	size_t stats_size;
	bool has_spacing;
	uint16_t spacing; /* since the sender's previous packet, in units of 16 us */
	size_t size;      /* all of the above; read only: the payload begins there */
};

/* Lead byte of a data packet? */
bool packet_header_is_data(uint8_t lead);

/* False: not a data packet, truncated, or a malformed blob length: drop it. Extra flag bits of the
 * lead byte are ignored, as the wire wants it. */
bool packet_header_read(struct packet_header *out, const uint8_t *packet, size_t size);
/* The payload goes behind it. */
void packet_header_write(struct byte_writer *writer, const struct packet_header *header);

/* The largest payload (plaintext) of one packet: `mtu` is the largest datagram, `stats_size` that
 * of the blob (SIZE_MAX: none), `tag_size` 16 or 0. Keeps room for extras even if there are none;
 * 0 if nothing fits. The spacing field is part of that room. */
size_t packet_header_payload_max(size_t mtu, size_t stats_size, size_t tag_size);
#define PACKET_HEADER_NO_STATS SIZE_MAX

/* The body of a padded datagram (leads 0x20, 0x24). False: too short, or a bad length. */
bool packet_header_read_padded(const uint8_t *datagram, size_t size, const uint8_t **body, size_t *body_size);
/* Writes lead and room for the length; the body follows. Returns a mark for the end. */
size_t packet_header_begin_padded(struct byte_writer *writer, uint8_t lead);
/* Fills in the length and pads to the minimum. */
void packet_header_end_padded(struct byte_writer *writer, size_t mark);

#endif
