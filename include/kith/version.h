/* kith/version.h: which version this header is of, and which the library that runs. */
#ifndef KITH_VERSION_H
#define KITH_VERSION_H

#include <kith/export.h>

KITH_BEGIN_DECLS

#define KITH_VERSION_MAJOR 0
#define KITH_VERSION_MINOR 9
#define KITH_VERSION_PATCH 0
/** MAJOR * 1000000 + MINOR * 1000 + PATCH of this header. */
#define KITH_VERSION 9000

/**
 * The version of the library that runs, as KITH_VERSION writes it. A program built with the headers
 * of 1.x runs with every library from 1.x on. Any thread. Since 1.0.
 */
KITH_API uint32_t kith_version(void);

/**
 * The same as text, "0.9.0". Static, never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_version_text(void);

KITH_END_DECLS

#endif
