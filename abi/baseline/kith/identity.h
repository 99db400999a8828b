/* kith/identity.h: who a peer is.
 *
 * An identity is a short text: "str:alice", "gen:0a0b0c" (1-32 bytes in hex), "ip:192.0.2.1:80",
 * "steamid:...", "psn:...", "xbox:...", or a kind this library does not know, kept as it came.
 * "key:<64 hex digits>" is the identity of an Ed25519 key: who connects to it gets the owner of
 * that key or an error. On the wire, and in struct kith_identity, it is the same 32 bytes as "gen:";
 * kith_identity_print() writes it for people.
 */
#ifndef KITH_IDENTITY_H
#define KITH_IDENTITY_H

#include <kith/address.h>

KITH_BEGIN_DECLS

/** Room for the text of any identity, with the NUL. */
#define KITH_IDENTITY_TEXT_MAX 128

/* Every kind, once: X(name, number). */
#define KITH_IDENTITY_MAP(X) \
	X(NONE, 0) \
	X(STEAM_ID, 1) \
	X(XBOX_PAIRWISE, 2) \
	X(PSN, 3) \
	X(IP, 4) \
	X(STRING, 5) \
	X(GENERIC, 6) \
	X(UNKNOWN, 7) \
	X(KEY, 8)

/** The kind of an identity. */
enum {
	/** Nobody. */
	KITH_IDENTITY_NONE = 0,
	KITH_IDENTITY_STEAM_ID = 1,
	KITH_IDENTITY_XBOX_PAIRWISE = 2,
	KITH_IDENTITY_PSN = 3,
	/** An address; ip:127.0.0.1 and ip:::1 mean "anonymous". */
	KITH_IDENTITY_IP = 4,
	KITH_IDENTITY_STRING = 5,
	/** 1-31 bytes that mean something to the application. */
	KITH_IDENTITY_GENERIC = 6,
	/** A kind from a newer or foreign library, compared by its text. */
	KITH_IDENTITY_UNKNOWN = 7,
	/** 32 bytes: an Ed25519 public key. */
	KITH_IDENTITY_KEY = 8
};

/**
 * An identity. All zero means none. Two are the same exactly when their texts are. This struct never
 * changes: it stands in arrays and other structs. Fill it with the functions below.
 */
struct kith_identity {
	/** KITH_IDENTITY_*. */
	int32_t kind;
	/** The text as it goes over the wire ("gen:" for keys), NUL-terminated. */
	char text[KITH_IDENTITY_TEXT_MAX];
};

/** Initial value: nobody. */
#define KITH_IDENTITY_INIT \
	{ \
		0, "" \
	}

/**
 * Reads the text form of an identity.
 *
 * @param text          borrows; UTF-8, shorter than KITH_IDENTITY_TEXT_MAX
 * @param out_identity  gets the identity; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null or malformed, kith_last_error() says how
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_identity_parse(const char *text, struct kith_identity *out_identity);

/**
 * Writes an identity for people: its text, but a key as "key:".
 *
 * @param identity  borrows
 * @param buffer    gets the text and a NUL; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; KITH_IDENTITY_TEXT_MAX is always enough
 * @param out_size  may be null; gets the bytes needed, with the NUL
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_TOO_LARGE: the buffer is too small, nothing was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_identity_print(const struct kith_identity *identity, char *buffer, size_t capacity,
                                         size_t *out_size);

/**
 * Makes the identity "gen:" (or, of 32 bytes, "key:") of some bytes.
 *
 * @param data          borrows
 * @param size          1-32 bytes
 * @param out_identity  gets the identity; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null, or the size out of range
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_identity_from_bytes(const void *data, size_t size, struct kith_identity *out_identity);

/**
 * Makes the identity of an address, "ip:192.0.2.1:80".
 *
 * @param address       borrows
 * @param out_identity  gets the identity; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_identity_from_address(const struct kith_address *address, struct kith_identity *out_identity);

/**
 * The bytes of a generic or key identity.
 *
 * @param identity  borrows
 * @param buffer    gets the bytes; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; 32 is always enough
 * @param out_size  may be null; gets the number of bytes
 * @return KITH_OK; KITH_E_INVALID: null, or an identity of another kind; KITH_E_TOO_LARGE: the buffer
 *         is too small, nothing was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_identity_bytes(const struct kith_identity *identity, void *buffer, size_t capacity,
                                         size_t *out_size);

/**
 * 1 when both are the same identity, else 0; 0 when either is null. Any thread. Since 1.0.
 */
KITH_API int32_t kith_identity_equal(const struct kith_identity *identity, const struct kith_identity *other);

KITH_END_DECLS

#endif
