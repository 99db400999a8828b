/* certificate_info: what certificates say, in the words of the public header.
 *
 * Owns: telling the kinds apart, seconds of the wire and microseconds of the interface.
 * Does not know: whether any of it is true.
 */
#ifndef ENGINE_CERTIFICATE_INFO_H
#define ENGINE_CERTIFICATE_INFO_H

#include <kith/certificate.h>

#include "core/crypto/authority.h"
#include "core/crypto/certificate_text.h"

/* All leave struct_size alone. False: malformed. */
bool certificate_info_of_item(struct kith_certificate *out, const struct msg_bytes *item,
                              enum certificate_text_kind kind);
void certificate_info_of_own(struct kith_certificate *out, const struct certificate_own *own);
void certificate_info_of_authority(struct kith_certificate *out, const struct authority *authority);

/* Microseconds since 1970 of seconds; "it does not say" stays 0, and for ever is. */
int64_t certificate_info_time(int64_t seconds);

#endif
