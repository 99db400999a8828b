#include "engine/names.h"

#include <kith/diagnosis.h>
#include <kith/stats.h>
#include <kith/version.h>

#define TEXT_OF(number) #number
#define DOTTED(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *names_version(void)
{
	return DOTTED(KITH_VERSION_MAJOR, KITH_VERSION_MINOR, KITH_VERSION_PATCH);
}

#define NAME_CASE(name, number) \
	case number: \
		return #name;

const char *names_state(int32_t state)
{
	switch (state) {
		KITH_STATE_MAP(NAME_CASE)
	default:
		return "UNKNOWN";
	}
}

const char *names_route(int32_t route)
{
	switch (route) {
		KITH_ROUTE_MAP(NAME_CASE)
	default:
		return "UNKNOWN";
	}
}

#define STAGE_CASE(name, number, text) \
	case number: \
		return #name;
#define STAGE_TEXT_CASE(name, number, text) \
	case number: \
		return text;

const char *names_stage(int32_t stage)
{
	switch (stage) {
		KITH_STAGE_MAP(STAGE_CASE)
	default:
		return "UNKNOWN";
	}
}

const char *names_stage_text(int32_t stage)
{
	switch (stage) {
		KITH_STAGE_MAP(STAGE_TEXT_CASE)
	default:
		return "an unknown stage";
	}
}

const char *names_bucket(int32_t histogram, int32_t bucket)
{
	static const char *const ping[KITH_PING_BUCKETS] = { "0-25 ms",    "26-50 ms",   "51-75 ms",
		                                                 "76-100 ms",  "101-125 ms", "126-150 ms",
		                                                 "151-200 ms", "201-300 ms", "above 300 ms" };
	static const char *const quality[KITH_QUALITY_BUCKETS] = { "perfect", "99 %",    "97-98 %", "95-96 %", "90-94 %",
		                                                       "75-89 %", "50-74 %", "1-49 %",  "dead" };
	static const char *const jitter[KITH_JITTER_BUCKETS] = { "below 1 ms", "1-2 ms",   "2-5 ms",
		                                                     "5-10 ms",    "10-20 ms", "20 ms and more" };

	if (histogram == KITH_HISTOGRAM_PING && bucket >= 0 && bucket < KITH_PING_BUCKETS)
		return ping[bucket];
	if (histogram == KITH_HISTOGRAM_QUALITY && bucket >= 0 && bucket < KITH_QUALITY_BUCKETS)
		return quality[bucket];
	if (histogram == KITH_HISTOGRAM_JITTER && bucket >= 0 && bucket < KITH_JITTER_BUCKETS)
		return jitter[bucket];
	return "";
}
