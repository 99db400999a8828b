#include "core/crypto/key_derivation.h"

#include "core/base/byte_writer.h"
#include "core/base/bytes.h"

#define LABEL "Steam datagram"

enum {
	ROUND_KEY_TO_ACCEPTOR,
	ROUND_KEY_TO_INITIATOR,
	ROUND_IV_TO_ACCEPTOR,
	ROUND_IV_TO_INITIATOR,
	ROUND_COUNT,
};

/* Secrets of the derivation, in one place to wipe. */
struct derivation {
	uint8_t premaster[PRIMITIVES_HASH_SIZE];
	uint8_t root[PRIMITIVES_HASH_SIZE];
	uint8_t rounds[ROUND_COUNT][PRIMITIVES_HASH_SIZE];
};

/* Key and message are the other way round than in RFC 5869. */
static void extract(struct derivation *derivation, const uint8_t shared[PRIMITIVES_KEY_SIZE], uint64_t initiator_nonce,
                    uint64_t acceptor_nonce)
{
	uint8_t salt[16];
	struct byte_writer writer;
	struct primitives_bytes part = { salt, sizeof(salt) };

	byte_writer_init(&writer, salt, sizeof(salt));
	byte_writer_le64(&writer, acceptor_nonce);
	byte_writer_le64(&writer, initiator_nonce);
	primitives_sha256(derivation->premaster, shared, PRIMITIVES_KEY_SIZE);
	primitives_hmac_sha256(derivation->root, derivation->premaster, &part, 1);
}

/* RFC 5869 expansion, of which the original takes a whole round for each value. */
static void expand(struct derivation *derivation, const struct key_derivation_side *initiator,
                   const struct key_derivation_side *acceptor)
{
	uint8_t ids[8];
	uint8_t counter = 0;
	struct byte_writer writer;

	byte_writer_init(&writer, ids, sizeof(ids));
	byte_writer_le32(&writer, initiator->connection_id);
	byte_writer_le32(&writer, acceptor->connection_id);
	for (size_t i = 0; i < ROUND_COUNT; i++) {
		const struct primitives_bytes parts[] = {
			{ i > 0 ? derivation->rounds[i - 1] : derivation->root, i > 0 ? PRIMITIVES_HASH_SIZE : 0 },
			{ ids, sizeof(ids) },
			{ (const uint8_t *)LABEL, sizeof(LABEL) - 1 },
			acceptor->cert,
			initiator->cert,
			acceptor->info,
			initiator->info,
			{ &counter, 1 },
		};

		counter++;
		primitives_hmac_sha256(derivation->rounds[i], derivation->root, parts, sizeof(parts) / sizeof(parts[0]));
	}
}

void key_derivation_run(struct packet_crypto_keys *out, const uint8_t shared[PRIMITIVES_KEY_SIZE],
                        const struct key_derivation_side *initiator, const struct key_derivation_side *acceptor,
                        bool is_acceptor)
{
	struct derivation derivation;
	size_t send = is_acceptor ? 1 : 0;
	size_t receive = 1 - send;

	extract(&derivation, shared, initiator->nonce, acceptor->nonce);
	expand(&derivation, initiator, acceptor);
	bytes_copy(out->send_key, derivation.rounds[ROUND_KEY_TO_ACCEPTOR + send], sizeof(out->send_key));
	bytes_copy(out->receive_key, derivation.rounds[ROUND_KEY_TO_ACCEPTOR + receive], sizeof(out->receive_key));
	bytes_copy(out->send_iv, derivation.rounds[ROUND_IV_TO_ACCEPTOR + send], sizeof(out->send_iv));
	bytes_copy(out->receive_iv, derivation.rounds[ROUND_IV_TO_ACCEPTOR + receive], sizeof(out->receive_iv));
	bytes_wipe(&derivation, sizeof(derivation));
}
