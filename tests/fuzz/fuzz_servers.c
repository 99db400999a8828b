/* Lists of STUN and TURN servers, users and passwords: the first byte cuts the input in three. */
#include <stdlib.h>
#include <string.h>

#include "transport/ice_servers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *piece(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static void check(const char *scheme, const char *list, const char *users, const char *passwords)
{
	struct ice_servers servers;

	ice_servers_parse(&servers, scheme, list);
	ice_servers_add_credentials(&servers, users, passwords);
	if (servers.count > ICE_SERVERS_MAX)
		abort();
	for (unsigned i = 0; i < servers.count; i++) {
		const struct ice_server *server = &servers.servers[i];
		if (server->port == 0 || server->host[0] == '\0' || memchr(server->host, '\0', sizeof(server->host)) == NULL)
			abort();
		if (strpbrk(server->host, ",/@ ?[]") != NULL || strstr(list, server->host) == NULL)
			abort();
		if (memchr(server->user, '\0', sizeof(server->user)) == NULL ||
		    memchr(server->password, '\0', sizeof(server->password)) == NULL)
			abort();
		/* One without the other is no use. */
		if ((server->user[0] == '\0') != (server->password[0] == '\0'))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t first, second;
	char *list, *users, *passwords;

	if (size == 0)
		return 0;
	size--;
	first = data[0] < size ? data[0] : size;
	second = (size - first) / 2;
	list = piece(data + 1, first);
	users = piece(data + 1 + first, second);
	passwords = piece(data + 1 + first + second, size - first - second);
	check("stun", list, users, passwords);
	check("turn", list, users, passwords);
	free(list);
	free(users);
	free(passwords);
	return 0;
}
