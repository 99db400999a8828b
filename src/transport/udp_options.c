#include "transport/udp_options.h"
#include "core/base/bytes.h"

#include <netinet/udp.h>
#include <string.h>

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

void udp_options_set_no_fragments(int fd)
{
#ifdef IP_MTU_DISCOVER
	int probe = IP_PMTUDISC_PROBE;

	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof(probe));
	setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &probe, sizeof(probe));
#else
	(void)fd;
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

bool udp_options_add_segment_size(struct msghdr *message, char control[UDP_OPTIONS_CONTROL_SIZE], uint16_t size)
{
#ifdef __linux__
	struct cmsghdr *header;

	bytes_zero(control, UDP_OPTIONS_CONTROL_SIZE);
	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(sizeof(size));
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_UDP;
	header->cmsg_type = UDP_SEGMENT;
	header->cmsg_len = CMSG_LEN(sizeof(size));
	bytes_copy(CMSG_DATA(header), &size, sizeof(size));
	return true;
#else
	(void)message, (void)control, (void)size;
	return false;
#endif
}

size_t udp_options_get_segment_size(struct msghdr *message)
{
#ifdef __linux__
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
		int size;
		if (header->cmsg_level != SOL_UDP || header->cmsg_type != UDP_GRO)
			continue;
		bytes_copy(&size, CMSG_DATA(header), sizeof(size));
		return size > 0 ? (size_t)size : 0;
	}
#else
	(void)message;
#endif
	return 0;
}
