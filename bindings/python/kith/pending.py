"""Waiting, in either style: what is returned by calls that may take a while."""

import time
from typing import Any, Callable, Generator, Generic, Optional, TypeVar, Union

from .enums import Result
from .errors import error_of
from .pump import Pump

T = TypeVar('T')


class NotYet:
    """What an attempt returns that has to be made again."""


NOT_YET = NotYet()


class Pending(Generic[T]):
    """Something to wait for: `await pending` in asyncio, `pending.wait(timeout)` elsewhere.

    Nothing is lost by not waiting, by giving up, or by cancelling: what would have been returned is there for the next
    one who asks.
    """

    def __init__(self, pump: Pump, key: int, attempt: Callable[[], Union[T, NotYet]],
                 on_cancel: Optional[Callable[[], object]] = None) -> None:
        self._pump = pump
        self._key = key
        self._attempt = attempt
        self._on_cancel = on_cancel

    def __await__(self) -> Generator[Any, None, T]:
        return self._run().__await__()

    async def _run(self) -> T:
        try:
            while True:
                seen = self._pump.generation
                value = self._attempt()
                if not isinstance(value, NotYet):
                    return value
                await self._pump.change(self._key, seen)
        except BaseException as error:
            if self._on_cancel and not isinstance(error, Exception):
                self._on_cancel()
            raise

    def wait(self, timeout: Optional[float] = None) -> T:
        """Waits up to so many seconds, without a limit if None. Raises TimedOut."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            value = self._attempt()
            if not isinstance(value, NotYet):
                return value
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0 and not self._pump.step(0):
                raise error_of(Result.E_TIMEOUT)
            if left is None or left > 0:
                self._pump.step(left)
