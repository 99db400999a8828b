/* kith/glib.h: an endpoint in the main loop of a GLib program. The one header that needs GLib; it is
 * not part of <kith/kith.h>.
 */
#ifndef KITH_GLIB_H
#define KITH_GLIB_H

#include <glib.h>

#include <kith/endpoint.h>

KITH_BEGIN_DECLS

/**
 * A source that runs kith_endpoint_dispatch(endpoint, 0) in its main context whenever events wait. It
 * removes itself when the endpoint is destroyed.
 *
 * @param out_source  returns the source: attach it with g_source_attach(), give it back with
 *                    g_source_unref(); null on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_source_new(kith_endpoint endpoint, GSource **out_source);

KITH_END_DECLS

#endif
