"""How rendezvous signals travel until two peers have a path of their own."""

from typing import TYPE_CHECKING, Any, Optional, Protocol

from . import _kith
from .enums import SignalingState
from .errors import HandleError
from .pending import NOT_YET, Pending

if TYPE_CHECKING:
    from .endpoint import Endpoint


class Carrier(Protocol):
    """What carries signals for an application: any object with this function."""

    def send(self, peer: str, data: bytes) -> object:
        """Carries a signal to a peer, whose program gives it to Signaling.receive() or Endpoint.receive_signal(). It
        should not block, and may drop what it cannot send. Called by the endpoint's pump, on the thread that runs it."""


class Signaling:
    """One way to carry signals: a client of a server, or an object of the application's."""

    def __init__(self, endpoint: 'Endpoint', handle: int, carrier: Optional[Carrier] = None) -> None:
        self.endpoint = endpoint
        self.handle = handle
        self.carrier = carrier
        self.closed = False

    @property
    def state(self) -> SignalingState:
        """How it fares."""
        return SignalingState(_kith.signaling_state(self.handle))

    def set_state(self, state: SignalingState, text: Optional[str] = None) -> None:
        """For those who implement one: says how it fares."""
        _kith.signaling_set_state(self.handle, state, text)

    def connected(self) -> 'Pending[Signaling]':
        """Waits until it is connected. It goes on trying after a failure."""
        return Pending(self.endpoint.pump, self.handle,
                       lambda: self if self.state == SignalingState.CONNECTED else NOT_YET)

    def receive(self, data: bytes) -> None:
        """Takes in a signal of a peer's that it brought; the answer goes back the same way."""
        _kith.endpoint_receive_signal(self.endpoint.handle, self.handle, data)

    def close(self) -> None:
        """Ends it; connections that are up are not touched."""
        if self.closed:
            return
        self.closed = True
        try:
            _kith.signaling_close(self.handle)
        except HandleError:
            pass
        self.endpoint._forget(self)  # pylint: disable=protected-access
        self.endpoint.pump.notify({self.handle})

    def __enter__(self) -> 'Signaling':
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()
