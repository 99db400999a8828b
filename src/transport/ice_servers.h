/* ice_servers: the STUN and TURN servers of an option's comma-separated text.
 *
 * Owns: reading "host:port", "stun:host:port", "turn:host:port?transport=udp|tcp" (RFC 7064, 7065);
 * without a port it is 3478, an IPv6 address stands in brackets. TLS ("turns:") is not spoken.
 * Does not know: names' addresses, credentials' meaning.
 */
#ifndef TRANSPORT_ICE_SERVERS_H
#define TRANSPORT_ICE_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICE_SERVERS_MAX 8
#define ICE_SERVER_HOST_MAX 256
#define ICE_SERVER_SECRET_MAX 256

struct ice_server {
	unsigned place; /* in the list, those included that could not be read */
	char host[ICE_SERVER_HOST_MAX];
	uint16_t port;
	bool tcp;
	char user[ICE_SERVER_SECRET_MAX];
	char password[ICE_SERVER_SECRET_MAX];
};

struct ice_servers {
	struct ice_server servers[ICE_SERVERS_MAX];
	unsigned count;
};

/* What stands at a place of a list with commas, without the blanks around it. False: it is not that long. */
bool ice_servers_item(const char *list, unsigned place, const char **item, size_t *size);
/* `scheme`: "stun" or "turn". What cannot be read is left out; false if there was any. */
bool ice_servers_parse(struct ice_servers *out, const char *scheme, const char *list);
/* A user or password. libnice strips quotes from both ends, and runs out of one that has nothing else. */
bool ice_servers_can_use(const char *secret);
/* Users and passwords in the order of the list of servers. False: a server has none, or one that is too
 * long or cannot be used; it stays without. */
bool ice_servers_add_credentials(struct ice_servers *servers, const char *users, const char *passwords);

#endif
