#include <criterion/criterion.h>

#include "core/reliability/pacer.h"

#define PACKET 1000

/* Sends packets whenever allowed; returns how many bytes left in [from, to). */
static int64_t send_for(struct pacer *pacer, usec_t from, usec_t to)
{
	int64_t bytes = 0;
	for (usec_t now = from; now < to;) {
		if (pacer_may_send(pacer, now)) {
			pacer_spend(pacer, now, PACKET);
			bytes += PACKET;
		} else {
			now = pacer_next_send(pacer);
		}
	}
	return bytes;
}

Test(pacer, keeps_the_rate)
{
	static const int64_t rates[] = { 20000, 262144, 2500000, 125000000, 1000000000 };
	for (unsigned i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		struct pacer pacer;
		pacer_init(&pacer, 0, rates[i], PACKET);
		int64_t bytes = send_for(&pacer, 0, 10 * USEC_PER_SEC);
		cr_assert(bytes >= rates[i] * 10 - PACKET, "rate %ld: %ld bytes", (long)rates[i], (long)bytes);
		cr_assert(bytes <= rates[i] * 10 + 1200000 + rates[i] / 100, "rate %ld: %ld bytes", (long)rates[i],
		          (long)bytes);
	}
}

Test(pacer, opens_in_bursts_at_high_rates)
{
	struct pacer pacer;
	pacer_init(&pacer, 0, 100000000, PACKET);
	while (pacer_may_send(&pacer, 0))
		pacer_spend(&pacer, 0, PACKET);
	usec_t next = pacer_next_send(&pacer);
	cr_assert(next > 0 && next < USEC_PER_MSEC);
	int packets = 0;
	for (; pacer_may_send(&pacer, next); packets++)
		pacer_spend(&pacer, next, PACKET);
	cr_assert(packets >= 16 && packets <= 40, "%d packets", packets);
}

Test(pacer, does_not_burst_at_low_rates)
{
	struct pacer pacer;
	pacer_init(&pacer, 0, 100000, PACKET);
	while (pacer_may_send(&pacer, 0))
		pacer_spend(&pacer, 0, PACKET);
	usec_t next = pacer_next_send(&pacer);
	cr_assert(next <= 10 * USEC_PER_MSEC);
	pacer_spend(&pacer, next, PACKET);
	cr_assert_not(pacer_may_send(&pacer, next));
}

Test(pacer, strict_has_a_bucket_of_one_packet)
{
	struct pacer pacer;
	pacer_init(&pacer, 0, 1000000, PACKET);
	pacer.strict = true;
	int packets = 0;
	for (usec_t now = USEC_PER_SEC; pacer_may_send(&pacer, now); packets++)
		pacer_spend(&pacer, now, PACKET);
	cr_assert_eq(packets, 2);
	cr_assert_eq(pacer_next_send(&pacer), USEC_PER_SEC + 1000);
}

Test(pacer, a_higher_rate_opens_earlier)
{
	struct pacer pacer;
	pacer_init(&pacer, 0, 10000, PACKET);
	while (pacer_may_send(&pacer, 0))
		pacer_spend(&pacer, 0, PACKET);
	usec_t slow = pacer_next_send(&pacer);
	pacer_set_rate(&pacer, 0, 1000000);
	cr_assert(pacer_next_send(&pacer) < slow);
}

Test(pacer, long_silence_does_not_overflow)
{
	struct pacer pacer;
	pacer_init(&pacer, 0, 4000000000, PACKET);
	usec_t later = USEC_PER_SEC * 1000000000;
	while (pacer_may_send(&pacer, later))
		pacer_spend(&pacer, later, PACKET);
	cr_assert(pacer_next_send(&pacer) > later);
	cr_assert(pacer_next_send(&pacer) < later + USEC_PER_MSEC);
}
