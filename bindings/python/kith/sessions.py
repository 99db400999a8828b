"""Messages to an identity, as with sendto, without connections to look after."""

from typing import TYPE_CHECKING, List, Union

from . import _kith
from .connection import Buffer
from .enums import Send
from .errors import WouldBlock
from .message import Message
from .pending import NOT_YET, NotYet, Pending
from .pump import ANYTHING
from .stats import Diagnosis, Info, Security, Status

if TYPE_CHECKING:
    from .endpoint import Endpoint


class Sessions:
    """Endpoint.sessions: a session with a peer appears on demand, and goes away when it is not used. A peer that sends
    first is a stranger, which the event SESSION_REQUEST tells: accept() it, or just send to it."""

    def __init__(self, endpoint: 'Endpoint') -> None:
        self._endpoint = endpoint

    def send(self, peer: str, data: Buffer, channel: int = 0, mode: Send = Send.RELIABLE) -> None:
        """Sends a message to a peer. Never waits: raises WouldBlock when there is no room."""
        _kith.messages_send(self._endpoint.handle, peer, channel, data, mode)

    def sent(self, peer: str, data: Buffer, channel: int = 0, mode: Send = Send.RELIABLE) -> Pending[bool]:
        """The same, waiting until there is room."""

        def attempt() -> Union[bool, NotYet]:
            try:
                self.send(peer, data, channel, mode)
            except WouldBlock:
                return NOT_YET
            return True

        return Pending(self._endpoint.pump, ANYTHING, attempt)

    def receive_batch(self, channel: int = 0, most: int = 64) -> List[Message]:
        """Takes up to so many messages that are there, from all peers."""
        messages: List[Message] = _kith.messages_receive(self._endpoint.handle, channel, most)
        return messages

    def receive(self, channel: int = 0) -> Pending[Message]:
        """Waits for the next message on a channel; its peer says whose it is."""

        def attempt() -> Union[Message, NotYet]:
            taken = self.receive_batch(channel, 1)
            return taken[0] if taken else NOT_YET

        return Pending(self._endpoint.pump, ANYTHING, attempt)

    def accept(self, peer: str) -> None:
        """Accepts the session that a peer asks for."""
        _kith.messages_accept(self._endpoint.handle, peer)

    def close(self, peer: str, linger: float = 0.0) -> None:
        """Ends the session with a peer, refuses the one it asks for, or forgets one that broke."""
        _kith.messages_close(self._endpoint.handle, peer, round(linger * 1e6))

    def close_channel(self, peer: str, channel: int) -> None:
        """Ends the use of one channel with a peer; with the last one the session ends."""
        _kith.messages_close_channel(self._endpoint.handle, peer, channel)

    def flush(self, peer: str) -> None:
        """Lets small messages to a peer leave that wait for company."""
        _kith.messages_flush(self._endpoint.handle, peer)

    def info(self, peer: str) -> Info:
        """What the session with a peer is; of a broken one how it broke."""
        return Info(*_kith.messages_info(self._endpoint.handle, peer))

    def status(self, peer: str) -> Status:
        """How it fares now."""
        return Status(*_kith.messages_status(self._endpoint.handle, peer))

    def security(self, peer: str) -> Security:
        """What protects it."""
        return Security(*_kith.messages_security(self._endpoint.handle, peer))

    def diagnosis(self, peer: str) -> Diagnosis:
        """Why it failed, or how far it is."""
        return Diagnosis(*_kith.messages_diagnosis(self._endpoint.handle, peer))
