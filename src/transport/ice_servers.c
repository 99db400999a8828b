#include "transport/ice_servers.h"
#include "core/base/bytes.h"

#include <string.h>

#include "core/base/text.h"

enum { DEFAULT_PORT = 3478 };

static bool next_item(const char **at, const char **item, size_t *size)
{
	if (*at == NULL || **at == '\0')
		return false;
	*item = *at;
	*size = strcspn(*at, ",");
	*at += *size;
	if (**at == ',')
		(*at)++;
	while (*size > 0 && **item == ' ') {
		(*item)++;
		(*size)--;
	}
	while (*size > 0 && (*item)[*size - 1] == ' ')
		(*size)--;
	return true;
}

static bool starts_with(const char *item, size_t size, const char *prefix)
{
	return size >= strlen(prefix) && bytes_equal(item, prefix, strlen(prefix));
}

/* "?transport=..." at the end, of TURN servers only. */
static bool take_transport(const char *item, size_t *size, const char *scheme, struct ice_server *out)
{
	static const char tcp[] = "?transport=tcp", udp[] = "?transport=udp";
	const char *query = memchr(item, '?', *size);
	size_t query_size;

	if (query == NULL)
		return true;
	query_size = *size - (size_t)(query - item);
	*size = (size_t)(query - item);
	if (strcmp(scheme, "turn") != 0 || query_size != sizeof(tcp) - 1)
		return false;
	out->tcp = bytes_equal(query, tcp, sizeof(tcp) - 1);
	return out->tcp || bytes_equal(query, udp, sizeof(udp) - 1);
}

/* Letters, digits and what names and addresses consist of besides: anything else is a mistake, or a
 * scheme that is not spoken. */
static bool read_host(struct ice_server *out, const char *host, size_t size, bool bracketed)
{
	if (size == 0 || size >= sizeof(out->host))
		return false;
	for (size_t i = 0; i < size; i++) {
		char c = host[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && c != '.' && (bracketed ? c != ':' : c != '-' && c != '_'))
			return false;
	}
	bytes_copy(out->host, host, size);
	return true;
}

static bool read_port(struct ice_server *out, const char *text, size_t size)
{
	uint64_t port = DEFAULT_PORT;

	if (size > 0 && (text[0] != ':' || !text_read_u64(text + 1, size - 1, &port) || port == 0 || port > UINT16_MAX))
		return false;
	out->port = (uint16_t)port;
	return true;
}

static bool parse_one(struct ice_server *out, const char *scheme, const char *item, size_t size)
{
	size_t scheme_size = strlen(scheme);
	const char *end;

	bytes_zero(out, sizeof(*out));
	if (starts_with(item, size, scheme) && size > scheme_size && item[scheme_size] == ':') {
		item += scheme_size + 1;
		size -= scheme_size + 1;
	}
	if (!take_transport(item, &size, scheme, out))
		return false;
	if (size > 0 && item[0] == '[') {
		end = memchr(item, ']', size);
		return end != NULL && read_host(out, item + 1, (size_t)(end - item - 1), true) &&
		       read_port(out, end + 1, size - (size_t)(end + 1 - item));
	}
	end = memchr(item, ':', size);
	end = end != NULL ? end : item + size;
	return read_host(out, item, (size_t)(end - item), false) && read_port(out, end, size - (size_t)(end - item));
}

bool ice_servers_parse(struct ice_servers *out, const char *scheme, const char *list)
{
	const char *item;
	bool all = true;
	unsigned place = 0;
	size_t size;

	bytes_zero(out, sizeof(*out));
	for (; next_item(&list, &item, &size); place++) {
		struct ice_server server;
		if (size == 0)
			continue;
		if (out->count == ICE_SERVERS_MAX || !parse_one(&server, scheme, item, size)) {
			all = false;
			continue;
		}
		server.place = place;
		out->servers[out->count++] = server;
	}
	return all;
}

bool ice_servers_can_use(const char *secret)
{
	return secret[strspn(secret, "\"")] != '\0';
}

bool ice_servers_item(const char *list, unsigned place, const char **item, size_t *size)
{
	for (unsigned i = 0; next_item(&list, item, size); i++) {
		if (i == place)
			return true;
	}
	return false;
}

static bool copy_item(char out[ICE_SERVER_SECRET_MAX], const char *list, unsigned place)
{
	const char *item;
	size_t size;

	if (!ice_servers_item(list, place, &item, &size) || size == 0 || size >= ICE_SERVER_SECRET_MAX)
		return false;
	bytes_copy(out, item, size);
	out[size] = '\0';
	return ice_servers_can_use(out);
}

bool ice_servers_add_credentials(struct ice_servers *servers, const char *users, const char *passwords)
{
	bool all = true;

	for (unsigned i = 0; i < servers->count; i++) {
		struct ice_server *server = &servers->servers[i];
		if (copy_item(server->user, users, server->place) && copy_item(server->password, passwords, server->place))
			continue;
		server->user[0] = server->password[0] = '\0';
		all = false;
	}
	return all;
}
