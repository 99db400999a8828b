/* kith/certificate.h: keys, certificates, and whom an endpoint believes.
 *
 * A key is 32 bytes; its owner's identity is "key:<64 hex digits>" and needs nobody to vouch for it.
 * A certificate says that an identity has a key, and is signed by an authority: whoever holds the
 * authority's private key. An endpoint believes the authorities that it was given as roots, and those
 * that these have signed. Certificates are GNS's, so they serve its programs too.
 *
 * Where a function takes certificates as `data`, it reads blocks of text between "-----BEGIN KITH
 * CERTIFICATE-----" and its end (or "STEAMDATAGRAM CERT"), one or many, or the bare bytes of one.
 */
#ifndef KITH_CERTIFICATE_H
#define KITH_CERTIFICATE_H

#include <kith/endpoint.h>

KITH_BEGIN_DECLS

/** The most application ids that a certificate can list. */
#define KITH_APP_IDS_MAX 64

/* --- keys */

/**
 * Makes a new Ed25519 private key.
 *
 * @param out_private_key  gets KITH_KEY_SIZE bytes; zeroed on failure. Keep them secret
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_SYSTEM: no random numbers
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_generate(void *out_private_key);

/**
 * The public key of a private key.
 *
 * @param private_key     borrows; KITH_KEY_SIZE bytes
 * @param out_public_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_public(const void *private_key, void *out_public_key);

/**
 * The identity "key:..." of a private key's owner. Of a public key: kith_identity_from_bytes().
 *
 * @param private_key   borrows; KITH_KEY_SIZE bytes
 * @param out_identity  gets the identity; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_identity(const void *private_key, struct kith_identity *out_identity);

/**
 * The number by which certificates and lists of revoked keys name a public key.
 *
 * @param public_key  borrows; KITH_KEY_SIZE bytes
 * @param out_key_id  gets the first 8 bytes, little-endian, of the key's SHA-256; 0 on failure
 * @return KITH_OK; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_id(const void *public_key, uint64_t *out_key_id);

/**
 * Reads a private key: 32 raw bytes, 64 hex digits, the line "kith-key ed25519 <64 hex digits>", or
 * a file of OpenSSH (and of GNS's tool) without a passphrase.
 *
 * @param data             borrows
 * @param size             bytes
 * @param out_private_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null, or none of these; KITH_E_UNSUPPORTED: it has a passphrase, or
 *         is a key of another type. kith_last_error() never has any of the data
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_parse(const void *data, size_t size, void *out_private_key);

/**
 * Reads a public key: 32 raw bytes, 64 hex digits, "key:<64 hex digits>", the line
 * "kith-public-key ed25519 <64 hex digits>", or "ssh-ed25519 ...".
 *
 * @param data            borrows
 * @param size            bytes
 * @param out_public_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return as kith_key_parse(); KITH_E_INVALID also when it is a private key
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_parse_public(const void *data, size_t size, void *out_public_key);

/* Every form of a public key's text, once: X(name, number). */
#define KITH_KEY_FORM_MAP(X) \
	X(FILE, 0) \
	X(SSH, 1)

/** The form of a public key's text. */
enum {
	/** What kith_key_save_public() writes, without the end of the line. */
	KITH_KEY_FORM_FILE = 0,
	/** "ssh-ed25519 AAAA...", as OpenSSH has it, and GNS for its roots. */
	KITH_KEY_FORM_SSH = 1
};

/**
 * Writes a public key as text.
 *
 * @param public_key  borrows; KITH_KEY_SIZE bytes
 * @param form        KITH_KEY_FORM_*
 * @param buffer      gets the text and a NUL; may be null when `capacity` is 0
 * @param capacity    bytes in `buffer`; 128 is always enough
 * @param out_size    may be null; gets the bytes needed, with the NUL
 * @return KITH_OK; KITH_E_INVALID: null, or no such form; KITH_E_TOO_LARGE: the buffer is too small,
 *         nothing was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_print_public(const void *public_key, int32_t form, char *buffer, size_t capacity,
                                           size_t *out_size);

/**
 * Writes a private key to a new file that only its owner can read.
 *
 * @param path         borrows
 * @param private_key  borrows; KITH_KEY_SIZE bytes
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_EXISTS: the file is there, and is left alone;
 *         KITH_E_SYSTEM: it cannot be written, kith_last_error() says why
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_save(const char *path, const void *private_key);

/**
 * Reads a private key from a file, in any form of kith_key_parse().
 *
 * @param path             borrows
 * @param out_private_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return as kith_key_parse(); KITH_E_NOT_FOUND: no such file; KITH_E_SYSTEM: it cannot be read
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_load(const char *path, void *out_private_key);

/** Writes a public key to a new file; as kith_key_save(), but everybody may read it. Since 1.0. */
KITH_API kith_result kith_key_save_public(const char *path, const void *public_key);

