/* Opens N clients of a signaling server; each sends one line to another and gets one.
 *
 *   many_clients PORT N
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int join(int port, int number)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char greeting[32];
	int size = snprintf(greeting, sizeof(greeting), "str:%d\n", number);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || write(fd, greeting, size) != size) {
		perror("a client cannot join");
		exit(1);
	}
	return fd;
}

/* Whether the client gets exactly this line within ten seconds. */
static int gets_line(int fd, const char *wanted)
{
	char text[64] = "";
	size_t size = 0;
	struct pollfd polled = { fd, POLLIN, 0 };

	while (size < strlen(wanted)) {
		ssize_t got;
		if (poll(&polled, 1, 10000) != 1)
			return 0;
		got = read(fd, text + size, sizeof(text) - 1 - size);
		if (got <= 0)
			return 0;
		size += (size_t)got;
	}
	return strcmp(text, wanted) == 0;
}

int main(int argc, char **argv)
{
	int port = argc == 3 ? atoi(argv[1]) : 0;
	int count = argc == 3 ? atoi(argv[2]) : 0;
	struct rlimit limit = { (rlim_t)count + 64, (rlim_t)count + 64 };
	int *fds = calloc((size_t)count + 1, sizeof(int));
	char line[64];

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < count; i++)
		fds[i] = join(port, i);
	/* The last has its name once it hears itself; those before it were read before. */
	for (int i = 0; i < count; i++) {
		int size = snprintf(line, sizeof(line), "str:%d ff\n", i);
		if (write(fds[i], line, (size_t)size) != size || !gets_line(fds[i], line))
			return fprintf(stderr, "client %d does not hear itself\n", i), 1;
	}
	for (int i = 0; i < count; i++) {
		int size = snprintf(line, sizeof(line), "str:%d %08x\n", (i + 1) % count, (unsigned)i);
		if (write(fds[i], line, (size_t)size) != size)
			return fprintf(stderr, "client %d cannot send\n", i), 1;
	}
	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof(line), "str:%d %08x\n", i, (unsigned)i);
		if (!gets_line(fds[(i + 1) % count], line))
			return fprintf(stderr, "client %d did not get its line\n", (i + 1) % count), 1;
	}
	return 0;
}
