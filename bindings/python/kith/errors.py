"""What goes wrong, as exceptions that fit the built-in ones: who handles ConnectionError, TimeoutError, BlockingIOError
or ValueError handles Kith's too."""

from typing import Dict, Type

from . import _kith
from .enums import Result, Stage


class KithError(Exception):
    """The base of all of Kith's exceptions."""

    #: The library's result.
    result: Result = Result.OK
    #: Of the end of a connection: why, as a number both sides see.
    reason: int = 0
    #: Of the end of a connection: where it failed.
    stage: Stage = Stage.NONE


class InvalidError(KithError, ValueError):
    """An argument is malformed or out of range."""
    result = Result.E_INVALID


class HandleError(KithError, ReferenceError):
    """The object has been closed, or was the parent's before fork()."""
    result = Result.E_HANDLE


class StateError(KithError, RuntimeError):
    """Not possible in the present state."""
    result = Result.E_STATE


class TooLargeError(KithError, ValueError):
    """Larger than allowed."""
    result = Result.E_TOO_LARGE


class WouldBlock(KithError, BlockingIOError):
    """Nothing there yet, or no room now."""
    result = Result.E_AGAIN


class ClosedError(KithError, ConnectionError):
    """The connection ended."""
    result = Result.E_CLOSED


class RejectedError(KithError, ConnectionRefusedError):
    """The peer said no."""
    result = Result.E_REJECTED


class AuthError(KithError, ConnectionError):
    """A certificate, key or identity did not stand up to the check."""
    result = Result.E_AUTH


class NoRouteError(KithError, ConnectionError):
    """No path to the peer: neither directly nor through a relay."""
    result = Result.E_NO_ROUTE


class TimedOut(KithError, TimeoutError):
    """It took longer than allowed."""
    result = Result.E_TIMEOUT


class CancelledError(KithError):
    """It was closed meanwhile."""
    result = Result.E_CANCELLED


class UnsupportedError(KithError, NotImplementedError):
    """This library, system or peer cannot do it."""
    result = Result.E_UNSUPPORTED


class SystemFailure(KithError, OSError):
    """A system call failed."""
    result = Result.E_SYSTEM


class ExistsError(KithError, FileExistsError):
    """What would be made is there already."""
    result = Result.E_EXISTS


class NotFoundError(KithError, LookupError):
    """No value, name or file like that."""
    result = Result.E_NOT_FOUND


class LimitError(KithError):
    """Too many objects of this kind, or messages that wait."""
    result = Result.E_LIMIT


class ProtocolError(KithError, ConnectionError):
    """What came from the peer makes no sense."""
    result = Result.E_PROTOCOL


class Interrupted(KithError, InterruptedError):
    """A signal handler ran meanwhile."""
    result = Result.E_INTERRUPTED


_CLASSES: Dict[int, Type[KithError]] = {
    cls.result: cls
    for cls in (InvalidError, HandleError, StateError, TooLargeError, WouldBlock, ClosedError, RejectedError, AuthError,
                NoRouteError, TimedOut, CancelledError, UnsupportedError, SystemFailure, ExistsError, NotFoundError,
                LimitError, ProtocolError, Interrupted)
}


def error_of(result: int, text: str = '', reason: int = 0, stage: int = 0) -> KithError:
    """The exception of a result. Without a text it is the library's own."""
    error = _CLASSES.get(result, KithError)(text or _kith.result_text(result))
    if type(error) is KithError:
        error.result = Result(result)
    error.reason = reason
    error.stage = Stage(stage)
    return error
