/* kith.i: what of the public headers is wrapped, and how it is named; the same for every language.
 * The result is a flat, private module: users see the hand-written package on top of it. What a
 * language needs of its own, typemaps and trampolines, is in LANGUAGE/kith_LANGUAGE.i.
 *
 *   swig -python -DKITH_MODULE=_kith ... | swig -lua -DKITH_MODULE=core ... | swig -csharp -DKITH_MODULE=Native ...
 */
%module KITH_MODULE
%{
#include <kith/kith.h>
%}
%include <stdint.i>

/* kith_connection_send becomes connection_send, KITH_E_AGAIN becomes E_AGAIN; types keep their names. */
%rename("%(regex:/^kith_(.*)/\\1/)s", %$isfunction) "";
%rename("%(regex:/^KITH_(.*)/\\1/)s", %$isenumitem) "";
%rename("%(regex:/^KITH_(.*)/\\1/)s", %$isconstant) "";

/* Macros that are no constants. */
%rename("$ignore", regextarget=1) "^KITH_.*_INIT$";
%rename("$ignore", regextarget=1) "^KITH_.*_MAP$";

#if defined(SWIGPYTHON)
%include "python/kith_python.i"
#elif defined(SWIGLUA)
%include "lua/kith_lua.i"
#elif defined(SWIGCSHARP)
%include "csharp/kith_csharp.i"
#endif

%import <kith/export.h>
%include <kith/version.h>
%include <kith/errors.h>
%include <kith/types.h>
%include <kith/address.h>
%include <kith/identity.h>
%include <kith/config.h>
%include <kith/log.h>
%include <kith/events.h>
%include <kith/endpoint.h>
%include <kith/message.h>
%include <kith/stats.h>
%include <kith/sockets.h>
%include <kith/messages.h>
%include <kith/signaling.h>
%include <kith/certificate.h>
%include <kith/diagnosis.h>
