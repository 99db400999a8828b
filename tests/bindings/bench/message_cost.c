/* message_cost: what a message costs in C, by the protocol that the programs of all languages follow (README.md):
 *
 *     message_cost MESSAGES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <kith/kith.h>

enum { BATCH = 64, MESSAGE_SIZE = 1024, WARM_UP = 100 };

static void demand(kith_result result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "%s: %s\n", kith_result_name(result), kith_last_error());
	exit(1);
}

static int64_t cpu_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000000) +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * INT64_C(1000);
}

static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[128];
	long kib = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	}
	if (file != NULL)
		fclose(file);
	return kib;
}

static void wait_for_event(kith_endpoint endpoint)
{
	struct kith_event event = KITH_EVENT_INIT;

	demand(kith_endpoint_wait(endpoint, KITH_FOREVER_US));
	while (kith_endpoint_next_event(endpoint, &event) == KITH_OK)
		continue;
}

static void receive_batch(kith_endpoint endpoint, kith_connection connection)
{
	kith_message *messages[BATCH];
	int32_t count;

	for (int32_t done = 0; done < BATCH; done += count) {
		count = kith_connection_receive(connection, messages, BATCH);
		demand(count);
		if (count == 0)
			wait_for_event(endpoint);
		for (int32_t i = 0; i < count; i++) {
			if (kith_message_size(messages[i]) != MESSAGE_SIZE)
				demand(KITH_E_PROTOCOL);
		}
		kith_message_release_batch(messages, (size_t)count);
	}
}

static void run(kith_endpoint endpoint, const kith_connection ends[2], int64_t batches)
{
	static const char payload[MESSAGE_SIZE];
	struct kith_outgoing outgoing[BATCH];

	for (int i = 0; i < BATCH; i++)
		outgoing[i] = (struct kith_outgoing){ payload, MESSAGE_SIZE, KITH_SEND_RELIABLE, 0, 0 };
	for (int64_t i = 0; i < batches; i++) {
		if (kith_connection_send_batch(ends[0], outgoing, BATCH) != BATCH)
			demand(KITH_E_AGAIN);
		receive_batch(endpoint, ends[1]);
	}
}

int main(int argc, char **argv)
{
	int64_t batches = argc == 2 ? (strtoll(argv[1], NULL, 10) + BATCH - 1) / BATCH : 0, cpu;
	kith_endpoint endpoint;
	kith_connection ends[2];
	long resident;

	if (batches <= 0) {
		fprintf(stderr, "message_cost MESSAGES\n");
		return 2;
	}
	demand(kith_endpoint_create(NULL, &endpoint));
	demand(kith_endpoint_pair(endpoint, endpoint, NULL, &ends[0], &ends[1]));
	run(endpoint, ends, WARM_UP);
	resident = resident_kib();
	cpu = cpu_ns();
	run(endpoint, ends, batches);
	printf("%lld %lld %ld %ld\n", (long long)(batches * BATCH), (long long)(cpu_ns() - cpu), resident, resident_kib());
	kith_endpoint_destroy(endpoint);
	return 0;
}
