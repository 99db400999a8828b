#include <string.h>

#include <kith/signaling.h>

#include "api/find.h"
#include "api/structs.h"
#include "engine/failure.h"
#include "signaling/tcp/tcp_client.h"

kith_result kith_signaling_add(kith_endpoint endpoint, const struct kith_signaling_callbacks *callbacks,
                               kith_signaling *out_signaling)
{
	struct kith_signaling_callbacks own;
	struct engine *engine;
	kith_result result;

	if (out_signaling == NULL)
		return failure_set(KITH_E_INVALID, "out_signaling: null");
	*out_signaling = KITH_NO_HANDLE;
	result = structs_read(&own, sizeof(own), callbacks);
	if (result != KITH_OK)
		return result;
	if (own.send == NULL)
		return failure_set(KITH_E_INVALID, "callbacks: no function to send");
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_signaling_add(engine, &own, out_signaling);
	find_done(endpoint);
	return result;
}

/* The ready-made clients, by what their URLs begin with. */
static const struct scheme {
	const char *prefix;
	kith_result (*open)(kith_endpoint endpoint, const char *url, kith_signaling *out);
} schemes[] = {
	{ "tcp:", tcp_client_open },
};

kith_result kith_signaling_open(kith_endpoint endpoint, const char *url, kith_signaling *out_signaling)
{
	kith_result result;

	if (out_signaling == NULL)
		return failure_set(KITH_E_INVALID, "out_signaling: null");
	*out_signaling = KITH_NO_HANDLE;
	if (url == NULL)
		return failure_set(KITH_E_INVALID, "url: null");
	if (find_endpoint(endpoint) == NULL)
		return KITH_E_HANDLE;
	find_done(endpoint);
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (strncmp(url, schemes[i].prefix, strlen(schemes[i].prefix)) != 0)
			continue;
		result = schemes[i].open(endpoint, url, out_signaling);
		return result == KITH_OK ? result
		                         : failure_set(result, "signaling '%.200s': %s", url, kith_result_text(result));
	}
	if (strchr(url, ':') == NULL)
		return failure_set(KITH_E_INVALID, "signaling '%.200s': not a URL, tcp://HOST:PORT is expected", url);
	return failure_set(KITH_E_UNSUPPORTED, "signaling '%.200s': no client for this scheme, tcp: is there", url);
}

kith_result kith_signaling_close(kith_signaling signaling)
{
	struct engine_signaling *object = find_signaling(signaling);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_signaling_close(object);
	find_done(signaling);
	return result;
}

kith_result kith_signaling_set_state(kith_signaling signaling, int32_t state, const char *text)
{
	struct engine_signaling *object = find_signaling(signaling);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_signaling_set_state(object, state, text);
	find_done(signaling);
	return result;
}

kith_result kith_signaling_state(kith_signaling signaling, int32_t *out_state)
{
	struct engine_signaling *object;
	kith_result result;

	if (out_state == NULL)
		return failure_set(KITH_E_INVALID, "out_state: null");
	*out_state = KITH_SIGNALING_NONE;
	object = find_signaling(signaling);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_signaling_state(object, out_state);
	find_done(signaling);
	return result;
}

kith_result kith_endpoint_receive_signal(kith_endpoint endpoint, kith_signaling signaling, const void *data,
                                         size_t size)
{
	struct engine *engine;
	kith_result result;

	if (data == NULL || size == 0)
		return failure_set(KITH_E_INVALID, "data: null or empty");
	if (size > KITH_SIGNAL_SIZE_MAX)
		return failure_set(KITH_E_TOO_LARGE, "size: %zu is more than %d", size, KITH_SIGNAL_SIZE_MAX);
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_receive_signal(engine, signaling, data, size);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_add_stun_server(kith_endpoint endpoint, const char *server)
{
	struct engine *engine;
	kith_result result;

	if (server == NULL)
		return failure_set(KITH_E_INVALID, "server: null");
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_add_stun_server(engine, server);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_add_turn_server(kith_endpoint endpoint, const char *server, const char *user,
                                          const char *password)
{
	struct engine *engine;
	kith_result result;

	if (server == NULL)
		return failure_set(KITH_E_INVALID, "server: null");
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_add_turn_server(engine, server, user != NULL ? user : "", password != NULL ? password : "");
	find_done(endpoint);
	return result;
}
