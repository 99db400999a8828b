/* certificate_text: certificates and requests for them as files hold them: blocks of base64 between
 * lines BEGIN and END, any number of them, or the bare bytes of one.
 *
 * Owns: the labels, finding the blocks. What stands outside of blocks, and blocks with other labels,
 * is passed over.
 * Does not know: what the bytes say, beyond telling a certificate from a request.
 */
#ifndef CRYPTO_CERTIFICATE_TEXT_H
#define CRYPTO_CERTIFICATE_TEXT_H

#include "core/base/text.h"
#include "core/crypto/certificate.h"

/* Roots and authorities of a whole trust store, and some. */
#define CERTIFICATE_TEXT_ITEMS_MAX 100
#define CERTIFICATE_TEXT_SIZE_MAX (256 * 1024)

enum certificate_text_kind { CERTIFICATE_TEXT_CERTIFICATE, CERTIFICATE_TEXT_REQUEST };

struct certificate_text {
	uint8_t *bytes; /* owned; null: nothing was read */
	size_t capacity;
	struct msg_bytes items[CERTIFICATE_TEXT_ITEMS_MAX];
	enum certificate_text_kind kinds[CERTIFICATE_TEXT_ITEMS_MAX];
	size_t count;
};

/* At least one item, or what is wrong: a constant text for people, and nothing to free. */
const char *certificate_text_read(struct certificate_text *out, const void *data, size_t size);
/* Zeroed is allowed. The bytes are wiped: a foreign file may have held a private key. */
void certificate_text_free(struct certificate_text *text);

/* Whether this looks like either form; else it may be a bare key. */
bool certificate_text_is_one(const void *data, size_t size);

/* Appends a block. */
void certificate_text_write(struct text *text, enum certificate_text_kind kind, const uint8_t *bytes, size_t size);
/* How much that is, without a NUL. */
size_t certificate_text_size(enum certificate_text_kind kind, size_t size);

#endif
