/* Addresses from users and peers: what is read prints to a text that reads the same. */
#include <stdlib.h>
#include <string.h>

#include "core/types/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[128] = { 0 };
	char printed[ADDRESS_TEXT_MAX];
	struct address address, again;
	memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
	if (!address_parse(&address, text))
		return 0;
	if (address_print(&address, printed) != strlen(printed))
		abort();
	if (!address_parse(&again, printed) || !address_equal(&address, &again))
		abort();
	return 0;
}
