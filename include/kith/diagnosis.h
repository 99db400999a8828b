/* kith/diagnosis.h: why a connection does not work, and all about one in words.
 *
 * A connection that ends badly says at which stage: in the event that tells its end, and with
 * kith_connection_diagnosis() together with what was tried. docs/troubleshooting.md goes from each
 * stage to its usual causes, and `kith doctor` checks them one by one.
 */
#ifndef KITH_DIAGNOSIS_H
#define KITH_DIAGNOSIS_H

#include <kith/events.h>

KITH_BEGIN_DECLS

/* Every stage, once: X(name, number, text). */
#define KITH_STAGE_MAP(X) \
	X(NONE, 0, "nothing is wrong") \
	X(LOCAL, 1, "this machine cannot do it: no socket, address or descriptor") \
	X(SIGNALING, 2, "no signaling service can be reached") \
	X(PEER_SILENT, 3, "the peer does not answer") \
	X(NOT_ACCEPTED, 4, "the application on the other side, or this one, did not accept in time") \
	X(REFUSED, 5, "the application on the other side refused") \
	X(CERTIFICATE, 6, "the identity could not be proved") \
	X(VERSION, 7, "the two sides speak versions that do not fit") \
	X(RELAY, 8, "the TURN server gives no relay") \
	X(UDP_BLOCKED, 9, "UDP does not get through to any server") \
	X(NO_PATH, 10, "no pair of addresses works") \
	X(TIMEOUT, 11, "the contact was lost") \
	X(PROTOCOL, 12, "the peer broke the protocol") \
	X(CLOSED, 13, "it was ended as planned")

/** Where a connection failed, or would if it failed now. */
enum {
	/** It works, or has just begun. */
	KITH_STAGE_NONE = 0,
	/** No socket, no usable address, no descriptor, nothing that the configuration allows. */
	KITH_STAGE_LOCAL = 1,
	/** Signals cannot leave: every signaling service of the endpoint has failed. */
	KITH_STAGE_SIGNALING = 2,
	/**
	 * Requests leave and nothing comes back. Peer to peer: nobody of that identity is at the signaling
	 * service, or listens on that virtual port, or its application does not accept. By address: nobody
	 * listens there, or a firewall drops the packets.
	 */
	KITH_STAGE_PEER_SILENT = 3,
	/** The other side is there, but an application let the request expire. */
	KITH_STAGE_NOT_ACCEPTED = 4,
	/** The other application said no; `reason` and `text` are its own. */
	KITH_STAGE_REFUSED = 5,
	/** A certificate, key or identity was refused, by this side or the other; the text says why. */
	KITH_STAGE_CERTIFICATE = 6,
	/** One side speaks a version of the protocol that is too old for the other. */
	KITH_STAGE_VERSION = 7,
	/** A TURN server refused the user or the password, or gave nothing, and nothing else works. */
	KITH_STAGE_RELAY = 8,
	/** Both sides agree, but no STUN or TURN server answers over UDP, and nothing else works. */
	KITH_STAGE_UDP_BLOCKED = 9,
	/** Both sides agree, but no pair of their addresses works. */
	KITH_STAGE_NO_PATH = 10,
	/** It was connected, and then nothing came any more. */
	KITH_STAGE_TIMEOUT = 11,
	/** What came from the peer made no sense. */
	KITH_STAGE_PROTOCOL = 12,
	/** The peer ended it, or knows nothing of it any more. */
	KITH_STAGE_CLOSED = 13
};

