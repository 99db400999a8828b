/* doctor_net: questions over UDP and TCP with an answer or a time limit.
 *
 * Owns: sockets, names of hosts, repeating a question that gets lost.
 * Does not know: what is asked.
 */
#ifndef CLI_DOCTOR_DOCTOR_NET_H
#define CLI_DOCTOR_DOCTOR_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

union doctor_net_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage storage;
};

enum { DOCTOR_NET_TEXT_MAX = 64, DOCTOR_NET_WHY_MAX = 128 };

/* HOST:PORT, of one family (AF_UNSPEC: either). False: `why` says why not. */
bool doctor_net_resolve(const char *text, int family, union doctor_net_address *out, char why[DOCTOR_NET_WHY_MAX]);
socklen_t doctor_net_length(const union doctor_net_address *address);
/* "1.2.3.4:5" or "[::1]:5". */
const char *doctor_net_print(char out[DOCTOR_NET_TEXT_MAX], const union doctor_net_address *address);
bool doctor_net_equal(const union doctor_net_address *a, const union doctor_net_address *b, bool with_port);

/* The address that datagrams to `remote` leave from. False: there is no way there. */
bool doctor_net_source(const union doctor_net_address *remote, union doctor_net_address *out);
/* A UDP socket of the family; -1: errno says why. */
int doctor_net_open_udp(int family);
/* A TCP connection within `limit_usec`; -1: `why` says why not. */
int doctor_net_open_tcp(const union doctor_net_address *remote, int64_t limit_usec, char why[DOCTOR_NET_WHY_MAX]);

/* Whether these bytes are the answer. */
typedef bool doctor_net_accept_fn(void *owner, const uint8_t *bytes, size_t size);

struct doctor_net_question {
	int fd;
	bool stream; /* TCP: the answer's length stands in it as in STUN */
	const union doctor_net_address *to;
	const uint8_t *bytes;
	size_t size;
	int64_t limit_usec;
	doctor_net_accept_fn *accept;
	void *owner;
};

/* Asks, over UDP up to three times. Returns how long the answer took in microseconds, -1: there was none. */
int64_t doctor_net_ask(const struct doctor_net_question *question);

#endif
