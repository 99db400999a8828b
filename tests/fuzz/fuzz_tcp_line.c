/* Any bytes as a stream of lines, cut at a place the first byte chooses: the same lines come out as
 * from one piece, and what is read and written again is read the same. */
#include <stdlib.h>
#include <string.h>

#include "signaling/tcp/tcp_line.h"
#include "signaling/tcp/tcp_line_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_signal(const struct tcp_line *line)
{
	static uint8_t signal[TCP_LINE_SIGNAL_MAX], again[TCP_LINE_SIGNAL_MAX];
	static char text[TCP_LINE_MAX];
	char peer[TCP_LINE_IDENTITY_MAX + 1];
	struct tcp_line back;
	size_t signal_size, again_size, text_size;

	if (!tcp_line_decode(signal, sizeof(signal), &signal_size, line->payload, line->payload_size))
		return;
	memcpy(peer, line->peer, line->peer_size);
	peer[line->peer_size] = '\0';
	text_size = tcp_line_write(text, sizeof(text), peer, signal, signal_size);
	if (text_size != tcp_line_size(line->peer_size, signal_size) || text[text_size - 1] != '\n')
		abort();
	if (!tcp_line_split(&back, text, text_size - 1) || back.peer_size != line->peer_size ||
	    !tcp_line_decode(again, sizeof(again), &again_size, back.payload, back.payload_size) ||
	    again_size != signal_size || memcmp(again, signal, signal_size) != 0)
		abort();
}

/* Goes on with a sum over all lines, which does not depend on how they arrived. */
static uint64_t read_all(struct tcp_line_reader *reader, const char *input, size_t size, uint64_t sum)
{
	const char *line;
	size_t line_size;

	while (tcp_line_reader_next(reader, &input, &size, &line, &line_size)) {
		struct tcp_line parts;
		const char *name;
		for (size_t i = 0; i < line_size; i++)
			sum = sum * 31 + (uint8_t)line[i];
		sum = sum * 31 + tcp_line_greeting(&name, line, line_size);
		if (tcp_line_split(&parts, line, line_size))
			check_signal(&parts);
	}
	if (size != 0)
		abort();
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tcp_budget budget = { .max = 1 << 20 };
	struct tcp_line_reader whole, cut;
	const char *text = (const char *)data + 1;
	size_t at;

	if (size < 2)
		return 0;
	size--;
	at = data[0] % size;
	tcp_line_reader_init(&whole, &budget);
	tcp_line_reader_init(&cut, &budget);
	if (read_all(&whole, text, size, 0) != read_all(&cut, text + at, size - at, read_all(&cut, text, at, 0)))
		abort();
	if (whole.lines_dropped != cut.lines_dropped || whole.held_size != cut.held_size)
		abort();
	tcp_line_reader_free(&whole);
	tcp_line_reader_free(&cut);
	if (budget.used != 0)
		abort();
	return 0;
}
