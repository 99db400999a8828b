#include "transport/udp_options.h"
#include "core/base/bytes.h"

#include <netinet/udp.h>
#include <stddef.h>
#include <unistd.h>

#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

socklen_t udp_options_to_sockaddr(const struct address *address, int family, union udp_sockaddr *out)
{
	bytes_zero(out, sizeof(*out));
	if (family == AF_INET) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(address->port);
		bytes_copy(&out->v4.sin_addr, address->ip + 12, 4);
		return sizeof(out->v4);
	}
	out->v6.sin6_family = AF_INET6;
	out->v6.sin6_port = htons(address->port);
	bytes_copy(&out->v6.sin6_addr, address->ip, 16);
	return sizeof(out->v6);
}

void udp_options_from_sockaddr(const union udp_sockaddr *from, struct address *out)
{
	bytes_zero(out, sizeof(*out));
	if (from->any.sa_family == AF_INET) {
		out->ip[10] = out->ip[11] = 0xff;
		bytes_copy(out->ip + 12, &from->v4.sin_addr, 4);
		out->port = ntohs(from->v4.sin_port);
	} else {
		bytes_copy(out->ip, &from->v6.sin6_addr, 16);
		out->port = ntohs(from->v6.sin6_port);
	}
}

int udp_options_open(int family)
{
	return socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
}

void udp_options_close(int fd)
{
	close(fd);
}

bool udp_options_local(int fd, struct address *out)
{
	union udp_sockaddr address;
	socklen_t length = sizeof(address);

	bytes_zero(&address, sizeof(address));
	if (getsockname(fd, &address.any, &length) != 0 ||
	    (address.any.sa_family != AF_INET && address.any.sa_family != AF_INET6))
		return false;
	udp_options_from_sockaddr(&address, out);
	return out->port != 0;
}

/* With the right to it the kernel's limit does not count; else it is cut to it without an error. */
void udp_options_set_buffers(int fd, int size)
{
#ifdef SO_RCVBUFFORCE
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) == 0)
		return;
#endif
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

void udp_options_set_dual_stack(int fd)
{
	int off = 0;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
}

/* IPv6 routers never cut; there the kernel cuts to the path's size, where it has learned that. Whole: neither cut, nor
 * kept back because of what it has learned. */
void udp_options_set_whole(int fd, int family, bool whole)
{
#ifdef IP_MTU_DISCOVER
	int ipv4 = whole ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT;
	int ipv6 = whole ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_WANT;

	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &ipv4, sizeof(ipv4));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &ipv6, sizeof(ipv6));
#else
	(void)fd, (void)family, (void)whole;
#endif
}

void udp_options_copy_interface(int from, int to, int family)
{
#ifdef IP_UNICAST_IF
	int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int option = family == AF_INET6 ? IPV6_UNICAST_IF : IP_UNICAST_IF;
	int interface = 0;
	socklen_t size = sizeof(interface);

	if (getsockopt(from, level, option, &interface, &size) == 0 && interface != 0)
		setsockopt(to, level, option, &interface, sizeof(interface));
#else
	(void)from, (void)to, (void)family;
#endif
}

void udp_options_set_arrival(int fd, int family)
{
#ifdef IP_PKTINFO
	int on = 1;

	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	else
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
#else
	(void)fd, (void)family;
#endif
}

bool udp_options_set_coalescing(int fd)
{
#ifdef __linux__
	int on = 1;

	return setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof(on)) == 0;
#else
	(void)fd;
	return false;
#endif
}

/* --- ancillary data */

/* Appends one item; returns where its content goes. The control buffer has room for all there are. */
static void *add_item(struct msghdr *message, union udp_control *control, const int kind[2], size_t size)
{
	struct cmsghdr *header;

	if (message->msg_controllen == 0)
		message->msg_control = control->bytes;
	header = (struct cmsghdr *)(void *)(control->bytes + message->msg_controllen);
	bytes_zero(header, CMSG_SPACE(size));
	header->cmsg_level = kind[0];
	header->cmsg_type = kind[1];
	header->cmsg_len = CMSG_LEN(size);
	message->msg_controllen += CMSG_SPACE(size);
	return CMSG_DATA(header);
}

bool udp_options_add_segment_size(struct msghdr *message, union udp_control *control, uint16_t size)
{
#ifdef __linux__
	static const int kind[] = { SOL_UDP, UDP_SEGMENT };

	bytes_copy(add_item(message, control, kind, sizeof(size)), &size, sizeof(size));
	return true;
#else
	(void)message, (void)control, (void)size;
	return false;
#endif
}

bool udp_options_add_source(struct msghdr *message, union udp_control *control, int family,
                            const struct address *source)
{
#ifdef IP_PKTINFO
	static const int kind4[] = { IPPROTO_IP, IP_PKTINFO }, kind6[] = { IPPROTO_IPV6, IPV6_PKTINFO };
	struct in_pktinfo info4 = { 0 };
	struct in6_pktinfo info6 = { .ipi6_ifindex = 0 };

	if (family == AF_INET6) {
		bytes_copy(&info6.ipi6_addr, source->ip, sizeof(info6.ipi6_addr));
		bytes_copy(add_item(message, control, kind6, sizeof(info6)), &info6, sizeof(info6));
	} else {
		bytes_copy(&info4.ipi_spec_dst, source->ip + 12, sizeof(info4.ipi_spec_dst));
		bytes_copy(add_item(message, control, kind4, sizeof(info4)), &info4, sizeof(info4));
	}
	return true;
#else
	(void)message, (void)control, (void)family, (void)source;
	return false;
#endif
}

static void read_item(struct cmsghdr *header, struct udp_arrival *out)
{
#ifdef __linux__
	int size;

	if (header->cmsg_level == SOL_UDP && header->cmsg_type == UDP_GRO) {
		bytes_copy(&size, CMSG_DATA(header), sizeof(size));
		out->segment_size = size > 0 ? (size_t)size : 0;
	}
#endif
#ifdef IP_PKTINFO
	if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
		/* Not where it was sent to, which may be everybody, but what an answer may come from. */
		out->local.ip[10] = out->local.ip[11] = 0xff;
		bytes_copy(out->local.ip + 12, CMSG_DATA(header) + offsetof(struct in_pktinfo, ipi_spec_dst), 4);
	} else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
		bytes_copy(out->local.ip, CMSG_DATA(header) + offsetof(struct in6_pktinfo, ipi6_addr), 16);
	}
#endif
}

void udp_options_read_arrival(struct msghdr *message, struct udp_arrival *out)
{
	bytes_zero(out, sizeof(*out));
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header))
		read_item(header, out);
	/* Nothing can be sent from those. */
	if (address_is_multicast(&out->local) || address_is_any(&out->local))
		bytes_zero(&out->local, sizeof(out->local));
}
