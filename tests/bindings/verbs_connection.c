/* Connections: how they begin and end, and what is attached to them. */
#include <string.h>

#include "verbs.h"

static kith_connection connection_of(struct world *world, struct step *step)
{
	return world_argument(world, step, 0, OBJECT_CONNECTION)->handle;
}

static kith_result name_connection(struct world *world, struct step *step, kith_result result, kith_connection handle)
{
	if (result == KITH_OK)
		world_add(world, step, OBJECT_CONNECTION)->handle = handle;
	return result;
}

static void read_options(struct world *world, struct step *step, struct kith_connection_options *options)
{
	const char *group = step_string(step, "group");

	kith_connection_options_init(options);
	options->config = value_config(world, step, "config", &options->config_count);
	options->name = step_string(step, "name");
	options->user_data = step_integer(step, "user_data", 0);
	options->symmetric = (int32_t)step_integer(step, "symmetric", 0);
	if (group != NULL)
		options->poll_group = world_object(world, group, OBJECT_GROUP)->handle;
}

static kith_result connect_address(struct world *world, struct step *step)
{
	kith_endpoint on = world_object(world, step_string(step, "on"), OBJECT_ENDPOINT)->handle;
	const char *peer = step_string(step, "peer");
	struct kith_connection_options options;
	struct kith_identity identity;
	struct kith_address address;
	kith_connection handle;
	kith_result result;

	read_options(world, step, &options);
	value_address(world, step_string(step, "to"), &address);
	value_identity(world, peer, &identity);
	options.peer = peer != NULL ? &identity : NULL;
	result = kith_endpoint_connect_address(on, &address, &options, &handle);
	return name_connection(world, step, result, handle);
}

static kith_result connect_identity(struct world *world, struct step *step)
{
	kith_endpoint on = world_object(world, step_string(step, "on"), OBJECT_ENDPOINT)->handle;
	struct kith_connection_options options;
	struct kith_identity identity;
	kith_connection handle;
	kith_result result;

	read_options(world, step, &options);
	value_identity(world, step_string(step, "peer"), &identity);
	options.virtual_port = (int32_t)step_integer(step, "port", -1);
	result = kith_endpoint_connect_identity(on, &identity, &options, &handle);
	return name_connection(world, step, result, handle);
}

/* --- pairs */

static void read_end(struct world *world, struct step *step, const char *end, struct kith_connection_options *options)
{
	char prefix[16] = "";
	unsigned index = 0;
	const char *name, *value;

	kith_connection_options_init(options);
	strcat(strcpy(prefix, end), ".config");
	options->config = value_config(world, step, prefix, &options->config_count);
	while ((name = step_key_within(step, end, &index, &value)) != NULL) {
		if (strcmp(name, "name") == 0)
			options->name = value;
		else if (strcmp(name, "user_data") == 0)
			options->user_data = value_constant(world, "", value);
		else if (strcmp(name, "group") == 0)
			options->poll_group = world_object(world, value, OBJECT_GROUP)->handle;
		else if (strncmp(name, "config.", 7) != 0)
			world_fail(world, "an end has no %s", name);
	}
}

static kith_result pair(struct world *world, struct step *step)
{
	kith_endpoint first = world_object(world, step_string(step, "first"), OBJECT_ENDPOINT)->handle;
	kith_endpoint second = world_object(world, step_string(step, "second"), OBJECT_ENDPOINT)->handle;
	const char *names[] = { step_string(step, "first_identity"), step_string(step, "second_identity") };
	const struct step_text *other = step_argument(step, 1);
	struct step rest = { .arguments = { other != NULL ? *other : (struct step_text){ "", 0 } }, .arguments_count = 1 };
	struct kith_connection_options ends[2];
	struct kith_identity identities[2];
	struct kith_pair_options options;
	kith_connection handles[2];
	kith_result result;

	kith_pair_options_init(&options);
	read_end(world, step, "first", &ends[0]);
	read_end(world, step, "second", &ends[1]);
	for (int i = 0; i < 2; i++)
		value_identity(world, names[i], &identities[i]);
	options.first = &ends[0];
	options.second = &ends[1];
	options.first_identity = names[0] != NULL ? &identities[0] : NULL;
	options.second_identity = names[1] != NULL ? &identities[1] : NULL;
	options.network = (int32_t)step_integer(step, "network", 0);
	result = kith_endpoint_pair(first, second, &options, &handles[0], &handles[1]);
	name_connection(world, step, result, handles[0]);
	return name_connection(world, &rest, result, handles[1]);
}

