/* wire: every number that docs/wire.md fixes.
 *
 * Owns: lead bytes, sizes, versions, end reasons, capability bits, bounds on what a peer can send.
 * Does not know: how any of it is used. A limit that only one codec has stands in its header.
 */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

/* --- "Datagrams" */
#define WIRE_DATAGRAM_MAX 1300      /* largest UDP payload sent without path-MTU probing */
#define WIRE_DATAGRAM_MAX_IPV4 1472 /* with it: what Ethernet holds */
#define WIRE_DATAGRAM_MAX_IPV6 1452
#define WIRE_MTU_MIN 200        /* the smallest that may be configured */
#define WIRE_DATAGRAM_MIN_UDP 5 /* shorter ones are dropped on plain UDP */
#define WIRE_PADDED_MIN 512     /* asks must be as large as answers, so nobody is amplified */
#define WIRE_PACKET_HEADER_SIZE 7
#define WIRE_TAG_SIZE 16      /* AES-256-GCM */
#define WIRE_PAYLOAD_MAX 1300 /* largest plaintext a GNS peer can take */

enum wire_lead {
	WIRE_LEAD_CHALLENGE_REQUEST = 0x20,
	WIRE_LEAD_CHALLENGE_REPLY = 0x21,
	WIRE_LEAD_CONNECT_REQUEST = 0x22,
	WIRE_LEAD_CONNECT_OK = 0x23,
	WIRE_LEAD_CONNECTION_CLOSED = 0x24,
	WIRE_LEAD_NO_CONNECTION = 0x25,
	WIRE_LEAD_DATA = 0x80, /* and every byte above it */
};
#define WIRE_DATA_HAS_STATS 0x01
#define WIRE_DATA_HAS_SPACING 0x02

/* --- "Versions" */
#define WIRE_VERSION 13
#define WIRE_VERSION_MIN 8
#define WIRE_VERSION_IMPLICIT_PACKET 10 /* the handshake counts as packet 1 */
#define WIRE_VERSION_LANES 11
#define WIRE_VERSION_SPACING 12
#define WIRE_VERSION_ACK_WIDTH 13 /* below it only the 16-bit ack form is understood */

/* --- "Handshake" */
#define WIRE_PING_MAX_MS 1500   /* a larger hint in a connect request is ignored */
#define WIRE_DEBUG_TEXT_MAX 127 /* bytes of a close text that are kept */

/* --- "Session crypt info" */
#define WIRE_KEY_SIZE 32 /* Ed25519 and X25519 public keys */
#define WIRE_SIGNATURE_SIZE 64
#define WIRE_CHAIN_FIELD 1500             /* of SignedCert: authorities between the signer and a root */
#define WIRE_REQUEST_SIGNATURE_FIELD 1500 /* of CertRequest: its key signs it */
enum wire_cipher {
	WIRE_CIPHER_NONE = 1,
	WIRE_CIPHER_AES_256_GCM = 2,
};

/* --- "Capabilities": bits of field 1500 of the session crypt info; absent means none, a GNS peer */
#define WIRE_CAPABILITIES_FIELD 1500
#define WIRE_CAPABILITY_PATH_CHALLENGE (UINT64_C(1) << 0)
#define WIRE_CAPABILITY_LARGE_PACKETS (UINT64_C(1) << 1)
#define WIRE_CAPABILITY_SEQUENCED (UINT64_C(1) << 2)
#define WIRE_CAPABILITY_ICE_RESTART (UINT64_C(1) << 3)
#define WIRE_CAPABILITY_PING_LOCATION (UINT64_C(1) << 4)
#define WIRE_CAPABILITY_WINDOW (UINT64_C(1) << 5)

/* --- "Frames" */
#define WIRE_LANE_MAX 255
#define WIRE_LANE_MAX_GNS 7 /* the highest a GNS peer can send on */
#define WIRE_MESSAGE_SIZE_MAX 524288
#define WIRE_UNRELIABLE_SIZE_MAX 16500    /* larger unreliable messages travel as reliable ones */
#define WIRE_UNRELIABLE_END_MAX 26000     /* offset + size; beyond it a segment is ignored */
#define WIRE_SEGMENT_SIZE_MAX 1300        /* an unreliable segment larger than that is ignored */
#define WIRE_SEGMENTS_MAX 1300            /* per packet */
#define WIRE_NUMBER_INCREMENT_MAX 1000000 /* message number step in the reliable stream */
#define WIRE_NUMBER_LURCH_MAX 10000       /* message number ahead of the highest seen */
#define WIRE_PACKET_JUMP_MAX 0x4000       /* packet number ahead of the highest received */

/* --- "Stats" */
#define WIRE_STATS_ACK_REQUEST 2u     /* acknowledge within 50 ms */
#define WIRE_STATS_ACK_IMMEDIATE 4u   /* together with it: at once */
#define WIRE_STATS_PADDING_FIELD 1500 /* bytes that only make a probe packet large */
#define WIRE_STATS_NOT_PRIMARY 16u    /* the sender's data does not take this path */
#define WIRE_SPACING_USEC 16          /* the unit of the spacing field, */
#define WIRE_SPACING_USEC_MAX 250000  /* and what makes no sense to tell */

/* --- "Rendezvous" */
#define WIRE_PORT_NONE (-1)
#define WIRE_PORT_MESSAGES 0x7fffffff
#define WIRE_RENDEZVOUS_ENTRIES_MAX 256 /* reliable entries read of one signal */
#define WIRE_RENDEZVOUS_APPS_MAX 64     /* application messages read of one signal */

/* --- "End reasons" */
enum end_reason {
	END_REASON_NONE = 0,
	END_REASON_APP_MIN = 1000,
	END_REASON_APP_SESSION_CLOSED = 1001, /* Messages interface */
	END_REASON_APP_SESSION_IDLE = 1002,   /* Messages interface */
	END_REASON_APP_MAX = 1999,
	END_REASON_APP_EXCEPTION_MIN = 2000,
	END_REASON_APP_EXCEPTION_MAX = 2999, /* also: the process ends */
	END_REASON_LOCAL_OFFLINE = 3001,
	END_REASON_LOCAL_NETWORK_CONFIG = 3004,
	END_REASON_LOCAL_RIGHTS = 3005,
	END_REASON_LOCAL_NO_PUBLIC_ADDRESS = 3006,
	END_REASON_REMOTE_TIMEOUT = 4001,
	END_REASON_BAD_CRYPT = 4002,
	END_REASON_BAD_CERTIFICATE = 4003,
	END_REASON_BAD_VERSION = 4006,
	END_REASON_REMOTE_NO_PUBLIC_ADDRESS = 4007,
	END_REASON_GENERIC = 5001,
	END_REASON_INTERNAL = 5002, /* every violation of the frame rules */
	END_REASON_TIMEOUT = 5003,
	END_REASON_RENDEZVOUS_FAILED = 5008,
	END_REASON_NAT_FIREWALL = 5009,
	END_REASON_PEER_NO_CONNECTION = 5010,
	END_REASON_SIGNAL_NO_CONNECTION = 9999, /* in signals only; never answered */
};

#endif
