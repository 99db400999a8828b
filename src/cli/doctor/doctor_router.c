#include "cli/doctor/doctor_router.h"

#include "core/base/bytes.h"

enum doctor_router_answer doctor_router_read(const uint8_t *bytes, size_t size, uint32_t *ip)
{
	if (size < 4)
		return DOCTOR_ROUTER_NONE;
	/* A router of PCP alone answers in its own version (RFC 6887 §9.1). */
	if (bytes[0] == 2 && (bytes[1] & 0x80) != 0)
		return DOCTOR_ROUTER_PCP;
	if (bytes[0] != 0 || bytes[1] != 128)
		return DOCTOR_ROUTER_NONE;
	if (bytes[2] != 0 || bytes[3] != 0 || size < 12)
		return DOCTOR_ROUTER_REFUSED;
	bytes_copy(ip, bytes + 8, sizeof(*ip));
	return DOCTOR_ROUTER_ADDRESS;
}
