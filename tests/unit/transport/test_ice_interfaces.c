#include <criterion/criterion.h>
#include <stdio.h>

#include "transport/ice_interfaces.h"

static struct ice_interface found(const char *name, const char *address)
{
	struct ice_interface interface = { .name = name, .up = true };

	cr_assert(address_parse(&interface.address, address), "%s", address);
	return interface;
}

static bool has(const struct ice_interfaces *interfaces, const char *text)
{
	struct address address;

	cr_assert(address_parse(&address, text));
	for (unsigned i = 0; i < interfaces->count; i++) {
		if (address_equal_ip(&interfaces->addresses[i], &address))
			return true;
	}
	return false;
}

Test(ice_interfaces, takes_what_a_peer_could_reach)
{
	struct ice_interface all[] = { found("lo", "127.0.0.1"),        found("lo", "::1"),
		                           found("eth0", "192.168.1.5"),    found("eth0", "2001:db8::5"),
		                           found("eth0", "fe80::5"),        found("wlan0", "169.254.7.7"),
		                           found("tun0", "10.8.0.2"),       found("br-lan", "192.168.7.1"),
		                           found("docker0", "172.17.0.1"),  found("br-0123456789ab", "172.18.0.1"),
		                           found("virbr0", "192.168.122.1") };
	struct ice_interfaces out;

	all[6].up = false;
	ice_interfaces_select(&out, all, sizeof(all) / sizeof(all[0]));
	cr_assert_not(out.only_loopback);
	cr_assert_eq(out.count, 3);
	cr_assert(has(&out, "192.168.1.5"));
	cr_assert(has(&out, "2001:db8::5"));
	cr_assert(has(&out, "192.168.7.1"), "a router's own bridge is no container's");
}

Test(ice_interfaces, loopback_when_there_is_nothing_else)
{
	struct ice_interface all[] = { found("lo", "127.0.0.1"), found("eth0", "fe80::5"), found("docker0", "172.17.0.1") };
	struct ice_interfaces out;

	ice_interfaces_select(&out, all, 3);
	cr_assert(out.only_loopback);
	cr_assert_eq(out.count, 1);
	cr_assert(has(&out, "127.0.0.1"));
	ice_interfaces_select(&out, NULL, 0);
	cr_assert(out.only_loopback);
	cr_assert_eq(out.count, 1);
}

Test(ice_interfaces, many_of_one_family_leave_room_for_the_other)
{
	struct ice_interface all[40];
	struct ice_interfaces out;
	unsigned four = 0;

	for (unsigned i = 0; i < 40; i++) {
		char text[32];
		snprintf(text, sizeof(text), i < 37 ? "192.0.2.%u" : "2001:db8::%u", i + 1);
		all[i] = found("eth0", text);
	}
	ice_interfaces_select(&out, all, 40);
	cr_assert_eq(out.count, ICE_INTERFACES_MAX);
	for (unsigned i = 0; i < out.count; i++)
		four += address_is_ipv4(&out.addresses[i]);
	cr_assert_eq(four, ICE_INTERFACES_MAX - 3);
}

Test(ice_interfaces, an_address_counts_once)
{
	struct ice_interface all[] = { found("eth0", "192.0.2.1"), found("eth1", "192.0.2.1") };
	struct ice_interfaces out;

	ice_interfaces_select(&out, all, 2);
	cr_assert_eq(out.count, 1);
}

Test(ice_interfaces, this_machine_is_found)
{
	struct ice_interfaces out;
	struct address address;

	ice_interfaces_read(&out);
	cr_assert(out.count >= 1 && out.count <= ICE_INTERFACES_MAX);
	for (unsigned i = 0; i < out.count; i++) {
		cr_assert_eq(out.addresses[i].port, 0);
		cr_assert(ice_interfaces_has(&out, &out.addresses[i]));
	}
	address_parse(&address, "127.3.4.5");
	cr_assert(ice_interfaces_has(&out, &address));
	address_parse(&address, "203.0.113.77");
	cr_assert_not(ice_interfaces_has(&out, &address));
}
