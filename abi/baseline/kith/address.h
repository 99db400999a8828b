/* kith/address.h: where a datagram goes: an IPv6 or IPv4 address and a port. */
#ifndef KITH_ADDRESS_H
#define KITH_ADDRESS_H

#include <kith/types.h>

KITH_BEGIN_DECLS

/** Room for the text of any address, with the NUL. */
#define KITH_ADDRESS_TEXT_MAX 64

/**
 * An address. All zero means none. This struct never changes: it stands in arrays and other structs.
 */
struct kith_address {
	/** Network order; IPv4 as the mapped address "::ffff:a.b.c.d". All zero is "any" (both IPv6 and IPv4). */
	uint8_t ip[16];
	/** Host order, 0-65535; 0 is none, or "pick one" when listening. */
	uint16_t port;
	/** 0. */
	uint16_t reserved;
	/** Interface number of an IPv6 link-local address, else 0. */
	uint32_t scope;
};

/** Initial value: no address. */
#define KITH_ADDRESS_INIT \
	{ \
		{ 0 }, 0, 0, 0 \
	}

/**
 * Reads "1.2.3.4", "1.2.3.4:5", "::1" or "[::1]:5". Names of hosts are not looked up.
 *
 * @param text         borrows; UTF-8
 * @param out_address  gets the address; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null, or not an address
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_address_parse(const char *text, struct kith_address *out_address);

/**
 * Writes the text of an address (RFC 5952); with the port unless that is 0.
 *
 * @param address   borrows
 * @param buffer    gets the text and a NUL; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; KITH_ADDRESS_TEXT_MAX is always enough
 * @param out_size  may be null; gets the bytes needed, with the NUL
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_TOO_LARGE: the buffer is too small, nothing was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_address_print(const struct kith_address *address, char *buffer, size_t capacity,
                                        size_t *out_size);

/**
 * 1 when both are the same address and port, else 0; 0 when either is null. Any thread. Since 1.0.
 */
KITH_API int32_t kith_address_equal(const struct kith_address *address, const struct kith_address *other);

KITH_END_DECLS

#endif
