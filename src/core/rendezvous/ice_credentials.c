#include "core/rendezvous/ice_credentials.h"

#include <string.h>

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
