#include "core/types/address.h"

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/text.h"

static const uint8_t mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* "a.b.c.d" as in RFC 6943 §3.1.1's strict form: four decimals, no leading zeros. */
static bool parse_ipv4(uint8_t out[4], const char *text, size_t size)
{
	size_t at = 0;
	for (int part = 0; part < 4; part++) {
		uint64_t value = 0;
		size_t begin = at;
		while (at < size && text[at] != '.')
			at++;
		if (at - begin > 3 || (at - begin > 1 && text[begin] == '0'))
			return false;
		if (!text_read_u64(text + begin, at - begin, &value) || value > 255)
			return false;
		out[part] = (uint8_t)value;
		if (part < 3 && at++ >= size)
			return false;
	}
	return at == size;
}

static bool parse_group(const char *text, size_t size, uint8_t out[2])
{
	char digits[4] = { '0', '0', '0', '0' };
	if (size < 1 || size > 4)
		return false;
	bytes_copy(digits + 4 - size, text, size);
	return text_read_hex(digits, 4, out, 2) == 2;
}

static size_t part_size(const char *text, size_t size)
{
	size_t at = 0;
	while (at < size && text[at] != ':')
		at++;
	return at;
}

/* Groups separated by single colons; the last may be IPv4 when `ipv4_last`. Returns bytes written,
 * or -1. An empty text has none. */
static int parse_groups(const char *text, size_t size, bool ipv4_last, uint8_t out[16])
{
	size_t at = 0;
	int written = 0;
	if (size == 0)
		return 0;
	for (;;) {
		size_t part = part_size(text + at, size - at);
		bool last = at + part == size;
		if (last && ipv4_last && written <= 12 && parse_ipv4(out + written, text + at, part))
			return written + 4;
		if (written > 14 || !parse_group(text + at, part, out + written))
			return -1;
		written += 2;
		if (last)
			return written;
		at += part + 1;
	}
}

static bool parse_ipv6(uint8_t out[16], const char *text, size_t size)
{
	uint8_t head[16];
	uint8_t tail[16];
	size_t gap = 0;
	while (gap + 1 < size && (text[gap] != ':' || text[gap + 1] != ':'))
		gap++;
	if (gap + 1 >= size)
		return parse_groups(text, size, true, out) == 16;
	int before = parse_groups(text, gap, false, head);
	int after = parse_groups(text + gap + 2, size - gap - 2, true, tail);
	if (before < 0 || after < 0 || before + after > 14)
		return false;
	bytes_zero(out, 16);
	bytes_copy(out, head, (size_t)before);
	bytes_copy(out + 16 - after, tail, (size_t)after);
	return true;
}

static bool parse_port(uint16_t *out, const char *text, size_t size)
{
	uint64_t port = 0;
	if (size > 5 || !text_read_u64(text, size, &port) || port > UINT16_MAX)
		return false;
	*out = (uint16_t)port;
	return true;
}

static bool parse_bracketed(struct address *out, const char *text, size_t size)
{
	size_t close = 1;
	while (close < size && text[close] != ']')
		close++;
	if (close == size || !parse_ipv6(out->ip, text + 1, close - 1))
		return false;
	if (close + 1 == size)
		return true;
	return text[close + 1] == ':' && parse_port(&out->port, text + close + 2, size - close - 2);
}

static bool parse_plain(struct address *out, const char *text, size_t size)
{
	size_t host = part_size(text, size);
	bytes_copy(out->ip, mapped_prefix, sizeof(mapped_prefix));
	if (parse_ipv4(out->ip + 12, text, host))
		return host == size || parse_port(&out->port, text + host + 1, size - host - 1);
	return parse_ipv6(out->ip, text, size);
}

bool address_parse(struct address *out, const char *text)
{
	size_t size = strlen(text);
	bytes_zero(out, sizeof(*out));
	bool ok = size > 0 && text[0] == '[' ? parse_bracketed(out, text, size) : parse_plain(out, text, size);
	if (!ok)
		bytes_zero(out, sizeof(*out));
	return ok;
}

