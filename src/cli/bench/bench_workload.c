#include "cli/bench/bench_workload.h"

#include "cli/bench/bench_connect.h"
#include "cli/bench/bench_transfer.h"

enum { SERVER, CLIENT, ICE_CONNECTS = 4 };

/* --- figures */

static const struct bench_metric transfer_metrics[] = {
	{ "cpu_s_per_gb", "CPU s/GB", 2 },
	{ "mb_per_s", "MB/s", 1 },
	{ "cpu_us_per_message", "CPU us/message", 3 },
	{ "kmessages_per_s", "1000 messages/s", 1 },
	{ "lost_percent", "lost %", 3 },
	{ "allocations_sending", "allocations/message, sending", 4 },
	{ "allocations_receiving", "receiving", 4 },
};

static const struct bench_metric ping_metrics[] = {
	{ "p50_us", "p50 us", 1 },
	{ "p99_us", "p99 us", 1 },
	{ "min_us", "min us", 1 },
	{ "cpu_us_per_round", "CPU us/round trip", 1 },
	{ "allocations_forwarding", "allocations/message, forwarding", 4 },
	{ NULL, NULL, 0 },
};

static const struct bench_metric connect_metrics[] = {
	{ "p50_ms", "p50 ms", 3 },
	{ "p99_ms", "p99 ms", 3 },
	{ "server_cpu_us", "server CPU us", 0 },
	{ "client_cpu_us", "client CPU us", 0 },
	{ NULL, NULL, 0 },
};

static const struct bench_metric connect_many_metrics[] = {
	{ "seconds", "s until all are up", 3 },
	{ "server_cpu_us", "server CPU us each", 0 },
	{ "client_cpu_us", "client CPU us each", 0 },
	{ NULL, NULL, 0 },
};

static const struct bench_metric idle_metrics[] = {
	{ "server_kib", "server KiB each", 2 }, { "server_cpu_percent", "server % of a core", 3 },
	{ "client_kib", "client KiB each", 2 }, { "client_cpu_percent", "client % of a core", 3 },
	{ "connections", "connections", 0 },    { NULL, NULL, 0 },
};

static double usec_each(int64_t nsec, uint64_t count)
{
	return count > 0 ? (double)nsec / 1000 / (double)count : -1;
}

static void evaluate_transfer(const struct bench_outcome out[2], double values[BENCH_METRICS_MAX])
{
	const struct bench_outcome *server = &out[SERVER], *client = &out[CLIENT];
	double cpu = (double)(server->cpu_nsec + client->cpu_nsec) / 1e9;
	double seconds = (double)(server->end_nsec - client->begin_nsec) / 1e9;
	double delivered = server->messages > 0 ? (double)server->messages : 1;
	double bytes = server->bytes > 0 ? (double)server->bytes : 1;

	values[0] = cpu / bytes * 1e9;
	values[1] = bytes / seconds / 1e6;
	values[2] = cpu / delivered * 1e6;
	values[3] = delivered / seconds / 1e3;
	values[4] = (double)server->lost * 100 / (double)(client->messages > 0 ? client->messages : 1);
	values[5] = client->allocations;
	values[6] = server->allocations;
}

static void evaluate_ping(const struct bench_outcome out[2], double values[BENCH_METRICS_MAX])
{
	const struct bench_outcome *client = &out[CLIENT];

	values[0] = (double)client->p50_nsec / 1e3;
	values[1] = (double)client->p99_nsec / 1e3;
	values[2] = (double)client->min_nsec / 1e3;
	values[3] = usec_each(client->cpu_nsec + out[SERVER].cpu_nsec, client->messages);
	values[4] = out[SERVER].allocations;
}

static void evaluate_connect(const struct bench_outcome out[2], double values[BENCH_METRICS_MAX])
{
	const struct bench_outcome *client = &out[CLIENT];

	values[0] = (double)client->p50_nsec / 1e6;
	values[1] = (double)client->p99_nsec / 1e6;
	values[2] = usec_each(out[SERVER].cpu_nsec, client->messages);
	values[3] = usec_each(client->cpu_nsec, client->messages);
}

static void evaluate_connect_many(const struct bench_outcome out[2], double values[BENCH_METRICS_MAX])
{
	const struct bench_outcome *client = &out[CLIENT];

	values[0] = (double)(client->end_nsec - client->begin_nsec) / 1e9;
	values[1] = usec_each(out[SERVER].cpu_nsec, client->messages);
	values[2] = usec_each(client->cpu_nsec, client->messages);
}

