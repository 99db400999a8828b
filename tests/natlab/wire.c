/* wire: a cable between two network namespaces, with the faults of real ones.
 *
 *   wire NAMESPACE_A INTERFACE_A NAMESPACE_B INTERFACE_B SEED [SHAPE [SHAPE_BACK]]
 *
 * Makes a TAP interface in each namespace (files that `ip netns add` made) and carries frames between
 * them. A SHAPE is for the way from A to B, SHAPE_BACK for the other (else the same):
 *
 *   delay=MS jitter=MS       each packet takes delay + 0..jitter; the order stays
 *   loss=% burst=N           lost ones; in runs of N on average (1: independent of each other)
 *   dup=% reorder=%          sent twice; held back by 10 ms, so that others overtake
 *   rate=MBIT queue=MS       speed of the line; who would have to wait longer is dropped (100)
 *
 * with commas between, or "-" for none. Lines on standard input, "ab SHAPE", "ba SHAPE" and "SHAPE", change
 * it; the end of input ends the cable, which then tells what it did. The same seed and the same packets
 * give the same faults. Neighbour discovery passes at once: a lost ARP costs a second, which is the
 * kernel's, not the network's. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 65536, REORDER_NS = 10 * 1000000, LINE_MAX_BYTES = 256, ETHERNET_SIZE = 14 };

struct shape {
	double delay, jitter, loss, burst, dup, reorder, rate, queue;
};

struct frame {
	struct frame *next;
	int64_t due_ns;
	size_t size;
	uint8_t bytes[];
};

struct way {
	int from, to;
	struct shape shape;
	uint64_t random;
	bool losing;          /* within a run of lost packets */
	int64_t line_ns;      /* until then the line is busy */
	int64_t latest_ns;    /* when the last one in order arrives */
	struct frame *frames; /* those on their way, the next to arrive first */
	unsigned long passed, lost, dropped, doubled, delayed;
};

static void die(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* 0 to 1: splitmix64. */
static double draw(struct way *way)
{
	uint64_t z = way->random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

/* --- shapes */

static bool set_value(struct shape *shape, const char *word)
{
	const struct {
		const char *name;
		double *value;
	} all[] = { { "delay=", &shape->delay }, { "jitter=", &shape->jitter }, { "loss=", &shape->loss },
		        { "burst=", &shape->burst }, { "dup=", &shape->dup },       { "reorder=", &shape->reorder },
		        { "rate=", &shape->rate },   { "queue=", &shape->queue } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		size_t size = strlen(all[i].name);
		char *end;
		if (strncmp(word, all[i].name, size) != 0)
			continue;
		*all[i].value = strtod(word + size, &end);
		return end != word + size && *end == '\0' && *all[i].value >= 0;
	}
	return false;
}

/* Changes nothing when the text is no shape. */
static bool read_shape(struct shape *out, const char *text)
{
	struct shape shape = { .burst = 1, .queue = 100 };
	char copy[LINE_MAX_BYTES], *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
		if (strcmp(word, "-") != 0 && !set_value(&shape, word))
			return false;
	}
	*out = shape;
	return true;
}

/* A whole line from standard input, or part of one. */
static void on_order(struct way ways[2], char *line)
{
	bool ab = strncmp(line, "ab ", 3) == 0, ba = strncmp(line, "ba ", 3) == 0;
	struct shape shape;

	if (!read_shape(&shape, ab || ba ? line + 3 : line)) {
		fprintf(stderr, "wire: no shape: %s\n", line);
		return;
	}
	if (!ba)
		ways[0].shape = shape;
	if (!ab)
		ways[1].shape = shape;
}

/* --- frames */

static bool is_neighbour_discovery(const uint8_t *frame, size_t size)
{
	uint16_t kind;

	if (size < ETHERNET_SIZE)
		return true;
	kind = (uint16_t)(frame[12] << 8 | frame[13]);
	if (kind == 0x86dd) /* ICMPv6: router and neighbour solicitations and their like, listener reports */
		return size > 54 && ((frame[20] == 58 && frame[54] >= 130 && frame[54] <= 143) || frame[20] == 0);
	return kind != 0x0800;
}

static void enqueue(struct way *way, const uint8_t *bytes, size_t size, int64_t due_ns)
{
	struct frame *frame = malloc(sizeof(*frame) + size), **at = &way->frames;

	if (frame == NULL)
		die("memory");
	*frame = (struct frame){ .due_ns = due_ns, .size = size };
	memcpy(frame->bytes, bytes, size);
	while (*at != NULL && (*at)->due_ns <= due_ns)
		at = &(*at)->next;
	frame->next = *at;
	*at = frame;
}

/* Runs of lost packets as Gilbert has them: their mean length is `burst`, their share `loss`. */
static bool is_lost(struct way *way, double chance)
{
	double loss = way->shape.loss / 100, burst = way->shape.burst;

	if (burst <= 1)
		return chance < loss;
	way->losing = way->losing ? chance >= 1 / burst : chance < loss / (burst * (1 - loss));
	return way->losing;
}

/* Always the same number of draws for a packet, so that one fault does not move the others. */
static void send_later(struct way *way, const uint8_t *frame, size_t size)
{
	const struct shape *shape = &way->shape;
	double loss = draw(way), dup = draw(way) * 100, reorder = draw(way) * 100, jitter = draw(way);
	int64_t now = now_ns(), due;

	if (is_lost(way, loss)) {
		way->lost++;
		return;
	}
	if (way->line_ns < now)
		way->line_ns = now;
	if (shape->rate > 0 && way->line_ns - now > (int64_t)(shape->queue * 1e6)) {
		way->dropped++;
		return;
	}
	if (shape->rate > 0)
		way->line_ns += (int64_t)((double)size * 8000 / shape->rate);
	due = way->line_ns + (int64_t)((shape->delay + shape->jitter * jitter) * 1e6);
	if (reorder < shape->reorder) {
		due += REORDER_NS;
		way->delayed++;
	} else {
		due = due < way->latest_ns ? way->latest_ns : due;
		way->latest_ns = due;
	}
	enqueue(way, frame, size, due);
	if (dup < shape->dup) {
		enqueue(way, frame, size, due);
		way->doubled++;
	}
}

static void deliver(struct way *way, const uint8_t *frame, size_t size)
{
	/* An interface that is down takes nothing. */
	if (write(way->to, frame, size) == (ssize_t)size)
		way->passed++;
}

static void read_frames(struct way *way)
{
	static uint8_t bytes[FRAME_MAX];
	ssize_t size;

	while ((size = read(way->from, bytes, sizeof(bytes))) > 0) {
		if (is_neighbour_discovery(bytes, (size_t)size))
			deliver(way, bytes, (size_t)size);
		else
			send_later(way, bytes, (size_t)size);
	}
}

/* Delivers what is due; returns when the next one is. */
static int64_t deliver_due(struct way *way)
{
	struct frame *frame;

	while ((frame = way->frames) != NULL && frame->due_ns <= now_ns()) {
		deliver(way, frame->bytes, frame->size);
		way->frames = frame->next;
		free(frame);
	}
	return frame != NULL ? frame->due_ns : INT64_MAX;
}

/* --- begin and end */

static int open_tap(const char *namespace, const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	char path[LINE_MAX_BYTES];
	int there, tap;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (there < 0 || setns(there, CLONE_NEWNET) != 0)
		die(path);
	close(there);
	tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tap < 0)
		die("/dev/net/tun");
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(tap, TUNSETIFF, &request) != 0)
		die(name);
	return tap;
}

