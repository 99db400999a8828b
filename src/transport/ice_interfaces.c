#include "transport/ice_interfaces.h"
#include "core/base/bytes.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "transport/udp_options.h"

enum {
	/* Looked at; a machine with more has a purpose of its own. */
	FOUND_MAX = 256,
	DOCKER_BRIDGE_SIZE = 15, /* "br-" and twelve hexadecimal digits */
};

/* Bridges to the containers of this machine: the same addresses on every machine that has them. */
static bool is_container_bridge(const char *name)
{
	static const char *const prefixes[] = { "docker", "virbr", "lxcbr", "podman", "cni" };

	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return strncmp(name, "br-", 3) == 0 && strspn(name + 3, "0123456789abcdef") == DOCKER_BRIDGE_SIZE - 3 &&
	       strlen(name) == DOCKER_BRIDGE_SIZE;
}

static bool read_one(const struct ifaddrs *entry, struct ice_interface *out)
{
	union udp_sockaddr address;

	if (entry->ifa_addr == NULL)
		return false;
	bytes_zero(&address, sizeof(address));
	if (entry->ifa_addr->sa_family == AF_INET)
		bytes_copy(&address.v4, entry->ifa_addr, sizeof(address.v4));
	else if (entry->ifa_addr->sa_family == AF_INET6)
		bytes_copy(&address.v6, entry->ifa_addr, sizeof(address.v6));
	else
		return false;
	udp_options_from_sockaddr(&address, &out->address);
	out->address.port = 0;
	out->name = entry->ifa_name;
	out->up = (entry->ifa_flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
	return true;
}

void ice_interfaces_read(struct ice_interfaces *out)
{
	struct ice_interface found[FOUND_MAX];
	struct ifaddrs *all = NULL;
	size_t count = 0;

	if (getifaddrs(&all) != 0)
		all = NULL;
	for (const struct ifaddrs *entry = all; entry != NULL && count < FOUND_MAX; entry = entry->ifa_next)
		count += read_one(entry, &found[count]);
	ice_interfaces_select(out, found, count);
	freeifaddrs(all);
}

static bool is_usable(const struct ice_interface *found)
{
	const struct address *address = &found->address;

	return found->up && !is_container_bridge(found->name) && !address_is_loopback(address) &&
	       !address_is_link_local(address) && !address_is_any(address) && !address_is_multicast(address);
}

static bool is_chosen(const struct ice_interfaces *interfaces, const struct address *address)
{
	for (unsigned i = 0; i < interfaces->count; i++) {
		if (address_equal_ip(&interfaces->addresses[i], address))
			return true;
	}
	return false;
}

/* Adds the next one of a family, if there is one left. */
static bool add_next(struct ice_interfaces *out, const struct ice_interface *found, size_t count, bool ipv4)
{
	for (size_t i = 0; i < count; i++) {
		const struct address *address = &found[i].address;
		if (address_is_ipv4(address) != ipv4 || !is_usable(&found[i]) || is_chosen(out, address))
			continue;
		out->addresses[out->count++] = *address;
		return true;
	}
	return false;
}

void ice_interfaces_select(struct ice_interfaces *out, const struct ice_interface *found, size_t count)
{
	bool left[2] = { true, true };

	bytes_zero(out, sizeof(*out));
	for (unsigned turn = 0; (left[0] || left[1]) && out->count < ICE_INTERFACES_MAX; turn++)
		left[turn % 2] = left[turn % 2] && add_next(out, found, count, turn % 2 == 0);
	if (out->count > 0)
		return;
	out->only_loopback = true;
	address_parse(&out->addresses[out->count++], "127.0.0.1");
}

bool ice_interfaces_has(const struct ice_interfaces *interfaces, const struct address *address)
{
	return is_chosen(interfaces, address) || address_is_loopback(address);
}
