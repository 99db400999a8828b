#include "core/endpoint/connection_ids.h"

#include "core/base/bytes.h"

/* Above this many live connections a random draw would take too long to find a free number. */
#define LIVE_MAX 60000u

static bool is_used(const struct connection_ids *ids, uint16_t low)
{
	return (ids->used[low >> 3] >> (low & 7) & 1) != 0;
}

static void set_used(struct connection_ids *ids, uint16_t low, bool used)
{
	uint8_t bit = (uint8_t)(1u << (low & 7));

	if (used)
		ids->used[low >> 3] |= bit;
	else
		ids->used[low >> 3] &= (uint8_t)~bit;
}

void connection_ids_init(struct connection_ids *ids)
{
	bytes_zero(ids, sizeof *ids);
}

uint32_t connection_ids_draw(struct connection_ids *ids, struct rng *rng)
{
	uint32_t id;

	if (ids->live_count >= LIVE_MAX)
		return 0;
	do {
		id = rng_u32(rng);
	} while ((id & 0xFFFF) == 0 || id >> 16 == 0 || is_used(ids, (uint16_t)id));
	set_used(ids, (uint16_t)id, true);
	ids->live_count++;
	return id;
}

void connection_ids_release(struct connection_ids *ids, uint32_t id)
{
	uint16_t *oldest = &ids->recent[ids->recent_count % CONNECTION_IDS_RECENT];

	if (ids->recent_count >= CONNECTION_IDS_RECENT)
		set_used(ids, *oldest, false);
	*oldest = (uint16_t)id;
	ids->recent_count++;
	ids->live_count--;
}
