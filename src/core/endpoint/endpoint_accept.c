/* A stranger knocks: find the listen socket, check, make a connection or refuse. */
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/endpoint/endpoint_internal.h"
#include "core/rendezvous/symmetric.h"

/* The application hears of a connection that waits for it. */
static void announce(struct link *link)
{
	struct event event;

	bytes_zero(&event, sizeof event);
	event.kind = EVENT_STATE;
	event.conn = link->conn;
	event.listener = link->listener;
	event.old_state = STATE_NONE;
	event.new_state = STATE_CONNECTING;
	event.remote = link->remote;
	endpoint_add_event(link->endpoint, &event);
}

static struct link *make_link(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                              const struct conn_settings *settings)
{
	struct link *link = link_new(endpoint, conn_new(now, settings));

	link->listener = listener;
	link->remote = settings->remote;
	listener->link_count++;
	link_set_waiting(link, true);
	return link;
}

/* A connection that never was: the application only may log it. */
static void forget(struct link *link)
{
	link->released = true;
	link_destroy(link);
}

/* For the log: whom we turned away, and why. */
static void note_refused(struct endpoint *endpoint, const struct identity *peer, const struct address *remote,
                         uint32_t reason, const char *why)
{
	struct event event;
	struct text text;

	bytes_zero(&event, sizeof event);
	event.kind = EVENT_REFUSED;
	event.peer = *peer;
	event.remote = *remote;
	event.end_reason = reason;
	text_init(&text, event.text, sizeof event.text);
	text_add(&text, why);
	endpoint_add_event(endpoint, &event);
}

/* --- by address */

/* Its address was proven, so it may hear why; else it would only run out of time. */
static void refuse_request(struct endpoint *endpoint, const struct datagram *datagram,
                           const struct direct_request *request, uint32_t reason, const char *text)
{
	struct stateless_reply *reply = stateless_reply_add(&endpoint->replies, datagram);

	if (reply != NULL)
		reply->size = (uint16_t)direct_server_refuse(request, reason, text, reply->bytes, sizeof reply->bytes);
	note_refused(endpoint, &request->peer, &datagram->remote, reason, text);
}

static void accept_request(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                           const struct datagram *datagram, const struct direct_request *request)
{
	struct conn_offer offer = { request->message.connection_id, 0, &request->message.certificate,
		                        &request->message.crypt };
	struct conn_settings settings;
	struct link *link;

	if (endpoint->waiting_count >= ENDPOINT_WAITING_MAX)
		return;
	endpoint_fill_settings(endpoint, &settings);
	settings.config = &listener->config;
	settings.server = true;
	settings.peer = request->peer;
	settings.remote = datagram->remote;
	if (settings.local_id == 0)
		return;
	link = make_link(endpoint, now, listener, &settings);
	link->transport = listener->transport;
	link->server = alloc_zeroed(sizeof *link->server);
	link_add_address(link);
	conn_set_path(link->conn, now, listener->transport, &datagram->remote);
	conn_set_local(link->conn, &datagram->local);
	if (conn_handshake_receive(link->conn, now, &offer) != 0) {
		refuse_request(endpoint, datagram, request, conn_end_reason(link->conn), conn_end_text(link->conn));
		forget(link);
		return;
	}
	direct_server_init(link->server, now, link->conn, request);
	announce(link);
	endpoint_settle(link, now);
}

static void on_request(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                       const struct datagram *datagram)
{
	struct direct_request request;
	struct crypto_verdict verdict;

	if (listener->closed || !direct_server_check(&listener->cookie, now, datagram, &request))
		return;
	verdict = verdict_refuse(request.doubt);
	if (request.doubt != DOUBT_NONE)
		refuse_request(endpoint, datagram, &request, verdict.reason, verdict.text);
	else if (link_find_peer(endpoint, &request.peer, request.message.connection_id, listener->transport) != NULL)
		refuse_request(endpoint, datagram, &request, END_REASON_GENERIC,
		               "this connection id is in use from another address");
	else
		accept_request(endpoint, now, listener, datagram, &request);
}

static void answer(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                   const struct datagram *datagram)
{
	struct stateless_reply *reply = stateless_reply_add(&endpoint->replies, datagram);
	size_t size;

	if (reply == NULL)
		return;
	if (datagram->bytes[0] == WIRE_LEAD_CHALLENGE_REQUEST)
		size = direct_server_challenge(&listener->cookie, now, datagram, reply->bytes, sizeof reply->bytes);
	else
		size = direct_server_no_connection(datagram, reply->bytes, sizeof reply->bytes);
	reply->size = (uint16_t)size;
	if (size == 0)
		stateless_reply_cancel(&endpoint->replies);
}

void endpoint_accept_datagram(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                              const struct datagram *datagram)
{
	switch (datagram->bytes[0]) {
	case WIRE_LEAD_CHALLENGE_REQUEST:
		if (!listener->closed)
			answer(endpoint, now, listener, datagram);
		break;
	case WIRE_LEAD_CONNECTION_CLOSED:
		answer(endpoint, now, listener, datagram);
		break;
	case WIRE_LEAD_CONNECT_REQUEST:
		on_request(endpoint, now, listener, datagram);
		break;
	default:
		endpoint->dropped_datagrams++;
		break;
	}
}

/* --- by signal */

