/* Who reads the sockets: two endpoints of this process that answer each other over loopback. */
#include <criterion/criterion.h>

#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "core/types/message.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/handle_table.h"

#define PATIENCE_USEC (20 * USEC_PER_SEC)

struct end {
	struct engine *engine;
	struct engine_conn *conn;
	kith_connection connection;
	int received;
	int closed;
};

static struct end ends[2];

static void handle(struct end *end, const struct kith_event *event)
{
	struct message *messages[8];
	int32_t count;

	if (event->type == KITH_EVENT_STATE && event->state == KITH_STATE_CONNECTING && event->listener != 0) {
		struct engine_conn *conn = handle_table_pin(event->connection, HANDLE_CONNECTION);
		cr_assert_eq(engine_conn_accept(conn), KITH_OK);
		handle_table_unpin(event->connection);
	} else if (event->type == KITH_EVENT_STATE && event->state == KITH_STATE_CONNECTED && end->conn == NULL) {
		end->connection = event->connection;
		end->conn = handle_table_pin(event->connection, HANDLE_CONNECTION);
	} else if (event->type == KITH_EVENT_STATE && event->state > KITH_STATE_CONNECTED) {
		end->closed++;
	} else if (event->type == KITH_EVENT_READABLE) {
		while ((count = engine_conn_receive(end->conn, messages, 8)) > 0) {
			end->received += count;
			message_unref_all(messages, (size_t)count);
		}
	}
}

/* Waits on the descriptor, as an application's loop does, and takes what is there. */
static void look(struct end *end, int timeout_msec)
{
	struct pollfd polled = { engine_fd(end->engine), POLLIN, 0 };
	struct kith_event event = KITH_EVENT_INIT;

	poll(&polled, 1, timeout_msec);
	while (engine_next_event(end->engine, &event) == KITH_OK)
		handle(end, &event);
}

static void open_ends(void)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_listener_options listener_options = KITH_LISTENER_OPTIONS_INIT;
	struct kith_connection_options connection_options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_address address = KITH_ADDRESS_INIT;
	kith_listener listener;
	kith_connection connection;
	struct engine_listener *pinned;
	usec_t deadline = clock_now() + PATIENCE_USEC;

	memset(ends, 0, sizeof(ends));
	for (int i = 0; i < 2; i++) {
		kith_endpoint handle_of_it;
		cr_assert_eq(engine_new(&options, &handle_of_it), KITH_OK);
		ends[i].engine = handle_table_pin(handle_of_it, HANDLE_ENDPOINT);
	}
	address.ip[10] = address.ip[11] = 0xff;
	address.ip[12] = 127;
	address.ip[15] = 1;
	cr_assert_eq(engine_listen_address(ends[1].engine, &address, &listener_options, &listener), KITH_OK);
	pinned = handle_table_pin(listener, HANDLE_LISTENER);
	cr_assert_eq(engine_listener_address(pinned, &address), KITH_OK);
	handle_table_unpin(listener);
	cr_assert_eq(engine_connect_address(ends[0].engine, &address, &connection_options, &connection), KITH_OK);
	while (ends[0].conn == NULL || ends[1].conn == NULL) {
		cr_assert(clock_now() < deadline);
		look(&ends[0], 1);
		look(&ends[1], 1);
	}
}

static void close_ends(void)
{
	for (int i = 0; i < 2; i++) {
		uint32_t handle_of_it = ends[i].engine->handle;
		handle_table_unpin(ends[i].connection);
		handle_table_remove(handle_of_it);
		engine_destroy(ends[i].engine);
		handle_table_unpin(handle_of_it);
	}
}

static void send_to_other(struct end *end)
{
	const struct kith_outgoing outgoing = {
		.data = "ping",
		.size = 4,
		.flags = KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE,
	};

	cr_assert_eq(engine_conn_send_copies(end->conn, &outgoing, 1, NULL), 1);
}

static void await_messages(struct end *end, int count)
{
	usec_t deadline = clock_now() + PATIENCE_USEC;

	while (end->received < count) {
		cr_assert(clock_now() < deadline, "%d of %d messages came", end->received, count);
		look(end, 100);
	}
}

static bool is_attended(struct end *end)
{
	return atomic_load(&end->engine->service.attend.on);
}

/* On a busy machine it takes some time until this thread was quick often enough in a row. */
static void answer_until_attended(void)
{
	usec_t deadline = clock_now() + 3 * PATIENCE_USEC;

	while (!is_attended(&ends[0]) || !is_attended(&ends[1])) {
		cr_assert(clock_now() < deadline, "it never came to that");
		send_to_other(&ends[0]);
		await_messages(&ends[1], ends[1].received + 1);
		send_to_other(&ends[1]);
		await_messages(&ends[0], ends[0].received + 1);
	}
}

