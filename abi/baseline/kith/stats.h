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
	kith_endpoint endpoint;
	/** Where it knocked, of an incoming one; 0 otherwise. */
	kith_listener listener;
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
	int64_t user_data;
	/** Microseconds from the call until it was connected; -1 before. */
	int64_t connect_time_us;
	struct kith_identity peer;
	struct kith_address local;
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
	/** How much arrivals waver, in microseconds; -1 unknown. */
	int64_t jitter_us;
	/** Part of the packets that arrive in order and good, 0-1; -1 unknown. As seen here: */
	double quality_local;
	/** As the peer sees it. */
	double quality_remote;
	double out_packets_per_second;
	double out_bytes_per_second;
	double in_packets_per_second;
	double in_bytes_per_second;
	/** Bytes per second that could be sent, as the congestion control sees it. */
	int64_t send_rate;
	/** Bytes of messages that have not left yet. */
	int64_t pending_reliable;
	int64_t pending_unreliable;
	/** Bytes that have left and are not acknowledged. */
	int64_t unacked_reliable;
	/** Microseconds until a message sent now would leave. */
	int64_t queue_time_us;
	/** Since the connection began. */
	uint64_t packets_sent;
	uint64_t packets_received;
	uint64_t bytes_sent;
	uint64_t bytes_received;
	/** Sent packets that were declared lost. */
	uint64_t packets_lost;
	/** Received packets that were duplicates, damaged or forged, and were dropped. */
	uint64_t packets_dropped;
};

/** Initial value of a struct kith_status. */
#define KITH_STATUS_INIT \
	{ \
		sizeof(struct kith_status), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_status_init(struct kith_status *status);

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

/** What protects a connection. */
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
};

/** Initial value of a struct kith_security. */
#define KITH_SECURITY_INIT \
	{ \
		sizeof(struct kith_security), 0, 0, 0, { 0 }, "" \
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

/** What protects a connection; as kith_connection_info(). Since 1.0. */
KITH_API kith_result kith_connection_security(kith_connection connection, struct kith_security *out_security);

KITH_END_DECLS

#endif
