/* What goes to the log: our own lines, and the warnings of libnice and GLib, which would else stand on standard
 * error. */
#include <stdarg.h>
#include <stdio.h>

#include "core/base/text.h"
#include "transport/ice_internal.h"

enum { TEXT_MAX = 256, WAITING_MAX = 64 };

/* Whom the warnings of this service thread concern: its sessions have one owner. */
static _Thread_local struct ice_sink sink;
/* The loop in which warnings wait that concern another thread. */
static _Thread_local GMainContext *home;
static gint waiting;

void ice_log_say(const struct ice *ice, enum ice_log_kind kind, const char *format, ...)
{
	char text[2 * TEXT_MAX];
	va_list arguments;
	int size = snprintf(text, sizeof(text), "session %u: ", (unsigned)ice->transport);

	va_start(arguments, format);
	vsnprintf(text + size, sizeof(text) - (size_t)size, format, arguments);
	va_end(arguments);
	text_clean(text);
	ice->sink.on_log(ice->sink.owner, kind, text);
}

void ice_say_server(const struct ice *ice, int32_t result, const char *text)
{
	struct path_change change = { .transport = ice->transport, .kind = PATH_SERVER, .rtt = -1 };

	change.result = result;
	change.text = text;
	ice->sink.on_path_change(ice->sink.owner, &change);
}

static gboolean pass_on(gpointer data)
{
	if (sink.on_log != NULL)
		sink.on_log(sink.owner, ICE_LOG_LIBRARY, data);
	return G_SOURCE_REMOVE;
}

static void free_line(gpointer data)
{
	g_atomic_int_add(&waiting, -1);
	g_free(data);
}

/* It may be called with any lock held, so the line waits for the loop. */
static void on_message(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	GMainContext *loop = home == NULL && sink.on_log != NULL ? g_main_context_get_thread_default() : home;
	GSource *source;

	/* It is none of our business. */
	if (loop == NULL) {
		g_log_default_handler(domain, level, message, data);
		return;
	}
	if (g_atomic_int_add(&waiting, 1) >= WAITING_MAX) {
		g_atomic_int_add(&waiting, -1);
		return;
	}
	source = g_idle_source_new();
	g_source_set_callback(source, pass_on, g_strdup_printf("%s: %.*s", domain, TEXT_MAX, message), free_line);
	g_source_attach(source, loop);
	g_source_unref(source);
	g_main_context_wakeup(loop);
}

static void take(const char *domain)
{
	g_log_set_handler(domain, G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE, on_message, NULL);
}

void ice_log_take(const struct ice *ice)
{
	static gsize once;

	sink = ice->sink;
	if (!g_once_init_enter(&once))
		return;
	take("libnice");
	take("libnice-stun");
	g_once_init_leave(&once, 1);
}

GMainContext *ice_log_enter(const struct ice *ice)
{
	GMainContext *before = home;

	home = ice->context;
	return before;
}

void ice_log_leave(GMainContext *before)
{
	home = before;
}

void ice_log_take_glib(void)
{
	static gsize once;

	if (!g_once_init_enter(&once))
		return;
	take("GLib");
	take("GLib-GObject");
	take("GLib-GIO");
	g_once_init_leave(&once, 1);
}
