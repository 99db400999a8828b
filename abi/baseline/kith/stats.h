/* kith/stats.h: what is known about a connection: what it is, how it fares, what protects it. */
#ifndef KITH_STATS_H
#define KITH_STATS_H

#include <kith/identity.h>

KITH_BEGIN_DECLS

/** What a connection is. */
struct kith_info {
	/** sizeof(struct kith_info) of the caller. */
	uint32_t struct_size;
	/** KITH_STATE_*. */
	int32_t state;
	/** Whose connection it is. */
	kith_endpoint endpoint;
	/** Where it knocked, of an incoming one; 0 otherwise. */
	kith_listener listener;
	/** The poll group it is in; 0: none. */
	kith_poll_group poll_group;
	/** 1: the peer called us; 0: we called. */
	int32_t incoming;
	/** The virtual port of a peer-to-peer connection, else -1. */
	int32_t virtual_port;
	/** KITH_ROUTE_*. */
	int32_t route;
	/** Why it ended: KITH_REASON_* or any number of the peer's; 0 while it lives. */
	int32_t reason;
	/** 1: the peer's library is GNS, or does not say what it is. */
	int32_t peer_is_gns;
	/** What the application attached. */
	int64_t user_data;
	/** Microseconds from the call until it was connected; -1 before. */
	int64_t connect_time_us;
	/** Who is at the other end, as far as it is known. */
	struct kith_identity peer;
	/** The address here, where it is known. */
	struct kith_address local;
	/** The address of the peer, or of its relay. */
	struct kith_address remote;
	/** Why it ended, in words; may be empty. */
	char text[128];
	/** The name given to it; cut to fit. */
	char name[64];
};

