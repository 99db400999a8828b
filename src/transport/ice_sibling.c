#include "transport/ice_sibling.h"
#include "core/base/bytes.h"

#include <sys/socket.h>
#include <unistd.h>

#include "transport/udp_options.h"

#ifdef __linux__
#include <linux/filter.h>

/* By the first byte of the payload: STUN begins with 0 or 1, TURN's channels with 0x40 to 0x7f; those
 * are libnice's, socket 0 of the group. Ours is socket 1. A message too short to look into is libnice's. */
static bool attach_selector(int fd, const struct ice_sibling_share *share)
{
	enum { DATA = 7, ANSWER = 8, LIBNICE = 9 };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x80, DATA - 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40, LIBNICE - 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x02, DATA - 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x01, 0, LIBNICE - 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(share->tag), ANSWER - 7, LIBNICE - 7),
		BPF_STMT(BPF_RET | BPF_K, share->data),
		BPF_STMT(BPF_RET | BPF_K, share->answers),
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

/* A socket in the group of `fd`, with the selector in place. -1: not possible. */
static int join(int fd, const struct ice_sibling_share *share, int *family)
{
	union udp_sockaddr local;
	struct address bound;
	socklen_t length = sizeof(local);
	int only_v6 = 0;
	socklen_t size = sizeof(only_v6);
	int sibling;

	bytes_zero(&local, sizeof(local));
	if (!udp_options_local(fd, &bound) || getsockname(fd, &local.any, &length) != 0 || !share_port(fd))
		return -1;
	*family = local.any.sa_family;
	sibling = udp_options_open(*family);
	if (sibling < 0)
		return -1;
	if (*family == AF_INET6 && getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, &size) == 0)
		setsockopt(sibling, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof(only_v6));
	/* Never connected: a connected socket would take STUN too. */
	if (share_port(sibling) && bind(sibling, &local.any, length) == 0 && attach_selector(sibling, share))
		return sibling;
	close(sibling);
	return -1;
}

/* The group keeps its selector when its second socket goes; until the next one comes, it chooses a socket
 * that is not there, which the kernel takes for the first. */
bool ice_sibling_prepare(int fd, const struct ice_sibling_share *share)
{
	int family;
	int sibling = join(fd, share, &family);

	if (sibling < 0)
		return false;
	close(sibling);
	return true;
}

struct udp *ice_sibling_open(int fd, const struct ice_sibling_share *share, const struct udp_options *options)
{
	int family;
	int sibling = join(fd, share, &family);

	if (sibling < 0)
		return NULL;
	udp_options_copy_interface(fd, sibling, family);
	return udp_adopt(sibling, family, options);
}

bool ice_sibling_is_possible(void)
{
	static const struct ice_sibling_share share = { true, true, 0 };
	struct sockaddr_in loopback = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = udp_options_open(AF_INET);
	bool possible =
		fd >= 0 && bind(fd, (struct sockaddr *)&loopback, sizeof(loopback)) == 0 && ice_sibling_prepare(fd, &share);

	if (fd >= 0)
		udp_options_close(fd);
	return possible;
}

#else

bool ice_sibling_is_possible(void)
{
	return false;
}

bool ice_sibling_prepare(int fd, const struct ice_sibling_share *share)
{
	(void)fd, (void)share;
	return false;
}

struct udp *ice_sibling_open(int fd, const struct ice_sibling_share *share, const struct udp_options *options)
{
	(void)fd, (void)share, (void)options;
	return NULL;
}

#endif
