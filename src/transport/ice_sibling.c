#include "transport/ice_sibling.h"
#include "core/base/bytes.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport/udp_options.h"

#ifdef __linux__
#include <linux/filter.h>

/* By the first byte of the payload: STUN begins with 0 or 1, TURN's channels with 0x40 to 0x7f; those
 * are libnice's, socket 0 of the group. Ours is socket 1. */
static bool attach_selector(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x80, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x02, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)) == 0;
}

static bool share_port(int fd)
{
	int one = 1;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) == 0;
}

static int open_beside(int fd, union udp_sockaddr *local, socklen_t length)
{
	int sibling = socket(local->any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
	int only_v6 = 0;
	socklen_t size = sizeof(only_v6);

	if (sibling < 0)
		return -1;
	if (local->any.sa_family == AF_INET6 && getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, &size) == 0)
		setsockopt(sibling, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof(only_v6));
	/* Never connected: a connected socket would take STUN too. Without the selector in place, data
	 * may reach either of the two; both are read. */
	if (!share_port(sibling) || bind(sibling, &local->any, length) != 0 || !attach_selector(sibling)) {
		close(sibling);
		return -1;
	}
	return sibling;
}

struct udp *ice_sibling_open(int fd, const struct udp_options *options)
{
	union udp_sockaddr local;
	socklen_t length = sizeof(local);
	int sibling;

	bytes_zero(&local, sizeof(local));
	if (getsockname(fd, &local.any, &length) != 0 || !share_port(fd))
		return NULL;
	sibling = open_beside(fd, &local, length);
	if (sibling < 0)
		return NULL;
	udp_options_set_buffers(fd, options->buffer_size);
	return udp_adopt(sibling, local.any.sa_family, options);
}

#else

struct udp *ice_sibling_open(int fd, const struct udp_options *options)
{
	(void)fd;
	(void)options;
	return NULL;
}

#endif
