#include "transport/ice_relay_check.h"

#include <stdio.h>
#include <string.h>

#include <gio/gio.h>
#include <kith/errors.h>
#include <stun/stunagent.h>
#include <stun/usages/turn.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

enum {
	BUFFER_SIZE = 1500,
	TEXT_MAX = 400,
	/* Over UDP the question is repeated, at doubled distances. */
	REPEAT_FIRST_MS = 250,
	LIMIT_MS = 3000,
};

struct ice_relay_check {
	int references; /* a connection in the making has one */
	struct ice_server server;
	ice_relay_answer_fn *on_answer; /* null: nobody wants to know any more */
	void *owner;
	GCancellable *cancellable;
	GSocketConnection *connection;
	GSource *readable, *repeat, *limit;
	guint repeat_ms;
	bool proven; /* the question carries user and password */
	StunAgent agent;
	StunMessage question, answer;
	uint8_t sent[BUFFER_SIZE], received[BUFFER_SIZE], kept[BUFFER_SIZE];
	size_t sent_size, received_size;
};

static void unreference(struct ice_relay_check *check)
{
	if (--check->references > 0)
		return;
	g_object_unref(check->cancellable);
	bytes_wipe(check, sizeof(*check));
	alloc_free(check);
}

static void end_source(GSource **source)
{
	if (*source == NULL)
		return;
	g_source_destroy(*source);
	g_source_unref(*source);
	*source = NULL;
}

static void end(struct ice_relay_check *check)
{
	end_source(&check->readable);
	end_source(&check->repeat);
	end_source(&check->limit);
	g_clear_object(&check->connection);
	g_cancellable_cancel(check->cancellable);
}

static void tell(struct ice_relay_check *check, int32_t result, const char *what)
{
	ice_relay_answer_fn *on_answer = check->on_answer;
	char text[TEXT_MAX];

	check->on_answer = NULL;
	end(check);
	snprintf(text, sizeof(text), "TURN server %s port %u over %s: %s", check->server.host, check->server.port,
	         check->server.tcp ? "TCP" : "UDP", what);
	/* It may free the check. */
	if (on_answer != NULL)
		on_answer(check->owner, check, result, text);
}

static void attach(GSource **source, GSource *made, GSourceFunc callback, struct ice_relay_check *check)
{
	end_source(source);
	*source = made;
	g_source_set_callback(made, callback, check, NULL);
	g_source_attach(made, g_main_context_get_thread_default());
}

/* --- questions */

static void send_question(struct ice_relay_check *check)
{
	/* What is lost is repeated; over TCP the first bytes of a connection always fit. */
	(void)g_socket_send(g_socket_connection_get_socket(check->connection), (const gchar *)check->sent, check->sent_size,
	                    NULL, NULL);
}

static gboolean on_repeat(gpointer data)
{
	struct ice_relay_check *check = data;

	send_question(check);
	check->repeat_ms *= 2;
	attach(&check->repeat, g_timeout_source_new(check->repeat_ms), on_repeat, check);
	return G_SOURCE_REMOVE;
}

static void ask(struct ice_relay_check *check)
{
	char *user = check->server.user, *password = check->server.password;

	check->sent_size = stun_usage_turn_create(
		&check->agent, &check->question, check->sent, sizeof(check->sent), check->proven ? &check->answer : NULL,
		STUN_USAGE_TURN_REQUEST_PORT_NORMAL, -1, -1, (uint8_t *)user, strlen(user), (uint8_t *)password,
		strlen(password), STUN_USAGE_TURN_COMPATIBILITY_RFC5766);
	check->repeat_ms = REPEAT_FIRST_MS;
	if (!check->server.tcp)
		attach(&check->repeat, g_timeout_source_new(check->repeat_ms), on_repeat, check);
	send_question(check);
}

/* Nobody is going to use the relay that was given. */
static void hand_back(struct ice_relay_check *check)
{
	char *user = check->server.user, *password = check->server.password;
	StunMessage before = check->answer;

	before.buffer = check->kept;
	check->sent_size = stun_usage_turn_create_refresh(
		&check->agent, &check->question, check->sent, sizeof(check->sent), check->proven ? &before : NULL, 0,
		(uint8_t *)user, strlen(user), (uint8_t *)password, strlen(password), STUN_USAGE_TURN_COMPATIBILITY_RFC5766);
	send_question(check);
}

/* --- answers */

/* libnice strips quotes and zeros from both ends of a realm, and runs out of one that has nothing else. */
static bool has_realm(const StunMessage *answer)
{
	uint16_t size = 0;
	const uint8_t *realm = stun_message_find(answer, STUN_ATTRIBUTE_REALM, &size);

	for (uint16_t i = 0; realm != NULL && i < size; i++)
		if (realm[i] != '"' && realm[i] != '\0')
			return true;
	return false;
}

