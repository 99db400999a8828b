#include "cli/bench/bench.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/bench/bench_gauge.h"
#include "cli/bench/bench_peers.h"
#include "cli/bench/bench_results.h"
#include "cli/bench/bench_signaling.h"
#include "cli/bench/bench_workload.h"
#include "cli/output.h"

enum { ROUNDS = 5, GAUGE_USEC = 1000 * 1000, QUICK_GAUGE_USEC = 50 * 1000 };

/* A round in which less than this part of the machine was ours is run again. */
#define GAUGE_LEAST 0.85

static const struct bench_scale full_scale = { 500 * 1000, 3000 * 1000, 20000, 200, 1000 };
static const struct bench_scale quick_scale = { 60 * 1000, 200 * 1000, 500, 12, 50 };

struct bench {
	const struct options *options;
	struct output output;
	struct bench_scale scale;
	int rounds;
	int64_t gauge_usec;
	double gauge_best;
	double gauge_last;
	const char *signaling;
	bool failed;
};

/* --- choosing */

static bool is_listed(const struct options_list *list, const char *name)
{
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->values[i], name) == 0)
			return true;
	return list->count == 0;
}

static bool is_peer(const char *name)
{
	for (int i = 0; bench_peers[i] != NULL; i++)
		if (strcmp(bench_peers[i]->name, name) == 0)
			return true;
	return false;
}

static bool is_workload(const char *name)
{
	for (int i = 0; bench_workloads[i].name != NULL; i++)
		if (strcmp(bench_workloads[i].name, name) == 0)
			return true;
	return false;
}

/* -1 to go on, or the status after a complaint. */
static int check_names(const struct options *options)
{
	for (int i = 0; i < options->peers.count; i++)
		if (!is_peer(options->peers.values[i]))
			return options_complain(options->command, "option --peer: there is no '%s'", options->peers.values[i]);
	for (int i = 0; i < options->workloads.count; i++)
		if (!is_workload(options->workloads.values[i]))
			return options_complain(options->command, "option --workload: there is no '%s'",
			                        options->workloads.values[i]);
	return -1;
}

static void say_peers(struct bench *bench)
{
	for (int i = 0; bench_peers[i] != NULL; i++) {
		const struct bench_peer *peer = bench_peers[i];
		const char *missing = bench_peers_missing(peer);
		if (!is_listed(&bench->options->peers, peer->name))
			continue;
		if (!bench->output.json) {
			output_line(&bench->output, "%-10s %s%s%s", peer->name, peer->about,
			            missing != NULL ? ": not measured, " : "", missing != NULL ? missing : "");
			continue;
		}
		output_open(&bench->output, "peer");
		output_string(&bench->output, "peer", peer->name);
		output_string(&bench->output, "about", peer->about);
		if (missing != NULL)
			output_string(&bench->output, "missing", missing);
		output_close(&bench->output);
	}
}

static void choose_peers(struct bench *bench, struct bench_results *results)
{
	for (int i = 0; bench_peers[i] != NULL; i++) {
		const struct bench_peer *peer = bench_peers[i];
		if (is_listed(&bench->options->peers, peer->name) && bench_peers_missing(peer) == NULL &&
		    (peer->abilities & results->workload->needs) != 0)
			results->peers[results->peers_count++] = peer;
	}
}

/* --- measuring */

static void run_peer(struct bench *bench, struct bench_results *results, int index)
{
	struct bench_outcome outcomes[2] = { { .allocations = -1 }, { .allocations = -1 } };
	struct bench_plan plan;

	if (results->failure[index][0] != '\0')
		return;
	bench_workload_plan(results->workload, &bench->scale, results->peers[index], &plan);
	plan.signaling = bench->signaling;
	plan.config = bench->options->config.values;
	plan.config_count = bench->options->config.count;
	output_verbose(&bench->output, "%s, round %d: %s", results->workload->name, results->rounds + 1,
	               results->peers[index]->name);
	if (bench_child_run(&plan, results->workload->server, results->workload->client, outcomes,
	                    results->failure[index])) {
		results->failure[index][0] = '\0';
		results->workload->evaluate(outcomes, results->values[index][results->rounds]);
	} else {
		bench->failed = true;
	}
}

/* Whether the machine was ours before and after. */
static bool was_quiet(struct bench *bench)
{
	double before = bench->gauge_last;

	bench->gauge_last = bench_gauge_read(bench->gauge_usec);
	if (bench->gauge_last > bench->gauge_best)
		bench->gauge_best = bench->gauge_last;
	output_verbose(&bench->output, "gauge %.0f %%", bench->gauge_last * 100 / bench->gauge_best);
	return before >= GAUGE_LEAST * bench->gauge_best && bench->gauge_last >= GAUGE_LEAST * bench->gauge_best;
}

static void run_workload(struct bench *bench, const struct bench_workload *workload)
{
	static struct bench_results results;
	int again = bench->options->quick ? 0 : bench->rounds;

	results = (struct bench_results){ .workload = workload };
	choose_peers(bench, &results);
	if (results.peers_count == 0)
		return;
	while (results.rounds < bench->rounds) {
		bool quiet;
		for (int i = 0; i < results.peers_count; i++)
			run_peer(bench, &results, i);
		quiet = was_quiet(bench);
		if (!quiet && again > 0) {
			again--;
			continue;
		}
		results.noisy += quiet ? 0 : 1;
		results.rounds++;
	}
	bench_results_print(&results, &bench->output);
}

int bench_run(const struct options *options)
{
	struct bench bench = { .options = options };
	int status = check_names(options);

	if (status >= 0)
		return status;
	output_init(&bench.output, stdout, options->json, options->verbose);
	signal(SIGPIPE, SIG_IGN);
	bench.scale = options->quick ? quick_scale : full_scale;
	bench.rounds = options->rounds > 0 ? (int)options->rounds : options->quick ? 1 : ROUNDS;
	bench.gauge_usec = options->quick ? QUICK_GAUGE_USEC : GAUGE_USEC / 2;
	if (options->seconds_usec > 0)
		bench.scale.transfer_usec = bench.scale.idle_usec = options->seconds_usec;
	if (options->connections > 0)
		bench.scale.connections = (int)options->connections;
	bench.signaling = bench_signaling_url();
	if (bench.signaling == NULL) {
		output_error(&bench.output, -1, "system", "the signaling server does not start");
		return EXIT_FAILED;
	}
	say_peers(&bench);
	bench.gauge_last = bench.gauge_best = bench_gauge_read(bench.gauge_usec);
	for (int i = 0; bench_workloads[i].name != NULL; i++)
		if (is_listed(&options->workloads, bench_workloads[i].name))
			run_workload(&bench, &bench_workloads[i]);
	return bench.failed ? EXIT_FAILED : EXIT_OK;
}
