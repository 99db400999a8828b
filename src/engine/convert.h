/* convert: the public structs of identities and addresses to the core's and back. */
#ifndef ENGINE_CONVERT_H
#define ENGINE_CONVERT_H

#include <stdbool.h>

#include <kith/identity.h>

#include "core/types/address.h"
#include "core/types/identity.h"

void convert_address_in(struct address *out, const struct kith_address *address);
void convert_address_out(struct kith_address *out, const struct address *address);
/* False: not an identity; KITH_IDENTITY_NONE is one. */
bool convert_identity_in(struct identity *out, const struct kith_identity *identity);
/* 32 generic bytes are of the kind of the key they claim to be; the text is the wire's. */
void convert_identity_out(struct kith_identity *out, const struct identity *identity);

#endif
