/* Endpoints, listeners, poll groups and servers. */
#include <string.h>

#include "verbs.h"

/* Who the step wants to be; null: nobody in particular. */
static const struct kith_identity *identity_of(struct world *world, struct step *step, struct kith_identity *identity)
{
	const char *text = step_string(step, "identity");

	value_identity(world, text, identity);
	return text != NULL ? identity : NULL;
}

static void read_options(struct world *world, struct step *step, struct kith_endpoint_options *options)
{
	const char *key = step_string(step, "key"), *certificate = step_string(step, "certificate");
	const char *trust = step_string(step, "trust"), *revoked = step_string(step, "revoked");
	struct step_text text;

	options->config = value_config(world, step, "config", &options->config_count);
	options->app_id = (uint32_t)step_integer(step, "app", 0);
	if (key != NULL)
		options->private_key = world_object(world, key, OBJECT_KEY)->private_key;
	if (certificate != NULL) {
		text = value_certificates(world, certificate);
		options->certificate = text.bytes;
		options->certificate_size = text.size;
	}
	if (trust != NULL) {
		text = value_certificates(world, trust);
		options->trust = text.bytes;
		options->trust_size = text.size;
	}
	if (revoked != NULL) {
		text = value_revoked(world, revoked);
		options->revoked = text.bytes;
		options->revoked_size = text.size;
	}
}

static struct object *add_endpoint(struct world *world, struct step *step, kith_endpoint handle)
{
	struct object *object = world_add(world, step, OBJECT_ENDPOINT);
	struct peer *peer = world_new(sizeof(*peer));

	peer->world = world;
	peer->handle = handle;
	kith_endpoint_identity(handle, &peer->identity);
	pthread_mutex_lock(&world->lock);
	object->handle = handle;
	object->peer = peer;
	pthread_mutex_unlock(&world->lock);
	return object;
}

static kith_result endpoint(struct world *world, struct step *step)
{
	struct kith_endpoint_options options;
	struct kith_identity identity;
	struct object *object;
	kith_endpoint handle;
	kith_result result;

	kith_endpoint_options_init(&options);
	options.identity = identity_of(world, step, &identity);
	read_options(world, step, &options);
	result = kith_endpoint_create(&options, &handle);
	if (result != KITH_OK)
		return result;
	object = add_endpoint(world, step, handle);
	return world->uses_callbacks ? world_set_callbacks(object->peer) : KITH_OK;
}

static kith_result destroy(struct world *world, struct step *step)
{
	struct peer *peer = world_argument(world, step, 0, OBJECT_ENDPOINT)->peer;

	pthread_mutex_lock(&world->lock);
	peer->is_gone = true;
	pthread_mutex_unlock(&world->lock);
	return kith_endpoint_destroy(peer->handle);
}

static kith_result endpoint_is(struct world *world, struct step *step)
{
	kith_endpoint handle = world_argument(world, step, 0, OBJECT_ENDPOINT)->handle;
	const char *key = step_string(step, "public");
	struct kith_identity wanted, identity;
	uint8_t public_key[KITH_KEY_SIZE];
	kith_result result = kith_endpoint_identity(handle, &identity);

	if (result == KITH_OK)
		result = kith_endpoint_public_key(handle, public_key);
	if (result != KITH_OK)
		return result;
	if (identity_of(world, step, &wanted) != NULL)
		VERBS_EXPECT(world, kith_identity_equal(&wanted, &identity), "it is %s", identity.text);
	if (key != NULL)
		VERBS_EXPECT(world, memcmp(world_object(world, key, OBJECT_KEY)->public_key, public_key, KITH_KEY_SIZE) == 0,
		             "it has another key");
	return KITH_OK;
}

/* --- listeners */

static kith_result listen(struct world *world, struct step *step)
{
	kith_endpoint on = world_object(world, step_string(step, "on"), OBJECT_ENDPOINT)->handle;
	const char *text = step_string(step, "address"), *group = step_string(step, "group");
	struct kith_listener_options options;
	struct kith_address address;
	kith_listener handle;
	kith_result result;

	kith_listener_options_init(&options);
	options.config = value_config(world, step, "config", &options.config_count);
	options.user_data = step_integer(step, "user_data", 0);
	options.symmetric = (int32_t)step_integer(step, "symmetric", 0);
	options.poll_group = group != NULL ? world_object(world, group, OBJECT_GROUP)->handle : KITH_NO_HANDLE;
	value_address(world, text, &address);
	if (text != NULL)
		result = kith_endpoint_listen_address(on, &address, &options, &handle);
	else
		result = kith_endpoint_listen_port(on, (int32_t)step_integer(step, "port", -1), &options, &handle);
	if (result == KITH_OK)
		world_add(world, step, OBJECT_LISTENER)->handle = handle;
	return result;
}