/** Reads a public key from a file, in any form of kith_key_parse_public(); as kith_key_load(). Since 1.0. */
KITH_API kith_result kith_key_load_public(const char *path, void *out_public_key);

/* --- certificates */

/* Every kind, once: X(name, number). */
#define KITH_CERTIFICATE_MAP(X) \
	X(NONE, 0) \
	X(PEER, 1) \
	X(AUTHORITY, 2) \
	X(ROOT, 3) \
	X(REQUEST, 4)

/** What a certificate is for. */
enum {
	KITH_CERTIFICATE_NONE = 0,
	/** Somebody's: it names an identity. */
	KITH_CERTIFICATE_PEER = 1,
	/** An authority's: it names none, and what its key signs counts, if its own signer does. */
	KITH_CERTIFICATE_AUTHORITY = 2,
	/** An authority's, signed by its own key; or, in a list of roots, a bare key. */
	KITH_CERTIFICATE_ROOT = 3,
	/** No certificate yet: somebody asks for one. */
	KITH_CERTIFICATE_REQUEST = 4
};

/** What a certificate says. Nothing of it is checked. */
struct kith_certificate {
	/** sizeof(struct kith_certificate) of the caller. */
	uint32_t struct_size;
	/** KITH_CERTIFICATE_*. */
	int32_t kind;
	/** 1: it has a signature; of a request: that of its own key, which is good. */
	int32_t is_signed;
	/** Number of entries in `app_ids`; 0: any application (of an authority), none (of a peer). */
	uint32_t app_id_count;
	/** The id of `key`. */
	uint64_t key_id;
	/** The id of the key that signed it; 0 when nobody did. */
	uint64_t issuer;
	/** Microseconds since 1970, UTC; 0: it does not say. */
	int64_t created_unix_us;
	/** The last moment at which it counts, likewise. */
	int64_t expires_unix_us;
	/** Its Ed25519 public key. */
	uint8_t key[32];
	/** Whose it is; none of an authority's. */
	struct kith_identity identity;
	/** The applications it is for. */
	uint32_t app_ids[KITH_APP_IDS_MAX];
};

