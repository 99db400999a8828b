#include <kith/errors.h>
#include <kith/version.h>

#include "engine/failure.h"
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

#define TEXT_OF(number) #number
#define DOTTED(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

uint32_t kith_version(void)
{
	return KITH_VERSION;
}

const char *kith_version_text(void)
{
	return DOTTED(KITH_VERSION_MAJOR, KITH_VERSION_MINOR, KITH_VERSION_PATCH);
}
