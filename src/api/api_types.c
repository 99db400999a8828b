#include <kith/kith.h>

#include "core/config/config.h"
#include "engine/failure.h"
#include "engine/names.h"
#include "engine/result.h"

struct constant {
	const char *name;
	int64_t value;
};

/* Every map of the public headers, and what stands alone. */
static const struct constant constants[] = {
#define RESULT(name, number, text) { #name, KITH_##name },
	KITH_RESULT_MAP(RESULT)
#define STATE(name, number) { "STATE_" #name, KITH_STATE_##name },
		KITH_STATE_MAP(STATE)
#define ROUTE(name, number) { "ROUTE_" #name, KITH_ROUTE_##name },
			KITH_ROUTE_MAP(ROUTE)
#define REASON(name, number) { "REASON_" #name, KITH_REASON_##name },
				KITH_REASON_MAP(REASON)
#define EVENT(name, number) { "EVENT_" #name, KITH_EVENT_##name },
					KITH_EVENT_MAP(EVENT)
#define SEND(name, number) { "SEND_" #name, KITH_SEND_##name },
						KITH_SEND_MAP(SEND)
#define IDENTITY(name, number) { "IDENTITY_" #name, KITH_IDENTITY_##name },
							KITH_IDENTITY_MAP(IDENTITY)
#define LOG(name, number) { "LOG_" #name, KITH_LOG_##name },
								KITH_LOG_MAP(LOG)
#define SUBJECT(name, number) { "SUBJECT_" #name, KITH_SUBJECT_##name },
									KITH_SUBJECT_MAP(SUBJECT)
#define SIGNALING(name, number) { "SIGNALING_" #name, KITH_SIGNALING_##name },
										KITH_SIGNALING_MAP(SIGNALING)
#define PROOF(name, number) { "PROOF_" #name, KITH_PROOF_##name },
											KITH_PROOF_MAP(PROOF)
#define SIDE(name, number) { "SIDE_" #name, KITH_SIDE_##name },
												KITH_SIDE_MAP(SIDE)
#define HISTOGRAM(name, number) { "HISTOGRAM_" #name, KITH_HISTOGRAM_##name },
													KITH_HISTOGRAM_MAP(HISTOGRAM)
#define DOUBT(name, number) { "DOUBT_" #name, KITH_DOUBT_##name },
														KITH_DOUBT_MAP(DOUBT)
#define CERTIFICATE(name, number) { "CERTIFICATE_" #name, KITH_CERTIFICATE_##name },
															KITH_CERTIFICATE_MAP(CERTIFICATE)
#define FORM(name, number) { "FORM_" #name, KITH_FORM_##name },
																KITH_FORM_MAP(FORM)
#define KEY_FORM(name, number) { "KEY_FORM_" #name, KITH_KEY_FORM_##name },
																	KITH_KEY_FORM_MAP(KEY_FORM)
#define STAGE(name, number, text) { "STAGE_" #name, KITH_STAGE_##name },
																		KITH_STAGE_MAP(STAGE)
#define CONFIG_VALUE(constant, number, name, type, initial, min, max, lock, text) \
	{ "CONFIG_" #constant, KITH_CONFIG_##constant },
#include "core/config/config_values.def"
#undef CONFIG_VALUE
																			{ "TYPE_TEXT", KITH_TYPE_TEXT },
	{ "LOCK_NEVER", KITH_LOCK_NEVER },
	{ "LOCK_STARTED", KITH_LOCK_STARTED },
	{ "LOCK_READ_ONLY", KITH_LOCK_READ_ONLY },
	{ "TYPE_INT32", KITH_TYPE_INT32 },
	{ "TYPE_INT64", KITH_TYPE_INT64 },
	{ "TYPE_FLOAT", KITH_TYPE_FLOAT },
	{ "TYPE_STRING", KITH_TYPE_STRING },
	{ "SHARE_RELAY", KITH_SHARE_RELAY },
	{ "SHARE_PRIVATE", KITH_SHARE_PRIVATE },
	{ "SHARE_PUBLIC", KITH_SHARE_PUBLIC },
	{ "REQUIRE_NOTHING", KITH_REQUIRE_NOTHING },
	{ "REQUIRE_PROOF", KITH_REQUIRE_PROOF },
	{ "REQUIRE_KEY", KITH_REQUIRE_KEY },
	{ "REQUIRE_CERTIFICATE", KITH_REQUIRE_CERTIFICATE },
	{ "KEY_SIZE", KITH_KEY_SIZE },
	{ "APP_IDS_MAX", KITH_APP_IDS_MAX },
	{ "LANES_MAX", KITH_LANES_MAX },
	{ "MESSAGE_SIZE_MAX", KITH_MESSAGE_SIZE_MAX },
	{ "MESSAGES_SIZE_MAX", KITH_MESSAGES_SIZE_MAX },
	{ "MESSAGES_REASON_CLOSED", KITH_MESSAGES_REASON_CLOSED },
	{ "MESSAGES_REASON_IDLE", KITH_MESSAGES_REASON_IDLE },
	{ "SIGNAL_SIZE_MAX", KITH_SIGNAL_SIZE_MAX },
	{ "IDENTITY_TEXT_MAX", KITH_IDENTITY_TEXT_MAX },
	{ "ADDRESS_TEXT_MAX", KITH_ADDRESS_TEXT_MAX },
	{ "EVENT_TEXT_MAX", KITH_EVENT_TEXT_MAX },
	{ "PING_BUCKETS", KITH_PING_BUCKETS },
	{ "QUALITY_BUCKETS", KITH_QUALITY_BUCKETS },
	{ "JITTER_BUCKETS", KITH_JITTER_BUCKETS },
	{ "PING_PERCENTILES", KITH_PING_PERCENTILES },
	{ "QUALITY_PERCENTILES", KITH_QUALITY_PERCENTILES },
	{ "HIDE_ADDRESSES", KITH_HIDE_ADDRESSES },
	{ "REPORT_SIZE_MAX", KITH_REPORT_SIZE_MAX },
	{ "ROUTE_TEXT_MAX", KITH_ROUTE_TEXT_MAX },
	{ "SUBJECT_ALL", KITH_SUBJECT_ALL },
	{ "SUBJECTS", KITH_SUBJECTS },
	{ "NO_HANDLE", KITH_NO_HANDLE },
	{ "FOREVER_US", KITH_FOREVER_US },
	{ "VERSION", KITH_VERSION },
};

enum { CONSTANTS_COUNT = sizeof(constants) / sizeof(constants[0]) };

/* The numbers of the public headers and of the core are the same. */
#define CONFIG_VALUE(constant, number, name, type, initial, min, max, lock, text) \
	_Static_assert(KITH_CONFIG_##constant == (number), "config.h and config_values.def differ: " name);
#include "core/config/config_values.def"
#undef CONFIG_VALUE

#define NAME_CASE(name, number) \
	case number: \
		return #name;

const char *kith_state_name(int32_t state)
{
	return names_state(state);
}

const char *kith_route_name(int32_t route)
{
	return names_route(route);
}

const char *kith_event_name(int32_t type)
{
	switch (type) {
		KITH_EVENT_MAP(NAME_CASE)
	default:
		return "UNKNOWN";
	}
}

const char *kith_log_name(int32_t level)
{
	switch (level) {
		KITH_LOG_MAP(NAME_CASE)
	default:
		return "UNKNOWN";
	}
}

const char *kith_subject_name(int32_t subject)
{
	switch (subject) {
		KITH_SUBJECT_MAP(NAME_CASE)
	default:
		return "UNKNOWN";
	}
}

static const char *reason_range(int32_t reason)
{
	switch (reason / 1000) {
	case 1:
		return "APP";
	case 2:
		return "APP_EXCEPTION";
	case 3:
		return "LOCAL";
	case 4:
		return "REMOTE";
	case 5:
		return "GENERIC";
	default:
		return "UNKNOWN";
	}
}

const char *kith_reason_name(int32_t reason)
{
	switch (reason) {
		KITH_REASON_MAP(NAME_CASE)
	default:
		return reason_range(reason);
	}
}

kith_result kith_reason_result(int32_t reason)
{
	return result_of_reason(reason);
}

uint32_t kith_constant_count(void)
{
	return CONSTANTS_COUNT;
}

kith_result kith_constant_at(uint32_t index, const char **out_name, int64_t *out_value)
{
	if (out_name != NULL)
		*out_name = NULL;
	if (out_value != NULL)
		*out_value = 0;
	if (out_name == NULL || out_value == NULL)
		return failure_set(KITH_E_INVALID, "out_name or out_value: null");
	if (index >= CONSTANTS_COUNT)
		return failure_set(KITH_E_INVALID, "index: %u is not below %u", (unsigned)index, (unsigned)CONSTANTS_COUNT);
	*out_name = constants[index].name;
	*out_value = constants[index].value;
	return KITH_OK;
}
