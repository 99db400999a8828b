#include "cli/signald.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/host_port.h"
#include "cli/output.h"
#include "signaling/tcp/tcp_server.h"

/* A signal handler has no other way to reach it. */
static struct tcp_server *running;

static void on_signal(int number)
{
	(void)number;
	tcp_server_stop(running);
}

static void on_log(void *data, const char *text)
{
	output_verbose(data, "%s", text);
}

static void say_ready(struct output *output, const char *address)
{
	if (output->json) {
		output_open(output, "ready");
		output_string(output, "listen", address);
		output_close(output);
	} else {
		output_line(output, "listening on %s", address);
	}
}

static void say_summary(struct output *output, const struct tcp_server *server)
{
	struct tcp_server_stats stats;

	tcp_server_stats(server, &stats);
	output_verbose(output,
	               "%" PRIu64 " clients came, %" PRIu64 " were refused; %" PRIu64
	               " signals delivered; dropped: %" PRIu64 " to nobody, %" PRIu64 " to a full client, %" PRIu64
	               " malformed",
	               stats.accepted, stats.refused, stats.delivered, stats.dropped_unknown, stats.dropped_full,
	               stats.dropped_malformed);
}

int signald_run(const struct options *options)
{
	struct tcp_server_options server_options;
	struct sigaction action = { .sa_handler = on_signal };
	struct host_port listen;
	struct output output;
	char error[TCP_SERVER_ERROR_MAX];

	output_init(&output, stdout, options->json, options->verbose);
	tcp_server_options_init(&server_options);
	if (options->listen == NULL)
		return options_complain(options->command, "missing option --listen ADDR:PORT");
	if (!host_port_parse(&listen, options->listen))
		return options_complain(options->command, "option --listen: '%s' is not ADDR:PORT", options->listen);
	server_options.host = listen.host;
	server_options.port = listen.port;
	server_options.log = on_log;
	server_options.log_data = &output;
	running = tcp_server_new(&server_options, error);
	if (running == NULL) {
		output_error(&output, -errno, "system", error);
		return EXIT_FAILED;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	say_ready(&output, tcp_server_address(running));
	while (tcp_server_step(running, -1))
		continue;
	say_summary(&output, running);
	/* A second signal would find it gone. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	tcp_server_destroy(running);
	return EXIT_OK;
}
