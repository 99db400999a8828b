#include "transport/ice_interfaces.h"
#include "core/base/bytes.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "transport/udp_options.h"

static bool is_container_bridge(const char *name)
{
	static const char *const prefixes[] = { "docker", "virbr", "br-", "lxcbr", "podman", "cni" };

	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static bool read_one(const struct ifaddrs *entry, struct address *out)
{
	union udp_sockaddr address;

	if (entry->ifa_addr == NULL || (entry->ifa_flags & IFF_UP) == 0 || is_container_bridge(entry->ifa_name))
		return false;
	bytes_zero(&address, sizeof(address));
	if (entry->ifa_addr->sa_family == AF_INET)
		bytes_copy(&address.v4, entry->ifa_addr, sizeof(address.v4));
	else if (entry->ifa_addr->sa_family == AF_INET6)
		bytes_copy(&address.v6, entry->ifa_addr, sizeof(address.v6));
	else
		return false;
	udp_options_from_sockaddr(&address, out);
	out->port = 0;
	return !address_is_link_local(out);
}

void ice_interfaces_read(struct ice_interfaces *out)
{
	struct ifaddrs *all = NULL;
	struct address address;

	bytes_zero(out, sizeof(*out));
	if (getifaddrs(&all) == 0) {
		for (const struct ifaddrs *entry = all; entry != NULL && out->count < ICE_INTERFACES_MAX;
		     entry = entry->ifa_next) {
			if (read_one(entry, &address) && !address_is_loopback(&address))
				out->addresses[out->count++] = address;
		}
		freeifaddrs(all);
	}
	if (out->count > 0)
		return;
	out->only_loopback = true;
	address_parse(&out->addresses[out->count++], "127.0.0.1");
}

bool ice_interfaces_has(const struct ice_interfaces *interfaces, const struct address *address)
{
	for (unsigned i = 0; i < interfaces->count; i++) {
		if (address_equal_ip(&interfaces->addresses[i], address))
			return true;
	}
	return address_is_loopback(address);
}
