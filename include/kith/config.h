/* kith/config.h: options. Each has a number, a name, a type, a range and a default.
 *
 * An option can be set for the whole library (object KITH_NO_HANDLE), an endpoint, a listener or a
 * connection, when it is made and at any time after. What is set counts for everything below that
 * has not set the option itself: endpoints below the library, listeners and connections below their
 * endpoint, incoming connections below their listener. Some options are fixed once a connection has
 * started. Names that GNS has too mean the same here.
 */
#ifndef KITH_CONFIG_H
#define KITH_CONFIG_H

#include <kith/types.h>

KITH_BEGIN_DECLS

/** The type of an option. */
enum {
	/** In an entry: the option's own type, read from `string`. */
	KITH_TYPE_TEXT = 0,
	KITH_TYPE_INT32 = 1,
	KITH_TYPE_INT64 = 2,
	/** A double; kept with the precision of a float. */
	KITH_TYPE_FLOAT = 3,
	KITH_TYPE_STRING = 4
};

/**
 * The options' numbers. They never change; those a newer library has too can be enumerated with
 * kith_config_describe(). Ranges and defaults are in docs/config.md and kith_config_describe().
 */
enum {
	KITH_CONFIG_NONE = 0,
	/** Milliseconds until a connection that is being made has to be connected. 0: no limit. */
	KITH_CONFIG_TIMEOUT_INITIAL = 1,
	/** Milliseconds without any packet that end a connection, from the first unanswered question on. 0: no limit. */
	KITH_CONFIG_TIMEOUT_CONNECTED = 2,
	/** Milliseconds that a close with linger may go on sending what is queued, at most. */
	KITH_CONFIG_LINGER_TIMEOUT = 3,
	/** Milliseconds without a packet after which a peer that was found by signals is asked whether it lives. */
	KITH_CONFIG_PROBE_INTERVAL = 4,
	/** Microseconds that a small message may wait for others to share its packet. */
	KITH_CONFIG_NAGLE_TIME = 5,
	/** Bytes queued or unacknowledged before sending answers KITH_E_AGAIN. */
	KITH_CONFIG_SEND_BUFFER_SIZE = 6,
	/** Bytes received and not read yet. */
	KITH_CONFIG_RECV_BUFFER_SIZE = 7,
	/** Messages received and not read yet. */
	KITH_CONFIG_RECV_BUFFER_MESSAGES = 8,
	/** Bytes; a larger message ends the connection. */
	KITH_CONFIG_RECV_MAX_MESSAGE_SIZE = 9,
	/** Segments of messages in one packet; what a packet has beyond is not taken. */
	KITH_CONFIG_RECV_MAX_SEGMENTS_PER_PACKET = 10,
	/** Bytes asked of the system for each UDP socket and direction. */
	KITH_CONFIG_UDP_BUFFER_SIZE = 11,
	/** Bytes per second, the least the congestion control goes down to. */
	KITH_CONFIG_SEND_RATE_MIN = 12,
	/** Bytes per second, the most; or the fixed rate. */
	KITH_CONFIG_SEND_RATE_MAX = 13,
	/** 0: by delivery rate and round-trip time; 1: fixed at KITH_CONFIG_SEND_RATE_MAX. */
	KITH_CONFIG_CONGESTION_CONTROL = 14,
	/** Bytes of the largest UDP payload sent. */
	KITH_CONFIG_MTU_PACKET_SIZE = 15,
	/** 1: packets carry the time since the one before, for jitter; 0: not; -1: not to GNS peers. */
	KITH_CONFIG_SEND_TIME_SINCE_PREVIOUS_PACKET = 16,
	/** Peers by address without a trusted certificate: 0 refuse, 1 warn, 2 accept. */
	KITH_CONFIG_IP_ALLOW_WITHOUT_AUTH = 17,
	/** The same for peers on this machine. */
	KITH_CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH = 18,
	/** 0 always encrypted, 1 unencrypted if the peer insists, 2 if it allows, 3 only unencrypted. */
	KITH_CONFIG_UNENCRYPTED = 19,
	/** 1: when both sides call each other, the calls become one connection. */
	KITH_CONFIG_SYMMETRIC_CONNECT = 20,
	/** The virtual port a call comes from; -1: the one it goes to. */
	KITH_CONFIG_LOCAL_VIRTUAL_PORT = 21,
	/** "host:port", several with commas. */
	KITH_CONFIG_P2P_STUN_SERVER_LIST = 22,
	/**
	 * "turn:host:port?transport=udp", several with commas; users and passwords in the same order. A
	 * connection that goes through a relay moves to what is set.
	 */
	KITH_CONFIG_P2P_TURN_SERVER_LIST = 23,
	KITH_CONFIG_P2P_TURN_USER_LIST = 24,
	KITH_CONFIG_P2P_TURN_PASS_LIST = 25,
	/** KITH_SHARE_* bits in GNS's word; 0: no ICE; -1: the default. */
	KITH_CONFIG_P2P_TRANSPORT_ICE_ENABLE = 26,
	/** Accepted for programs that set it; no effect. */
	KITH_CONFIG_P2P_TRANSPORT_ICE_IMPLEMENTATION = 27,
	/** Accepted for programs that set it; no effect. */
	KITH_CONFIG_P2P_TRANSPORT_ICE_PENALTY = 28,
	/**
	 * Which addresses of ours the peer is told: KITH_SHARE_* bits. It may see others when data or checks come
	 * from them; only KITH_SHARE_RELAY alone, or KITH_CONFIG_RELAY_ONLY, reveals none.
	 */
	KITH_CONFIG_ICE_SHARE = 29,
	/** 1: only through relays; the peer learns no address of ours. */
	KITH_CONFIG_RELAY_ONLY = 30,
	/** 0: never many datagrams of one size in one system call. */
	KITH_CONFIG_USE_GSO = 31,
	/** 0: one datagram per system call. */
	KITH_CONFIG_USE_BATCHED_IO = 32,
	/** 0: libnice's own socket carries the data of a direct pair. */
	KITH_CONFIG_USE_SIBLING_SOCKET = 33,
	/** Only read: bytes of the largest message that travels in one packet. */
	KITH_CONFIG_MTU_DATA_SIZE = 34,
	/** Milliseconds without use after which a session of <kith/messages.h> is closed. 0: never. */
	KITH_CONFIG_MESSAGES_IDLE_TIMEOUT = 35,
	/** Sessions asked for by strangers and not accepted yet; more are not noticed. 0: none are. */
	KITH_CONFIG_MESSAGES_WAITING_MAX = 36,
	/** What has to prove a peer's identity: KITH_REQUIRE_*. */
	KITH_CONFIG_REQUIRE_PROOF = 37,
	/*
	 * A bad network, simulated at this end for the datagrams of a connection, over UDP, over ICE and in
	 * memory, in the order rate, loss, lag, jitter, reordering, duplication.
	 */
	/** Percent of the datagrams sent that are lost. */
	KITH_CONFIG_FAKE_PACKET_LOSS_SEND = 38,
	/** Percent of the datagrams received that are lost. */
	KITH_CONFIG_FAKE_PACKET_LOSS_RECV = 39,
	/** Milliseconds by which every datagram sent is late. */
	KITH_CONFIG_FAKE_PACKET_LAG_SEND = 40,
	/** Milliseconds by which every datagram received is late. */
	KITH_CONFIG_FAKE_PACKET_LAG_RECV = 41,
	/** Milliseconds more on average, by chance (exponential), for datagrams sent; they keep their order. */
	KITH_CONFIG_FAKE_PACKET_JITTER_SEND_AVG = 42,
	/** Milliseconds that FakePacketJitter_Send_Avg adds at most. */
	KITH_CONFIG_FAKE_PACKET_JITTER_SEND_MAX = 43,
	/** Percent of the datagrams sent that FakePacketJitter_Send_Avg concerns. */
	KITH_CONFIG_FAKE_PACKET_JITTER_SEND_PCT = 44,
	/** Milliseconds more on average, by chance (exponential), for datagrams received; they keep their order. */
	KITH_CONFIG_FAKE_PACKET_JITTER_RECV_AVG = 45,
	/** Milliseconds that FakePacketJitter_Recv_Avg adds at most. */
	KITH_CONFIG_FAKE_PACKET_JITTER_RECV_MAX = 46,
	/** Percent of the datagrams received that FakePacketJitter_Recv_Avg concerns. */
	KITH_CONFIG_FAKE_PACKET_JITTER_RECV_PCT = 47,
	/** Percent of the datagrams sent that others may overtake. */
	KITH_CONFIG_FAKE_PACKET_REORDER_SEND = 48,
	/** Percent of the datagrams received that others may overtake. */
	KITH_CONFIG_FAKE_PACKET_REORDER_RECV = 49,
	/** Milliseconds by which those are late; both directions. */
	KITH_CONFIG_FAKE_PACKET_REORDER_TIME = 50,
	/** Percent of the datagrams sent that come twice. */
	KITH_CONFIG_FAKE_PACKET_DUP_SEND = 51,
	/** Percent of the datagrams received that come twice. */
	KITH_CONFIG_FAKE_PACKET_DUP_RECV = 52,
	/** Milliseconds until the second one, at most; both directions. */
	KITH_CONFIG_FAKE_PACKET_DUP_TIME_MAX = 53,
	/** Bytes per second that may be sent; what is above it is lost. 0: no limit. */
	KITH_CONFIG_FAKE_RATE_LIMIT_SEND_RATE = 54,
	/** Bytes that may be sent at once after a pause. */
	KITH_CONFIG_FAKE_RATE_LIMIT_SEND_BURST = 55,
	/** Bytes per second that may be received; what is above it is lost. 0: no limit. */
	KITH_CONFIG_FAKE_RATE_LIMIT_RECV_RATE = 56,
	/** Bytes that may be received at once after a pause. */
	KITH_CONFIG_FAKE_RATE_LIMIT_RECV_BURST = 57,
	/** Secrets shared with the TURN servers, in the order of these: users and passwords that end are made of them. */
	KITH_CONFIG_P2P_TURN_SECRET_LIST = 58,
	/** Seconds until those end. */
	KITH_CONFIG_P2P_TURN_LIFETIME = 59,
	/** 1: packets are as large as the path is found to take (RFC 8899); 0: as MTU_PacketSize says. */
	KITH_CONFIG_MTU_DISCOVERY = 60
};

