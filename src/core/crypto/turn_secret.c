#include "core/crypto/turn_secret.h"

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/crypto/primitives.h"

void turn_secret_password(struct text *out, const char *secret, size_t secret_size, const char *user, size_t user_size)
{
	uint8_t mac[PRIMITIVES_SHA1_SIZE];

	primitives_hmac_sha1(mac, (const uint8_t *)secret, secret_size, (const uint8_t *)user, user_size);
	base64_write(out, mac, sizeof(mac));
	bytes_wipe(mac, sizeof(mac));
}
