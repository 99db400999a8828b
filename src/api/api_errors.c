#include <kith/errors.h>
#include <kith/version.h>

#include "engine/failure.h"
#include "engine/names.h"
#include "engine/result.h"

const char *kith_result_name(kith_result result)
{
	switch (result) {
#define NAME(name, number, text) \
	case number: \
		return #name;
		KITH_RESULT_MAP(NAME)
#undef NAME
	default:
		return "E_UNKNOWN";
	}
}

const char *kith_result_text(kith_result result)
{
	return result_text(result);
}

const char *kith_last_error(void)
{
	return failure_text();
}

uint32_t kith_version(void)
{
	return KITH_VERSION;
}

const char *kith_version_text(void)
{
	return names_version();
}