/** When an option may be set. */
enum {
	/** At any time. */
	KITH_LOCK_NEVER = 0,
	/** Until the connection starts (ours) or is accepted (a peer's). */
	KITH_LOCK_STARTED = 1,
	/** Never: it follows from another option. */
	KITH_LOCK_READ_ONLY = 2
};

/** What has to prove a peer's identity before the application hears of it; also when we call. */
enum {
	/** Its word does, unless KITH_CONFIG_IP_ALLOW_WITHOUT_AUTH asks for more. */
	KITH_REQUIRE_NOTHING = 0,
	/** Its key, or a certificate. */
	KITH_REQUIRE_PROOF = 1,
	/** Its key: the identity is "key:...". */
	KITH_REQUIRE_KEY = 2,
	/** A certificate of a root that the endpoint trusts, whatever the identity is. */
	KITH_REQUIRE_CERTIFICATE = 3
};

/** Which of our addresses a peer may be told; combined with |. */
enum {
	/** Relayed addresses, of a TURN server. */
	KITH_SHARE_RELAY = 1,
	/** Addresses of this machine's interfaces. */
	KITH_SHARE_PRIVATE = 2,
	/** Addresses as a STUN server sees us. */
	KITH_SHARE_PUBLIC = 4
};

/** One option and its value, in the arrays that create and open functions take. Never changes. */
struct kith_config_entry {
	/** KITH_CONFIG_*; 0: see `name`. */
	int32_t id;
	/** KITH_TYPE_*: which of the values below is meant. */
	int32_t type;
	/** Borrowed. The option's name, when `id` is 0. */
	const char *name;
	/** For KITH_TYPE_INT32 and KITH_TYPE_INT64. */
	int64_t integer;
	/** For KITH_TYPE_FLOAT. */
	double real;
	/** Borrowed. For KITH_TYPE_STRING, and the value as text for KITH_TYPE_TEXT. */
	const char *string;
};

