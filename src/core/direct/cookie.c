#include "core/direct/cookie.h"

#include "core/base/bytes.h"
#include "core/base/hash.h"

/* Time in units of 2^20 us in the low bits; the rest is a keyed hash over it and the address. */
#define TIME_SHIFT 20
#define TIME_MASK UINT64_C(0xFFFF)
#define AGE_MAX 3u

static uint64_t seal(const struct cookie *cookie, uint16_t time, const struct address *remote)
{
	struct {
		uint8_t ip[16];
		uint16_t port;
		uint16_t time;
	} input;

	bytes_copy(input.ip, remote->ip, sizeof input.ip);
	input.port = remote->port;
	input.time = time;
	return (hash_bytes(cookie->key, &input, sizeof input) & ~TIME_MASK) | time;
}

static uint16_t time_of(usec_t now)
{
	return (uint16_t)((uint64_t)now >> TIME_SHIFT);
}

void cookie_init(struct cookie *cookie, struct rng *rng)
{
	cookie->key = rng_u64(rng);
}

uint64_t cookie_make(const struct cookie *cookie, usec_t now, const struct address *remote)
{
	return seal(cookie, time_of(now), remote);
}

bool cookie_check(const struct cookie *cookie, usec_t now, const struct address *remote, uint64_t value)
{
	uint16_t made = (uint16_t)(value & TIME_MASK);

	if ((uint16_t)(time_of(now) - made) > AGE_MAX)
		return false;
	return seal(cookie, made, remote) == value;
}
