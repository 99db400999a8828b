/* TCP connections to relays never end for libnice.
 *
 * When the one of the selected pair ends, and another pair of the session is nominated, libnice (0.1.21 and later)
 * finds no priority of the selected pair, and ends the process. So what ends a connection, FIN and RST, is dropped as
 * it arrives: the relay falls silent, as one over UDP does, and that is found out in the same way. */
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/base/alloc.h"
#include "transport/ice_internal.h"

enum {
	FLAGS_AT = 13, /* in a TCP header: RFC 9293 §3.1 */
	FLAG_FIN = 1,
	FLAG_RST = 4,
};

static bool is_tcp(int fd)
{
	int protocol = 0;
	socklen_t size = sizeof(protocol);

	return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 && protocol == IPPROTO_TCP;
}

static void keep_open(int fd)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, FLAG_FIN | FLAG_RST, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog program = { sizeof(steps) / sizeof(steps[0]), steps };

	/* Where the system knows no such filter, nothing is worse than before. */
	(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* libnice does not tell of these sockets, but its loop waits for them. */
void ice_relays_keep_open(struct ice *ice)
{
	gint timeout;
	gint count = g_main_context_query(ice->context, G_MAXINT, &timeout, NULL, 0);
	GPollFD *fds = alloc_array((size_t)count + 1, sizeof(*fds));
	gint found = g_main_context_query(ice->context, G_MAXINT, &timeout, fds, count);

	for (gint i = 0; i < found && i < count; i++) {
		if (is_tcp(fds[i].fd))
			keep_open(fds[i].fd);
	}
	alloc_free(fds);
}
