/* msg_certificate: certificates, requests for them, session crypt infos, and the envelopes that sign.
 *
 * Owns: their encodings (docs/wire.md, "Certificate", "Session crypt info").
 * Does not know: signatures and trust. The signed bytes stay as they came: nobody serializes a
 * received certificate or info again.
 */
#ifndef WIRE_MSG_CERTIFICATE_H
#define WIRE_MSG_CERTIFICATE_H

#include "core/types/identity.h"
#include "core/wire/pb.h"
#include "core/wire/wire.h"

#define MSG_KEY_TYPE_ED25519 1u /* of certificates */
#define MSG_KEY_TYPE_X25519 1u  /* of session infos */
#define MSG_CERTIFICATE_APP_IDS_MAX 64
#define MSG_CERTIFICATE_CHAIN_MAX 4 /* authorities that travel with a certificate */
#define MSG_SESSION_CRYPT_CIPHERS_MAX 16

/* A certificate's content. */
struct msg_certificate {
	uint32_t key_type;
	const uint8_t *key; /* borrowed; null: absent */
	size_t key_size;
	uint32_t created; /* Unix seconds; 0: absent */
	uint32_t expiry;
	uint32_t app_ids[MSG_CERTIFICATE_APP_IDS_MAX];
	size_t app_id_count;
	struct identity identity; /* IDENTITY_NONE: absent */
};

/* False: malformed, an identity that cannot be read, or more application ids than the maximum.
 * Data centers and address ranges are passed over. */
bool msg_certificate_read(struct msg_certificate *out, const uint8_t *bytes, size_t size);
void msg_certificate_write(struct byte_writer *writer, const struct msg_certificate *cert);

/* A piece of a message, borrowed from it. */
struct msg_bytes {
	const uint8_t *bytes;
	size_t size;
};

/* The envelope of a certificate. */
struct msg_signed_certificate {
	const uint8_t *cert; /* the exact bytes; null: absent */
	size_t cert_size;
	uint64_t authority;       /* key id of the signer */
	const uint8_t *signature; /* null: absent. There, but empty, is another thing to GNS */
	size_t signature_size;
	/* Serialized envelopes of authorities' certificates (docs/wire.md, "Chain"); more are passed over. */
	struct msg_bytes chain[MSG_CERTIFICATE_CHAIN_MAX];
	size_t chain_count;
};

bool msg_signed_certificate_read(struct msg_signed_certificate *out, const uint8_t *bytes, size_t size);
/* Authority, signature and chain only if there is a signature. */
void msg_signed_certificate_write(struct byte_writer *writer, const struct msg_signed_certificate *envelope);
/* The same as a field of another message. */
void msg_signed_certificate_write_field(struct byte_writer *writer, uint32_t number,
                                        const struct msg_signed_certificate *envelope);

/* What an authority is asked for. */
struct msg_certificate_request {
	const uint8_t *cert; /* the exact bytes; null: absent */
	size_t cert_size;
	const uint8_t *signature; /* by the key in it (docs/wire.md, "Certificate request"); null: absent */
	size_t signature_size;
};

bool msg_certificate_request_read(struct msg_certificate_request *out, const uint8_t *bytes, size_t size);
void msg_certificate_request_write(struct byte_writer *writer, const struct msg_certificate_request *request);

/* A session crypt info's content. */
struct msg_session_crypt {
	uint32_t key_type;
	const uint8_t *key; /* borrowed; null: absent */
	size_t key_size;
	uint64_t nonce;
	uint32_t version;
	uint32_t ciphers[MSG_SESSION_CRYPT_CIPHERS_MAX]; /* enum wire_cipher, or unknown ones */
	size_t cipher_count;
	uint64_t capabilities; /* 0: a GNS peer */
};

bool msg_session_crypt_read(struct msg_session_crypt *out, const uint8_t *bytes, size_t size);
/* Capabilities of 0 are not written: the same bytes as GNS. */
void msg_session_crypt_write(struct byte_writer *writer, const struct msg_session_crypt *info);

/* Its envelope. */
struct msg_signed_session_crypt {
	const uint8_t *info; /* the exact bytes; null: absent */
	size_t info_size;
	const uint8_t *signature; /* by the certificate's key; null: absent */
	size_t signature_size;
};

bool msg_signed_session_crypt_read(struct msg_signed_session_crypt *out, const uint8_t *bytes, size_t size);
void msg_signed_session_crypt_write(struct byte_writer *writer, const struct msg_signed_session_crypt *envelope);
void msg_signed_session_crypt_write_field(struct byte_writer *writer, uint32_t number,
                                          const struct msg_signed_session_crypt *envelope);

#endif