/** How a connection was made, or how far that got. */
struct kith_diagnosis {
	/** sizeof(struct kith_diagnosis) of the caller. */
	uint32_t struct_size;
	/** KITH_STAGE_*. */
	int32_t stage;
	/** KITH_STATE_*. */
	int32_t state;
	/** Why it ended, KITH_REASON_* or any number of the peer's; 0 while it lives. */
	int32_t reason;
	/** Microseconds from the call until it ended, or until now. */
	int64_t elapsed_us;
	/** 1: both sides accepted. */
	int32_t agreed;
	/** 1: it was connected, at some time. */
	int32_t connected;
	/** By address: datagrams that asked for an answer, and whether (1) anything answered there. */
	int32_t requests_sent;
	/** 1: anything answered there. */
	int32_t reachable;
	/** Signaling services of the endpoint, and how many of them were connected, or told no state. */
	int32_t signalings;
	/** How many of them are connected. */
	int32_t signalings_connected;
	/** Signals of this connection. */
	int32_t signals_sent;
	/** Signals that came from the peer. */
	int32_t signals_received;
	/** ICE candidates the peer was told: addresses of this machine, as seen by a STUN server, of relays. */
	int32_t local_host;
	/** See `local_host`. */
	int32_t local_public;
	/** See `local_host`. */
	int32_t local_relay;
	/** And those the peer told. */
	int32_t remote_host;
	/** See `remote_host`. */
	int32_t remote_public;
	/** See `remote_host`. */
	int32_t remote_relay;
	/** 1: a pair of candidates worked, at some time. */
	int32_t pair_found;
	/** STUN and TURN servers that did not answer, refused user or password, failed otherwise. */
	int32_t servers_silent;
	/** Those that refused user or password. */
	int32_t servers_refused;
	/** Those that failed otherwise. */
	int32_t servers_failed;
	/** 0. */
	int32_t reserved;
	/** One line: what is wrong. UTF-8, may be empty. */
	char summary[256];
	/** What was tried, several lines, each ended by a newline. */
	char text[2048];
};

/** Initial value of a struct kith_diagnosis. */
#define KITH_DIAGNOSIS_INIT \
	{ \
		sizeof(struct kith_diagnosis), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", "" \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_diagnosis_init(struct kith_diagnosis *diagnosis);

/**
 * Why a connection failed, or how far it is. Also of a closed one, until its handle is gone: ask before
 * the next event is taken.
 *
 * @param out_diagnosis  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or struct_size too small
 *
 * Any thread. Since 1.0. Example:
 *
 *     struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
 *     if (event.state == KITH_STATE_PROBLEM_DETECTED_LOCALLY &&
 *         kith_connection_diagnosis(event.connection, &diagnosis) == KITH_OK)
 *             fprintf(stderr, "%s\n%s", diagnosis.summary, diagnosis.text);
 */
KITH_API kith_result kith_connection_diagnosis(kith_connection connection, struct kith_diagnosis *out_diagnosis);

/**
 * The same of the session with a peer (<kith/messages.h>), of its last connection.
 *
 * @param peer           borrows
 * @param out_diagnosis  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_NOT_FOUND: there is no session; KITH_E_INVALID: null or struct_size too small;
 *         KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_messages_diagnosis(kith_endpoint endpoint, const struct kith_identity *peer,
                                             struct kith_diagnosis *out_diagnosis);

/**
 * The name of a stage without "KITH_STAGE_", e.g. "NO_PATH"; "UNKNOWN" for a number that is none. Static,
 * never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_stage_name(int32_t stage);

/**
 * One line of English that explains a stage. Never null; static. Any thread. Since 1.0.
 */
KITH_API const char *kith_stage_text(int32_t stage);

/** What a text about a connection leaves out; combined with |. */
enum {
	/** IP addresses and names of servers: kinds of addresses are told instead. */
	KITH_HIDE_ADDRESSES = 1
};

/** Room that always suffices for kith_connection_report(). */
#define KITH_REPORT_SIZE_MAX 16384

/** Room that always suffices for kith_connection_route(). */
#define KITH_ROUTE_TEXT_MAX 256

/**
 * All that is known of a connection, many lines for people: to be put into a report about a fault.
 * Identities, route, times, security, rates and histograms of both ends, options that are not the
 * default, what was tried. It has no secrets: no private keys, no passwords, no names of users of
 * servers. Its form may change.
 *
 * @param hide      KITH_HIDE_*; 0: nothing
 * @param buffer    gets the text and a NUL; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; KITH_REPORT_SIZE_MAX always suffices
 * @param out_size  may be null; gets the bytes needed, with the NUL
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: an unknown bit, or null; KITH_E_TOO_LARGE: the buffer is
 *         too small
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_report(kith_connection connection, uint32_t hide, char *buffer, size_t capacity,
                                            size_t *out_size);

/**
 * The way that a connection's data takes, one line for people: "direct, 192.0.2.7:40312 to
 * 198.51.100.9:53127, by ICE". "none yet" before there is one.
 *
 * @param hide      KITH_HIDE_*; 0: nothing
 * @param buffer    gets the text and a NUL; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; KITH_ROUTE_TEXT_MAX always suffices
 * @param out_size  may be null; gets the bytes needed, with the NUL
 * @return as kith_connection_report()
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_route(kith_connection connection, uint32_t hide, char *buffer, size_t capacity,
                                           size_t *out_size);

KITH_END_DECLS

#endif