static void await_service_thread(struct end *end)
{
	usec_t deadline = clock_now() + PATIENCE_USEC;

	while (is_attended(end)) {
		cr_assert(clock_now() < deadline);
		poll(NULL, 0, 1);
	}
}

Test(service_attend, the_application_that_answers_promptly_reads_by_itself, .timeout = 120)
{
	open_ends();
	cr_assert_not(is_attended(&ends[0]));
	answer_until_attended();
	for (int i = 0; i < 1000; i++) {
		int before = ends[1].received;
		send_to_other(&ends[0]);
		await_messages(&ends[1], before + 1);
		cr_assert_eq(ends[1].received, before + 1);
		before = ends[0].received;
		send_to_other(&ends[1]);
		await_messages(&ends[0], before + 1);
	}
	close_ends();
}

Test(service_attend, when_it_stays_away_the_thread_takes_over, .timeout = 120)
{
	struct kith_status status = KITH_STATUS_INIT;
	usec_t deadline;
	int before;

	open_ends();
	answer_until_attended();
	before = ends[1].received;
	for (int i = 0; i < 50; i++)
		send_to_other(&ends[0]);
	/* Nobody calls the receiving endpoint, and yet it acknowledges. */
	deadline = clock_now() + PATIENCE_USEC;
	do {
		cr_assert(clock_now() < deadline, "nothing is acknowledged");
		look(&ends[0], 1);
		cr_assert_eq(engine_conn_status(ends[0].conn, &status), KITH_OK);
	} while (status.unacked_reliable > 0 || status.pending_reliable > 0);
	await_service_thread(&ends[1]);
	cr_assert_gt(ends[1].engine->service.attend.needed, 0);
	await_messages(&ends[1], before + 50);
	close_ends();
}

Test(service_attend, sockets_come_and_go, .timeout = 120)
{
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_info info = KITH_INFO_INIT;
	kith_connection connection;
	struct engine_conn *second;

	open_ends();
	answer_until_attended();
	cr_assert_eq(engine_conn_info(ends[0].conn, &info), KITH_OK);
	/* A second socket of the same endpoint, which the thread reads, and its end. */
	cr_assert_eq(engine_connect_address(ends[0].engine, &info.remote, &options, &connection), KITH_OK);
	second = handle_table_pin(connection, HANDLE_CONNECTION);
	for (usec_t deadline = clock_now() + PATIENCE_USEC;
	     info.state != KITH_STATE_CONNECTED || info.connect_time_us < 0;) {
		cr_assert(clock_now() < deadline);
		look(&ends[0], 1);
		look(&ends[1], 1);
		cr_assert_eq(engine_conn_info(second, &info), KITH_OK);
	}
	cr_assert_eq(engine_conn_close(second, 0, NULL, 0), KITH_OK);
	handle_table_unpin(connection);
	answer_until_attended();
	close_ends();
}

static void nothing(void *user_data)
{
	(void)user_data;
}

Test(service_attend, who_is_called_is_not_left_to_look, .timeout = 120)
{
	open_ends();
	answer_until_attended();
	cr_assert_eq(engine_set_wake(ends[1].engine, nothing, NULL, NULL), KITH_OK);
	ends[1].received = 0;
	for (int i = 0; i < 300; i++) {
		send_to_other(&ends[0]);
		await_messages(&ends[1], i + 1);
		cr_assert_not(is_attended(&ends[1]));
	}
	close_ends();
}

static void *destroy_second(void *unused)
{
	(void)unused;
	poll(NULL, 0, 5);
	engine_destroy(ends[1].engine);
	return NULL;
}

Test(service_attend, an_endpoint_ends_while_its_application_waits, .timeout = 120)
{
	pthread_t thread;
	uint32_t handle_of_it;

	open_ends();
	answer_until_attended();
	handle_of_it = ends[1].engine->handle;
	handle_table_unpin(ends[1].connection);
	handle_table_remove(handle_of_it);
	cr_assert_eq(pthread_create(&thread, NULL, destroy_second, NULL), 0);
	cr_assert_eq(engine_wait(ends[1].engine, PATIENCE_USEC), KITH_E_CANCELLED);
	pthread_join(thread, NULL);
	handle_table_unpin(handle_of_it);
	handle_of_it = ends[0].engine->handle;
	handle_table_unpin(ends[0].connection);
	handle_table_remove(handle_of_it);
	engine_destroy(ends[0].engine);
	handle_table_unpin(handle_of_it);
}
