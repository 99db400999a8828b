/* value: what the values of a scenario stand for. */
#ifndef BINDINGS_VALUE_H
#define BINDINGS_VALUE_H

#include "world.h"

/* The constant PREFIX_NAME, or a number; fails the step when it is none. Null is 0. */
int64_t value_constant(struct world *world, const char *prefix, const char *text);
/* Both fail the step when the text is none. Null is nobody, and nowhere. */
void value_identity(struct world *world, const char *text, struct kith_identity *out_identity);
void value_address(struct world *world, const char *text, struct kith_address *out_address);
/* The bytes of hex digits. */
struct step_text value_bytes(struct world *world, const char *hex);
/* What is sent or expected: argument `index` of the step, or the pattern of its size and seed + `number`. */
struct step_text value_content(struct world *world, struct step *step, unsigned index, int64_t number);
/* KITH_SEND_* of the step's mode, or of `otherwise`. */
uint32_t value_mode(struct world *world, struct step *step, uint32_t otherwise);
/* Certificates, several with commas, or one key as text. */
struct step_text value_certificates(struct world *world, const char *names);
/* A list of revoked keys of the names, with commas. */
struct step_text value_revoked(struct world *world, const char *names);
/* The entries of the keys PREFIX.NAME: points to them, and how many there are. */
const struct kith_config_entry *value_config(struct world *world, struct step *step, const char *prefix,
                                             uint32_t *out_count);

#endif
