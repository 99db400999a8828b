/* A signal came: which connection is it for? */
#include "core/endpoint/endpoint_internal.h"

static bool fits(struct link *link, const struct msg_rendezvous *message)
{
	uint32_t remote_id = conn_remote_id(link->conn);

	if (link->rendezvous == NULL || !identity_equal(conn_peer(link->conn), &message->from))
		return false;
	return remote_id == 0 || remote_id == message->from_connection_id;
}

static struct link *find_link(struct endpoint *endpoint, const struct msg_rendezvous *message)
{
	struct link *link;

	if (message->to_connection_id != 0)
		link = link_find_id(endpoint, message->to_connection_id);
	else
		link = link_find_peer(endpoint, &message->from, message->from_connection_id, 0);
	return link != NULL && fits(link, message) ? link : NULL;
}

void endpoint_refuse_signal(struct endpoint *endpoint, const struct signal *signal,
                            const struct rendezvous_refusal *refusal)
{
	if (endpoint->refusal == NULL)
		endpoint->refusal = alloc_bytes(SIGNAL_SIZE_MAX);
	endpoint->refusal_size = rendezvous_signal_refuse(refusal, endpoint->refusal, SIGNAL_SIZE_MAX);
	endpoint->refusal_to = *refusal->to;
	endpoint->refusal_source = signal->source;
}

/* The sender answers a call of ours that has become another connection meanwhile, or lies behind us:
 * it knows our id, so nothing is given away, and need not wait in vain. */
static bool refuse_latecomer(struct endpoint *endpoint, const struct signal *signal,
                             const struct msg_rendezvous *message)
{
	struct rendezvous_refusal refusal = { &endpoint->identity,         message->to_connection_id,       &message->from,
		                                  message->from_connection_id, END_REASON_SIGNAL_NO_CONNECTION, "" };
	const struct link *link = link_find_id(endpoint, message->to_connection_id);

	if (link == NULL || link->rendezvous == NULL || message->has_closed ||
	    !identity_equal(conn_peer(link->conn), &message->from))
		return false;
	endpoint_refuse_signal(endpoint, signal, &refusal);
	return true;
}

void endpoint_receive_signal(struct endpoint *endpoint, usec_t now, const struct signal *signal)
{
	struct msg_rendezvous message;
	struct link *link;

	endpoint->now = now;
	if (signal->size > SIGNAL_SIZE_MAX || !msg_rendezvous_read(&message, signal->bytes, signal->size) ||
	    identity_is_none(&message.from) || message.from_connection_id == 0) {
		endpoint->dropped_signals++;
		return;
	}
	if (!identity_is_none(&message.to) && !identity_equal(&message.to, &endpoint->identity)) {
		endpoint->dropped_signals++; /* the service brought it to the wrong door */
		return;
	}
	link = find_link(endpoint, &message);
	if (link != NULL) {
		link->rendezvous->source = signal->source;
		rendezvous_receive(link->rendezvous, now, &message);
		endpoint_settle(link, now);
	} else if (message.to_connection_id == 0 && message.has_request) {
		endpoint_accept_signal(endpoint, now, signal, &message);
	} else if (!refuse_latecomer(endpoint, signal, &message)) {
		endpoint->dropped_signals++;
	}
}
