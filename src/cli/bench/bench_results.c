#include "cli/bench/bench_results.h"

#include <stdio.h>
#include <string.h>

#include "cli/bench/bench_samples.h"

enum {
	CELL = 48,
	COLUMNS_MAX = 1 + BENCH_METRICS_MAX + 2 * BENCH_COMPARED,
	ROWS_MAX = BENCH_PEERS_MAX + 1,
};

struct summary {
	double median, min, max;
};

struct table {
	char cells[ROWS_MAX][COLUMNS_MAX][CELL];
	int rows, columns;
};

static int find_peer(const struct bench_results *results, const char *name)
{
	for (int i = 0; i < results->peers_count; i++)
		if (strcmp(results->peers[i]->name, name) == 0 && results->failure[i][0] == '\0')
			return i;
	return -1;
}

static struct summary summarize(const struct bench_results *results, int peer, int metric)
{
	double values[BENCH_ROUNDS_MAX];
	struct summary summary;

	for (int i = 0; i < results->rounds; i++)
		values[i] = results->values[peer][i][metric];
	summary.median = bench_samples_median(values, results->rounds);
	summary.min = values[0];
	summary.max = values[results->rounds - 1];
	return summary;
}

/* Of two peers in the same round, so that what slowed one has slowed the other. Negative: none. */
static double ratio(const struct bench_results *results, int above, int below, int metric)
{
	double values[BENCH_ROUNDS_MAX];

	if (above < 0 || below < 0)
		return -1;
	for (int i = 0; i < results->rounds; i++) {
		double divisor = results->values[below][i][metric];
		if (divisor <= 0)
			return -1;
		values[i] = results->values[above][i][metric] / divisor;
	}
	return bench_samples_median(values, results->rounds);
}

/* --- for people: a table that Markdown understands too */

static void put(struct table *table, int row, const char *text)
{
	snprintf(table->cells[row][table->columns], CELL, "%s", text);
}

static void add_ratio_column(struct table *table, const struct bench_results *results, int metric, bool to_limit)
{
	int kith = find_peer(results, "kith"), limit = find_peer(results, "limit");
	char text[CELL];

	if ((to_limit ? limit : kith) < 0)
		return;
	put(table, 0, to_limit ? "of limit" : "kith/it");
	for (int peer = 0; peer < results->peers_count; peer++) {
		double value = to_limit ? ratio(results, peer, limit, metric) : ratio(results, kith, peer, metric);
		snprintf(text, sizeof(text), "%.2f", value);
		put(table, peer + 1, value >= 0 && results->failure[peer][0] == '\0' ? text : "");
	}
	table->columns++;
}

static void add_metric_column(struct table *table, const struct bench_results *results, int metric)
{
	const struct bench_metric *about = &results->workload->metrics[metric];
	char text[CELL];
	bool measured = false;

	put(table, 0, about->title);
	for (int peer = 0; peer < results->peers_count; peer++) {
		struct summary summary = summarize(results, peer, metric);
		if (results->failure[peer][0] != '\0' || summary.median < 0)
			text[0] = '\0';
		else if (metric < BENCH_COMPARED && results->rounds > 1)
			snprintf(text, sizeof(text), "%.*f (%.*f to %.*f)", about->decimals, summary.median, about->decimals,
			         summary.min, about->decimals, summary.max);
		else
			snprintf(text, sizeof(text), "%.*f", about->decimals, summary.median);
		measured = measured || text[0] != '\0';
		put(table, peer + 1, text);
	}
	/* What nobody measured needs no column; the next takes its place. */
	table->columns += measured ? 1 : 0;
}

static void fill_table(struct table *table, const struct bench_results *results)
{
	int metrics = bench_workload_metrics(results->workload);

	*table = (struct table){ .rows = results->peers_count + 1 };
	put(table, 0, "peer");
	for (int peer = 0; peer < results->peers_count; peer++)
		put(table, peer + 1, results->peers[peer]->name);
	table->columns = 1;
	for (int metric = 0; metric < metrics; metric++) {
		add_metric_column(table, results, metric);
		if (metric < BENCH_COMPARED) {
			add_ratio_column(table, results, metric, true);
			add_ratio_column(table, results, metric, false);
		}
	}
}

static void print_row(const struct table *table, int row, const int *widths)
{
	char line[2048];
	int size = 0;

	for (int column = 0; column < table->columns; column++)
		size += snprintf(line + size, sizeof(line) - (size_t)size, column == 0 ? "| %-*s |" : " %*s |", widths[column],
		                 table->cells[row][column]);
	puts(line);
}

static void print_table(const struct table *table)
{
	static const char dashes[] = "------------------------------------------------";
	int widths[COLUMNS_MAX] = { 0 };

	for (int row = 0; row < table->rows; row++)
		for (int column = 0; column < table->columns; column++)
			if ((int)strlen(table->cells[row][column]) > widths[column])
				widths[column] = (int)strlen(table->cells[row][column]);
	print_row(table, 0, widths);
	for (int column = 0; column < table->columns; column++)
		printf(column == 0 ? "|-%.*s-|" : "-%.*s:|", widths[column], dashes);
	putchar('\n');
	for (int row = 1; row < table->rows; row++)
		print_row(table, row, widths);
}

static void print_for_people(const struct bench_results *results)
{
	static struct table table;

	printf("\n%s: %s; %d round%s", results->workload->name, results->workload->about, results->rounds,
	       results->rounds == 1 ? "" : "s");
	if (results->noisy > 0)
		printf(", %d of them on a busy machine", results->noisy);
	puts("\n");
	fill_table(&table, results);
	print_table(&table);
	for (int peer = 0; peer < results->peers_count; peer++)
		if (results->failure[peer][0] != '\0')
			printf("\n%s failed: %s\n", results->peers[peer]->name, results->failure[peer]);
	fflush(stdout);
}

/* --- for programs */

static void print_metric(const struct bench_results *results, int peer, int metric, struct output *output)
{
	const struct bench_metric *about = &results->workload->metrics[metric];
	struct summary summary = summarize(results, peer, metric);
	double to_limit = ratio(results, peer, find_peer(results, "limit"), metric);
	double of_kith = ratio(results, find_peer(results, "kith"), peer, metric);

	if (summary.median < 0)
		return;
	output_open_nested(output, about->name);
	output_real(output, "median", summary.median, 6);
	output_real(output, "min", summary.min, 6);
	output_real(output, "max", summary.max, 6);
	if (to_limit >= 0)
		output_real(output, "to_limit", to_limit, 6);
	if (of_kith >= 0)
		output_real(output, "kith_to_it", of_kith, 6);
	output_close_nested(output);
}

static void print_for_programs(const struct bench_results *results, struct output *output)
{
	for (int peer = 0; peer < results->peers_count; peer++) {
		output_open(output, "figure");
		output_string(output, "workload", results->workload->name);
		output_string(output, "peer", results->peers[peer]->name);
		if (results->failure[peer][0] != '\0') {
			output_string(output, "failed", results->failure[peer]);
		} else {
			output_integer(output, "rounds", results->rounds);
			output_integer(output, "noisy", results->noisy);
			for (int metric = 0; metric < bench_workload_metrics(results->workload); metric++)
				print_metric(results, peer, metric, output);
		}
		output_close(output);
	}
}

void bench_results_print(struct bench_results *results, struct output *output)
{
	if (results->rounds == 0)
		return;
	if (output->json)
		print_for_programs(results, output);
	else
		print_for_people(results);
}
