#include "signaling/tcp/tcp_pause.h"

enum {
	FIRST_MSEC = 200,
	MAX_MSEC = 20 * 1000,
	EAGER_USEC = 500 * 1000,
	PROMPT_USEC = 100 * 1000,
};

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* A short connection keeps the pause growing, and nothing ends it: two clients of one identity would otherwise throw
 * each other out at full speed. */
struct tcp_pause tcp_pause_after(struct tcp_backoff *backoff, int64_t now, int64_t lasted, uint32_t random)
{
	struct tcp_pause pause = { .eager = INT64_MAX, .prompt = INT64_MAX };

	if (backoff->msec == 0 || lasted >= TCP_PAUSE_GOOD)
		backoff->msec = FIRST_MSEC;
	/* From half of it to one and a half. */
	pause.until = now + backoff->msec * 500 + (int64_t)(random % 1000) * backoff->msec;
	backoff->msec = earlier(2 * backoff->msec, MAX_MSEC);
	if (lasted == TCP_PAUSE_NOBODY) {
		pause.eager = now + EAGER_USEC;
		pause.prompt = now + PROMPT_USEC;
	} else if (lasted >= TCP_PAUSE_GOOD) {
		pause.eager = now;
	}
	return pause;
}

int64_t tcp_pause_end(const struct tcp_pause *pause, bool has_something)
{
	return has_something ? earlier(pause->eager, pause->until) : pause->until;
}

void tcp_pause_hasten(struct tcp_pause *pause)
{
	pause->eager = earlier(pause->eager, pause->prompt);
}
