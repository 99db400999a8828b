#include <criterion/criterion.h>

#include "cli/doctor/doctor_router.h"

static enum doctor_router_answer read_of(const char *bytes, size_t size)
{
	uint32_t ip;

	return doctor_router_read((const uint8_t *)bytes, size, &ip);
}

Test(doctor_router, reads_what_routers_say)
{
	const uint8_t good[12] = { 0, 128, 0, 0, 0, 0, 0, 1, 203, 0, 113, 7 };
	uint32_t ip = 0;

	cr_assert_eq(doctor_router_read(good, sizeof(good), &ip), DOCTOR_ROUTER_ADDRESS);
	cr_assert_eq(((uint8_t *)&ip)[0], 203);
	cr_assert_eq(read_of("\0\200\0\2\0\0\0\1\0\0\0\0", 12), DOCTOR_ROUTER_REFUSED);
	cr_assert_eq(read_of("\2\200\0\1", 4), DOCTOR_ROUTER_PCP);
}

Test(doctor_router, believes_nothing_else)
{
	cr_assert_eq(read_of("", 0), DOCTOR_ROUTER_NONE);
	cr_assert_eq(read_of("\0\200\0", 3), DOCTOR_ROUTER_NONE);
	cr_assert_eq(read_of("\0\0\0\0\0\0\0\1\1\2\3\4", 12), DOCTOR_ROUTER_NONE);
	cr_assert_eq(read_of("\1\200\0\0\0\0\0\1\1\2\3\4", 12), DOCTOR_ROUTER_NONE);
	cr_assert_eq(read_of("\0\200\0\0\0\0\0\1\1\2\3", 11), DOCTOR_ROUTER_REFUSED);
}
