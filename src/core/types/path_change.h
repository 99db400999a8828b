/* path_change: news from a transport: it opened, learned a candidate, found or lost its way. */
#ifndef TYPES_PATH_CHANGE_H
#define TYPES_PATH_CHANGE_H

#include "core/base/usec.h"
#include "core/types/address.h"

enum path_change_kind {
	PATH_LOCAL_CANDIDATE, /* ICE: a candidate to tell the peer; `candidate` is the line */
	PATH_GATHERED,        /* ICE: no more candidates will come */
	PATH_READY,           /* ICE: a pair is selected (or another one is): route, local, remote, rtt */
	PATH_FAILED,          /* no way now; ICE may recover and send PATH_READY later. UDP: socket dead */
	PATH_IMPOSSIBLE,      /* ICE: it cannot work on this machine or as configured; `text` says why */
	PATH_SERVER,          /* ICE: a server gave no candidate: `result` and `text` say why */
	PATH_EXPIRING,        /* ICE: its relays will not be had for much longer; another session can have them */
};

/* The public KITH_ROUTE_* values. */
enum route_kind { ROUTE_NONE = 0, ROUTE_LOOPBACK = 1, ROUTE_LAN = 2, ROUTE_DIRECT = 3, ROUTE_RELAY = 4 };

#define CANDIDATE_LINE_MAX 256

struct path_change {
	uint32_t transport;
	enum path_change_kind kind;
	enum route_kind route;
	struct address local;
	struct address remote;
	bool whole;            /* PATH_READY: bursts that must not be cut are not */
	usec_t rtt;            /* of the selected pair's check; -1 unknown */
	const char *candidate; /* borrowed, NUL-terminated, < CANDIDATE_LINE_MAX */
	const char *text;      /* the same */
	int32_t result;        /* KITH_E_AUTH, _TIMEOUT, ... */
};

#endif
