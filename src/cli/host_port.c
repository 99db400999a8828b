#include "cli/host_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_port(const char *text)
{
	size_t size = strlen(text);

	return size > 0 && size <= 5 && strspn(text, "0123456789") == size && atoi(text) <= 65535;
}

bool host_port_parse(struct host_port *out, const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *host = text;
	size_t size;

	if (colon == NULL || !is_port(colon + 1))
		return false;
	size = (size_t)(colon - text);
	if (text[0] == '[') {
		if (size < 3 || text[size - 1] != ']')
			return false;
		host++;
		size -= 2;
		if (memchr(host, ':', size) == NULL)
			return false;
	} else if (memchr(host, ':', size) != NULL) {
		return false;
	}
	if (size == 0 || size >= sizeof(out->host))
		return false;
	snprintf(out->host, sizeof(out->host), "%.*s", (int)size, host);
	snprintf(out->port, sizeof(out->port), "%s", colon + 1);
	return true;
}
