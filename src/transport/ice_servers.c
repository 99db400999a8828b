#include "transport/ice_servers.h"
#include "core/base/bytes.h"

#include <string.h>

#include "core/base/text.h"

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

/* "?transport=..." at the end. */
static bool take_transport(const char *item, size_t *size, struct ice_server *out)
{
	const char *query = memchr(item, '?', *size);
	size_t query_size;

	if (query == NULL)
		return true;
	query_size = *size - (size_t)(query - item);
	*size = (size_t)(query - item);
	out->tcp = query_size == 14 && bytes_equal(query, "?transport=tcp", 14);
	return out->tcp || (query_size == 14 && bytes_equal(query, "?transport=udp", 14));
}

static bool parse_one(struct ice_server *out, const char *scheme, const char *item, size_t size)
{
	size_t scheme_size = strlen(scheme);
	const char *colon = NULL;
	uint64_t port;

	bytes_zero(out, sizeof(*out));
	if (starts_with(item, size, scheme) && size > scheme_size && item[scheme_size] == ':') {
		item += scheme_size + 1;
		size -= scheme_size + 1;
	}
	if (!take_transport(item, &size, out))
		return false;
	for (size_t i = 0; i < size; i++)
		colon = item[i] == ':' ? item + i : colon;
	if (colon == NULL || !text_read_u64(colon + 1, size - (size_t)(colon + 1 - item), &port) || port == 0 ||
	    port > UINT16_MAX)
		return false;
	out->port = (uint16_t)port;
	size = (size_t)(colon - item);
	if (size >= 2 && item[0] == '[' && item[size - 1] == ']') {
		item++;
		size -= 2;
	}
	if (size == 0 || size >= sizeof(out->host))
		return false;
	bytes_copy(out->host, item, size);
	return true;
}

bool ice_servers_parse(struct ice_servers *out, const char *scheme, const char *list)
{
	const char *item;
	bool all = true;
	size_t size;

	bytes_zero(out, sizeof(*out));
	while (next_item(&list, &item, &size)) {
		if (size == 0)
			continue;
		if (out->count < ICE_SERVERS_MAX && parse_one(&out->servers[out->count], scheme, item, size))
			out->count++;
		else
			all = false;
	}
	return all;
}

static unsigned count_items(const char *list)
{
	const char *item;
	unsigned count = 0;
	size_t size;

	while (next_item(&list, &item, &size))
		count++;
	return count;
}

void ice_servers_add_credentials(struct ice_servers *servers, const char *users, const char *passwords)
{
	const char *user, *password;
	size_t user_size, password_size;

	if (count_items(users) != servers->count || count_items(passwords) != servers->count)
		return;
	for (unsigned i = 0; i < servers->count; i++) {
		struct ice_server *server = &servers->servers[i];
		next_item(&users, &user, &user_size);
		next_item(&passwords, &password, &password_size);
		if (user_size >= sizeof(server->user) || password_size >= sizeof(server->password))
			continue;
		bytes_copy(server->user, user, user_size);
		bytes_copy(server->password, password, password_size);
	}
}
