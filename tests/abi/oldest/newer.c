/* A program of a later version: its structs are longer than the library knows. What is beyond is ignored
 * where the library reads, and zero where it fills. */
#include <kith/kith.h>

#include <stdio.h>
#include <string.h>

struct longer_options {
	struct kith_endpoint_options known;
	unsigned char newer[64];
};

struct longer_event {
	struct kith_event known;
	unsigned char newer[64];
};

static int is_zero(const unsigned char *bytes)
{
	for (int i = 0; i < 64; i++)
		if (bytes[i] != 0)
			return 0;
	return 1;
}

int main(void)
{
	struct longer_options options = { KITH_ENDPOINT_OPTIONS_INIT, { 0 } };
	struct longer_event event;
	kith_endpoint endpoint;

	memset(options.newer, 0xee, sizeof(options.newer));
	options.known.struct_size = sizeof(options);
	if (kith_endpoint_create(&options.known, &endpoint) != KITH_OK)
		return 1;
	memset(&event, 0xee, sizeof(event));
	event.known.struct_size = sizeof(event);
	if (kith_endpoint_next_event(endpoint, &event.known) != KITH_E_AGAIN || !is_zero(event.newer) ||
	    event.known.struct_size != sizeof(event))
		return 2;
	kith_endpoint_destroy(endpoint);
	puts("1 passed, 0 failed");
	return 0;
}
