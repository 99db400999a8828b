/* key_derivation: from the shared secret and the transcript to the keys (docs/wire.md, "Key
 * agreement").
 *
 * Owns: the order of everything in it. Pure, so that recorded sessions can be replayed.
 * Does not know: messages, whose half is ours beyond one flag.
 */
#ifndef CRYPTO_KEY_DERIVATION_H
#define CRYPTO_KEY_DERIVATION_H

#include "core/crypto/packet_crypto.h"

/* What one side contributed: the exact bytes it sent, never serialized again. */
struct key_derivation_side {
	uint32_t connection_id;
	uint64_t nonce;
	struct primitives_bytes cert;
	struct primitives_bytes info;
};

/* `shared` is the X25519 result. The caller sets `out->cipher` and wipes both. */
void key_derivation_run(struct packet_crypto_keys *out, const uint8_t shared[PRIMITIVES_KEY_SIZE],
                        const struct key_derivation_side *initiator, const struct key_derivation_side *acceptor,
                        bool is_acceptor);

#endif