/** What is known of an option. */
struct kith_config_info {
	/** sizeof(struct kith_config_info) of the caller. */
	uint32_t struct_size;
	/** KITH_CONFIG_*. */
	int32_t id;
	/** KITH_TYPE_*, never TEXT. */
	int32_t type;
	/** KITH_LOCK_*. */
	int32_t lock;
	/** Static. */
	const char *name;
	/** The range; of a string the range of its length in bytes. */
	double min;
	/** See `min`. */
	double max;
	/** The library's own default, whichever of the three fits the type. */
	int64_t default_integer;
	/** See `default_integer`. */
	double default_real;
	/** See `default_integer`; static. */
	const char *default_string;
	/** What it does, in one sentence or a few. Static. */
	const char *text;
};

/** Initial value of a struct kith_config_info. */
#define KITH_CONFIG_INFO_INIT \
	{ \
		sizeof(struct kith_config_info), 0, 0, 0, NULL, 0, 0, 0, 0, NULL, NULL \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_config_info_init(struct kith_config_info *info);

/**
 * How many options there are; their numbers are 1 to this. Any thread. Since 1.0.
 */
KITH_API int32_t kith_config_count(void);

/**
 * What is known of option `id`.
 *
 * @param out_info  struct_size set by the caller
 * @return KITH_OK; KITH_E_INVALID: null or struct_size 0; KITH_E_NOT_FOUND
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_config_describe(int32_t id, struct kith_config_info *out_info);

/**
 * The number of the option called `name` (borrowed), or KITH_CONFIG_NONE. Any thread. Since 1.0.
 */
KITH_API int32_t kith_config_find(const char *name);

/**
 * Sets an option to an integer.
 *
 * @param object  an endpoint, listener or connection; KITH_NO_HANDLE: the default of the library
 * @param id      KITH_CONFIG_*
 * @param value   within the option's range
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_NOT_FOUND: no such option; KITH_E_INVALID: of another type
 *         or out of range, kith_last_error() names option, value and range; KITH_E_STATE: the
 *         connection has started and this option cannot change any more, or it can only be read
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_config_set_int(uint32_t object, int32_t id, int64_t value);

/** Sets an option to a real number; as kith_config_set_int(). Since 1.0. */
KITH_API kith_result kith_config_set_real(uint32_t object, int32_t id, double value);

/** Sets an option of any type from text (borrowed); as kith_config_set_int(). Since 1.0. */
KITH_API kith_result kith_config_set_text(uint32_t object, int32_t id, const char *value);

/** Sets the option called `name` from text (both borrowed); as kith_config_set_int(). Since 1.0. */
KITH_API kith_result kith_config_set_by_name(uint32_t object, const char *name, const char *value);

/**
 * Forgets what was set for an object: the option is again what the level above says, for the library
 * its own default.
 *
 * @return KITH_OK, also when nothing was set; otherwise as kith_config_set_int()
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_config_reset(uint32_t object, int32_t id);

/**
 * Reads an integer option.
 *
 * @param object     as in kith_config_set_int()
 * @param out_value  gets the value; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_NOT_FOUND; KITH_E_INVALID: null, or of another type
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_config_get_int(uint32_t object, int32_t id, int64_t *out_value);

/** Reads an option that is a real number; as kith_config_get_int(). Since 1.0. */
KITH_API kith_result kith_config_get_real(uint32_t object, int32_t id, double *out_value);

/**
 * Reads an option of any type as text.
 *
 * @param object    as in kith_config_set_int()
 * @param buffer    gets the text and a NUL; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`
 * @param out_size  may be null; gets the bytes needed, with the NUL
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_NOT_FOUND; KITH_E_TOO_LARGE: the buffer is too small
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_config_get_text(uint32_t object, int32_t id, char *buffer, size_t capacity, size_t *out_size);

KITH_END_DECLS

#endif
