#include "signaling/tcp/tcp_line.h"

#include <string.h>

#include "core/base/bytes.h"

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* An identity is one word: a space would end it early for every later reader of the line. */
static bool is_identity(const char *text, size_t size)
{
	if (size == 0 || size > TCP_LINE_IDENTITY_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c <= ' ' || c == 0x7f)
			return false;
	}
	return true;
}

bool tcp_line_split(struct tcp_line *out, const char *line, size_t size)
{
	const char *space = size > 0 ? memchr(line, ' ', size) : NULL;

	*out = (struct tcp_line){ 0 };
	if (space == NULL || !is_identity(line, (size_t)(space - line)))
		return false;
	out->peer = line;
	out->peer_size = (size_t)(space - line);
	out->payload = space + 1;
	out->payload_size = size - out->peer_size - 1;
	return true;
}

size_t tcp_line_greeting(const char **identity, const char *line, size_t size)
{
	*identity = line;
	while (size > 0 && is_white(**identity)) {
		(*identity)++;
		size--;
	}
	while (size > 0 && is_white((*identity)[size - 1]))
		size--;
	return is_identity(*identity, size) ? size : 0;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool tcp_line_decode(uint8_t *out, size_t capacity, size_t *out_size, const char *payload, size_t size)
{
	*out_size = 0;
	while (size > 0 && is_white(payload[size - 1]))
		size--;
	if (size / 2 == 0 || size / 2 > capacity)
		return false;
	if (size % 2 == 1 && hex_value(payload[size - 1]) < 0)
		return false;
	for (size_t i = 0; i < size / 2; i++) {
		int high = hex_value(payload[2 * i]);
		int low = hex_value(payload[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	*out_size = size / 2;
	return true;
}

size_t tcp_line_size(size_t peer_size, size_t signal_size)
{
	return peer_size + 1 + 2 * signal_size + 1;
}

size_t tcp_line_write(char *out, size_t capacity, const char *peer, const void *signal, size_t signal_size)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = signal;
	size_t peer_size = strlen(peer);
	char *at = out;

	if (!is_identity(peer, peer_size) || signal_size == 0 || signal_size > TCP_LINE_SIGNAL_MAX)
		return 0;
	if (tcp_line_size(peer_size, signal_size) > capacity)
		return 0;
	bytes_copy(at, peer, peer_size);
	at += peer_size;
	*at++ = ' ';
	for (size_t i = 0; i < signal_size; i++) {
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 15];
	}
	*at++ = '\n';
	return (size_t)(at - out);
}
