#include "cli/target.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/host_port.h"

/* The library's own parser knows addresses; names are ours to look up. */
static bool look_up(const struct host_port *where, struct kith_address *out, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found = NULL;
	char host[64], text[96];
	int result = getaddrinfo(where->host, where->port, &hints, &found);
	bool good;

	if (result != 0) {
		*why = gai_strerror(result);
		return false;
	}
	result = getnameinfo(found->ai_addr, found->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	snprintf(text, sizeof(text), found->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", result == 0 ? host : "",
	         where->port);
	freeaddrinfo(found);
	good = kith_address_parse(text, out) == KITH_OK;
	*why = good ? "" : kith_last_error();
	return good;
}

int target_read_address(const struct options *options, const char *what, const char *text, bool any_port,
                        struct kith_address *out)
{
	struct host_port where;
	const char *why = "";

	if (!host_port_parse(&where, text))
		return options_complain(options->command, "%s: '%s' is not HOST:PORT", what, text);
	if (!any_port && atoi(where.port) == 0)
		return options_complain(options->command, "%s: '%s' has no port", what, text);
	if (!look_up(&where, out, &why))
		return options_complain(options->command, "%s: '%s' is not an address: %s", what, text, why);
	return -1;
}

int target_read_identity(const struct options *options, const char *what, const char *text, struct kith_identity *out)
{
	if (kith_identity_parse(text, out) == KITH_OK)
		return -1;
	return options_complain(options->command, "%s: '%s' is not an identity: %s", what, text, kith_last_error());
}

int target_read_key(const struct options *options, const char *path, uint8_t out[TARGET_KEY_SIZE])
{
	const char *why;
	size_t size = strlen(path);

	if (kith_key_load(path, out) == KITH_OK)
		return -1;
	/* The library's words begin with the path, which is said here already. */
	why = kith_last_error();
	if (strncmp(why, path, size) == 0 && strncmp(why + size, ": ", 2) == 0)
		why += size + 2;
	return options_complain(options->command, "option --key: '%s': %s", path, why);
}

int target_check_stun(const struct options *options, const char *text)
{
	struct host_port where;

	if (host_port_parse(&where, text) && atoi(where.port) != 0)
		return -1;
	return options_complain(options->command, "option --stun: '%s' is not HOST:PORT", text);
}

int target_check_turn(const struct options *options, const char *text)
{
	bool good = strncmp(text, "turn:", 5) == 0;
	struct host_port where;
	char server[300];

	if (good) {
		const char *rest = text + strcspn(text, "?");
		good = rest[0] == '\0' || strcmp(rest, "?transport=udp") == 0 || strcmp(rest, "?transport=tcp") == 0;
		snprintf(server, sizeof(server), "%.*s", (int)(rest - text - 5), text + 5);
		good = good && host_port_parse(&where, server) && atoi(where.port) != 0;
	}
	if (good)
		return -1;
	return options_complain(options->command, "option --turn: '%s' is not turn:HOST:PORT[?transport=udp|tcp]", text);
}

static int read_by_address(const struct options *options, struct kith_address *address, struct kith_identity *identity)
{
	const char *text = options->target;
	struct host_port where;
	int status = -1;

	/* Complaints name TARGET as it was given. */
	if (!host_port_parse(&where, text + 4) || atoi(where.port) == 0)
		return options_complain(options->command, "TARGET: '%s' is not udp:HOST:PORT", text);
	if (options->symmetric)
		return options_complain(options->command, "option --symmetric: TARGET '%s' is not an identity", text);
	if (options->expect != NULL)
		status = target_read_identity(options, "option --expect", options->expect, identity);
	return status >= 0 ? status : target_read_address(options, "TARGET", text + 4, false, address);
}

int target_read(const struct options *options, bool *by_address, struct kith_address *address,
                struct kith_identity *identity)
{
	const char *text = options->target;
	int status;

	*by_address = strncmp(text, "udp:", 4) == 0;
	if (*by_address)
		return read_by_address(options, address, identity);
	if (options->expect != NULL)
		return options_complain(options->command, "option --expect: TARGET '%s' says itself who must answer", text);
	status = target_read_identity(options, "TARGET", text, identity);
	if (status >= 0)
		return status;
	if (options->signaling.count == 0)
		return options_complain(options->command, "TARGET '%s' is an identity: it needs --signaling URL", text);
	return -1;
}