static unsigned group(const struct address *address, int index)
{
	return (unsigned)address->ip[2 * index] << 8 | address->ip[2 * index + 1];
}

/* RFC 5952 §4.2: the first of the longest runs of zero groups, if it has two or more. */
static int longest_zero_run(const struct address *address, int *length)
{
	int best = -1;
	*length = 1;
	for (int begin = 0; begin < 8; begin++) {
		int end = begin;
		while (end < 8 && group(address, end) == 0)
			end++;
		if (end - begin > *length) {
			best = begin;
			*length = end - begin;
		}
	}
	return best;
}

static void print_ipv6(struct text *text, const struct address *address)
{
	int length;
	int run = longest_zero_run(address, &length);
	for (int i = 0; i < 8; i++) {
		if (i == run) {
			text_add(text, "::");
			i += length - 1;
			continue;
		}
		if (i > 0 && (run < 0 || i != run + length))
			text_add_char(text, ':');
		text_add_hex(text, group(address, i));
	}
}

static void print_ipv4(struct text *text, const struct address *address)
{
	for (int i = 12; i < 16; i++) {
		if (i > 12)
			text_add_char(text, '.');
		text_add_u64(text, address->ip[i]);
	}
}

size_t address_print(const struct address *address, char text[ADDRESS_TEXT_MAX])
{
	struct text out;
	bool ipv4 = address_is_ipv4(address);
	bool brackets = !ipv4 && address->port != 0;
	text_init(&out, text, ADDRESS_TEXT_MAX);
	if (brackets)
		text_add_char(&out, '[');
	if (ipv4)
		print_ipv4(&out, address);
	else
		print_ipv6(&out, address);
	if (brackets)
		text_add_char(&out, ']');
	if (address->port != 0) {
		text_add_char(&out, ':');
		text_add_u64(&out, address->port);
	}
	return out.size;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_equal_ip(a, b);
}

bool address_equal_ip(const struct address *a, const struct address *b)
{
	return bytes_equal(a->ip, b->ip, sizeof(a->ip));
}

uint64_t address_hash(const struct address *address, uint64_t key)
{
	uint8_t bytes[18];
	bytes_copy(bytes, address->ip, 16);
	bytes[16] = (uint8_t)(address->port >> 8);
	bytes[17] = (uint8_t)address->port;
	return hash_bytes(key, bytes, sizeof(bytes));
}

bool address_is_ipv4(const struct address *address)
{
	return bytes_equal(address->ip, mapped_prefix, sizeof(mapped_prefix));
}

bool address_is_any(const struct address *address)
{
	static const uint8_t zeros[16];
	return bytes_equal(address->ip + 12, zeros, 4) && (address_is_ipv4(address) || bytes_equal(address->ip, zeros, 16));
}

bool address_is_loopback(const struct address *address)
{
	static const uint8_t one[16] = { [15] = 1 };
	return address_is_ipv4(address) ? address->ip[12] == 127 : bytes_equal(address->ip, one, 16);
}

bool address_is_link_local(const struct address *address)
{
	const uint8_t *ip = address->ip;
	if (address_is_ipv4(address))
		return ip[12] == 169 && ip[13] == 254;
	return ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
}

bool address_is_private(const struct address *address)
{
	const uint8_t *ip = address->ip;
	if (address_is_link_local(address))
		return true;
	if (!address_is_ipv4(address))
		return (ip[0] & 0xfe) == 0xfc;
	return ip[12] == 10 || (ip[12] == 172 && (ip[13] & 0xf0) == 16) || (ip[12] == 192 && ip[13] == 168) ||
	       (ip[12] == 100 && (ip[13] & 0xc0) == 64);
}

bool address_is_multicast(const struct address *address)
{
	static const uint8_t broadcast[4] = { 255, 255, 255, 255 };
	if (!address_is_ipv4(address))
		return address->ip[0] == 0xff;
	return (address->ip[12] & 0xf0) == 0xe0 || bytes_equal(address->ip + 12, broadcast, 4);
}
