/* Notes: libnice calls its handlers in the middle of its own and our calls, with locks held; what
 * they say is kept here and passed on from the loop. */
#include "core/base/alloc.h"
#include "transport/ice_internal.h"

static void pass_on(struct ice *ice, const struct ice_note *note)
{
	struct path_change change = { .transport = ice->transport, .rtt = -1 };

	switch (note->kind) {
	case ICE_NOTE_CANDIDATE:
		change.kind = PATH_LOCAL_CANDIDATE;
		change.candidate = note->line;
		ice_log_say(ice, ICE_LOG_DEBUG, "candidate of ours: %s", note->line);
		if (note->local_type == ICE_RELAYED) {
			ice->has_relay = true;
			ice_relays_keep_open(ice);
		}
		break;
	case ICE_NOTE_GATHERED:
		ice_log_say(ice, ICE_LOG_DEBUG, "all candidates are gathered");
		ice_relays_on_gathered(ice);
		change.kind = PATH_GATHERED;
		break;
	case ICE_NOTE_SELECTED:
		ice_path_select(ice, note);
		return;
	case ICE_NOTE_READY:
		ice_path_set_failed(ice, false);
		return;
	case ICE_NOTE_FAILED:
		ice_log_say(ice, ICE_LOG_WARNING, "no pair of candidates works");
		ice_path_set_failed(ice, true);
		return;
	case ICE_NOTE_IMPOSSIBLE:
		change.kind = PATH_IMPOSSIBLE;
		change.text = note->line;
		ice_log_say(ice, ICE_LOG_WARNING, "impossible: %s", note->line);
		break;
	}
	ice->sink.on_path_change(ice->sink.owner, &change);
}

static gboolean on_idle(gpointer data)
{
	struct ice *ice = data;
	GSList *notes;

	pthread_mutex_lock(&ice->notes_lock);
	notes = g_slist_reverse(ice->notes);
	ice->notes = NULL;
	g_source_unref(ice->notes_source);
	ice->notes_source = NULL;
	pthread_mutex_unlock(&ice->notes_lock);
	for (GSList *at = notes; at != NULL; at = at->next) {
		if (!ice->closing)
			pass_on(ice, at->data);
		alloc_free(at->data);
	}
	g_slist_free(notes);
	return G_SOURCE_REMOVE;
}

void ice_notes_add(struct ice *ice, const struct ice_note *note)
{
	struct ice_note *copy = alloc_bytes(sizeof(*copy));

	*copy = *note;
	pthread_mutex_lock(&ice->notes_lock);
	ice->notes = g_slist_prepend(ice->notes, copy);
	if (ice->notes_source == NULL) {
		ice->notes_source = g_idle_source_new();
		g_source_set_priority(ice->notes_source, G_PRIORITY_HIGH);
		g_source_set_callback(ice->notes_source, on_idle, ice, NULL);
		g_source_attach(ice->notes_source, ice->context);
	}
	pthread_mutex_unlock(&ice->notes_lock);
}

void ice_notes_free(struct ice *ice)
{
	pthread_mutex_lock(&ice->notes_lock);
	if (ice->notes_source != NULL) {
		g_source_destroy(ice->notes_source);
		g_source_unref(ice->notes_source);
		ice->notes_source = NULL;
	}
	for (GSList *at = ice->notes; at != NULL; at = at->next)
		alloc_free(at->data);
	g_slist_free(ice->notes);
	ice->notes = NULL;
	pthread_mutex_unlock(&ice->notes_lock);
}
