#include "engine/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <kith/errors.h>

enum { FAILURE_TEXT_MAX = 512 };

static _Thread_local char last_text[FAILURE_TEXT_MAX];

int32_t failure_set(int32_t result, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(last_text, sizeof(last_text), format, arguments);
	va_end(arguments);
	return result;
}

int32_t failure_set_system(int error, const char *format, ...)
{
	char reason[128];
	va_list arguments;
	int used;

	va_start(arguments, format);
	used = vsnprintf(last_text, sizeof(last_text), format, arguments);
	va_end(arguments);
	if (used >= 0 && (size_t)used < sizeof(last_text))
		snprintf(last_text + used, sizeof(last_text) - (size_t)used, ": %s", strerror_r(error, reason, sizeof(reason)));
	return KITH_E_SYSTEM;
}

const char *failure_text(void)
{
	return last_text;
}
