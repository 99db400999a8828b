#include "core/rendezvous/ice_credentials.h"

#include <string.h>

#include "core/base/text.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void write_five(uint32_t bits, char *out)
{
	for (unsigned i = 0; i < 5; i++)
		out[i] = alphabet[(bits >> (24 - 6 * i)) & 63];
	out[5] = '\0';
}

void ice_credentials_username(uint32_t connection_id, char out[ICE_USERNAME_MAX])
{
	write_five(connection_id, out);
}

void ice_credentials_password(uint32_t random, char out[ICE_PASSWORD_MAX])
{
	write_five(random, out);
}

void ice_credentials_later_username(uint32_t connection_id, uint32_t generation, char out[ICE_USERNAME_MAX])
{
	struct text text;

	write_five(connection_id, out);
	text_init(&text, out + 5, ICE_USERNAME_MAX - 5);
	text_add_u64(&text, generation);
}

void ice_credentials_long_password(const uint8_t random[ICE_LONG_PASSWORD], char out[ICE_PASSWORD_MAX])
{
	for (unsigned i = 0; i < ICE_LONG_PASSWORD; i++)
		out[i] = alphabet[random[i] & 63];
	out[ICE_LONG_PASSWORD] = '\0';
}

bool ice_credentials_read_password(const uint8_t *bytes, size_t size, char out[ICE_PASSWORD_MAX])
{
	if (size == 0 || size >= ICE_PASSWORD_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\0' || strchr(alphabet, bytes[i]) == NULL)
			return false;
		out[i] = (char)bytes[i];
	}
	out[size] = '\0';
	return true;
}
