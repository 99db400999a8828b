#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "signaling/tcp/tcp_line.h"
#include "signaling/tcp/tcp_server.h"

static struct tcp_server *start(const struct tcp_server_options *options)
{
	char error[TCP_SERVER_ERROR_MAX];
	struct tcp_server *server = tcp_server_new(options, error);

	cr_assert(server != NULL);
	return server;
}

static struct tcp_server_options local_options(void)
{
	struct tcp_server_options options;

	tcp_server_options_init(&options);
	options.host = "127.0.0.1";
	options.port = "0";
	return options;
}

static void run(struct tcp_server *server)
{
	for (int i = 0; i < 20; i++)
		tcp_server_step(server, 1);
}

/* A connection that has said `greeting`; null: nothing yet. */
static int join(struct tcp_server *server, const char *greeting)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)atoi(strrchr(tcp_server_address(server), ':') + 1));
	cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (greeting != NULL)
		cr_assert_eq(send(fd, greeting, strlen(greeting), 0), (ssize_t)strlen(greeting));
	run(server);
	return fd;
}

static void say(struct tcp_server *server, int fd, const char *text)
{
	cr_assert_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
	run(server);
}

/* What has arrived, "" for nothing, "closed" for the end. */
static const char *heard(int fd)
{
	static char text[4096];
	ssize_t size = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (size == 0 || (size < 0 && errno == ECONNRESET))
		return "closed";
	text[size > 0 ? size : 0] = '\0';
	return text;
}

static struct tcp_server_stats stats(const struct tcp_server *server)
{
	struct tcp_server_stats result;

	tcp_server_stats(server, &result);
	return result;
}

Test(tcp_server, passes_a_line_to_the_one_it_names)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server = start(&options);
	int alice = join(server, "str:alice\n");
	int bob = join(server, "  str:bob\r\n");

	say(server, alice, "str:bob 0102\n");
	cr_assert(strcmp(heard(bob), "str:alice 0102\n") == 0);
	say(server, bob, "str:alice AA\r\nstr:alice bb\n");
	cr_assert(strcmp(heard(alice), "str:bob AA\r\nstr:bob bb\n") == 0);
	say(server, alice, "str:alice 77\n");
	cr_assert(strcmp(heard(alice), "str:alice 77\n") == 0);
	close(alice);
	close(bob);
	run(server);
	cr_assert_eq(stats(server).clients, 0);
	tcp_server_destroy(server);
}

Test(tcp_server, drops_what_it_cannot_deliver)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server = start(&options);
	int alice = join(server, "str:alice\n");
	int bob = join(server, "str:bob\n");

	say(server, alice, "str:nobody 01\nnospace\n leading\n\nstr:bob 02\n");
	cr_assert(strcmp(heard(bob), "str:alice 02\n") == 0);
	cr_assert(strcmp(heard(alice), "") == 0);
	cr_assert_eq(stats(server).dropped_unknown, 1);
	cr_assert_eq(stats(server).dropped_malformed, 3);
	close(alice);
	close(bob);
	tcp_server_destroy(server);
}

Test(tcp_server, a_new_connection_replaces_the_old_of_the_same_name)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server = start(&options);
	int alice = join(server, "str:alice\n");
	int old = join(server, "str:bob\n");
	int new = join(server, "str:bob\n");

	cr_assert(strcmp(heard(old), "closed") == 0);
	say(server, alice, "str:bob 01\n");
	cr_assert(strcmp(heard(new), "str:alice 01\n") == 0);
	cr_assert_eq(stats(server).replaced, 1);
	close(old);
	run(server);
	say(server, alice, "str:bob 02\n");
	cr_assert(strcmp(heard(new), "str:alice 02\n") == 0);
	close(alice);
	close(new);
	tcp_server_destroy(server);
}

Test(tcp_server, closes_a_client_without_a_usable_name)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server = start(&options);
	int empty = join(server, "\n");
	int spaced = join(server, "str:two words\n");
	char *flood = malloc(TCP_LINE_MAX + 1);
	int endless = join(server, NULL);

	cr_assert(strcmp(heard(empty), "closed") == 0);
	cr_assert(strcmp(heard(spaced), "closed") == 0);
	memset(flood, 'x', TCP_LINE_MAX + 1);
	for (size_t sent = 0; sent < TCP_LINE_MAX;) {
		ssize_t size = send(endless, flood + sent, TCP_LINE_MAX + 1 - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		sent += size > 0 ? (size_t)size : 0;
		run(server);
	}
	cr_assert(strcmp(heard(endless), "closed") == 0);
	cr_assert_eq(stats(server).clients, 0);
	free(flood);
	close(empty);
	close(spaced);
	close(endless);
	tcp_server_destroy(server);
}

