/* certificate_maker: certificates as tests need them. Keys are named by one byte: the seed is 32
 * times that byte. */
#ifndef TESTS_CRYPTO_CERTIFICATE_MAKER_H
#define TESTS_CRYPTO_CERTIFICATE_MAKER_H

#include <string.h>

#include "core/base/byte_writer.h"
#include "core/crypto/certificate.h"

struct recipe {
	uint8_t key;
	const char *identity; /* null: none */
	uint32_t expiry;      /* 0: none */
	uint32_t created;     /* 0: not said */
	uint32_t app_ids[4];
	size_t app_id_count;
	uint8_t authority; /* 0: unsigned */
};

struct made {
	uint8_t seed[32], public_key[32], authority_seed[32];
	uint8_t cert[512];
	uint8_t signature[64];
	uint8_t bytes[1200]; /* the serialized SignedCert */
	size_t size;
	struct msg_signed_certificate envelope; /* points into the others */
};

static inline void make_key(uint8_t seed[32], uint8_t public_key[32], uint8_t name)
{
	memset(seed, name, 32);
	primitives_ed25519_public(public_key, seed);
}

static inline uint64_t id_of_key(uint8_t name)
{
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, name);
	return certificate_key_id(public_key);
}

static inline struct identity identity_of(const char *text)
{
	struct identity identity;

	identity_parse(&identity, text, strlen(text));
	return identity;
}

static inline struct identity identity_of_key(uint8_t name)
{
	struct identity identity;
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, name);
	identity_set_key(&identity, public_key);
	return identity;
}

static inline void make_certificate(struct made *out, const struct recipe *recipe)
{
	struct msg_certificate cert;
	struct byte_writer writer;
	size_t cert_size;

	memset(out, 0, sizeof(*out));
	memset(&cert, 0, sizeof(cert));
	make_key(out->seed, out->public_key, recipe->key);
	cert.key_type = MSG_KEY_TYPE_ED25519;
	cert.key = out->public_key;
	cert.key_size = 32;
	cert.expiry = recipe->expiry;
	cert.created = recipe->created;
	for (size_t i = 0; i < recipe->app_id_count; i++)
		cert.app_ids[cert.app_id_count++] = recipe->app_ids[i];
	if (recipe->identity)
		cert.identity = identity_of(recipe->identity);
	byte_writer_init(&writer, out->cert, sizeof(out->cert));
	msg_certificate_write(&writer, &cert);
	cert_size = byte_writer_size(&writer);

	memset(out->authority_seed, recipe->authority, 32);
	certificate_sign(&out->envelope, out->signature, out->authority_seed, out->cert, cert_size);
	if (recipe->authority == 0) {
		memset(&out->envelope, 0, sizeof(out->envelope));
		out->envelope.cert = out->cert;
		out->envelope.cert_size = cert_size;
	}
	byte_writer_init(&writer, out->bytes, sizeof(out->bytes));
	msg_signed_certificate_write(&writer, &out->envelope);
	out->size = byte_writer_size(&writer);
}

static inline struct msg_bytes bytes_of(const struct made *made)
{
	return (struct msg_bytes){ made->bytes, made->size };
}

/* The authority travels with the certificate. */
static inline void attach(struct made *to, const struct made *authority)
{
	struct byte_writer writer;

	to->envelope.chain[to->envelope.chain_count++] = bytes_of(authority);
	byte_writer_init(&writer, to->bytes, sizeof(to->bytes));
	msg_signed_certificate_write(&writer, &to->envelope);
	to->size = byte_writer_size(&writer);
}

#endif