/** Initial value of a struct kith_certificate. */
#define KITH_CERTIFICATE_INIT \
	{ \
		sizeof(struct kith_certificate), 0, 0, 0, 0, 0, 0, 0, { 0 }, KITH_IDENTITY_INIT, \
		{ \
			0 \
		} \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_certificate_init(struct kith_certificate *certificate);

/**
 * What a certificate, or a request for one, says.
 *
 * @param data             borrows; certificates and requests, see above
 * @param size             bytes
 * @param index            which of them, from 0
 * @param out_certificate  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_INVALID: null, malformed, or a request whose signature is not its key's;
 *         KITH_E_NOT_FOUND: there are not as many
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_certificate_describe(const void *data, size_t size, uint32_t index,
                                               struct kith_certificate *out_certificate);

/* Every form, once: X(name, number). */
#define KITH_FORM_MAP(X) \
	X(TEXT, 0) \
	X(BINARY, 1)

/** The form in which certificates and requests are written. */
enum {
	/** A block of lines. What is needed does not count a NUL, and none is written. */
	KITH_FORM_TEXT = 0,
	/** The bare bytes, as GNS's SetCertificate() takes them. */
	KITH_FORM_BINARY = 1
};

/** What a certificate or request shall say. */
struct kith_certificate_options {
	/** sizeof(struct kith_certificate_options) of the caller. */
	uint32_t struct_size;
	/** KITH_CERTIFICATE_PEER, _AUTHORITY or _ROOT: what is made, or asked for. */
	int32_t kind;
	/** Borrowed, KITH_KEY_SIZE bytes: the private key that signs: of the authority; of a request: of who asks. */
	const void *signing_key;
	/** Borrowed, KITH_KEY_SIZE bytes: the public key it is for. Not needed for requests and roots. */
	const void *public_key;
	/** Borrowed. Whose it shall be; null for authorities. In a request null also: the key's own. */
	const struct kith_identity *identity;
	/** Borrowed. The applications it shall be for; null: for application 0, or for an authority any. */
	const uint32_t *app_ids;
	/** Number of entries in `app_ids`. */
	uint32_t app_id_count;
	/** KITH_FORM_*. */
	int32_t form;
	/** Microseconds since 1970, UTC, from when on it counts; 0: now. Not in requests. */
	int64_t created_unix_us;
	/** The last moment at which it counts. Not in requests, needed in certificates. */
	int64_t expires_unix_us;
};

/** Initial value of a struct kith_certificate_options. */
#define KITH_CERTIFICATE_OPTIONS_INIT \
	{ \
		sizeof(struct kith_certificate_options), KITH_CERTIFICATE_PEER, NULL, NULL, NULL, NULL, 0, 0, 0, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_certificate_options_init(struct kith_certificate_options *options);

/**
 * Makes a request for a certificate, to be handed to an authority. It proves that who asks has the key.
 *
 * @param options   borrows; kind PEER or AUTHORITY
 * @param buffer    gets the request; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; 4096 is always enough
 * @param out_size  may be null; gets the bytes needed
 * @return KITH_OK; KITH_E_INVALID: null, no key, another kind, more than KITH_APP_IDS_MAX ids;
 *         KITH_E_AUTH: the identity is another key; KITH_E_TOO_LARGE: the buffer is too small, nothing
 *         was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_certificate_request(const struct kith_certificate_options *options, void *buffer,
                                              size_t capacity, size_t *out_size);

/**
 * Makes a certificate, as an authority does. Whether who asked for it is who they say is for the
 * authority to know.
 *
 * @param options   borrows; see kith_certificate_describe() for what is in a request
 * @param buffer    gets the certificate; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`; 4096 is always enough
 * @param out_size  may be null; gets the bytes needed
 * @return KITH_OK; KITH_E_INVALID: null, no key, no identity (or one for an authority), no expiry or one
 *         before the beginning, a time after 2106, more than KITH_APP_IDS_MAX ids; KITH_E_AUTH: the
 *         identity is another key; KITH_E_TOO_LARGE: the buffer is too small, nothing was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_certificate_sign(const struct kith_certificate_options *options, void *buffer,
                                           size_t capacity, size_t *out_size);

/**
 * Writes certificates or requests in the form wanted.
 *
 * @param data      borrows; certificates and requests, see above
 * @param size      bytes
 * @param form      KITH_FORM_TEXT: all of them, without what stands between; KITH_FORM_BINARY: there may
 *                  be one only
 * @param buffer    gets it; may be null when `capacity` is 0
 * @param capacity  bytes in `buffer`
 * @param out_size  may be null; gets the bytes needed
 * @return KITH_OK; KITH_E_INVALID: null, malformed, no such form, or several in binary form;
 *         KITH_E_TOO_LARGE: the buffer is too small, nothing was written
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_certificate_convert(const void *data, size_t size, int32_t form, void *buffer,
                                              size_t capacity, size_t *out_size);

/**
 * Reads a list of revoked keys: one a line, by its id in decimal digits (with or without "ID" before
 * it) or in a form of kith_key_parse_public(); what follows '#' is a comment.
 *
 * @param data         borrows; null when `size` is 0
 * @param size         bytes
 * @param out_key_ids  gets the ids; may be null when `capacity` is 0
 * @param capacity     how many fit
 * @param out_count    may be null; gets how many there are
 * @return KITH_OK; KITH_E_INVALID: null, or a line is none of that, kith_last_error() says which;
 *         KITH_E_TOO_LARGE: they do not fit, nothing was written; KITH_E_LIMIT: more than 4096
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_revoked_parse(const void *data, size_t size, uint64_t *out_key_ids, size_t capacity,
                                        size_t *out_count);

/* --- what an endpoint presents */

/**
 * Sets the certificate that an endpoint presents, also while it runs: new connections present it,
 * those that are there keep what they began with. So certificates are renewed, and keys changed.
 *
 * @param private_key  borrows, KITH_KEY_SIZE bytes; null: the endpoint keeps its key
 * @param data         borrows; our certificate, and those of authorities between its signer and a root,
 *                     which travel with it, in any order; null: none, we have nothing but our key
 * @param size         bytes
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: malformed, unsigned, nobody's, several, an authority's
 *         that is not above ours; KITH_E_AUTH: for another key, identity or application than ours, or it
 *         has expired or is not valid yet; KITH_E_TOO_LARGE: the chain does not fit into a handshake
 *
 * On failure nothing has changed. Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_set_certificate(kith_endpoint endpoint, const void *private_key, const void *data,
                                                   size_t size);

/**
 * The certificate that an endpoint presents, perhaps unsigned: to see when it has to be renewed.
 *
 * @param out_certificate  struct_size set by the caller; the rest is zero on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or struct_size too small
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_certificate(kith_endpoint endpoint, struct kith_certificate *out_certificate);

/* --- whom it believes */

/**
 * Adds authorities. Self-signed certificates and bare public keys (in any form of
 * kith_key_parse_public()) are roots: what they sign is believed. Certificates of other authorities
 * count when their chain leads to a root, added before or later.
 *
 * @param data  borrows; certificates, see above, or one public key
 * @param size  bytes
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, malformed, somebody's certificate, one without an
 *         expiry, one that says it is self-signed and is not; KITH_E_LIMIT: more than 16 roots or 64
 *         others. What stands before the one that is wrong has been added
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_add_trust(kith_endpoint endpoint, const void *data, size_t size);

/**
 * Takes back roots or authorities. Connections that are there stay; to end those too, revoke the key.
 *
 * @param key_id  of their key
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_NOT_FOUND: none has this key
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_remove_trust(kith_endpoint endpoint, uint64_t key_id);

/**
 * Lists roots and authorities.
 *
 * @param index            from 0, in no particular order
 * @param out_certificate  struct_size set by the caller; the rest is zero on failure
 * @param out_believed     may be null; gets 1: it is a root, or its chain leads to one; else 0
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or struct_size too small; KITH_E_NOT_FOUND: there
 *         are not as many
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_trust_at(kith_endpoint endpoint, uint32_t index,
                                            struct kith_certificate *out_certificate, int32_t *out_believed);

/**
 * Sets the list of keys that count no longer, in place of the one before. Connections with their
 * owners, or with anyone they vouched for, end at once.
 *
 * @param data  borrows; see kith_revoked_parse(); null: none
 * @param size  bytes
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: a line is none of that, and nothing has changed;
 *         KITH_E_LIMIT: more than 4096
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_set_revoked(kith_endpoint endpoint, const void *data, size_t size);

/**
 * Adds one key to the list; as kith_endpoint_set_revoked(). It may be there already.
 *
 * @param key_id  its id
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_LIMIT: there are 4096
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_revoke(kith_endpoint endpoint, uint64_t key_id);

/**
 * Lists the keys that are revoked.
 *
 * @param index       from 0
 * @param out_key_id  gets the id; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null; KITH_E_NOT_FOUND: there are not as many
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_revoked_at(kith_endpoint endpoint, uint32_t index, uint64_t *out_key_id);

/**
 * Whether an endpoint would believe a certificate now: what a peer that presents it would get to hear
 * if KITH_REQUIRE_CERTIFICATE were demanded.
 *
 * @param data       borrows; a peer's certificate, and authorities that come with it
 * @param size       bytes
 * @param identity   borrows; who the peer is taken for; null: whoever the certificate says
 * @param out_doubt  gets KITH_DOUBT_NONE or what speaks against it
 * @return KITH_OK: there is an answer; KITH_E_HANDLE; KITH_E_INVALID: null, malformed, or not one peer's
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_check_certificate(kith_endpoint endpoint, const void *data, size_t size,
                                                     const struct kith_identity *identity, int32_t *out_doubt);

KITH_END_DECLS

#endif
