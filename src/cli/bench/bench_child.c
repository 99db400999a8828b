#include "cli/bench/bench_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	READY_TIMEOUT_MSEC = 20000,
	RUN_TIMEOUT_MSEC = 120000,
};

enum note_kind { NOTE_READY, NOTE_FAILED, NOTE_OUTCOME };

/* What a process tells the one that started it. */
struct note {
	enum note_kind kind;
	char text[BENCH_WHERE_MAX];
	struct bench_outcome outcome;
};

struct child {
	pid_t pid;
	int fd;
};

/* Of this process, when it is a child. */
static int parent_fd = -1;
static int other_fd = -1;

/* --- inside of a child */

static void send_note(enum note_kind kind, const char *text, const struct bench_outcome *outcome)
{
	struct note note = { .kind = kind };

	snprintf(note.text, sizeof(note.text), "%s", text);
	if (outcome != NULL)
		note.outcome = *outcome;
	while (send(parent_fd, &note, sizeof(note), MSG_NOSIGNAL) < 0 && errno == EINTR)
		continue;
}

void bench_child_fail(const char *format, ...)
{
	char text[BENCH_WHERE_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	send_note(NOTE_FAILED, text, NULL);
	_exit(1);
}

void bench_child_tell(uint64_t number)
{
	while (send(other_fd, &number, sizeof(number), MSG_NOSIGNAL) < 0 && errno == EINTR)
		continue;
}

bool bench_child_heard(uint64_t *number, int timeout_msec)
{
	struct pollfd watched = { .fd = other_fd, .events = POLLIN };
	ssize_t size;

	if (timeout_msec != 0)
		poll(&watched, 1, timeout_msec);
	size = recv(other_fd, number, sizeof(*number), MSG_DONTWAIT);
	if (size == 0)
		bench_child_fail("the other process ended");
	return size == (ssize_t)sizeof(*number);
}

/* Thousands of connections need as many descriptors. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void enter_child(int to_parent)
{
	parent_fd = to_parent;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	raise_limits();
}

static void run_child(const struct bench_plan *plan, bench_role_fn *role, char where[BENCH_WHERE_MAX])
{
	struct bench_outcome outcome = { .allocations = -1 };
	void *link = plan->peer->open(plan, where);

	if (plan->is_server)
		send_note(NOTE_READY, where, NULL);
	role(plan, link, &outcome);
	send_note(NOTE_OUTCOME, "", &outcome);
	/* The other may still be talking to us. */
	while (recv(parent_fd, where, 1, 0) < 0 && errno == EINTR)
		continue;
	_exit(0);
}

/* --- outside */

/* In the child itself `pid` is 0. */
static bool start(struct child *child)
{
	int pair[2];

	child->pid = -1;
	child->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	fflush(NULL);
	child->pid = fork();
	if (child->pid == 0) {
		close(pair[0]);
		enter_child(pair[1]);
		return true;
	}
	close(pair[1]);
	child->fd = pair[0];
	if (child->pid < 0)
		close(pair[0]);
	return child->pid > 0;
}

static void end(struct child *child)
{
	if (child->pid <= 0)
		return;
	close(child->fd);
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	child->pid = -1;
}

/* False: it failed, or told nothing in time; `why` says which. */
static bool await_note(const struct child *child, const char *who, int timeout_msec, struct note *note,
                       char why[BENCH_WHERE_MAX])
{
	struct pollfd watched = { .fd = child->fd, .events = POLLIN };
	int ready = poll(&watched, 1, timeout_msec);

	if (ready == 0)
		snprintf(why, BENCH_WHERE_MAX, "%s: nothing in %d seconds", who, timeout_msec / 1000);
	else if (ready < 0 || recv(child->fd, note, sizeof(*note), 0) != (ssize_t)sizeof(*note))
		snprintf(why, BENCH_WHERE_MAX, "%s: ended unexpectedly", who);
	else if (note->kind == NOTE_FAILED)
		snprintf(why, BENCH_WHERE_MAX, "%s: %.200s", who, note->text);
	else
		return true;
	return false;
}

static bool await_outcomes(const struct child children[2], struct bench_outcome out[2], char why[BENCH_WHERE_MAX])
{
	static const char *const who[2] = { "server", "client" };
	struct pollfd watched[2] = { { .fd = children[0].fd, .events = POLLIN },
		                         { .fd = children[1].fd, .events = POLLIN } };

	for (int left = 2; left > 0;) {
		struct note note;
		if (poll(watched, 2, RUN_TIMEOUT_MSEC) <= 0) {
			snprintf(why, BENCH_WHERE_MAX, "not finished in %d seconds", RUN_TIMEOUT_MSEC / 1000);
			return false;
		}
		/* When the client fails, the server is the second to say so. */
		for (int i = 1; i >= 0; i--) {
			if (watched[i].revents == 0)
				continue;
			if (!await_note(&children[i], who[i], 0, &note, why))
				return false;
			out[i] = note.outcome;
			watched[i].fd = -1;
			left--;
		}
	}
	return true;
}

static bool start_role(const struct bench_plan *plan, bench_role_fn *role, struct child *child, const int between[2],
                       char where[BENCH_WHERE_MAX])
{
	if (!start(child))
		return false;
	if (child->pid == 0) {
		other_fd = between[plan->is_server ? 0 : 1];
		close(between[plan->is_server ? 1 : 0]);
		run_child(plan, role, where);
	}
	return true;
}

bool bench_child_run(const struct bench_plan *plan, bench_role_fn *server, bench_role_fn *client,
                     struct bench_outcome out[2], char why[BENCH_WHERE_MAX])
{
	struct bench_plan as_server = *plan, as_client = *plan;
	struct child children[2] = { { .pid = -1, .fd = -1 }, { .pid = -1, .fd = -1 } };
	char where[BENCH_WHERE_MAX] = "";
	int between[2] = { -1, -1 };
	struct note note;
	bool good;

	as_server.is_server = true;
	as_client.is_server = false;
	snprintf(why, BENCH_WHERE_MAX, "no process can be started");
	good = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, between) == 0 &&
	       start_role(&as_server, server, &children[0], between, where) &&
	       await_note(&children[0], "server", READY_TIMEOUT_MSEC, &note, why);
	if (good) {
		snprintf(where, sizeof(where), "%s", note.text);
		good = start_role(&as_client, client, &children[1], between, where);
	}
	/* Each has the end of its own; who waits for one that has gone must notice. */
	close(between[0]);
	close(between[1]);
	good = good && await_outcomes(children, out, why);
	end(&children[1]);
	end(&children[0]);
	return good;
}

static void ready(const char *where)
{
	send_note(NOTE_READY, where, NULL);
}

bool bench_child_serve(bench_service_fn *run, char where[BENCH_WHERE_MAX])
{
	struct child child;
	struct note note;

	if (!start(&child))
		return false;
	if (child.pid == 0) {
		run(ready);
		_exit(0);
	}
	if (!await_note(&child, "signaling", READY_TIMEOUT_MSEC, &note, where)) {
		end(&child);
		return false;
	}
	snprintf(where, BENCH_WHERE_MAX, "%s", note.text);
	return true;
}