/* False: there is no more input. */
static bool read_orders(struct way ways[2])
{
	static char line[LINE_MAX_BYTES];
	static size_t size;
	ssize_t got = read(STDIN_FILENO, line + size, sizeof(line) - 1 - size);
	char *end;

	if (got <= 0)
		return false;
	size += (size_t)got;
	line[size] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		on_order(ways, line);
		size -= (size_t)(end + 1 - line);
		memmove(line, end + 1, size + 1);
	}
	if (size == sizeof(line) - 1)
		size = 0;
	return true;
}

static void wait_for(struct pollfd polled[3], int64_t until_ns)
{
	int64_t left = until_ns == INT64_MAX ? INT64_MAX : until_ns - now_ns();
	struct timespec timeout = { .tv_sec = left / 1000000000, .tv_nsec = left % 1000000000 };

	if (left < 0)
		timeout = (struct timespec){ 0 };
	ppoll(polled, 3, left == INT64_MAX ? NULL : &timeout, NULL);
}

static void run(struct way ways[2])
{
	struct pollfd polled[3] = { { ways[0].from, POLLIN, 0 }, { ways[1].from, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };

	for (;;) {
		int64_t one = deliver_due(&ways[0]), other = deliver_due(&ways[1]);
		wait_for(polled, one < other ? one : other);
		read_frames(&ways[0]);
		read_frames(&ways[1]);
		if ((polled[2].revents & (POLLIN | POLLHUP)) != 0 && !read_orders(ways))
			return;
	}
}

int main(int argc, char **argv)
{
	struct way ways[2] = { { 0 }, { 0 } };
	const char *there = argc > 6 ? argv[6] : "-", *back = argc > 7 ? argv[7] : there;
	uint64_t seed;

	if (argc < 6 || argc > 8 || !read_shape(&ways[0].shape, there) || !read_shape(&ways[1].shape, back)) {
		fputs("wire NAMESPACE_A INTERFACE_A NAMESPACE_B INTERFACE_B SEED [SHAPE [SHAPE_BACK]]\n", stderr);
		return 2;
	}
	/* Else the kernel may wake us 50 us late, for each packet. */
	prctl(PR_SET_TIMERSLACK, 1);
	seed = strtoull(argv[5], NULL, 10);
	ways[0].random = seed * 2;
	ways[1].random = seed * 2 + 1;
	ways[0].from = ways[1].to = open_tap(argv[1], argv[2]);
	ways[1].from = ways[0].to = open_tap(argv[3], argv[4]);
	puts("ready");
	fflush(stdout);
	run(ways);
	for (int i = 0; i < 2; i++)
		printf("%s: %lu passed, %lu lost, %lu dropped, %lu doubled, %lu delayed\n", i == 0 ? "ab" : "ba",
		       ways[i].passed, ways[i].lost, ways[i].dropped, ways[i].doubled, ways[i].delayed);
	return 0;
}
