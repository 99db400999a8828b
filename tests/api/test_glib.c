#include "pair.h"

#include <kith/glib.h>

static void on_state(void *user_data, const struct kith_event *event)
{
	GMainLoop *loop = user_data;

	if (event->state == KITH_STATE_CONNECTING)
		kith_connection_accept(event->connection);
	if (event->state == KITH_STATE_CLOSED_BY_PEER)
		g_main_loop_quit(loop);
}

static void close_at_once(void *user_data, const struct kith_event *event)
{
	(void)user_data;
	if (event->state == KITH_STATE_CONNECTED)
		kith_connection_close(event->connection, 0, NULL, 0);
}

static GSource *attach(kith_endpoint endpoint, GMainContext *context, kith_event_fn on_event, void *user_data)
{
	struct kith_callbacks callbacks = KITH_CALLBACKS_INIT;
	GSource *source;

	callbacks.user_data = user_data;
	callbacks.on_state = on_event;
	cr_assert_eq(kith_endpoint_set_callbacks(endpoint, &callbacks), KITH_OK);
	cr_assert_eq(kith_endpoint_source_new(endpoint, &source), KITH_OK);
	g_source_attach(source, context);
	return source;
}

Test(glib, a_source_dispatches_in_a_main_loop)
{
	kith_endpoint server = pair_endpoint(), client = pair_endpoint();
	GMainContext *context = g_main_context_new();
	GMainLoop *loop = g_main_loop_new(context, FALSE);
	GSource *sources[] = { attach(server, context, on_state, loop), attach(client, context, close_at_once, NULL) };
	struct kith_address address;
	kith_connection called;

	pair_listen(server, NULL, &address);
	cr_assert_eq(kith_endpoint_connect_address(client, &address, NULL, &called), KITH_OK);
	g_main_loop_run(loop);
	/* It takes itself out when the endpoint is gone. */
	kith_endpoint_destroy(server);
	while (!g_source_is_destroyed(sources[0]))
		g_main_context_iteration(context, TRUE);
	g_source_destroy(sources[1]);
	g_source_unref(sources[0]);
	g_source_unref(sources[1]);
	kith_endpoint_destroy(client);
	g_main_loop_unref(loop);
	g_main_context_unref(context);
}

Test(glib, nothing_is_answered)
{
	GSource *source;

	cr_assert_eq(kith_endpoint_source_new(KITH_NO_HANDLE, &source), KITH_E_HANDLE);
	cr_assert(source == NULL);
	cr_assert_eq(kith_endpoint_source_new(KITH_NO_HANDLE, NULL), KITH_E_INVALID);
}
