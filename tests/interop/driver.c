#include "driver.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	BURST = 256,
	BUSY_WAIT_MS = 1,
	CALM_WAIT_MS = 10,
	MESSAGE_SIZE_MAX = 524288,
	COMMAND_MAX = 64,
};

static struct {
	const struct driver_port *port;
	struct plan plan;
	uint64_t connection; /* the one that messages go through; 0: none */
	uint64_t waiting;    /* incoming, to be accepted at accept_at_ms */
	int64_t accept_at_ms;
	int64_t called_at_ms;
	int64_t connected_at_ms;
	int64_t done_at_ms; /* the plan's work; 0: not yet */
	bool connected;
	bool over, failed;
	bool quit; /* at once */
	int closed_count;
	char command[COMMAND_MAX];
	size_t command_size;
	bool deaf; /* standard input has ended */
	uint8_t bytes[MESSAGE_SIZE_MAX];
} driver;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void driver_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

static void fail(const char *why)
{
	driver_say("failed %s", why);
	driver.failed = driver.over = true;
}

static const struct plan_options *options(void)
{
	return &driver.plan.options;
}

/* --- events */

static void accept_waiting(void)
{
	uint64_t connection = driver.waiting;

	driver.waiting = 0;
	if (connection == 0)
		return;
	driver.connection = connection;
	driver.connected = false;
	if (!driver.port->accept(connection))
		fail("cannot accept");
}

void driver_on_incoming(uint64_t connection, const char *peer)
{
	driver_say("incoming %s", peer);
	if (options()->refuse)
		driver.port->close(connection, 1321, "not today", false);
	if (options()->refuse || options()->never_accept)
		return;
	driver.waiting = connection;
	driver.called_at_ms = now_ms();
	driver.accept_at_ms = options()->accept_delay_ms < 0 ? INT64_MAX : driver.called_at_ms + options()->accept_delay_ms;
	/* At once: a call of our own must not find it undecided. */
	if (options()->accept_delay_ms == 0)
		accept_waiting();
}

void driver_on_connected(uint64_t connection, const struct driver_connected *how)
{
	int64_t now = now_ms();

	driver_say("connected %s as %s cipher %s after %lld ms route %s", how->peer, how->role, how->cipher,
	           (long long)(now - driver.called_at_ms), how->route);
	plan_restart(&driver.plan, now);
	driver.connection = connection;
	driver.connected = true;
	driver.connected_at_ms = now;
	driver.done_at_ms = 0;
	if (options()->lanes > 1)
		driver.port->lanes(connection, options()->lanes);
}

static void say_results(void)
{
	const struct plan *plan = &driver.plan;
	bool sends = options()->job == PLAN_JOB_SEND;

	driver_say("%s %d of %d, %lld bytes in %lld ms, worst gap %lld ms", sends ? "verified" : "received",
	           sends ? plan->verified : plan->received, options()->messages, (long long)plan->bytes,
	           (long long)(plan->last_seen_ms - driver.connected_at_ms), (long long)plan->worst_gap_ms);
}

static void say_status(void)
{
	struct driver_status status = { -1, -1, -1, -1, -1, -1 };

	driver.port->status(driver.connection, &status);
	driver_say("status ping %.3f ms, packets sent %lld received %lld lost %lld dropped %lld, expired %lld",
	           (double)status.ping_usec / 1000, (long long)status.packets_sent, (long long)status.packets_received,
	           (long long)status.packets_lost, (long long)status.packets_dropped, (long long)status.messages_expired);
}

static void call(void)
{
	driver.called_at_ms = now_ms();
	driver.connected = false;
	driver.connection = driver.port->call(options());
	/* A symmetric call may find the peer's, and takes it. */
	if (driver.connection == driver.waiting)
		driver.waiting = 0;
	if (driver.connection == 0)
		fail("the call is refused by the library");
}

static void call_again(void)
{
	driver_say("again");
	driver.connection = 0;
	call();
}

/* A sender may have lost its peer before all came back; a call may have failed; both are failures. */
static void on_own_closed(bool by_peer)
{
	bool sends = options()->job == PLAN_JOB_SEND;

	if (driver.connected)
		say_results();
	if (!driver.connected || (sends && driver.done_at_ms == 0) || !by_peer)
		driver.failed = true;
	driver.connection = 0;
	driver.connected = false;
	if (!options()->listen)
		driver.over = true;
}

void driver_on_closed(uint64_t connection, bool by_peer, int reason, const char *text)
{
	if (connection == driver.connection && driver.connected) {
		driver.port->receive(connection);
		if (plan_is_done(&driver.plan, now_ms()) && driver.done_at_ms == 0)
			driver.done_at_ms = now_ms();
		say_status();
	}
	driver_say("closed %s %d %s", by_peer ? "peer" : "local", reason, text);
	driver.port->close(connection, 0, NULL, false);
	if (connection == driver.connection && !driver.connected && options()->retry) {
		call_again();
		return;
	}
	driver.closed_count++;
	if (connection == driver.waiting)
		driver.waiting = 0;
	if (connection == driver.connection)
		on_own_closed(by_peer);
	if (driver.closed_count >= options()->count)
		driver.over = driver.over || options()->listen;
}

