#include "cli/doctor/doctor_say.h"

#include <stdarg.h>

static const char *const result_names[DOCTOR_RESULTS] = { "ok", "warning", "failed" };

void doctor_say(struct doctor_say *say, const struct doctor_finding *finding, const char *format, ...)
{
	struct output *output = say->output;
	char text[512], took[32] = "";
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	say->counts[finding->result]++;
	if (output->json) {
		output_open(output, "check");
		output_string(output, "check", finding->check);
		output_string(output, "target", finding->target);
		output_string(output, "result", result_names[finding->result]);
		output_string(output, "text", text);
		if (finding->usec >= 0)
			output_real(output, "ms", (double)finding->usec / 1000, 3);
		output_close(output);
		return;
	}
	if (finding->usec >= 0)
		snprintf(took, sizeof(took), " (%.1f ms)", (double)finding->usec / 1000);
	output_line(output, "%-7s %s%s%s: %s%s", result_names[finding->result], finding->check,
	            finding->target[0] != '\0' ? " " : "", finding->target, text, took);
}

void doctor_say_sum(struct doctor_say *say)
{
	struct output *output = say->output;

	if (!output->json) {
		output_line(output, "--- %d ok, %d warnings, %d failed", say->counts[DOCTOR_OK], say->counts[DOCTOR_WARNING],
		            say->counts[DOCTOR_FAILED]);
		return;
	}
	output_open(output, "summary");
	output_integer(output, "ok", say->counts[DOCTOR_OK]);
	output_integer(output, "warnings", say->counts[DOCTOR_WARNING]);
	output_integer(output, "failed", say->counts[DOCTOR_FAILED]);
	output_close(output);
}
