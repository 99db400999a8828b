/* NAME=VALUE as users write it: refused with a message, or set to something that reads the same. */
#include <stdlib.h>
#include <string.h>

#include "core/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[512] = { 0 };
	char message[CONFIG_MESSAGE_MAX] = { 0 };
	char printed[512];
	struct config config;
	memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
	char *value = strchr(text, '=');
	if (value == NULL)
		return 0;
	*value++ = '\0';
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
	if (config_set_text(&config, text, value, message) == CONFIG_OK) {
		enum config_id id = (enum config_id)config_find(text)->id;
		if (config_get_text(&config, id, printed, sizeof(printed)) != strlen(printed))
			abort();
		if (config_set_text(&config, text, printed, NULL) != CONFIG_OK)
			abort();
	} else if (message[0] == '\0') {
		abort();
	}
	config_free(&config);
	return 0;
}
