/* cert_make: certificates and requests that are new: `kith cert request`, `sign` and `root`.
 *
 * Owns: what of a request, of an older certificate and of the options ends in a certificate.
 */
#ifndef CLI_CERT_MAKE_H
#define CLI_CERT_MAKE_H

#include "cli/options.h"
#include "cli/output.h"

int cert_make_request(const struct options *options, struct output *output);
int cert_make_signed(const struct options *options, struct output *output);
int cert_make_root(const struct options *options, struct output *output);

#endif
