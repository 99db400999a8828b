/* address: where a datagram goes, or came from: an IPv6 or IPv4-mapped address and a port.
 *
 * Owns: the struct, its text form (RFC 5952), what kind of address it is.
 * Does not know: sockets, name resolution.
 */
#ifndef TYPES_ADDRESS_H
#define TYPES_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
	uint8_t ip[16]; /* network order; IPv4 as ::ffff:a.b.c.d */
	uint16_t port;  /* host order; 0 = none */
};

#define ADDRESS_TEXT_MAX 56 /* "[v6]:65535" and the NUL, rounded up */

/* Reads "1.2.3.4", "1.2.3.4:5", "::1", "[::1]:5". False: not an address; `*out` is zeroed. */
bool address_parse(struct address *out, const char *text);
/* Writes the RFC 5952 form; the port only when it is not 0. Returns the text's length. */
size_t address_print(const struct address *address, char text[ADDRESS_TEXT_MAX]);
bool address_equal(const struct address *a, const struct address *b);
bool address_equal_ip(const struct address *a, const struct address *b);
uint64_t address_hash(const struct address *address, uint64_t key);

bool address_is_ipv4(const struct address *address);
bool address_is_any(const struct address *address);      /* 0.0.0.0 or :: */
bool address_is_loopback(const struct address *address); /* 127/8 or ::1 */
bool address_is_link_local(const struct address *address);
/* RFC 1918, 169.254/16, 100.64/10 (RFC 6598), fc00::/7, fe80::/10. */
bool address_is_private(const struct address *address);
bool address_is_multicast(const struct address *address); /* and 255.255.255.255 */

#endif