/* Ours of two calls that met: becomes the server of the peer's, or goes on as it was. */
static void resolve_symmetric(struct link *link, usec_t now, const struct signal *signal,
                              const struct msg_rendezvous *message)
{
	struct conn_offer offer = { message->from_connection_id, 0, &message->request.certificate,
		                        &message->request.crypt };
	struct msg_signed_certificate own;
	struct msg_signed_session_crypt session;
	struct symmetric_side local, remote;

	/* Only one that still calls can change sides; any other outlives the request. */
	if (conn_state(link->conn) != STATE_CONNECTING || conn_is_server(link->conn)) {
		link->endpoint->dropped_signals++;
		return;
	}
	conn_handshake_get(link->conn, &own, &session);
	local = (struct symmetric_side){ conn_local_id(link->conn), own.cert, own.cert_size };
	remote = (struct symmetric_side){ message->from_connection_id, message->request.certificate.cert,
		                              message->request.certificate.cert_size };
	if (symmetric_stays_client(&local, &remote))
		return;
	if (!conn_become_server(link->conn, now, &offer)) {
		link->endpoint->dropped_signals++; /* anyone may send such a request: our own call goes on */
		return;
	}
	link->rendezvous->source = signal->source;
	if (conn_accept(link->conn, now)) {
		uint32_t transport = endpoint_new_transport(link->endpoint);
		link_set_transport(link, transport);
		rendezvous_restart_as_server(link->rendezvous, now, transport);
		rendezvous_receive_entries(link->rendezvous, now, message);
	}
	endpoint_settle(link, now);
}

static void refuse(struct endpoint *endpoint, const struct signal *signal, const struct msg_rendezvous *message,
                   const struct conn *conn)
{
	static const struct address nowhere = { { 0 }, 0 };
	struct rendezvous_refusal refusal = { &endpoint->identity,         conn_local_id(conn),   &message->from,
		                                  message->from_connection_id, conn_end_reason(conn), conn_end_text(conn) };

	endpoint_refuse_signal(endpoint, signal, &refusal);
	note_refused(endpoint, &message->from, &nowhere, conn_end_reason(conn), conn_end_text(conn));
}

/* More requests than that are not answered, so their senders repeat them. */
static bool has_place(const struct endpoint *endpoint, const struct listen_socket *listener)
{
	unsigned most = ENDPOINT_WAITING_MAX;

	if (listener->virtual_port == WIRE_PORT_MESSAGES)
		most = (unsigned)config_get_int(&endpoint->config, CONFIG_MESSAGES_WAITING_MAX);
	return listener->waiting_count < most && endpoint->waiting_count < ENDPOINT_WAITING_MAX;
}

static void accept_call(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                        const struct signal *signal, const struct msg_rendezvous *message)
{
	struct conn_offer offer = { message->from_connection_id, 0, &message->request.certificate,
		                        &message->request.crypt };
	struct conn_settings settings;
	struct link *link;

	if (!has_place(endpoint, listener))
		return;
	endpoint_fill_settings(endpoint, &settings);
	settings.config = listen_socket_config(listener, endpoint);
	settings.server = true;
	settings.p2p = true;
	settings.peer = message->from;
	if (settings.local_id == 0)
		return;
	link = make_link(endpoint, now, listener, &settings);
	if (conn_handshake_receive(link->conn, now, &offer) != 0) {
		refuse(endpoint, signal, message, link->conn);
		forget(link);
		return;
	}
	link->rendezvous = alloc_zeroed(sizeof *link->rendezvous);
	rendezvous_init(link->rendezvous, now, link->conn, &endpoint->rng, &endpoint->identity);
	link->rendezvous->source = signal->source;
	link->rendezvous->ports.local = message->request.to_port;
	link->rendezvous->ports.remote =
		message->request.from_port >= 0 ? message->request.from_port : message->request.to_port;
	rendezvous_receive_entries(link->rendezvous, now, message);
	announce(link);
	endpoint_settle(link, now);
}

static bool is_symmetric(const struct listen_socket *listener)
{
	return listener->symmetric || config_get_int(&listener->config, CONFIG_SYMMETRIC_CONNECT) != 0;
}

void endpoint_accept_signal(struct endpoint *endpoint, usec_t now, const struct signal *signal,
                            const struct msg_rendezvous *message)
{
	int32_t local_port = message->request.to_port;
	int32_t remote_port = message->request.from_port >= 0 ? message->request.from_port : local_port;
	struct listen_socket *listener;
	struct conn *rival;
	bool symmetric;

	if (local_port < 0 || message->request.crypt.info == NULL || message->request.certificate.cert == NULL) {
		endpoint->dropped_signals++;
		return;
	}
	/* The Messages interface has one port; another pair of ports would be another connection. */
	if ((local_port == WIRE_PORT_MESSAGES) != (remote_port == WIRE_PORT_MESSAGES)) {
		endpoint->dropped_signals++;
		return;
	}
	listener = listen_socket_find_port(endpoint, local_port);
	symmetric = listener != NULL && is_symmetric(listener);
	rival = endpoint_find_rival(endpoint, &message->from, local_port, remote_port, symmetric);
	if (rival != NULL)
		resolve_symmetric(link_of(rival), now, signal, message);
	else if (listener != NULL)
		accept_call(endpoint, now, listener, signal, message);
	else
		endpoint->dropped_signals++; /* nobody is told whether we are here */
}
