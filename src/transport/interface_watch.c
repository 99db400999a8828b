#include "transport/interface_watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "transport/udp_options.h"

enum {
	BUFFER_SIZE = 8192,
	/* A machine in trouble tells a lot; the rest is read the next time. */
	READS_MAX = 64,
	/* Nobody is there (RFC 5737, RFC 3849), but what has no route of its own goes the same way. */
	FAMILIES = 2,
	SOMEWHERE_PORT = 9,
};

static const char *const somewhere[FAMILIES] = { "192.0.2.1", "2001:db8::1" };

struct interface_watch {
	int fd;
	struct ice_interfaces before;
	struct address leaving[FAMILIES]; /* ours, towards somewhere; zero: there is no route */
};

/* The routes tell; no datagram is sent. */
static void read_leaving(struct address leaving[FAMILIES])
{
	for (unsigned i = 0; i < FAMILIES; i++) {
		union udp_sockaddr to;
		struct address remote;
		int family, fd;

		bytes_zero(&leaving[i], sizeof(leaving[i]));
		if (!address_parse(&remote, somewhere[i]))
			continue;
		remote.port = SOMEWHERE_PORT;
		family = address_is_ipv4(&remote) ? AF_INET : AF_INET6;
		fd = udp_options_open(family);
		if (fd < 0)
			continue;
		if (connect(fd, &to.any, udp_options_to_sockaddr(&remote, family, &to)) == 0)
			udp_options_local(fd, &leaving[i]);
		leaving[i].port = 0;
		udp_options_close(fd);
	}
}

struct interface_watch *interface_watch_new(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
		                           .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
		                                        RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct interface_watch *watch;

	if (fd < 0)
		return NULL;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		close(fd);
		return NULL;
	}
	watch = alloc_zeroed(sizeof(*watch));
	watch->fd = fd;
	/* After the socket: a change in between is told twice rather than never. */
	ice_interfaces_read(&watch->before);
	read_leaving(watch->leaving);
	return watch;
}

void interface_watch_free(struct interface_watch *watch)
{
	if (watch == NULL)
		return;
	close(watch->fd);
	alloc_free(watch);
}

int interface_watch_fd(const struct interface_watch *watch)
{
	return watch->fd;
}

/* What exactly happened does not matter: the addresses are read anew. */
bool interface_watch_read(struct interface_watch *watch)
{
	uint8_t buffer[BUFFER_SIZE];
	bool told = false;

	for (int i = 0; i < READS_MAX; i++) {
		ssize_t size = recv(watch->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		/* ENOBUFS: there was more than it could keep. */
		if (size < 0 && errno != EINTR && errno != ENOBUFS)
			break;
		told = true;
	}
	return told;
}

static bool contains(const struct ice_interfaces *all, const struct address *address)
{
	for (unsigned i = 0; i < all->count; i++) {
		if (address_equal_ip(&all->addresses[i], address))
			return true;
	}
	return false;
}

bool interface_watch_is_same(const struct ice_interfaces *a, const struct ice_interfaces *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (!contains(b, &a->addresses[i]))
			return false;
	}
	return true;
}

bool interface_watch_compare(struct interface_watch *watch, bool *usable)
{
	struct address leaving[FAMILIES];
	struct ice_interfaces now;
	bool same;

	ice_interfaces_read(&now);
	read_leaving(leaving);
	same = interface_watch_is_same(&watch->before, &now);
	/* An address whose route comes later is of use only then; and of two networks another may be the one in use. */
	for (unsigned i = 0; i < FAMILIES; i++)
		same = same && address_equal_ip(&watch->leaving[i], &leaving[i]);
	watch->before = now;
	bytes_copy(watch->leaving, leaving, sizeof(leaving));
	*usable = !now.only_loopback;
	return !same;
}
