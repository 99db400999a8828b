#include <criterion/criterion.h>
#include <string.h>

#include "cli/host_port.h"

Test(host_port, reads_both_forms)
{
	struct host_port read;

	cr_assert(host_port_parse(&read, "127.0.0.1:80"));
	cr_assert(strcmp(read.host, "127.0.0.1") == 0);
	cr_assert(strcmp(read.port, "80") == 0);
	cr_assert(host_port_parse(&read, "[::1]:0"));
	cr_assert(strcmp(read.host, "::1") == 0);
	cr_assert(strcmp(read.port, "0") == 0);
	cr_assert(host_port_parse(&read, "localhost:65535"));
}

Test(host_port, refuses_other_forms)
{
	static const char *const bad[] = { "",           ":",       ":1",       "host",        "host:", "host:x",
		                               "host:65536", "host:-1", "host: 1",  "host:123456", "::1:1", "[::1]",
		                               "[::1",       "[]:1",    "[host]:1", "[::1]x:1" };
	struct host_port read;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(host_port_parse(&read, bad[i]), "'%s' is refused", bad[i]);
}
