/* kith/certificate.h: keys, which prove who somebody is. */
#ifndef KITH_CERTIFICATE_H
#define KITH_CERTIFICATE_H

#include <kith/endpoint.h>

KITH_BEGIN_DECLS

/**
 * Makes a new Ed25519 private key.
 *
 * @param out_private_key  gets KITH_KEY_SIZE bytes; zeroed on failure. Keep them secret
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_SYSTEM: no random numbers
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_generate(void *out_private_key);

/**
 * The public key of a private key.
 *
 * @param private_key     borrows; KITH_KEY_SIZE bytes
 * @param out_public_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_public(const void *private_key, void *out_public_key);

/**
 * The identity "key:..." of a private key's owner.
 *
 * @param private_key   borrows; KITH_KEY_SIZE bytes
 * @param out_identity  gets the identity; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_identity(const void *private_key, struct kith_identity *out_identity);

/**
 * Writes a private key to a new file that only its owner can read.
 *
 * @param path         borrows
 * @param private_key  borrows; KITH_KEY_SIZE bytes
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_EXISTS: the file is there, and is left alone;
 *         KITH_E_SYSTEM: it cannot be written, kith_last_error() says why
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_save(const char *path, const void *private_key);

/**
 * Reads a private key from a file of kith_key_save(): one line, "kith-key ed25519 <64 hex digits>".
 *
 * @param path             borrows
 * @param out_private_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return KITH_OK; KITH_E_INVALID: null, or the file is no such thing; KITH_E_NOT_FOUND: no such file;
 *         KITH_E_SYSTEM: it cannot be read
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_key_load(const char *path, void *out_private_key);

KITH_END_DECLS

#endif
