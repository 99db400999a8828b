/* What goes to the log: our own lines, and libnice's warnings, which would else stand on standard error. */
#include <stdio.h>

#include "transport/ice_internal.h"

enum { TEXT_MAX = 256, WAITING_MAX = 16 };

/* Whom this thread's warnings concern; sessions of one thread have one owner. */
static _Thread_local struct ice_sink sink;
static _Thread_local int waiting;

/* Bytes of a peer must not command a terminal. */
static void make_printable(char *text)
{
	for (char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	}
}

void ice_log_say(const struct ice *ice, const char *what, const char *detail)
{
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "ice: %s%s%s", what, detail[0] != '\0' ? ": " : "", detail);
	make_printable(text);
	ice->sink.on_log(ice->sink.owner, text);
}

static gboolean pass_on(gpointer data)
{
	char *text = data;

	make_printable(text);
	if (sink.on_log != NULL)
		sink.on_log(sink.owner, text);
	return G_SOURCE_REMOVE;
}

static void free_line(gpointer data)
{
	waiting--;
	g_free(data);
}

/* It may be called with any lock held, so the line waits for the loop. */
static void on_message(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	GMainContext *context = g_main_context_get_thread_default();
	GSource *source;

	if (sink.on_log == NULL || context == NULL) {
		g_log_default_handler(domain, level, message, data);
		return;
	}
	if (waiting == WAITING_MAX)
		return;
	waiting++;
	source = g_idle_source_new();
	g_source_set_callback(source, pass_on, g_strdup_printf("libnice: %.*s", TEXT_MAX, message), free_line);
	g_source_attach(source, context);
	g_source_unref(source);
}

void ice_log_take(const struct ice *ice)
{
	static gsize once;

	sink = ice->sink;
	if (!g_once_init_enter(&once))
		return;
	g_log_set_handler("libnice", G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE, on_message, NULL);
	g_once_init_leave(&once, 1);
}
