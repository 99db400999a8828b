/* tcp_client: signals through a server of the trivial protocol, for an endpoint.
 *
 * Owns: one thread with one connection, coming back after each loss with growing pauses, and the
 * lines that wait meanwhile. Written against include/kith alone, as any plug-in would be.
 * Does not know: what a signal means.
 */
#ifndef SIGNALING_TCP_CLIENT_H
#define SIGNALING_TCP_CLIENT_H

#include <kith/signaling.h>

/* Opens `url` (tcp://HOST[:PORT]) for the endpoint and returns at once; the connection is made and
 * kept in the background, its state comes as KITH_EVENT_SIGNALING_STATE. The endpoint owns the
 * signaling; closing either ends the thread. KITH_E_INVALID or KITH_E_UNSUPPORTED: the URL, and
 * tcp_url_parse() says in words what is wrong with it. */
kith_result tcp_client_open(kith_endpoint endpoint, const char *url, kith_signaling *out);

#endif
