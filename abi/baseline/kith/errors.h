/* kith/errors.h: what functions return, and how to say it to people.
 *
 * A function that can fail returns a kith_result: KITH_OK (0) or one of the negative numbers below.
 * Numbers never change and are never reused. Functions that return a count use int32_t: a number
 * from 0 up, or the same negative results.
 */
#ifndef KITH_ERRORS_H
#define KITH_ERRORS_H

#include <kith/export.h>

KITH_BEGIN_DECLS

/* Every result, once: X(name, number, text). Bindings rather ask kith_constant_at(). */
#define KITH_RESULT_MAP(X) \
	X(OK, 0, "ok") \
	X(E_INVALID, -1, "an argument is not valid") \
	X(E_HANDLE, -2, "no such object: the handle is stale, closed, or of another kind") \
	X(E_STATE, -3, "not possible in the present state") \
	X(E_TOO_LARGE, -4, "larger than allowed") \
	X(E_AGAIN, -5, "not now: try again after the next event") \
	X(E_CLOSED, -6, "the connection is closed") \
	X(E_REJECTED, -7, "the peer refused") \
	X(E_AUTH, -8, "the identity could not be proven") \
	X(E_NO_ROUTE, -9, "no way to the peer was found") \
	X(E_TIMEOUT, -10, "the time is up") \
	X(E_CANCELLED, -11, "given up before it was done") \
	X(E_UNSUPPORTED, -12, "not supported") \
	X(E_SYSTEM, -13, "the operating system refused") \
	X(E_EXISTS, -14, "it exists already") \
	X(E_NOT_FOUND, -15, "it does not exist") \
	X(E_LIMIT, -16, "a limit is reached") \
	X(E_PROTOCOL, -17, "the peer broke the protocol") \
	X(E_INTERRUPTED, -18, "a signal handler ran meanwhile")

/** The result of a call: 0 or negative. */
typedef int32_t kith_result;

enum {
	/** It is done. */
	KITH_OK = 0,
	/** An argument is null, malformed or out of range; kith_last_error() says which. */
	KITH_E_INVALID = -1,
	/** The handle names nothing (any more), or an object of another kind. */
	KITH_E_HANDLE = -2,
	/** The object exists, but is not in a state that allows this. */
	KITH_E_STATE = -3,
	/** A message, text or buffer is larger than the limit that its function names. */
	KITH_E_TOO_LARGE = -4,
	/** Nothing there yet, or no room now: wait for the event the function names and try again. */
	KITH_E_AGAIN = -5,
	/** The connection ended; kith_connection_info() says who ended it and why. */
	KITH_E_CLOSED = -6,
	/** The peer said no. */
	KITH_E_REJECTED = -7,
	/** A certificate, key or identity did not stand up to the check. */
	KITH_E_AUTH = -8,
	/** No path to the peer: neither directly nor through a relay. */
	KITH_E_NO_ROUTE = -9,
	/** It took longer than allowed. */
	KITH_E_TIMEOUT = -10,
	/** It was closed or destroyed meanwhile. */
	KITH_E_CANCELLED = -11,
	/** This library, system or peer cannot do it. */
	KITH_E_UNSUPPORTED = -12,
	/** A system call failed: descriptors, ports, buffers; kith_last_error() has the system's words. */
	KITH_E_SYSTEM = -13,
	/** What would be made is there already (a listener on this virtual port, for example). */
	KITH_E_EXISTS = -14,
	/** No value, name or file like that. */
	KITH_E_NOT_FOUND = -15,
	/** Too many objects of this kind. */
	KITH_E_LIMIT = -16,
	/** What came from the peer makes no sense; it was dropped. */
	KITH_E_PROTOCOL = -17,
	/** A signal handler of the process ran while a function waited; call it again. */
	KITH_E_INTERRUPTED = -18
};

/**
 * The name of a result as it stands in this header without "KITH_", e.g. "E_TOO_LARGE".
 * Never null: "E_UNKNOWN" for a number that is none. Borrows nothing; the text is static.
 * Any thread. Since 1.0.
 */
KITH_API const char *kith_result_name(kith_result result);

/**
 * One line of English that explains a result. Never null; static. Any thread. Since 1.0.
 */
KITH_API const char *kith_result_text(kith_result result);

/**
 * What exactly was wrong when a Kith function last failed on this thread: one line of UTF-8 that
 * names the argument, value and limit, or the system's reason. Empty when nothing failed yet.
 * Never null. It stays as it is until the next failure on this thread; copy what you keep. KITH_E_AGAIN and
 * KITH_E_TIMEOUT are no failures in this sense, only reasons to wait, and leave it alone.
 * Results of asynchronous work are not here but in the event that reports it. Since 1.0.
 */
KITH_API const char *kith_last_error(void);

KITH_END_DECLS

#endif
