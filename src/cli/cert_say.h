/* cert_say: what a certificate says, for people and as JSON. */
#ifndef CLI_CERT_SAY_H
#define CLI_CERT_SAY_H

#include <kith/certificate.h>

#include "cli/document.h"
#include "cli/output.h"

enum { CERT_SAY_LINE_MAX = 512 };

/* All of it. `file` may be null. */
void cert_say_all(struct output *output, const struct kith_certificate *certificate, const char *file);
/* "certificate of str:alice, key 17, expires 2030-01-01T00:00:00Z". */
void cert_say_brief(const struct kith_certificate *certificate, char out[CERT_SAY_LINE_MAX]);

/* What was made: into a file and a line about it, or, without one, to standard output. Returns the exit
 * status. */
int cert_say_made(struct output *output, const struct document *made, const char *path);

/* A call of the library failed, or a system call (`result` KITH_E_SYSTEM). Returns EXIT_FAILED. */
int cert_say_failure(struct output *output, kith_result result, const char *what, const char *why);

#endif
