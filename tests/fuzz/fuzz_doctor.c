/* What servers and routers answer to `kith doctor`: the first byte chooses the check, then come answers, each a byte
 * of length and as many bytes. The ids of STUN answers are made those of the questions. The code is that of the
 * command down to where it would ask the network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor_net.h"
#include "cli/doctor/doctor_portmap.h"
#include "cli/doctor/doctor_signaling.h"
#include "cli/doctor/doctor_stun.h"
#include "cli/doctor/doctor_turn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int64_t kith_now_us(void);
int64_t __wrap_doctor_net_ask(const struct doctor_net_question *question);
int __wrap_doctor_net_open_tcp(const union doctor_net_address *remote, int64_t limit_usec,
                               char why[DOCTOR_NET_WHY_MAX]);

enum { ID_AT = 4, ID_END = 20, TRIES = 3 };

static const uint8_t *input;
static size_t left;
static int64_t clock_us;
static int far_end = -1;

/* The time is what limits reading: it goes on with every look. */
int64_t kith_now_us(void)
{
	return clock_us += 1000;
}

/* The next answer, in a block of just its size. */
static uint8_t *next_answer(size_t *size)
{
	uint8_t *answer;

	*size = left > 0 ? input[0] : 0;
	if (*size == 0 || *size >= left)
		return NULL;
	answer = malloc(*size);
	memcpy(answer, input + 1, *size);
	input += *size + 1;
	left -= *size + 1;
	return answer;
}

int64_t __wrap_doctor_net_ask(const struct doctor_net_question *question)
{
	for (int i = 0; i < TRIES; i++) {
		size_t size;
		uint8_t *answer = next_answer(&size);
		bool good;
		if (answer == NULL)
			return -1;
		if (size >= ID_END && question->size >= ID_END)
			memcpy(answer + ID_AT, question->bytes + ID_AT, ID_END - ID_AT);
		good = question->accept(question->owner, answer, size);
		free(answer);
		if (good)
			return 1000;
	}
	return -1;
}

/* A stream with all that is left. */
int __wrap_doctor_net_open_tcp(const union doctor_net_address *remote, int64_t limit_usec, char why[DOCTOR_NET_WHY_MAX])
{
	int ends[2];

	(void)remote, (void)limit_usec, (void)why;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		abort();
	(void)!write(ends[1], input, left < 4096 ? left : 4096);
	/* Open until the check is over: what it writes has to go somewhere. */
	shutdown(ends[1], SHUT_WR);
	far_end = ends[1];
	return ends[0];
}

static void check(unsigned which, struct doctor_say *say)
{
	struct options options = { .turn_user = "user", .turn_password = "word" };

	options.stun = (struct options_list){ .count = 2, .values = { "127.0.0.1:3478", "127.0.0.2:3478" } };
	options.turn = (struct options_list){ .count = 1, .values = { "turn:127.0.0.1:3478" } };
	options.signaling = (struct options_list){ .count = 1, .values = { "tcp://127.0.0.1:10000" } };
	if (which == 0)
		doctor_stun_check(say, &options.stun);
	else if (which == 1)
		doctor_turn_check(say, &options);
	else if (which == 2)
		doctor_portmap_check(say, "127.0.0.1:5351");
	else
		doctor_signaling_check(say, &options.signaling);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct output output;
	struct doctor_say say = { .output = &output };

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (size < 2 || nowhere == NULL)
		return 0;
	input = data + 1;
	left = size - 1;
	clock_us = 0;
	output_init(&output, nowhere, (data[0] & 4) != 0, false);
	check(data[0] & 3, &say);
	if (far_end >= 0)
		close(far_end);
	far_end = -1;
	/* Whatever came, something is said. */
	if (say.counts[DOCTOR_OK] + say.counts[DOCTOR_WARNING] + say.counts[DOCTOR_FAILED] == 0)
		abort();
	return 0;
}
