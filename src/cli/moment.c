#include "cli/moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)

/* `count` digits and nothing else. */
static bool take_number(const char **at, int count, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*out = *out * 10 + (**at - '0');
	}
	return true;
}

static bool take_letter(const char **at, const char *allowed)
{
	if (**at == '\0' || strchr(allowed, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

static bool take_time(const char **at, struct tm *out)
{
	if (!take_letter(at, "T ") || !take_number(at, 2, &out->tm_hour) || !take_letter(at, ":") ||
	    !take_number(at, 2, &out->tm_min) || !take_letter(at, ":") || !take_number(at, 2, &out->tm_sec))
		return false;
	take_letter(at, "Z");
	return out->tm_hour < 24 && out->tm_min < 60 && out->tm_sec < 60;
}

bool moment_parse(const char *text, int64_t *out_unix_us)
{
	struct tm parts = { 0 }, again;
	time_t seconds;

	if (!take_number(&text, 4, &parts.tm_year) || !take_letter(&text, "-") || !take_number(&text, 2, &parts.tm_mon) ||
	    !take_letter(&text, "-") || !take_number(&text, 2, &parts.tm_mday))
		return false;
	if (parts.tm_year < 1970 || parts.tm_year > 2105)
		return false;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	if ((*text != '\0' && !take_time(&text, &parts)) || *text != '\0')
		return false;
	again = parts;
	seconds = timegm(&again);
	/* What is put right is no date: February 30. */
	if (again.tm_mon != parts.tm_mon || again.tm_mday != parts.tm_mday)
		return false;
	*out_unix_us = (int64_t)seconds * SECOND;
	return true;
}

void moment_print(int64_t unix_us, char out[MOMENT_TEXT_MAX])
{
	time_t seconds = (time_t)(unix_us / SECOND);
	struct tm parts;

	if (gmtime_r(&seconds, &parts) == NULL || strftime(out, MOMENT_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		snprintf(out, MOMENT_TEXT_MAX, "?");
}

int64_t moment_now(void)
{
	return (int64_t)time(NULL) * SECOND;
}
