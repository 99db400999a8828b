/* msg_identity: identities inside messages: the string, and the two older forms.
 *
 * Owns: their encodings and which one decides (docs/wire.md, "Identities").
 * Does not know: the messages around them, proof.
 */
#ifndef WIRE_MSG_IDENTITY_H
#define WIRE_MSG_IDENTITY_H

#include "core/base/byte_writer.h"
#include "core/types/identity.h"
#include "core/wire/pb.h"

/* The forms found in one message; zeroed is none. */
struct msg_identity_forms {
	struct pb_field text; /* bytes null: absent */
	struct pb_field legacy;
	bool has_steam_id;
	uint64_t steam_id;
};

/* The first form that is there decides: text, legacy, Steam id. None: IDENTITY_NONE. False: the one
 * that decides cannot be read. */
bool msg_identity_resolve(struct identity *out, const struct msg_identity_forms *forms);
/* A field that is only ever text. */
bool msg_identity_read_text(struct identity *out, const struct pb_field *field);

/* Each writes its form as field `number`, if the identity is of a kind that has it. */
void msg_identity_write_text(struct byte_writer *writer, uint32_t number, const struct identity *identity);
void msg_identity_write_legacy(struct byte_writer *writer, uint32_t number, const struct identity *identity);
void msg_identity_write_steam_id(struct byte_writer *writer, uint32_t number, const struct identity *identity);

#endif
