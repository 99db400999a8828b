/* identity: who a peer is, as the wire and users write it (docs/wire.md, "Identities").
 *
 * Owns: the text form, comparison, the special identities.
 * Does not know: how an identity is proved (crypto), where the peer is (address).
 */
#ifndef TYPES_IDENTITY_H
#define TYPES_IDENTITY_H

#include "core/types/address.h"

enum identity_kind {
	IDENTITY_NONE = 0,
	IDENTITY_STEAM_ID,
	IDENTITY_XBOX_PAIRWISE,
	IDENTITY_PSN,
	IDENTITY_IP,
	IDENTITY_STRING,
	IDENTITY_GENERIC, /* 1-32 bytes; 32 may claim to be a key */
	IDENTITY_UNKNOWN, /* kept verbatim */
};

#define IDENTITY_TEXT_MAX 128 /* with the NUL */
#define IDENTITY_GENERIC_MAX 32
#define IDENTITY_STRING_MAX 31
#define IDENTITY_KEY_SIZE 32

/* Held in its canonical text, which is what goes on the wire: equality is string equality. */
struct identity {
	uint8_t kind; /* enum identity_kind */
	uint8_t size; /* of text, without the NUL */
	char text[IDENTITY_TEXT_MAX];
};

/* Reads a text form, `key:<64 hex>` included (it becomes gen:). False: `*out` is IDENTITY_NONE. */
bool identity_parse(struct identity *out, const char *text, size_t size);
bool identity_equal(const struct identity *a, const struct identity *b);
uint64_t identity_hash(const struct identity *identity, uint64_t key);
bool identity_is_none(const struct identity *identity);
/* ip:::1 or ip:127.0.0.1, any port: means "anonymous". */
bool identity_is_localhost(const struct identity *identity);
void identity_set_localhost(struct identity *out);
void identity_set_address(struct identity *out, const struct address *address);
bool identity_get_address(const struct identity *identity, struct address *out);
void identity_set_key(struct identity *out, const uint8_t key[IDENTITY_KEY_SIZE]);
/* True when the identity is 32 generic bytes: it claims to be this Ed25519 public key. */
bool identity_get_key(const struct identity *identity, uint8_t key[IDENTITY_KEY_SIZE]);
/* Generic bytes, 1-32. False when `size` is out of range. */
bool identity_set_generic(struct identity *out, const uint8_t *bytes, size_t size);
size_t identity_get_generic(const struct identity *identity, uint8_t bytes[IDENTITY_GENERIC_MAX]);

#endif