/** Initial value of a struct kith_info. */
#define KITH_INFO_INIT \
	{ \
		sizeof(struct kith_info), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, KITH_IDENTITY_INIT, KITH_ADDRESS_INIT, \
			KITH_ADDRESS_INIT, "", "" \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_info_init(struct kith_info *info);

/** How a connection fares now. */
struct kith_status {
	/** sizeof(struct kith_status) of the caller. */
	uint32_t struct_size;
	/** KITH_STATE_*. */
	int32_t state;
	/** Round trip, smoothed, in microseconds; -1 unknown. */
	int64_t ping_us;
	/**
	 * The highest jitter since this function was last asked about the connection, in microseconds: by
	 * how much the time between two packets of the peer differed here from what it was there. -1: none
	 * was measured; GNS peers tell the times only when they are set to.
	 */
	int64_t jitter_us;
	/** Part of the peer's packets that arrive here, and in order, 0-1; -1 unknown. */
	double quality_local;
	/** The same of our packets, as the peer told last; -1 when it has not. */
	double quality_remote;
	/** Rates of the last five seconds or so; packets with all that is around messages. */
	double out_packets_per_second;
	/** See `out_packets_per_second`. */
	double out_bytes_per_second;
	/** See `out_packets_per_second`. */
	double in_packets_per_second;
	/** See `out_packets_per_second`. */
	double in_bytes_per_second;
	/** Bytes per second that could be sent, as the congestion control sees it. */
	int64_t send_rate;
	/** Bytes of messages that have not left yet, or were lost and will leave again. */
	int64_t pending_reliable;
	/** See `pending_reliable`. */
	int64_t pending_unreliable;
	/** Bytes that have left, and are neither acknowledged nor lost. */
	int64_t unacked_reliable;
	/** Microseconds until a message sent now would leave. */
	int64_t queue_time_us;
	/** Since the connection began. */
	uint64_t packets_sent;
	/** Since the connection began. */
	uint64_t packets_received;
	/** Since the connection began. */
	uint64_t bytes_sent;
	/** Since the connection began. */
	uint64_t bytes_received;
	/** Sent packets that were declared lost. */
	uint64_t packets_lost;
	/** Received packets that were duplicates, damaged or forged, and were dropped. */
	uint64_t packets_dropped;
	/** The shortest round trip of the last ten seconds or so, in microseconds; -1 unknown. */
	int64_t ping_min_us;
	/** How far round trips are from their mean, in microseconds; -1 unknown. */
	int64_t ping_deviation_us;
	/** Part of the peer's packets that do not arrive, 0-1; -1 unknown. */
	double loss_local;
	/** The same of our packets, as the peer told last. */
	double loss_remote;
	/** What the peer measures, as it told last; -1 unknown. */
	int64_t ping_remote_us;
	/** The same as the peer sees it; -1 unknown. */
	int64_t jitter_remote_us;
	/** Microseconds since the peer told; -1: it has not. Peers tell every 20 to 30 seconds. */
	int64_t remote_age_us;
	/** Messages that have arrived and were taken by nobody yet, and their bytes. */
	int64_t unread_messages;
	/** See `unread_messages`. */
	int64_t unread_bytes;
	/** Since the connection began. */
	uint64_t messages_sent;
	/** See `messages_sent`. */
	uint64_t messages_received;
	/** Unreliable messages, of either side, that were given up before they were complete. */
	uint64_t messages_dropped;
	/** Our messages that were dropped unsent because their time to live was over. */
	uint64_t messages_expired;
	/** Sequenced messages of the peer that came after a newer one, and were dropped. */
	uint64_t messages_late;
	/**
	 * Bytes of the largest packet that carries messages on this path: what the path was found to take, or
	 * MTU_PacketSize as long as that was not asked. Changes with the path.
	 */
	int64_t packet_size;
};

/** Initial value of a struct kith_status. */
#define KITH_STATUS_INIT \
	{ \
		sizeof(struct kith_status), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
			0, 0, 0, 0, 0, 0, 0, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_status_init(struct kith_status *status);

/** How one lane of a connection fares now. */
struct kith_lane_status {
	/** sizeof(struct kith_lane_status) of the caller. */
	uint32_t struct_size;
	/** Which one. */
	int32_t lane;
	/** As the fields of struct kith_status, of this lane. */
	int64_t pending_reliable;
	/** See `pending_reliable`. */
	int64_t pending_unreliable;
	/** Bytes that have left and are not acknowledged. */
	int64_t unacked_reliable;
	/**
	 * Microseconds until a message sent on this lane now would leave, given what waits on it, on lanes
	 * of higher priority, and on those it shares the connection with by weight.
	 */
	int64_t queue_time_us;
};

/** Initial value of a struct kith_lane_status. */
#define KITH_LANE_STATUS_INIT \
	{ \
		sizeof(struct kith_lane_status), 0, 0, 0, 0, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_lane_status_init(struct kith_lane_status *status);

/* Every side, once: X(name, number). */
#define KITH_SIDE_MAP(X) \
	X(LOCAL, 0) \
	X(REMOTE, 1)

/** Whose statistics. */
enum {
	/** What this end measured. */
	KITH_SIDE_LOCAL = 0,
	/** What the peer measured and told last: "sent" is what the peer sent. Believe it as far as the peer. */
	KITH_SIDE_REMOTE = 1
};

/* Every histogram, once: X(name, number). */
#define KITH_HISTOGRAM_MAP(X) \
	X(PING, 0) \
	X(QUALITY, 1) \
	X(JITTER, 2)

/** The histograms of struct kith_statistics, for kith_histogram_bucket(). */
enum { KITH_HISTOGRAM_PING = 0, KITH_HISTOGRAM_QUALITY = 1, KITH_HISTOGRAM_JITTER = 2 };

/** How many buckets and percentiles there are. */
#define KITH_PING_BUCKETS 9
#define KITH_QUALITY_BUCKETS 9
#define KITH_JITTER_BUCKETS 6
#define KITH_PING_PERCENTILES 5
#define KITH_QUALITY_PERCENTILES 4

/** How a connection has fared since it was made, and in the last seconds, as one end of it sees it. */
struct kith_statistics {
	/** sizeof(struct kith_statistics) of the caller. */
	uint32_t struct_size;
	/** KITH_SIDE_*. */
	int32_t side;
	/** How old the fields up to jitter_us are, in microseconds: 0 of our own; -1: the peer has not told. */
	int64_t rates_age_us;
	/** Rates of this side. */
	double out_packets_per_second;
	/** See `out_packets_per_second`. */
	double out_bytes_per_second;
	/** See `out_packets_per_second`. */
	double in_packets_per_second;
	/** See `out_packets_per_second`. */
	double in_bytes_per_second;
	/** Round trip in microseconds; -1 unknown. */
	int64_t ping_us;
	/** Parts of the other end's packets, 0-1, -1 unknown: that did not arrive, */
	double loss;
	/** and that were out of order, doubled or far too late. */
	double disorder;
	/** The highest of the interval, in microseconds; -1 unknown. */
	int64_t jitter_us;
	/** How old the fields below are, in microseconds: 0 of our own; -1: the peer has not told. */
	int64_t lifetime_age_us;
	/** Since it was connected; whole seconds; -1 unknown. */
	int64_t connected_us;
	/** Since the connection began. */
	uint64_t packets_sent;
	/** Since the connection began. */
	uint64_t bytes_sent;
	/** Since the connection began. */
	uint64_t packets_received;
	/** Since the connection began. */
	uint64_t bytes_received;
	/** Received packets with a number, duplicates too; all of them, between today's peers. */
	uint64_t packets_sequenced;
	/** Of the other end's packets: missing, */
	uint64_t packets_lost;
	/** behind a later one, */
	uint64_t packets_out_of_order;
	/** the same, but put right before it mattered (a GNS peer counts so), */
	uint64_t packets_out_of_order_corrected;
	/** come twice, */
	uint64_t packets_duplicate;
	/** with a number that jumps, or come so late that nobody knows whether it came before. */
	uint64_t packets_lurch;
	/** How many round trips took up to 25, 50, 75, 100, 125, 150, 200, 300 milliseconds, and longer. */
	uint64_t ping_histogram[KITH_PING_BUCKETS];
	/**
	 * How many intervals of five seconds were perfect; at least 99, 97, 95, 90, 75, 50 per cent good;
	 * worse; and dead.
	 */
	uint64_t quality_histogram[KITH_QUALITY_BUCKETS];
	/** How many packets were early or late by less than 1, 2, 5, 10, 20 milliseconds, and more. */
	uint64_t jitter_histogram[KITH_JITTER_BUCKETS];
	/** This many microseconds or less took 5, 50, 75, 95, 98 per cent of round trips; -1: too few yet. */
	int64_t ping_percentiles_us[KITH_PING_PERCENTILES];
	/** This good (0-1) or worse were 2, 5, 25, 50 per cent of the intervals; -1: too few yet. */
	double quality_percentiles[KITH_QUALITY_PERCENTILES];
};

/** Initial value of a struct kith_statistics. */
#define KITH_STATISTICS_INIT \
	{ \
		sizeof(struct kith_statistics), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, { 0 }, \
			{ 0 }, { 0 }, { 0 }, \
		{ \
			0 \
		} \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_statistics_init(struct kith_statistics *statistics);

/* Every proof, once: X(name, number). */
#define KITH_PROOF_MAP(X) \
	X(NOTHING, 0) \
	X(CERTIFICATE, 1) \
	X(KEY, 2)

/** What proves that a peer is who it says. */
enum {
	/** Its word. */
	KITH_PROOF_NOTHING = 0,
	/** A certificate of a root that this endpoint trusts. */
	KITH_PROOF_CERTIFICATE = 1,
	/** Its identity names its key, and it has that key. */
	KITH_PROOF_KEY = 2
};

/* Every doubt, once: X(name, number). */
#define KITH_DOUBT_MAP(X) \
	X(NONE, 0) \
	X(UNSIGNED, 1) \
	X(UNTRUSTED, 2) \
	X(FORGED, 3) \
	X(EXPIRED, 4) \
	X(NOT_YET_VALID, 5) \
	X(REVOKED, 6) \
	X(AUTHORITY_EXPIRED, 7) \
	X(AUTHORITY_NOT_YET, 8) \
	X(AUTHORITY_REVOKED, 9) \
	X(CHAIN_TOO_LONG, 10) \
	X(WRONG_IDENTITY, 11) \
	X(WRONG_KEY, 12) \
	X(WRONG_APP, 13) \
	X(AUTHORITY_WRONG_APP, 14) \
	X(NOT_A_KEY, 15) \
	X(ANONYMOUS, 16) \
	X(NO_IDENTITY, 17) \
	X(NO_APP, 18) \
	X(MALFORMED, 19)

/** What speaks against a certificate. Where proof is demanded it ends the connection. */
enum {
	KITH_DOUBT_NONE = 0,
	/** No authority has signed it. */
	KITH_DOUBT_UNSIGNED = 1,
	/** An authority has signed it that leads to no root of ours. */
	KITH_DOUBT_UNTRUSTED = 2,
	/** The authority that it names did not sign it. */
	KITH_DOUBT_FORGED = 3,
	KITH_DOUBT_EXPIRED = 4,
	/** It was made later than five minutes from now. */
	KITH_DOUBT_NOT_YET_VALID = 5,
	/** Its key is on our list. */
	KITH_DOUBT_REVOKED = 6,
	/** The same of an authority above it. */
	KITH_DOUBT_AUTHORITY_EXPIRED = 7,
	KITH_DOUBT_AUTHORITY_NOT_YET = 8,
	KITH_DOUBT_AUTHORITY_REVOKED = 9,
	/** More than five authorities are above it. */
	KITH_DOUBT_CHAIN_TOO_LONG = 10,
	/** It is not for the one we take the peer for. */
	KITH_DOUBT_WRONG_IDENTITY = 11,
	/** The identity is a key, and the peer has another. */
	KITH_DOUBT_WRONG_KEY = 12,
	/** It does not list our application. */
	KITH_DOUBT_WRONG_APP = 13,
	/** An authority above it may not vouch for our application. */
	KITH_DOUBT_AUTHORITY_WRONG_APP = 14,
	/** A key was demanded, and the identity is none. */
	KITH_DOUBT_NOT_A_KEY = 15,
	/** Proof was demanded, and the peer says not even who it is. */
	KITH_DOUBT_ANONYMOUS = 16,
	/** It is signed and names no identity: an authority's, not a peer's. */
	KITH_DOUBT_NO_IDENTITY = 17,
	/** It names an identity and no application. */
	KITH_DOUBT_NO_APP = 18,
	KITH_DOUBT_MALFORMED = 19
};

/** What protects a connection. Of one that was refused: why. */
struct kith_security {
	/** sizeof(struct kith_security) of the caller. */
	uint32_t struct_size;
	/** 1: nobody on the way can read or change what is sent. */
	int32_t encrypted;
	/** KITH_PROOF_*. */
	int32_t proof;
	/** 1: `peer_key` is set. */
	int32_t has_peer_key;
	/** The peer's Ed25519 public key. */
	uint8_t peer_key[32];
	/** "AES-256-GCM" or "none". */
	char cipher[32];
	/** 1: a root that we trust vouches for the peer; also when the proof is its key. */
	int32_t certified;
	/** KITH_DOUBT_*: why not, or why the connection was refused; kith_doubt_text() says it in words. */
	int32_t doubt;
	/** What the peer's certificate says, when it was taken. Key ids: of its signer, and of the root that the
	 * chain ends at (0 unless certified). */
	uint64_t issuer;
	/** See there; 0: none. */
	uint64_t root;
	/** Microseconds since 1970, UTC; 0: it does not say. */
	int64_t created_unix_us;
	/** The last moment at which it counts, in microseconds since 1970; 0: none. */
	int64_t expires_unix_us;
	/** Who it is for; none: anybody. */
	struct kith_identity certificate_identity;
};

/** Initial value of a struct kith_security. */
#define KITH_SECURITY_INIT \
	{ \
		sizeof(struct kith_security), 0, 0, 0, { 0 }, "", 0, 0, 0, 0, 0, 0, KITH_IDENTITY_INIT \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_security_init(struct kith_security *security);

/**
 * What a connection is. Also of a closed one, until its handle is gone.
 *
 * @param out_info  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or struct_size too small
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_info(kith_connection connection, struct kith_info *out_info);

/** How a connection fares now; as kith_connection_info(). Since 1.0. */
KITH_API kith_result kith_connection_status(kith_connection connection, struct kith_status *out_status);

/**
 * How one lane of a connection fares now.
 *
 * @param lane        0-254, below what kith_connection_set_lanes() set
 * @param out_status  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, struct_size too small, or no such lane
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_lane_status(kith_connection connection, int32_t lane,
                                                 struct kith_lane_status *out_status);

/**
 * How a connection has fared since it was made.
 *
 * @param side            KITH_SIDE_*
 * @param out_statistics  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, struct_size too small, or no such side;
 *         KITH_E_NOT_FOUND: the peer has told nothing yet. It tells rates every 20 to 30 seconds and the
 *         rest every 2 minutes, if there is traffic
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_statistics(kith_connection connection, int32_t side,
                                                struct kith_statistics *out_statistics);

/**
 * What a bucket of a histogram stands for, for people: "26-50 ms". Static, never null; empty when there
 * is no such bucket. Any thread. Since 1.0.
 *
 * @param histogram  KITH_HISTOGRAM_*
 * @param bucket     from 0
 */
KITH_API const char *kith_histogram_bucket(int32_t histogram, int32_t bucket);

/** What protects a connection; as kith_connection_info(). Since 1.0. */
KITH_API kith_result kith_connection_security(kith_connection connection, struct kith_security *out_security);

/**
 * The name of a doubt without "KITH_DOUBT_", e.g. "EXPIRED"; "UNKNOWN" for a number that is none.
 * Static, never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_doubt_name(int32_t doubt);

/**
 * One line of English that says what a doubt is; it is also the text that a refused peer gets. Empty for
 * none. Static, never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_doubt_text(int32_t doubt);

KITH_END_DECLS

#endif