static void on_error(struct ice_relay_check *check, int code)
{
	char text[TEXT_MAX];
	bool asks = code == STUN_ERROR_UNAUTHORIZED || code == STUN_ERROR_STALE_NONCE;

	if (asks && !has_realm(&check->answer)) {
		tell(check, KITH_E_REJECTED, "it asks for a user and does not say for what realm");
	} else if ((code == STUN_ERROR_UNAUTHORIZED && !check->proven && check->server.user[0] != '\0') ||
	           code == STUN_ERROR_STALE_NONCE) {
		/* It tells its realm and a nonce: now with user and password. */
		bytes_copy(check->kept, check->received, sizeof(check->kept));
		check->answer.buffer = check->kept;
		check->proven = true;
		ask(check);
	} else if (code == STUN_ERROR_UNAUTHORIZED && check->server.user[0] == '\0') {
		tell(check, KITH_E_AUTH, "it asks for a user and a password");
	} else if (code == STUN_ERROR_UNAUTHORIZED || code == 441) {
		tell(check, KITH_E_AUTH, "it refuses the user or the password");
	} else {
		snprintf(text, sizeof(text), "it refuses: %d %s", code, stun_strerror((StunError)code));
		tell(check, KITH_E_REJECTED, text);
	}
}

static void on_answer(struct ice_relay_check *check, size_t size)
{
	StunValidationStatus status = stun_agent_validate(&check->agent, &check->answer, check->received, size, NULL, NULL);
	int code = 0;

	if (status == STUN_VALIDATION_NOT_STUN || status == STUN_VALIDATION_UNMATCHED_RESPONSE)
		return; /* of somebody else, or of an earlier question */
	if (stun_message_get_class(&check->answer) == STUN_RESPONSE) {
		hand_back(check);
		tell(check, KITH_OK, "it gives a relay");
	} else if (stun_message_find_error(&check->answer, &code) == STUN_MESSAGE_RETURN_SUCCESS) {
		on_error(check, code);
	}
}

/* Over TCP answers come in pieces. */
static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
	struct ice_relay_check *check = data;
	gssize count = g_socket_receive(socket, (gchar *)check->received + check->received_size,
	                                sizeof(check->received) - check->received_size, NULL, NULL);
	int size;

	(void)condition;
	if (count <= 0 && check->server.tcp) {
		tell(check, KITH_E_CLOSED, "it closes the connection");
		return G_SOURCE_REMOVE;
	}
	if (count <= 0)
		return G_SOURCE_CONTINUE;
	check->received_size += (size_t)count;
	size = stun_message_validate_buffer_length(check->received, check->received_size, TRUE);
	if (size == STUN_MESSAGE_BUFFER_INCOMPLETE && check->server.tcp)
		return G_SOURCE_CONTINUE;
	count = (gssize)check->received_size;
	check->received_size = 0;
	check->references++;
	if (size > 0)
		on_answer(check, (size_t)(size < count ? size : count));
	unreference(check);
	return G_SOURCE_CONTINUE;
}

/* --- the connection */

static gboolean on_limit(gpointer data)
{
	tell(data, KITH_E_TIMEOUT, "it does not answer");
	return G_SOURCE_REMOVE;
}

static void on_connected(GObject *client, GAsyncResult *result, gpointer data)
{
	struct ice_relay_check *check = data;
	GError *error = NULL;
	GSocketConnection *connection = g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(client), result, &error);
	GSocket *socket;

	if (connection != NULL && check->on_answer != NULL) {
		check->connection = connection;
		socket = g_socket_connection_get_socket(connection);
		g_socket_set_blocking(socket, FALSE);
		attach(&check->readable, g_socket_create_source(socket, G_IO_IN, NULL), G_SOURCE_FUNC(on_readable), check);
		ask(check);
	} else if (connection != NULL) {
		g_object_unref(connection);
	} else if (check->on_answer != NULL) {
		tell(check, KITH_E_NO_ROUTE, error->message);
	}
	g_clear_error(&error);
	unreference(check);
}

struct ice_relay_check *ice_relay_check_new(const struct ice_server *server, ice_relay_answer_fn *on_answer_fn,
                                            void *owner)
{
	struct ice_relay_check *check = alloc_zeroed(sizeof(*check));
	GSocketClient *client = g_socket_client_new();

	check->references = 2;
	check->server = *server;
	check->on_answer = on_answer_fn;
	check->owner = owner;
	check->cancellable = g_cancellable_new();
	stun_agent_init(&check->agent, STUN_ALL_KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
	                STUN_AGENT_USAGE_LONG_TERM_CREDENTIALS);
	attach(&check->limit, g_timeout_source_new(LIMIT_MS), on_limit, check);
	g_socket_client_set_socket_type(client, server->tcp ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM);
	g_socket_client_set_protocol(client, server->tcp ? G_SOCKET_PROTOCOL_TCP : G_SOCKET_PROTOCOL_UDP);
	g_socket_client_set_enable_proxy(client, FALSE);
	g_socket_client_connect_to_host_async(client, server->host, server->port, check->cancellable, on_connected, check);
	g_object_unref(client);
	return check;
}

void ice_relay_check_free(struct ice_relay_check *check)
{
	if (check == NULL)
		return;
	check->on_answer = NULL;
	end(check);
	unreference(check);
}
