/* A datagram came: whose is it? */
#include "core/endpoint/endpoint_internal.h"
#include "core/wire/msg_handshake.h"
#include "core/wire/packet_header.h"

/* A packet for a connection that is not at this address: worth a hint, but not a flood of them.
 * `ours` and `theirs` as the packet named them, 0 where it did not. */
static void hint_no_connection(struct endpoint *endpoint, usec_t now, const struct datagram *datagram, uint32_t ours,
                               uint32_t theirs)
{
	struct msg_no_connection message = { ours, theirs };
	struct stateless_reply *reply;
	struct byte_writer writer;

	if (!stateless_reply_may_answer(&endpoint->replies, now))
		return;
	reply = stateless_reply_add(&endpoint->replies, datagram);
	if (reply == NULL)
		return;
	byte_writer_init(&writer, reply->bytes, sizeof reply->bytes);
	msg_no_connection_write(&writer, &message);
	reply->size = (uint16_t)byte_writer_size(&writer);
}

static void receive_data(struct link *link, usec_t now, const struct datagram *datagram)
{
	struct packet_header header;

	if (packet_header_read(&header, datagram->bytes, datagram->size) &&
	    header.connection_id != conn_local_id(link->conn)) {
		hint_no_connection(link->endpoint, now, datagram, header.connection_id, 0);
		return;
	}
	conn_receive(link->conn, now, datagram);
}

/* ConnectionClosed or NoConnection; the former is answered even if it is for a connection that is gone. */
static void receive_control(struct link *link, usec_t now, const struct datagram *datagram)
{
	struct msg_connection_closed message;

	if (conn_receive_control(link->conn, now, datagram->bytes, datagram->size))
		return;
	if (msg_connection_closed_read(&message, datagram->bytes, datagram->size))
		hint_no_connection(link->endpoint, now, datagram, message.to_connection_id, message.from_connection_id);
}

static void receive_one(struct link *link, usec_t now, const struct datagram *datagram)
{
	uint8_t lead = datagram->bytes[0];

	if (packet_header_is_data(lead))
		receive_data(link, now, datagram);
	else if (lead == WIRE_LEAD_CONNECTION_CLOSED || lead == WIRE_LEAD_NO_CONNECTION)
		receive_control(link, now, datagram);
	else if (link->client != NULL)
		direct_client_receive(link->client, now, datagram->bytes, datagram->size);
	else if (link->server != NULL)
		direct_server_receive(link->server, now, datagram->bytes, datagram->size);
	else
		link->endpoint->dropped_datagrams++;
}

/* Takes a whole run of one link: it is looked up once, and settled once. */
static void receive_link(struct link *link, usec_t now, const struct datagram *datagrams, size_t count)
{
	for (size_t i = 0; i < count; i++)
		receive_one(link, now, &datagrams[i]);
	endpoint_settle(link, now);
}

/* A peer that has moved, if it can prove that: its packets name its connection. */
static struct link *find_roaming(struct endpoint *endpoint, const struct listen_socket *listener,
                                 const struct datagram *datagram)
{
	struct packet_header header;
	struct link *link;

	if (!packet_header_is_data(datagram->bytes[0]) || !packet_header_read(&header, datagram->bytes, datagram->size))
		return NULL;
	link = link_find_id(endpoint, header.connection_id);
	return link != NULL && link->server != NULL && link->listener == listener && conn_may_roam(link->conn) ? link
	                                                                                                       : NULL;
}

/* The one at that address, unless the packet names another one that may have moved there. */
static struct link *find_link(struct endpoint *endpoint, struct listen_socket *listener,
                              const struct datagram *datagram)
{
	struct link *link = link_find_address(listener, &datagram->remote), *roaming;
	struct packet_header header;

	if (link != NULL &&
	    (!packet_header_is_data(datagram->bytes[0]) || !packet_header_read(&header, datagram->bytes, datagram->size) ||
	     header.connection_id == conn_local_id(link->conn)))
		return link;
	roaming = find_roaming(endpoint, listener, datagram);
	return roaming != NULL ? roaming : link;
}