/* --- their life */

static kith_result accept(struct world *world, struct step *step)
{
	return kith_connection_accept(connection_of(world, step));
}

static kith_result close_it(struct world *world, struct step *step)
{
	return kith_connection_close(connection_of(world, step), (int32_t)step_integer(step, "reason", 0),
	                             step_string(step, "text"), step_integer(step, "linger_us", 0));
}

struct wanted_state {
	kith_connection connection;
	int32_t wanted;
	kith_result result;
	struct kith_info info;
};

static bool has_state(struct world *world, void *data)
{
	struct wanted_state *state = data;

	(void)world;
	state->result = kith_connection_info(state->connection, &state->info);
	return state->result != KITH_OK || state->info.state == state->wanted;
}

static kith_result state(struct world *world, struct step *step)
{
	struct wanted_state state = { .connection = connection_of(world, step) };
	const struct step_text *name = step_argument(step, 1);

	state.wanted = (int32_t)value_constant(world, "STATE_", name != NULL ? name->bytes : NULL);
	kith_info_init(&state.info);
	if (!world_await(world, has_state, &state, step->fails != NULL ? 0 : WORLD_PATIENCE_US))
		world_fail(world, "it is %s: %s", kith_state_name(state.info.state), state.info.text);
	return state.result;
}

static kith_result lanes(struct world *world, struct step *step)
{
	kith_connection connection = connection_of(world, step);
	const struct step_text *argument = step_argument(step, 1);
	int32_t count = (int32_t)value_constant(world, "", argument != NULL ? argument->bytes : NULL);
	const char *priorities = step_string(step, "priorities"), *weights = step_string(step, "weights");
	bool has_priorities = priorities != NULL, has_weights = weights != NULL;
	int32_t priority_of[KITH_LANES_MAX] = { 0 };
	uint16_t weight_of[KITH_LANES_MAX] = { 0 };

	for (int32_t i = 0; i < KITH_LANES_MAX; i++) {
		if (priorities != NULL)
			priority_of[i] = (int32_t)step_next_number(&priorities);
		if (weights != NULL)
			weight_of[i] = (uint16_t)step_next_number(&weights);
	}
	return kith_connection_set_lanes(connection, count, has_priorities ? priority_of : NULL,
	                                 has_weights ? weight_of : NULL);
}

static kith_result flush(struct world *world, struct step *step)
{
	return kith_connection_flush(connection_of(world, step));
}

static kith_result set_user_data(struct world *world, struct step *step)
{
	kith_connection connection = connection_of(world, step);
	const struct step_text *value = step_argument(step, 1);

	return kith_connection_set_user_data(connection, value_constant(world, "", value != NULL ? value->bytes : NULL));
}

static kith_result user_data(struct world *world, struct step *step)
{
	kith_connection connection = connection_of(world, step);
	const struct step_text *value = step_argument(step, 1);
	int64_t wanted = value_constant(world, "", value != NULL ? value->bytes : NULL), seen;
	kith_result result = kith_connection_user_data(connection, &seen);

	VERBS_EXPECT(world, result != KITH_OK || seen == wanted, "it is %lld", (long long)seen);
	return result;
}

static kith_result set_name(struct world *world, struct step *step)
{
	kith_connection connection = connection_of(world, step);
	const struct step_text *name = step_argument(step, 1);

	return kith_connection_set_name(connection, name != NULL ? name->bytes : NULL);
}

const struct verb verbs_connection[] = { { "connect_address", connect_address },
	                                     { "connect_identity", connect_identity },
	                                     { "pair", pair },
	                                     { "accept", accept },
	                                     { "close", close_it },
	                                     { "state", state },
	                                     { "lanes", lanes },
	                                     { "flush", flush },
	                                     { "set_user_data", set_user_data },
	                                     { "user_data", user_data },
	                                     { "set_name", set_name },
	                                     { 0 } };