Test(tcp_server, gives_up_on_a_client_that_does_not_say_its_name)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server;
	int silent, named;

	options.greeting_usec = 50 * 1000;
	server = start(&options);
	silent = join(server, NULL);
	named = join(server, "str:alice\n");
	for (int i = 0; i < 50 && stats(server).clients > 1; i++)
		tcp_server_step(server, 10);
	cr_assert(strcmp(heard(silent), "closed") == 0);
	cr_assert(strcmp(heard(named), "") == 0);
	cr_assert_eq(stats(server).clients, 1);
	close(silent);
	close(named);
	tcp_server_destroy(server);
}

Test(tcp_server, refuses_more_clients_than_it_may_have)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server;
	int first, second;

	options.clients_max = 1;
	server = start(&options);
	first = join(server, "str:a\n");
	second = join(server, NULL);
	cr_assert(strcmp(heard(second), "closed") == 0);
	cr_assert(strcmp(heard(first), "") == 0);
	cr_assert_eq(stats(server).refused, 1);
	close(first);
	close(second);
	tcp_server_destroy(server);
}

Test(tcp_server, bounds_what_waits_for_a_client_that_does_not_read)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server;
	char line[8192];
	int alice, bob, carol;

	options.rate = options.burst = INT64_C(1) << 40;
	server = start(&options);
	alice = join(server, "str:alice\n");
	bob = join(server, "str:bob\n");
	carol = join(server, "str:carol\n");
	snprintf(line, sizeof(line), "str:bob %0*d\n", (int)sizeof(line) - 32, 0);
	for (int i = 0; i < 5000 && stats(server).dropped_full == 0; i++)
		say(server, alice, line);
	cr_assert(stats(server).dropped_full > 0);
	say(server, alice, "str:carol 01\n");
	cr_assert(strcmp(heard(carol), "str:alice 01\n") == 0);
	for (int i = 0; i < 100000 && strcmp(heard(bob), "") != 0; i++)
		tcp_server_step(server, 0);
	say(server, alice, "str:bob ff\n");
	cr_assert(strcmp(heard(bob), "str:alice ff\n") == 0);
	close(alice);
	close(bob);
	close(carol);
	tcp_server_destroy(server);
}

Test(tcp_server, makes_a_fast_sender_wait_and_nobody_else)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server;
	int alice, bob;

	options.rate = 5000;
	options.burst = 2000;
	server = start(&options);
	alice = join(server, "str:alice\n");
	bob = join(server, "str:bob\n");
	say(server, alice, "str:bob 01\nstr:bob 02\nstr:bob 03\nstr:bob 04\nstr:bob 05\n");
	cr_assert(strlen(heard(bob)) == 5 * strlen("str:alice 01\n"));
	say(server, alice, "str:bob 06\n");
	cr_assert_eq(stats(server).throttled, 1);
	say(server, bob, "str:bob 07\n");
	cr_assert(strstr(heard(bob), "str:bob 07\n") != NULL);
	for (int i = 0; i < 200 && stats(server).delivered < 7; i++)
		tcp_server_step(server, 10);
	cr_assert_eq(stats(server).delivered, 7);
	close(alice);
	close(bob);
	tcp_server_destroy(server);
}

Test(tcp_server, says_what_it_cannot_listen_on)
{
	struct tcp_server_options options = local_options();
	char error[TCP_SERVER_ERROR_MAX] = "";
	struct tcp_server *server = start(&options);
	char port[8];

	snprintf(port, sizeof(port), "%s", strrchr(tcp_server_address(server), ':') + 1);
	options.port = port;
	cr_assert(tcp_server_new(&options, error) == NULL);
	cr_assert(strstr(error, port) != NULL);
	options.host = "no.such.host.invalid";
	cr_assert(tcp_server_new(&options, error) == NULL);
	cr_assert(strstr(error, "no.such.host.invalid") != NULL);
	tcp_server_destroy(server);
}

Test(tcp_server, stops_when_told)
{
	struct tcp_server_options options = local_options();
	struct tcp_server *server = start(&options);

	cr_assert(tcp_server_step(server, 0));
	tcp_server_stop(server);
	cr_assert_not(tcp_server_step(server, 1000));
	tcp_server_destroy(server);
}
