#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "signaling/tcp/tcp_url.h"

static enum tcp_url_result parse(struct tcp_url *url, const char *text)
{
	char error[TCP_URL_ERROR_MAX] = "";
	enum tcp_url_result result = tcp_url_parse(url, text, error);

	if (result != TCP_URL_OK)
		cr_assert(strstr(error, text) != NULL || strlen(text) > 120, "the message names '%s'", text);
	return result;
}

Test(tcp_url, reads_host_and_port)
{
	struct tcp_url url;

	cr_assert_eq(parse(&url, "tcp://signal.example.org:2000"), TCP_URL_OK);
	cr_assert(strcmp(url.host, "signal.example.org") == 0);
	cr_assert(strcmp(url.port, "2000") == 0);
}

Test(tcp_url, has_port_10000_by_default)
{
	struct tcp_url url;

	cr_assert_eq(parse(&url, "tcp://127.0.0.1"), TCP_URL_OK);
	cr_assert(strcmp(url.port, "10000") == 0);
	cr_assert_eq(parse(&url, "tcp://[::1]"), TCP_URL_OK);
	cr_assert(strcmp(url.host, "::1") == 0);
	cr_assert(strcmp(url.port, "10000") == 0);
}

Test(tcp_url, reads_an_ipv6_address_in_brackets)
{
	struct tcp_url url;

	cr_assert_eq(parse(&url, "tcp://[fe80::1%eth0]:1"), TCP_URL_OK);
	cr_assert(strcmp(url.host, "fe80::1%eth0") == 0);
	cr_assert(strcmp(url.port, "1") == 0);
}

Test(tcp_url, refuses_everything_else_by_name)
{
	static const char *const bad[] = {
		"",
		"tcp:",
		"tcp://",
		"host:1",
		"http://host",
		"TCP://host",
		"tcp://host:",
		"tcp://host:0",
		"tcp://host:65536",
		"tcp://host:123456",
		"tcp://host:1x",
		"tcp://host:-1",
		"tcp://host:+1",
		"tcp://host/",
		"tcp://host:1/",
		"tcp://host?x",
		"tcp://user@host",
		"tcp://ho st",
		"tcp://[::1",
		"tcp://[]",
		"tcp://[::1]x",
		"tcp://[host]",
		"tcp://::1",
		"tcp://h\x01",
		"tcp://[::1]:",
	};
	struct tcp_url url;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(parse(&url, bad[i]) == TCP_URL_INVALID, "'%s' is refused", bad[i]);
}

Test(tcp_url, refuses_a_host_that_is_too_long)
{
	struct tcp_url url;
	char text[400];

	snprintf(text, sizeof(text), "tcp://%0*d", TCP_URL_HOST_MAX, 0);
	cr_assert_eq(parse(&url, text), TCP_URL_INVALID);
	snprintf(text, sizeof(text), "tcp://%0*d", TCP_URL_HOST_MAX - 1, 0);
	cr_assert_eq(parse(&url, text), TCP_URL_OK);
}

Test(tcp_url, says_that_tls_is_not_there_yet)
{
	struct tcp_url url;
	char error[TCP_URL_ERROR_MAX];

	cr_assert_eq(tcp_url_parse(&url, "tls://host:1", error), TCP_URL_UNSUPPORTED);
	cr_assert(strstr(error, "tls://host:1") != NULL);
	cr_assert(strstr(error, "not supported") != NULL);
}
