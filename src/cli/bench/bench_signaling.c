#include "cli/bench/bench_signaling.h"

#include <stdio.h>

#include "cli/bench/bench_child.h"
#include "signaling/tcp/tcp_server.h"

static void run(void (*ready)(const char *where))
{
	struct tcp_server_options options;
	struct tcp_server *server;
	char text[TCP_SERVER_ERROR_MAX];

	tcp_server_options_init(&options);
	options.host = "127.0.0.1";
	options.port = "0";
	server = tcp_server_new(&options, text);
	if (server == NULL)
		bench_child_fail("%s", text);
	snprintf(text, sizeof(text), "tcp://%s", tcp_server_address(server));
	ready(text);
	while (tcp_server_step(server, -1))
		continue;
}

const char *bench_signaling_url(void)
{
	static char url[BENCH_WHERE_MAX];

	if (url[0] == '\0' && !bench_child_serve(run, url)) {
		url[0] = '\0';
		return NULL;
	}
	return url;
}