static double percent_of_core(const struct bench_outcome *outcome)
{
	return (double)outcome->cpu_nsec * 100 / (double)(outcome->end_nsec - outcome->begin_nsec);
}

static void evaluate_idle(const struct bench_outcome out[2], double values[BENCH_METRICS_MAX])
{
	values[0] = (double)out[SERVER].memory / 1024 / (double)out[SERVER].messages;
	values[1] = percent_of_core(&out[SERVER]);
	values[2] = (double)out[CLIENT].memory / 1024 / (double)out[CLIENT].messages;
	values[3] = percent_of_core(&out[CLIENT]);
	values[4] = (double)out[CLIENT].messages;
}

/* --- how long */

static void scale_transfer(const struct bench_scale *scale, struct bench_plan *plan)
{
	plan->duration_usec = scale->transfer_usec;
	plan->connections = 1;
}

static void scale_ping(const struct bench_scale *scale, struct bench_plan *plan)
{
	plan->rounds = scale->pings;
	plan->connections = 1;
}

static void scale_connect(const struct bench_scale *scale, struct bench_plan *plan)
{
	/* Where one takes long, fewer tell as much. */
	plan->rounds = plan->peer->connections_max == 0 ? scale->connects : scale->connects / ICE_CONNECTS;
	plan->connections = 1;
}

static void scale_connections(const struct bench_scale *scale, struct bench_plan *plan)
{
	int max = plan->peer->connections_max;

	plan->duration_usec = scale->idle_usec;
	plan->connections = max > 0 && max < scale->connections ? max : scale->connections;
}

const struct bench_workload bench_workloads[] = {
	{ "bulk-64k", "reliable messages of 65,536 bytes, one way, as many as go", BENCH_CAN_RELIABLE, 65536, true, false,
	  transfer_metrics, bench_transfer_receive, bench_transfer_send, scale_transfer, evaluate_transfer },
	{ "bulk-1200", "reliable messages of 1,200 bytes, one way, as many as go", BENCH_CAN_RELIABLE, 1200, true, false,
	  transfer_metrics, bench_transfer_receive, bench_transfer_send, scale_transfer, evaluate_transfer },
	{ "bulk-64", "reliable messages of 64 bytes, one way, as many as go", BENCH_CAN_RELIABLE, 64, true, false,
	  transfer_metrics, bench_transfer_receive, bench_transfer_send, scale_transfer, evaluate_transfer },
	{ "unreliable-64", "unreliable messages of 64 bytes, one way, as many as go", BENCH_CAN_UNRELIABLE, 64, false,
	  false, transfer_metrics, bench_transfer_receive, bench_transfer_send, scale_transfer, evaluate_transfer },
	{ "unreliable-1000", "unreliable messages of 1,000 bytes, one way, as many as go", BENCH_CAN_UNRELIABLE, 1000,
	  false, false, transfer_metrics, bench_transfer_receive, bench_transfer_send, scale_transfer, evaluate_transfer },
	{ "ping", "a reliable message of 64 bytes to the peer and back, both waiting on a descriptor", BENCH_CAN_RELIABLE,
	  64, true, true, ping_metrics, bench_transfer_echo, bench_transfer_ping, scale_ping, evaluate_ping },
	{ "connect", "connections, one after the other", BENCH_CAN_CONNECT, 0, true, false, connect_metrics,
	  bench_connect_serve, bench_connect_singly, scale_connect, evaluate_connect },
	{ "connect-many", "connections, all at once, to one listener", BENCH_CAN_CONNECT_MANY, 0, true, false,
	  connect_many_metrics, bench_connect_serve, bench_connect_together, scale_connections, evaluate_connect_many },
	{ "idle", "connections with nothing to say", BENCH_CAN_IDLE, 0, true, false, idle_metrics, bench_connect_serve_idle,
	  bench_connect_idle, scale_connections, evaluate_idle },
	{ .name = NULL },
};

int bench_workload_metrics(const struct bench_workload *workload)
{
	int count = 0;

	while (count < BENCH_METRICS_MAX && workload->metrics[count].name != NULL)
		count++;
	return count;
}

void bench_workload_plan(const struct bench_workload *workload, const struct bench_scale *scale,
                         const struct bench_peer *peer, struct bench_plan *out)
{
	*out = (struct bench_plan){
		.peer = peer,
		.reliable = workload->reliable,
		.urgent = workload->urgent,
		.size = workload->size,
	};
	workload->scale(scale, out);
}
