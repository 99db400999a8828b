#include "transport/interface_watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/alloc.h"

enum {
	BUFFER_SIZE = 8192,
	/* A machine in trouble tells a lot; the rest is read the next time. */
	READS_MAX = 64,
};

struct interface_watch {
	int fd;
	struct ice_interfaces before;
};

struct interface_watch *interface_watch_new(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
		                           .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR };
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
	struct ice_interfaces now;
	bool same;

	ice_interfaces_read(&now);
	same = interface_watch_is_same(&watch->before, &now);
	watch->before = now;
	*usable = !now.only_loopback;
	return !same;
}
