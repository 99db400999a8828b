"""The pump of an endpoint: takes events and what is in the mailbox on a thread of the application's, keeps objects up to
date, and wakes who waits. asyncio's loop runs it when a descriptor is readable; whoever waits otherwise runs it."""

import asyncio
import os
import socket
import threading
import weakref
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from . import _kith
from .errors import HandleError

# Events taken in one go: others in the loop want their turn too.
_LIMIT = 512

# The key of those who wait for anything at all.
ANYTHING = 0


def destroy(handle: int, owner: int) -> None:
    """Ends an endpoint nobody has any more; in a child of fork() there is nothing to end."""
    if os.getpid() == owner:
        try:
            _kith.endpoint_destroy(handle)
        except HandleError:
            pass


class Pump:
    """What waits and what happens. handle_event and handle_mail are the endpoint's."""

    def __init__(self, handle: int, mailbox: object) -> None:
        self.handle = handle
        self.mailbox = mailbox
        self.fd: int = _kith.endpoint_fd(handle)
        self.closed = False
        #: Counts what has happened: who saw a number and sees another looks again.
        self.generation = 0
        self.handle_event: Callable[[Tuple[Any, ...]], Set[int]] = lambda event: set()
        self.handle_mail: Callable[[int, List[Tuple[Any, ...]]], None] = lambda lost, items: None
        self._lock = threading.RLock()
        self._turn = threading.Condition()
        self._leading = False
        self._waiters: Dict[int, Set['asyncio.Future[None]']] = {}
        self._watches: List['_Watch'] = []
        self.finalizer = weakref.finalize(self, destroy, handle, os.getpid())

    # --- taking what there is

    def run(self, limit: int = _LIMIT) -> int:
        """Takes what is there, without waiting. What a callback raises comes from here; the rest is taken later."""
        count = 0
        touched: Set[int] = set()
        with self._lock:
            try:
                mail = _kith.mailbox_take(self.mailbox)
                if mail:
                    count += 1
                    self.handle_mail(*mail)
                while count < limit and not self.closed:
                    event = _kith.endpoint_next_event(self.handle)
                    if event is None:
                        break
                    count += 1
                    touched.add(event[2])
                    touched.update(self.handle_event(event))
            finally:
                if count:
                    self.notify(touched)
        return count

    def step(self, timeout: Optional[float]) -> int:
        """Waits for something to happen and takes it. Of several threads one waits for all."""
        with self._turn:
            if self._leading:
                seen = self.generation
                self._turn.wait_for(lambda: not self._leading or self.generation != seen, 0.1 if timeout is None else min(timeout, 0.1))
                return int(self.generation != seen)
            self._leading = True
        try:
            if not self.closed:
                count = self.run()
                if count:
                    return count
                _kith.mailbox_wait(self.mailbox, self.fd, -1.0 if timeout is None else timeout)
            return self.run() if not self.closed else 0
        finally:
            with self._turn:
                self._leading = False
                self._turn.notify_all()

    def notify(self, keys: Optional[Set[int]] = None) -> None:
        """Wakes those who wait for one of these, or everybody."""
        with self._turn:
            self.generation += 1
            wanted = list(self._waiters) if keys is None else [key for key in (*keys, ANYTHING) if key in self._waiters]
            woken = [future for key in wanted for future in self._waiters.pop(key, ())]
            self._turn.notify_all()
        for future in woken:
            loop = future.get_loop()
            if loop.is_closed():
                continue
            if _running() is loop:
                _resolve(future)
            else:
                loop.call_soon_threadsafe(_resolve, future)

    # --- asyncio

    async def change(self, key: int, seen: int) -> None:
        """Waits until something has happened to `key` since the generation `seen`."""
        loop = asyncio.get_running_loop()
        self._watch(loop)
        future: 'asyncio.Future[None]' = loop.create_future()
        with self._turn:
            if self.generation != seen or self.closed:
                # Others have had the loop for longer than a turn if this is what always happens.
                future.set_result(None)
            else:
                self._waiters.setdefault(key, set()).add(future)
        try:
            await (future if not future.done() else asyncio.sleep(0))
        finally:
            with self._turn:
                group = self._waiters.get(key)
                if group is not None:
                    group.discard(future)
                    if not group:
                        del self._waiters[key]

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watches = [watch for watch in self._watches if not watch.loop.is_closed()]
        if not self.closed and all(watch.loop is not loop for watch in self._watches):
            self._watches.append(_Watch(self, loop))

    def close(self) -> None:
        """Ends the endpoint, and every waiting."""
        if self.closed:
            return
        self.closed = True
        for watch in self._watches:
            watch.stop()
        self._watches = []
        _kith.mailbox_poke(self.mailbox)
        self.finalizer()
        self.notify()


class _Watch:
    """A loop that runs the pump. It does not keep the endpoint alive."""

    def __init__(self, pump: Pump, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._owner = os.getpid()
        self._fds = [pump.fd, _kith.mailbox_fd(pump.mailbox)]
        self._task: Optional['asyncio.Task[None]'] = None
        self._socket: Optional[socket.socket] = None
        ready = _ready_of(pump, loop)
        try:
            for fd in self._fds:
                loop.add_reader(fd, ready)
        except NotImplementedError:
            # The library's wake function writes to the mailbox's socket, which every loop can read.
            self._fds = []
            _kith.endpoint_set_wake(pump.handle, pump.mailbox)
            self._socket = socket.socket(fileno=os.dup(_kith.mailbox_fd(pump.mailbox)))
            self._socket.setblocking(False)
            self._task = loop.create_task(_read(self._socket, ready))

    def stop(self) -> None:
        """Leaves the loop."""
        # In a child of fork() the loop's epoll is the parent's too, which goes on watching.
        if self.loop.is_closed() or os.getpid() != self._owner:
            return
        if _running() is self.loop or not self.loop.is_running():
            self._stop()
        else:
            self.loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        for fd in self._fds:
            self.loop.remove_reader(fd)
        if self._task:
            self._task.cancel()
        if self._socket:
            self._socket.close()


def _ready_of(pump: Pump, loop: asyncio.AbstractEventLoop) -> Callable[[], bool]:
    fds = (pump.fd, _kith.mailbox_fd(pump.mailbox))
    owner = os.getpid()

    def forget(_: object) -> None:
        # Before the descriptors are closed with the endpoint, and their numbers are another's.
        if not loop.is_closed() and os.getpid() == owner:
            for fd in fds:
                try:
                    loop.remove_reader(fd)
                except NotImplementedError:
                    pass

    known = weakref.ref(pump, forget)

    def ready() -> bool:
        alive = known()
        if alive is None or alive.closed:
            return False
        try:
            alive.run()
        except HandleError:
            return False
        except Exception as error:  # pylint: disable=broad-except
            loop.call_exception_handler({'message': 'an exception in a callback of Kith', 'exception': error})
        return True

    return ready


async def _read(wake: socket.socket, ready: Callable[[], bool]) -> None:
    loop = asyncio.get_running_loop()
    while ready():
        await loop.sock_recv(wake, 64)


def _running() -> Optional[asyncio.AbstractEventLoop]:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _resolve(future: 'asyncio.Future[None]') -> None:
    if not future.done():
        future.set_result(None)
