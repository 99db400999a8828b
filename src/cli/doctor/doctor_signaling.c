#include "cli/doctor/doctor_signaling.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <kith/endpoint.h>

#include "cli/doctor/doctor_net.h"
#include "core/base/bytes.h"
#include "signaling/tcp/tcp_url.h"

enum { LIMIT_US = 5000000, LINE_SIZE = 256 };

/* Reads until the line has come that we sent. */
static bool comes_back(int fd, const char *line, int64_t deadline)
{
	char held[4 * LINE_SIZE];
	size_t size = 0;

	while (kith_now_us() < deadline && size < sizeof(held)) {
		struct pollfd polled = { fd, POLLIN, 0 };
		ssize_t got;
		if (poll(&polled, 1, (int)((deadline - kith_now_us()) / 1000 + 1)) != 1)
			return false;
		got = read(fd, held + size, sizeof(held) - size);
		if (got <= 0)
			return false;
		size += (size_t)got;
		for (size_t at = 0; at + strlen(line) <= size; at++)
			if (bytes_equal(held + at, line, strlen(line)))
				return true;
	}
	return false;
}

static void check_one(struct doctor_say *say, const char *url)
{
	struct doctor_finding finding = { DOCTOR_OK, "signaling", url, -1 };
	struct tcp_url where;
	union doctor_net_address server;
	char error[TCP_URL_ERROR_MAX], place[300], why[DOCTOR_NET_WHY_MAX], line[LINE_SIZE], all[2 * LINE_SIZE];
	uint64_t name = 0;
	int64_t begin;
	int fd = -1, size;

	tcp_url_parse(&where, url, error);
	snprintf(place, sizeof(place), strchr(where.host, ':') != NULL ? "[%s]:%s" : "%s:%s", where.host, where.port);
	if (doctor_net_resolve(place, AF_UNSPEC, &server, why))
		fd = doctor_net_open_tcp(&server, LIMIT_US, why);
	if (fd < 0) {
		finding.result = DOCTOR_FAILED;
		doctor_say(say, &finding, "%s", why);
		return;
	}
	/* It only has to be nobody else's. */
	(void)!getrandom(&name, sizeof(name), 0);
	snprintf(line, sizeof(line), "str:doctor-%016" PRIx64 " 6b697468\n", name);
	size = snprintf(all, sizeof(all), "str:doctor-%016" PRIx64 "\n%s", name, line);
	begin = kith_now_us();
	if (write(fd, all, (size_t)size) == size && comes_back(fd, line, begin + LIMIT_US)) {
		finding.usec = kith_now_us() - begin;
		doctor_say(say, &finding, "a signal to ourselves came back");
	} else {
		finding.result = DOCTOR_FAILED;
		doctor_say(say, &finding, "it takes the connection, but a signal to ourselves does not come back");
	}
	close(fd);
}

void doctor_signaling_check(struct doctor_say *say, const struct options_list *urls)
{
	for (int i = 0; i < urls->count; i++)
		check_one(say, urls->values[i]);
}