static void receive_listener(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                             const struct datagram *datagrams, size_t count)
{
	/* A stranger may have become a link with the one before. */
	for (size_t i = 0; i < count; i++) {
		struct link *link = find_link(endpoint, listener, &datagrams[i]);
		if (link != NULL && !address_equal(&link->remote, &datagrams[i].remote)) {
			receive_link(link, now, datagrams + i, 1);
		} else if (link != NULL) {
			receive_link(link, now, datagrams + i, count - i);
			return;
		} else {
			endpoint_accept_datagram(endpoint, now, listener, &datagrams[i]);
		}
	}
}

/* Who was called may have moved as well. */
static bool may_be_from(const struct link *link, const struct datagram *datagram)
{
	struct packet_header header;

	if (address_equal(&link->remote, &datagram->remote))
		return true;
	return packet_header_is_data(datagram->bytes[0]) && conn_may_roam(link->conn) &&
	       packet_header_read(&header, datagram->bytes, datagram->size) &&
	       header.connection_id == conn_local_id(link->conn);
}

/* Long enough for its transport, and from whom we called if we called. */
static bool is_expected(const struct carrier *carrier, const struct datagram *datagram)
{
	const struct link *link = carrier->link;

	if (link != NULL && link->rendezvous != NULL)
		return datagram->size > 0;
	if (datagram->size < WIRE_DATAGRAM_MIN_UDP)
		return false;
	return link == NULL || may_be_from(link, datagram);
}

/* How many of the first ones came the same way and are as expected; 0: the first is not. */
static size_t find_run(const struct carrier *carrier, const struct datagram *datagrams, size_t count)
{
	size_t run = 0;

	while (run < count && datagrams[run].transport == datagrams[0].transport &&
	       address_equal(&datagrams[run].remote, &datagrams[0].remote) && is_expected(carrier, &datagrams[run]))
		run++;
	return run;
}

static size_t receive_run(struct endpoint *endpoint, usec_t now, const struct datagram *datagrams, size_t count)
{
	struct carrier *carrier = carrier_find(endpoint, datagrams[0].transport);
	size_t run = carrier != NULL ? find_run(carrier, datagrams, count) : 0;

	if (run == 0) {
		endpoint->dropped_datagrams++;
		return 1;
	}
	if (carrier->listener != NULL)
		receive_listener(endpoint, now, carrier->listener, datagrams, run);
	else
		receive_link(carrier->link, now, datagrams, run);
	return run;
}

void endpoint_receive(struct endpoint *endpoint, usec_t now, const struct datagram *datagrams, size_t count)
{
	endpoint->now = now;
	while (count > 0) {
		size_t run = receive_run(endpoint, now, datagrams, count);
		datagrams += run;
		count -= run;
	}
}

const struct config *endpoint_config_of(struct endpoint *endpoint, uint32_t transport, const struct address *remote,
                                        bool *is_stranger)
{
	struct carrier *carrier = carrier_find(endpoint, transport);
	struct link *link = NULL;

	if (carrier != NULL)
		link = carrier->link != NULL ? carrier->link : link_find_address(carrier->listener, remote);
	*is_stranger = link == NULL;
	if (link != NULL)
		return conn_config(link->conn);
	return carrier != NULL ? &carrier->listener->config : &endpoint->config;
}

void endpoint_receive_path_change(struct endpoint *endpoint, usec_t now, const struct path_change *change)
{
	struct carrier *carrier = carrier_find(endpoint, change->transport);

	endpoint->now = now;
	if (carrier == NULL || carrier->link == NULL)
		return;
	if (carrier->link->rendezvous != NULL)
		rendezvous_on_path_change(carrier->link->rendezvous, now, change);
	endpoint_settle(carrier->link, now);
}
