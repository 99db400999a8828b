#include <kith/glib.h>

#include "api/find.h"
#include "engine/failure.h"

struct endpoint_source {
	GSource source;
	kith_endpoint endpoint;
};

/* The descriptor is looked at by the loop; it is gone when the endpoint is. */
static gboolean prepare(GSource *source, gint *timeout)
{
	(void)source;
	*timeout = -1;
	return FALSE;
}

static gboolean check(GSource *source)
{
	struct endpoint_source *self = (struct endpoint_source *)source;

	return kith_endpoint_wait(self->endpoint, 0) != KITH_E_TIMEOUT;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer user_data)
{
	struct endpoint_source *self = (struct endpoint_source *)source;
	int32_t result = kith_endpoint_dispatch(self->endpoint, 0);

	(void)callback;
	(void)user_data;
	return result != KITH_E_HANDLE && result != KITH_E_CANCELLED ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void finalize(GSource *source)
{
	struct endpoint_source *self = (struct endpoint_source *)source;

	find_done(self->endpoint);
}

static GSourceFuncs functions = { prepare, check, dispatch, finalize, NULL, NULL };

kith_result kith_endpoint_source_new(kith_endpoint endpoint, GSource **out_source)
{
	struct engine *engine;
	GSource *source;

	if (out_source == NULL)
		return failure_set(KITH_E_INVALID, "out_source: null");
	*out_source = NULL;
	/* Found until the source is finalized: the descriptor must stay valid as long as it is watched. */
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	source = g_source_new(&functions, sizeof(struct endpoint_source));
	((struct endpoint_source *)source)->endpoint = endpoint;
	g_source_add_unix_fd(source, engine_fd(engine), G_IO_IN);
	*out_source = source;
	return KITH_OK;
}
