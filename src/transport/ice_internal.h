/* ice_internal: a session's insides, for the files of the ICE transport. */
#ifndef TRANSPORT_ICE_INTERNAL_H
#define TRANSPORT_ICE_INTERNAL_H

#include <nice/agent.h>

#include "transport/ice.h"
#include "transport/ice_candidate.h"
#include "transport/ice_interfaces.h"

enum ice_note_kind { ICE_NOTE_CANDIDATE, ICE_NOTE_GATHERED, ICE_NOTE_SELECTED, ICE_NOTE_FAILED };

/* Something libnice told, to be passed on when nobody's lock is held. */
struct ice_note {
	enum ice_note_kind kind;
	char line[CANDIDATE_LINE_MAX];
	struct address local, remote;
	enum ice_candidate_type local_type, remote_type;
};

struct ice {
	GMainContext *context;
	NiceAgent *agent;
	guint stream;
	uint32_t transport;
	uint32_t share;
	unsigned remote_count;
	bool use_sibling;
	bool closing;
	struct udp_options udp;
	struct ice_sink sink;
	struct ice_interfaces interfaces;
	GMutex lock; /* of what ice_send uses, and of the notes */
	struct udp *sibling;
	GSource *sibling_source;
	GSocket *base; /* libnice's socket that the sibling stands beside */
	struct address remote;
	GSList *notes; /* newest first */
	GSource *notes_source;
	void (*on_closed)(void *data);
	void *closed_data;
	GSource *close_limit;
};

/* --- ice_notes.c */
/* Copies; passed on from the context's loop. From any thread, with any lock held. */
void ice_notes_add(struct ice *ice, const struct ice_note *note);
void ice_notes_free(struct ice *ice);

/* --- ice_path.c: the selected pair and the socket beside it */
void ice_path_select(struct ice *ice, const struct ice_note *note);
void ice_path_close(struct ice *ice);

#endif