/* --- messages */

static bool answer(const struct plan_message *message)
{
	int64_t number = 0;
	enum driver_sent result = driver.port->send(driver.connection, message, &number);

	if (result == DRIVER_SENT && !plan_on_answered(&driver.plan, message->lane, number))
		fail(driver.plan.why);
	return result != DRIVER_FULL;
}

/* An original that could not be answered comes here again: it has been checked. */
static bool on_original(const struct plan_message *message)
{
	static bool checked;

	if (!checked && !plan_on_original(&driver.plan, message, now_ms()))
		fail(driver.plan.why);
	checked = options()->job == PLAN_JOB_ECHO && !driver.over && !answer(message);
	return !checked;
}

bool driver_on_message(const struct plan_message *message)
{
	if (options()->job != PLAN_JOB_SEND)
		return on_original(message);
	if (!plan_on_returned(&driver.plan, message, now_ms()))
		fail(driver.plan.why);
	return true;
}

static bool send_one(int64_t now)
{
	struct plan *plan = &driver.plan;
	int index = plan->sent;
	struct plan_message message = { driver.bytes, plan_size(plan, index), plan_lane(plan, index),
		                            plan_is_reliable(plan, index), 0 };
	int64_t number = 0;
	enum driver_sent result;

	plan_fill(plan, index, driver.bytes);
	result = driver.port->send(driver.connection, &message, &number);
	if (result == DRIVER_REFUSED)
		fail("the library refuses a message");
	else if (result == DRIVER_SENT && !plan_on_sent(plan, number, now))
		fail(plan->why);
	return result == DRIVER_SENT;
}

/* --- commands */

static void close_now(void)
{
	if (driver.connection == 0)
		return;
	if (driver.connected) {
		say_results();
		say_status();
	}
	driver.port->close(driver.connection, options()->reason, options()->text, options()->linger);
	driver.connection = 0;
	driver.connected = false;
	driver.over = true;
}

static void obey(const char *command)
{
	/* Who has, or has had, the peer's call already needs none of its own. */
	if (strcmp(command, "call") == 0 && driver.connection == 0 && driver.closed_count == 0)
		call();
	else if (strcmp(command, "call") == 0)
		driver_say("needs no call");
	else if (strcmp(command, "accept") == 0)
		accept_waiting();
	else if (strcmp(command, "close") == 0)
		close_now();
	else if (strcmp(command, "status") == 0 && driver.connected)
		say_status();
	else if (strcmp(command, "quit") == 0)
		driver.quit = driver.over = true;
	else if (strcmp(command, "status") != 0)
		fail("unknown command");
}

static void read_commands(void)
{
	struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
	char byte;

	while (!driver.deaf && poll(&input, 1, 0) > 0) {
		if (read(STDIN_FILENO, &byte, 1) != 1) {
			driver.deaf = true;
		} else if (byte != '\n') {
			if (driver.command_size < COMMAND_MAX - 1)
				driver.command[driver.command_size++] = byte;
		} else {
			driver.command[driver.command_size] = '\0';
			driver.command_size = 0;
			obey(driver.command);
		}
	}
}

/* --- the loop */

static void work(int64_t now)
{
	if (driver.waiting != 0 && now >= driver.accept_at_ms)
		accept_waiting();
	if (!driver.connected)
		return;
	driver.port->receive(driver.connection);
	for (int i = 0; i < BURST && plan_may_send(&driver.plan, now) && send_one(now); i++)
		;
	if (options()->job != PLAN_JOB_SEND || driver.over || !plan_is_done(&driver.plan, now))
		return;
	if (driver.done_at_ms == 0) {
		driver.done_at_ms = now;
		driver_say("done");
	}
	if (!options()->stay && now >= driver.done_at_ms + options()->idle_ms)
		close_now();
}

/* A sender polls its library while it has work; GNS has nothing to wait for. */
static int wait_ms(void)
{
	return driver.connected && driver.done_at_ms == 0 ? BUSY_WAIT_MS : CALM_WAIT_MS;
}

static void loop(void)
{
	int64_t end = now_ms() + options()->timeout_ms;

	while (!driver.over && now_ms() < end) {
		driver.port->wait(wait_ms());
		read_commands();
		work(now_ms());
	}
	if (!driver.over)
		fail("time is up");
}

/* A close must have the time to leave, and stragglers to be answered. */
static void leave(void)
{
	int64_t end = now_ms() + options()->exit_delay_ms;

	while (now_ms() < end && !driver.quit) {
		driver.port->wait(CALM_WAIT_MS);
		read_commands();
	}
}

int driver_run(const struct driver_port *port, int count, char **words)
{
	driver.port = port;
	if (!plan_init(&driver.plan, count, words)) {
		fail(driver.plan.why);
		return 2;
	}
	if (!port->open(options())) {
		fail("cannot open");
		return 2;
	}
	driver_say("ready");
	if (!options()->listen || options()->call)
		call();
	loop();
	leave();
	plan_free(&driver.plan);
	return driver.failed ? 1 : 0;
}
