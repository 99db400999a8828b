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
		break;
	case ICE_NOTE_GATHERED:
		change.kind = PATH_GATHERED;
		break;
	case ICE_NOTE_SELECTED:
		ice_path_select(ice, note);
		return;
	case ICE_NOTE_FAILED:
		change.kind = PATH_FAILED;
		break;
	}
	ice->sink.on_path_change(ice->sink.owner, &change);
}

static gboolean on_idle(gpointer data)
{
	struct ice *ice = data;
	GSList *notes;

	g_mutex_lock(&ice->lock);
	notes = g_slist_reverse(ice->notes);
	ice->notes = NULL;
	g_source_unref(ice->notes_source);
	ice->notes_source = NULL;
	g_mutex_unlock(&ice->lock);
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
	g_mutex_lock(&ice->lock);
	ice->notes = g_slist_prepend(ice->notes, copy);
	if (ice->notes_source == NULL) {
		ice->notes_source = g_idle_source_new();
		g_source_set_priority(ice->notes_source, G_PRIORITY_HIGH);
		g_source_set_callback(ice->notes_source, on_idle, ice, NULL);
		g_source_attach(ice->notes_source, ice->context);
	}
	g_mutex_unlock(&ice->lock);
}

void ice_notes_free(struct ice *ice)
{
	if (ice->notes_source != NULL) {
		g_source_destroy(ice->notes_source);
		g_source_unref(ice->notes_source);
		ice->notes_source = NULL;
	}
	for (GSList *at = ice->notes; at != NULL; at = at->next)
		alloc_free(at->data);
	g_slist_free(ice->notes);
	ice->notes = NULL;
}
