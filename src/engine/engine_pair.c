/* Two connections of this process that talk to each other. */
#include "core/base/bytes.h"
#include "core/crypto/key_exchange.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"
#include "engine/result.h"
#include "engine/service_transports.h"

/* One end on its way to a connection. */
struct end {
	struct engine *engine;
	const struct kith_connection_options *options;
	struct config config;
	struct endpoint_pair_end core_end;
	struct engine_conn *conn;
};

/* In memory nobody listens in, and nothing is saved by waiting for company. What the application has
 * set, for whatever, counts. */
static void set_for_memory(struct config *config)
{
	if (config->set_at[CONFIG_UNENCRYPTED] == CONFIG_LEVEL_DEFAULT)
		config_set_int(config, CONFIG_UNENCRYPTED, KEY_EXCHANGE_PREFER_PLAIN);
	if (config->set_at[CONFIG_NAGLE_TIME] == CONFIG_LEVEL_DEFAULT)
		config_set_int(config, CONFIG_NAGLE_TIME, 0);
}

/* --- what carries */

static int32_t open_memory(struct end ends[2])
{
	struct loopback *loopbacks[2];
	int32_t result;
	int error;

	if (!loopback_open(loopbacks, &error))
		return failure_set_system(error, "no descriptors for a pair");
	result = service_open_loopback(&ends[0].engine->service, loopbacks[0], &ends[0].core_end.transport);
	if (result != KITH_OK) {
		loopback_close(loopbacks[1]);
		return result;
	}
	result = service_open_loopback(&ends[1].engine->service, loopbacks[1], &ends[1].core_end.transport);
	if (result != KITH_OK)
		service_close_transport(&ends[0].engine->service, ends[0].core_end.transport);
	return result;
}

static int32_t open_socket(struct end *end)
{
	static const struct address here = { { [10] = 0xff, [11] = 0xff, 127, 0, 0, 1 }, 0 };
	struct service *service = &end->engine->service;
	int32_t result = service_open_udp(service, &here, NULL, &end->config, &end->core_end.transport);

	if (result == KITH_OK)
		service_local_address(service, end->core_end.transport, &end->core_end.address);
	return result;
}

static int32_t open_sockets(struct end ends[2])
{
	int32_t result = open_socket(&ends[0]);

	if (result != KITH_OK)
		return result;
	result = open_socket(&ends[1]);
	if (result != KITH_OK)
		service_close_transport(&ends[0].engine->service, ends[0].core_end.transport);
	return result;
}

/* --- the pair, with both locks held */

static int32_t make_configs(struct end ends[2], bool network)
{
	int32_t result = engine_conn_make_config(ends[0].engine, ends[0].options, &ends[0].config);

	if (result != KITH_OK)
		return result;
	result = engine_conn_make_config(ends[1].engine, ends[1].options, &ends[1].config);
	if (result != KITH_OK) {
		config_free(&ends[0].config);
		return result;
	}
	for (int i = 0; i < 2; i++) {
		if (!network)
			set_for_memory(&ends[i].config);
		ends[i].core_end.endpoint = core_endpoint(ends[i].engine->core);
		ends[i].core_end.config = &ends[i].config;
	}
	return KITH_OK;
}

/* Who nobody gave a name is this machine. */
static void name_end(struct end *end)
{
	struct identity *name = &end->core_end.name;

	if (identity_is_none(name) && end->core_end.address.port != 0)
		identity_set_address(name, &end->core_end.address);
	else if (identity_is_none(name))
		identity_set_localhost(name);
}

static int32_t finish(struct end ends[2], usec_t now, struct conn *const conns[2])
{
	int32_t result = engine_conn_finish(ends[0].engine, now, conns[0], ends[0].options, &ends[0].conn);

	if (result != KITH_OK) {
		sockets_close(ends[1].engine->core, now, conns[1], 0, "", 0);
		return result;
	}
	result = engine_conn_finish(ends[1].engine, now, conns[1], ends[1].options, &ends[1].conn);
	if (result != KITH_OK)
		engine_conn_end(ends[0].conn, 0, "", 0);
	return result;
}

static int32_t connect_ends(struct end ends[2], usec_t now, bool network)
{
	struct endpoint_pair_end core_ends[2];
	struct conn *conns[2];
	int32_t result = network ? open_sockets(ends) : open_memory(ends);

	if (result != KITH_OK)
		return result;
	for (int i = 0; i < 2; i++) {
		name_end(&ends[i]);
		core_ends[i] = ends[i].core_end;
	}
	result = sockets_pair(now, core_ends, conns);
	if (result == KITH_OK)
		return finish(ends, now, conns);
	return failure_set(result, "a pair: %s",
	                   result == KITH_E_INVALID ? "one end wants no encryption, the other nothing else"
	                                            : result_text(result));
}

static int32_t make_pair(struct end ends[2], bool network)
{
	usec_t now = clock_now();
	int32_t result = make_configs(ends, network);

	if (result != KITH_OK)
		return result;
	result = connect_ends(ends, now, network);
	for (int i = 0; i < 2; i++) {
		config_free(&ends[i].config);
		service_flush(ends[i].engine, now);
	}
	return result;
}

/* --- the call */

static int32_t read_end(struct end *out, const struct engine_pair_end *end, const char *name)
{
	bytes_zero(out, sizeof(*out));
	out->engine = end->engine;
	out->options = &end->options;
	if (end->identity == NULL)
		return KITH_OK;
	if (!convert_identity_in(&out->core_end.name, end->identity))
		return failure_set(KITH_E_INVALID, "%s_identity: not an identity", name);
	return KITH_OK;
}

int32_t engine_pair(const struct engine_pair_end ends[2], bool network, kith_connection out[2])
{
	struct end both[2];
	int32_t result = read_end(&both[0], &ends[0], "first");

	if (result == KITH_OK)
		result = read_end(&both[1], &ends[1], "second");
	if (result == KITH_OK)
		result = engine_lock_both(ends[0].engine, ends[1].engine);
	if (result != KITH_OK)
		return result;
	result = make_pair(both, network);
	for (int i = 0; i < 2 && result == KITH_OK; i++)
		out[i] = both[i].conn->handle;
	engine_unlock_both(ends[0].engine, ends[1].engine);
	return result;
}
