"""Listeners: where peers may knock."""

from collections import deque
from typing import TYPE_CHECKING, Any, AsyncIterator, Deque, Iterator, Union

from . import _kith
from .config import Config
from .connection import Connection
from .errors import HandleError
from .pending import NOT_YET, NotYet, Pending
from .values import Address

if TYPE_CHECKING:
    from .endpoint import Endpoint


class Listener:
    """A local address or virtual port where peers may knock. Iterating accepts one after the other."""

    def __init__(self, endpoint: 'Endpoint', handle: int) -> None:
        self.endpoint = endpoint
        self.handle = handle
        self.closed = False
        self._requests: Deque[Connection] = deque()

    def __repr__(self) -> str:
        return f'<kith.Listener {self.handle:#x}>'

    @property
    def address(self) -> Address:
        """The address that it is bound to, with the port the system picked."""
        address: Address = _kith.listener_address(self.handle)
        return address

    @property
    def config(self) -> Config:
        """Its options, and those of the connections that come through it."""
        return Config(self.handle)

    def request(self) -> Pending[Connection]:
        """Waits for a peer that asks, whom to accept() or close(). Who is not answered gives up after a while."""
        return Pending(self.endpoint.pump, self.handle, self._next)

    def accept(self) -> Pending[Connection]:
        """Waits for a peer that asks, and says yes. Messages can be sent to it at once."""

        def attempt() -> Union[Connection, NotYet]:
            while True:
                connection = self._next()
                if isinstance(connection, NotYet):
                    return connection
                try:
                    return connection.accept()
                except HandleError:
                    continue

        return Pending(self.endpoint.pump, self.handle, attempt)

    def _next(self) -> Union[Connection, NotYet]:
        while self._requests:
            connection = self._requests.popleft()
            if not connection.closed:
                return connection
        if self.closed:
            _kith.listener_address(self.handle)
        return NOT_YET

    async def __aiter__(self) -> AsyncIterator[Connection]:
        while not self.closed:
            yield await self.accept()

    def __iter__(self) -> Iterator[Connection]:
        while not self.closed:
            yield self.accept().wait()

    def close(self) -> None:
        """Stops listening. Connections that came through it live on."""
        if self.closed:
            return
        self.closed = True
        try:
            _kith.listener_close(self.handle)
        finally:
            self.endpoint._forget(self)  # pylint: disable=protected-access
            self.endpoint.pump.notify({self.handle})

    def __enter__(self) -> 'Listener':
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    async def __aenter__(self) -> 'Listener':
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.close()
