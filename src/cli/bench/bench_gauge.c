#include "cli/bench/bench_gauge.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/bench/bench_usage.h"

enum { WORKERS = 2, BLOCK = 16 * 1024, PASSES = 16 };

/* Multiplications, a cache's worth of memory, and a system call now and then, as messages need them. */
static uint64_t work(volatile uint64_t *words)
{
	uint64_t sum = 1;

	for (int pass = 0; pass < PASSES; pass++)
		for (size_t i = 0; i < BLOCK / sizeof(*words); i++)
			words[i] = sum = (sum ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
	getppid();
	return sum;
}

static void run_worker(_Atomic uint64_t *count, int64_t end)
{
	volatile uint64_t *words = calloc(1, BLOCK);

	while (words != NULL && bench_usage_now() < end) {
		work(words);
		atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
	}
	_exit(0);
}

double bench_gauge_read(int64_t usec)
{
	_Atomic uint64_t *count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t end = bench_usage_now() + usec * 1000;
	pid_t workers[WORKERS];
	double result;

	if (count == MAP_FAILED)
		return 1;
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (workers[i] == 0)
			run_worker(count, end);
	}
	for (int i = 0; i < WORKERS; i++)
		while (workers[i] > 0 && waitpid(workers[i], NULL, 0) < 0 && errno == EINTR)
			continue;
	result = (double)atomic_load(count);
	munmap((void *)count, sizeof(*count));
	return result;
}
