/* tcp_line: one line of the trivial signaling protocol (docs/signaling.md).
 *
 * Owns: the two kinds of line, a greeting `<identity>` and a signal `<identity> <hex bytes>`,
 * reading and writing both, and the limits on them.
 * Does not know: sockets, buffers of unfinished lines, what the bytes of a signal mean.
 */
#ifndef SIGNALING_TCP_LINE_H
#define SIGNALING_TCP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TCP_LINE_IDENTITY_MAX = 127,     /* bytes of an identity's text, without a NUL */
	TCP_LINE_SIGNAL_MAX = 64 * 1024, /* bytes of one signal */
	/* The longest line anybody may send, line end included: an identity, a space and the largest
	 * signal in hex, with room for a future prefix. */
	TCP_LINE_MAX = 140 * 1024,
};

struct tcp_line {
	const char *peer; /* whom it goes to (from a client) or who sent it (from the server) */
	size_t peer_size;
	const char *payload; /* everything after the first space, borrowed like `peer` */
	size_t payload_size;
};

/* Splits a line (without its '\n') at the first space. False: no space, or no usable identity. */
bool tcp_line_split(struct tcp_line *out, const char *line, size_t size);

/* Trims white space around a greeting. Returns the identity's size and its start in `*identity`,
 * or 0 when what is left is empty, too long, or holds a space or a control character. */
size_t tcp_line_greeting(const char **identity, const char *line, size_t size);

/* Decodes a payload: two hex digits of either case per byte, white space at the end and an odd last
 * digit ignored. False: another character, nothing at all, or more than `capacity` bytes. */
bool tcp_line_decode(uint8_t *out, size_t capacity, size_t *out_size, const char *payload, size_t size);

/* Writes `<peer> <hex>\n` in lower case, without a NUL. Returns the size, 0 when it does not fit. */
size_t tcp_line_write(char *out, size_t capacity, const char *peer, const void *signal, size_t signal_size);

/* The size that tcp_line_write needs. */
size_t tcp_line_size(size_t peer_size, size_t signal_size);

#endif
