#include "cli/progress.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { BAR_EVERY_US = 100000, JSON_EVERY_US = 1000000, RATE_OVER_US = 1000000, BAR_CELLS = 20 };

void progress_init(struct progress *progress, struct output *output, int64_t now_us)
{
	*progress = (struct progress){
		.output = output,
		.bar = !output->json && isatty(STDERR_FILENO) == 1,
		.begin_us = now_us,
		.said_us = now_us,
		.base_us = now_us,
		.rate = -1,
	};
}

const char *progress_print_size(char out[PROGRESS_SIZE_TEXT], double bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	int unit = 0;

	while (bytes >= 999.5 && unit < 6) {
		bytes /= 1000;
		unit++;
	}
	snprintf(out, PROGRESS_SIZE_TEXT, "%.*f %s", unit > 0 && bytes < 99.95 ? 1 : 0, bytes, units[unit]);
	return out;
}

void progress_print_bar(char out[PROGRESS_LINE], int64_t passed, int64_t total, double rate, const char *name)
{
	char size[PROGRESS_SIZE_TEXT], whole[PROGRESS_SIZE_TEXT], speed[PROGRESS_SIZE_TEXT], left[12] = "";
	char cells[BAR_CELLS + 1];
	double share = total > 0 ? (double)passed / (double)total : 1;

	share = share > 1 ? 1 : share;
	for (int i = 0; i < BAR_CELLS; i++)
		cells[i] = i < (int)(share * BAR_CELLS) ? '#' : '.';
	cells[BAR_CELLS] = '\0';
	progress_print_size(size, (double)passed);
	progress_print_size(speed, rate < 0 ? 0 : rate);
	if (total < 0) {
		snprintf(out, PROGRESS_LINE, "%s, %s/s %s", size, speed, name);
		return;
	}
	if (rate >= 1 && (double)(total - passed) / rate < 360000) {
		unsigned seconds = (unsigned)((double)(total - passed) / rate);
		snprintf(left, sizeof(left), " %u:%02u:%02u", seconds / 3600 % 100, seconds / 60 % 60, seconds % 60);
	}
	snprintf(out, PROGRESS_LINE, "%3d%% [%s] %s of %s, %s/s%s %s", (int)(share * 100), cells, size,
	         progress_print_size(whole, (double)total), speed, left, name);
}

static void say_json(struct progress *progress, int64_t passed, int64_t total, const char *name)
{
	struct output *output = progress->output;

	output_open(output, "progress");
	output_string(output, "path", name);
	output_integer(output, "bytes", passed);
	if (total >= 0)
		output_integer(output, "total", total);
	output_integer(output, "bytes_per_second", progress->rate < 0 ? 0 : (int64_t)progress->rate);
	output_close(output);
}

void progress_update(struct progress *progress, int64_t now_us, int64_t passed, int64_t total, const char *name)
{
	char line[PROGRESS_LINE];

	if (now_us - progress->said_us < (progress->output->json ? JSON_EVERY_US : BAR_EVERY_US))
		return;
	if (now_us - progress->base_us >= RATE_OVER_US || progress->rate < 0 || passed < progress->base) {
		progress->rate = (double)(passed - progress->base) * 1e6 / (double)(now_us - progress->base_us);
		progress->rate = progress->rate < 0 ? 0 : progress->rate;
		progress->base = passed;
		progress->base_us = now_us;
	}
	progress->said_us = now_us;
	if (progress->output->json) {
		say_json(progress, passed, total, name);
	} else if (progress->bar) {
		progress_print_bar(line, passed, total, progress->rate, name);
		fprintf(stderr, "\r%-79s", line);
		progress->shown = true;
	}
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r%79s\r", "");
	progress->shown = false;
}