static kith_result listener_is(struct world *world, struct step *step)
{
	kith_listener handle = world_argument(world, step, 0, OBJECT_LISTENER)->handle;
	const char *prefix = step_string(step, "address");
	char text[KITH_ADDRESS_TEXT_MAX];
	struct kith_address address;
	kith_result result = kith_listener_address(handle, &address);

	if (result != KITH_OK)
		return result;
	kith_address_print(&address, text, sizeof(text), NULL);
	VERBS_EXPECT(world, address.port != 0, "it has no port");
	VERBS_EXPECT(world, prefix == NULL || strncmp(text, prefix, strlen(prefix)) == 0, "it is at %s", text);
	return KITH_OK;
}

static kith_result close_listener(struct world *world, struct step *step)
{
	return kith_listener_close(world_argument(world, step, 0, OBJECT_LISTENER)->handle);
}

/* --- poll groups */

static kith_result group(struct world *world, struct step *step)
{
	kith_endpoint on = world_object(world, step_string(step, "on"), OBJECT_ENDPOINT)->handle;
	kith_poll_group handle;
	kith_result result = kith_poll_group_create(on, &handle);

	if (result == KITH_OK)
		world_add(world, step, OBJECT_GROUP)->handle = handle;
	return result;
}

static kith_result join(struct world *world, struct step *step)
{
	kith_connection connection = world_argument(world, step, 0, OBJECT_CONNECTION)->handle;
	const struct step_text *name = step_argument(step, 1);
	bool is_none = name != NULL && strcmp(name->bytes, "none") == 0;

	return kith_connection_set_poll_group(connection, is_none ? KITH_NO_HANDLE
	                                                          : world_argument(world, step, 1, OBJECT_GROUP)->handle);
}

static kith_result wait_group(struct world *world, struct step *step)
{
	return kith_poll_group_wait(world_argument(world, step, 0, OBJECT_GROUP)->handle,
	                            step_integer(step, "for_us", WORLD_PATIENCE_US));
}

static kith_result destroy_group(struct world *world, struct step *step)
{
	return kith_poll_group_destroy(world_argument(world, step, 0, OBJECT_GROUP)->handle);
}

/* Of an endpoint or a group. */
static kith_result descriptor(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, 0);
	struct object *object = name != NULL ? world_look_up(world, name->bytes) : NULL;
	int32_t fd = -1;
	kith_result result;

	if (object != NULL && object->kind == OBJECT_GROUP)
		result = kith_poll_group_fd(object->handle, &fd);
	else
		result = kith_endpoint_fd(world_argument(world, step, 0, OBJECT_ENDPOINT)->handle, &fd);
	VERBS_EXPECT(world, result != KITH_OK || fd >= 0, "the descriptor is %d", fd);
	return result;
}

/* --- servers */

static kith_result stun(struct world *world, struct step *step)
{
	const struct step_text *server = step_argument(step, 1);

	return kith_endpoint_add_stun_server(world_argument(world, step, 0, OBJECT_ENDPOINT)->handle,
	                                     server != NULL ? server->bytes : NULL);
}

static kith_result turn(struct world *world, struct step *step)
{
	const struct step_text *server = step_argument(step, 1);

	return kith_endpoint_add_turn_server(world_argument(world, step, 0, OBJECT_ENDPOINT)->handle,
	                                     server != NULL ? server->bytes : NULL, step_string(step, "user"),
	                                     step_string(step, "password"));
}

const struct verb verbs_endpoint[] = { { "endpoint", endpoint },
	                                   { "destroy", destroy },
	                                   { "endpoint_is", endpoint_is },
	                                   { "listen", listen },
	                                   { "listener_is", listener_is },
	                                   { "close_listener", close_listener },
	                                   { "group", group },
	                                   { "join", join },
	                                   { "wait_group", wait_group },
	                                   { "destroy_group", destroy_group },
	                                   { "descriptor", descriptor },
	                                   { "stun", stun },
	                                   { "turn", turn },
	                                   { 0 } };
