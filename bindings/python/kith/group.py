"""Poll groups: connections whose messages are received together."""

from typing import TYPE_CHECKING, Any, AsyncIterator, List, Optional, Union

from . import _kith
from .message import Message
from .pending import NOT_YET, NotYet, Pending

if TYPE_CHECKING:
    from .endpoint import Endpoint


class PollGroup:
    """Connections whose messages are received together; see Connection.join() and the `group` of connect and listen."""

    def __init__(self, endpoint: 'Endpoint') -> None:
        self.endpoint = endpoint
        self.handle: int = _kith.poll_group_create(endpoint.handle)
        self.closed = False
        #: What had arrived for connections that have ended.
        self.left: List[Message] = []

    def receive_batch(self, most: int = 64) -> List[Message]:
        """Takes up to so many messages that are there, of all its connections in turn."""
        if self.left:
            taken, self.left = self.left[:most], self.left[most:]
            return taken
        messages: List[Message] = _kith.poll_group_receive(self.handle, most)
        return messages

    def receive(self) -> Pending[Message]:
        """Waits for the next message."""

        def attempt() -> Union[Message, NotYet]:
            taken = self.receive_batch(1)
            return taken[0] if taken else NOT_YET

        return Pending(self.endpoint.pump, self.handle, attempt)

    def messages(self, most: int = 64) -> Pending[List[Message]]:
        """Waits for messages, and takes up to so many."""
        return Pending(self.endpoint.pump, self.handle, lambda: self.receive_batch(most) or NOT_YET)

    async def __aiter__(self) -> AsyncIterator[Message]:
        while not self.closed:
            for message in await self.messages():
                yield message

    def wait(self, timeout: Optional[float] = None) -> None:
        """Waits until a message can be received, in the library itself: no event is taken. Raises TimedOut."""
        _kith.poll_group_wait(self.handle, -1 if timeout is None else round(timeout * 1e6))

    def fileno(self) -> int:
        """A descriptor that is readable as long as a message can be received. Only watch it."""
        number: int = _kith.poll_group_fd(self.handle)
        return number

    def close(self) -> None:
        """Ends the group; its connections live on."""
        if not self.closed:
            self.closed = True
            _kith.poll_group_destroy(self.handle)
            self.endpoint._forget(self)  # pylint: disable=protected-access
            self.endpoint.pump.notify({self.handle})

    def __enter__(self) -> 'PollGroup':
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()
