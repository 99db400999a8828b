/* kith_csharp.i: typemaps that make SWIG a generator of blittable P/Invoke: numbers and pointers, nothing
 * that the runtime would have to convert, and no delegate. What takes a function of the application is left
 * out: nothing native ever calls managed code. Log lines come by the queue of log_queue.h instead.
 */
%{
#include "log_queue.h"
%}
%csconst(1);
%pragma(csharp) moduleclassmodifiers="internal static unsafe class"
%pragma(csharp) imclassclassmodifiers="internal static unsafe class"

/* Structs are laid out in Interop/Structs.cs. */
%rename("$ignore", %$isclass) "";
%ignore kith_config_entry::string;
%ignore kith_config_info::lock;
%ignore kith_endpoint_set_wake;
%ignore kith_endpoint_set_callbacks;
%ignore kith_endpoint_dispatch;
%ignore kith_endpoint_set_log;
%ignore kith_signaling_add;
%ignore kith_message_wrap;
%rename("$ignore", regextarget=1, %$isfunction) "^kith_.*_init$";

%define KITH_RAW(C_TYPE, CS_TYPE)
%typemap(ctype, out="void *") C_TYPE "void *"
%typemap(imtype) C_TYPE "CS_TYPE"
%typemap(cstype) C_TYPE "CS_TYPE"
%typemap(csin) C_TYPE "$csinput"
%typemap(in) C_TYPE %{ $1 = ($1_ltype)$input; %}
%typemap(out) C_TYPE %{ $result = (void *)$1; %}
%typemap(csout, excode="") C_TYPE { return $imcall; }
%enddef
%define KITH_STRUCT(NAME, CS_TYPE)
KITH_RAW(struct NAME *, CS_TYPE*)
KITH_RAW(const struct NAME *, CS_TYPE*)
%enddef

KITH_STRUCT(kith_address, NativeAddress)
KITH_STRUCT(kith_certificate, NativeCertificate)
KITH_STRUCT(kith_certificate_options, NativeCertificateOptions)
KITH_STRUCT(kith_config_info, NativeConfigInfo)
KITH_STRUCT(kith_connection_options, NativeConnectionOptions)
KITH_STRUCT(kith_diagnosis, NativeDiagnosis)
KITH_STRUCT(kith_endpoint_options, NativeEndpointOptions)
KITH_STRUCT(kith_event, NativeEvent)
KITH_STRUCT(kith_identity, NativeIdentity)
KITH_STRUCT(kith_info, NativeInfo)
KITH_STRUCT(kith_lane_status, NativeLaneStatus)
KITH_STRUCT(kith_listener_options, NativeListenerOptions)
KITH_STRUCT(kith_outgoing, NativeOutgoing)
KITH_STRUCT(kith_pair_options, NativePairOptions)
KITH_STRUCT(kith_security, NativeSecurity)
KITH_STRUCT(kith_statistics, NativeStatistics)
KITH_STRUCT(kith_status, NativeStatus)

KITH_RAW(const void *, void*)
KITH_RAW(void *, void*)
KITH_RAW(const char *, byte*)
KITH_RAW(char *, byte*)
KITH_RAW(const char **, byte**)
KITH_RAW(const int32_t *, int*)
KITH_RAW(const uint16_t *, ushort*)
KITH_RAW(int32_t *, int*)
KITH_RAW(uint32_t *, uint*)
KITH_RAW(int64_t *, long*)
KITH_RAW(double *, double*)
KITH_RAW(uint64_t *, ulong*)
KITH_RAW(size_t *, global::System.UIntPtr*)
KITH_RAW(kith_endpoint *, uint*)
KITH_RAW(kith_connection *, uint*)
KITH_RAW(kith_listener *, uint*)
KITH_RAW(kith_poll_group *, uint*)
KITH_RAW(kith_signaling *, uint*)
KITH_RAW(kith_message *, global::System.IntPtr)
KITH_RAW(const kith_message *, global::System.IntPtr)
KITH_RAW(kith_message **, global::System.IntPtr*)
KITH_RAW(kith_message *const *, global::System.IntPtr*)

/* SWIG would have it uint. */
%typemap(ctype) size_t "size_t"
%typemap(imtype) size_t "global::System.UIntPtr"
%typemap(cstype) size_t "global::System.UIntPtr"
%typemap(csin) size_t "$csinput"
%typemap(in) size_t %{ $1 = $input; %}
%typemap(out) size_t %{ $result = $1; %}
%typemap(csout, excode="") size_t { return $imcall; }

%include "log_queue.h"
