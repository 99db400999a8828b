"""Connections: one conversation with one peer."""

from typing import (TYPE_CHECKING, Any, AsyncIterator, Generator, Iterable, Iterator, List, Optional, Sequence, Tuple, Type,
                    Union)

from . import _kith
from .config import Config
from .enums import Result, Send, Side, State
from .errors import ClosedError, HandleError, KithError, WouldBlock, error_of
from .message import Message, connections
from .pending import NOT_YET, NotYet, Pending
from .stats import Diagnosis, Info, LaneStatus, Security, Statistics, Status
from .values import Identity

if TYPE_CHECKING:
    from .endpoint import Endpoint
    from .events import Event
    from .group import PollGroup
    from .listener import Listener

Buffer = Union[bytes, bytearray, memoryview, Message]

# Messages that an iteration takes with one call.
BATCH = 64


class Connection:
    """One conversation with one peer. Made by Endpoint.connect(), Listener.accept() and pair().

    `await connection` waits until it is connected; `connection.wait(timeout)` does the same without asyncio. Leaving a
    `with` or `async with` closes it, letting what was sent leave.
    """

    def __init__(self, endpoint: 'Endpoint', handle: int, listener: 'Optional[Listener]' = None) -> None:
        self.endpoint = endpoint
        self.handle = handle
        #: Where it knocked, of an incoming one.
        self.listener = listener
        self.state: State = State(_kith.connection_info(handle)[0])
        #: The event that told its end.
        self.end: 'Optional[Event]' = None
        self._pump = endpoint.pump
        self._closed = False
        #: What had arrived before its end and was not received.
        self.left: List[Message] = []
        self._last: Optional[Tuple[Info, Diagnosis, Security]] = None
        connections[handle] = self

    def __repr__(self) -> str:
        return f'<kith.Connection {self.handle:#x} {self.state.name}>'

    # --- becoming connected

    def __await__(self) -> Generator[Any, None, 'Connection']:
        return self.connected().__await__()

    def connected(self) -> 'Pending[Connection]':
        """Waits until messages flow. When it fails its exception says why; when the waiting is cancelled it is closed."""
        return Pending(self._pump, self.handle, self._is_connected, self.close)

    def wait(self, timeout: Optional[float] = None) -> 'Connection':
        """connected().wait(timeout)"""
        return self.connected().wait(timeout)

    def _is_connected(self) -> 'Union[Connection, NotYet]':
        if self.state == State.CONNECTED:
            return self
        if self.end is not None or self._closed:
            raise self.failure()
        return NOT_YET

    def accept(self) -> 'Connection':
        """Says yes to a peer that asks."""
        _kith.connection_accept(self.handle)
        return self

    # --- its end

    def close(self, reason: int = 0, text: Optional[str] = None, linger: float = 0.0) -> None:
        """Ends it. The peer is told the reason (1000 to 2999) and the text; for `linger` seconds what was sent may still
        leave (negative: as long as the option LingerTimeout allows), in the background. May be called again."""
        if self._closed:
            return
        try:
            _kith.connection_close(self.handle, reason, text, round(linger * 1e6))
        except HandleError:
            pass
        self._closed = True
        self.endpoint._forget(self)  # pylint: disable=protected-access
        self._pump.notify({self.handle})

    @property
    def closed(self) -> bool:
        """Whether it has ended, by whomever."""
        return self._closed or self.end is not None

    def failure(self) -> KithError:
        """Why it is over, as an exception."""
        end = self.end
        if end is None:
            return error_of(Result.E_HANDLE, 'the connection has been closed here')
        return error_of(end.result, end.text, end.reason, end.stage)

    def ended(self) -> 'Pending[Optional[Event]]':
        """Waits for its end; the event says who ended it and why. None: it was closed here."""
        return Pending(self._pump, self.handle, lambda: self.end if self.closed else NOT_YET)

    def __enter__(self) -> 'Connection':
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Any) -> None:
        self.close(linger=-1.0 if kind is None else 0.0)

    async def __aenter__(self) -> 'Connection':
        return await self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Any) -> None:
        self.__exit__(kind, error, trace)

    # --- sending

    def send(self, data: Buffer, mode: Send = Send.RELIABLE, lane: int = 0, ttl: Optional[float] = None) -> int:
        """Sends a message and returns its number. Never waits: raises WouldBlock when there is no room. Bytes are taken
        from any bytes-like object; a Message is sent as it is, with its own mode, lane and time to live."""
        try:
            if isinstance(data, Message):
                number: int = _kith.connection_send_message(self.handle, data)
                return number
            if ttl is None:
                number = _kith.connection_send(self.handle, data, mode, lane)
                return number
            message = Message(data)
            message.mode, message.lane, message.ttl_us = mode, lane, round(ttl * 1e6)
            number = _kith.connection_send_message(self.handle, message)
            return number
        except HandleError:
            raise self._gone() from None

    def sent(self, data: Buffer, mode: Send = Send.RELIABLE, lane: int = 0, ttl: Optional[float] = None) -> Pending[int]:
        """The same, waiting until there is room."""

        def attempt() -> Union[int, NotYet]:
            try:
                return self.send(data, mode, lane, ttl)
            except WouldBlock:
                return NOT_YET

        return Pending(self._pump, self.handle, attempt)

    def send_batch(self, messages: Iterable[Buffer], mode: Send = Send.RELIABLE, lane: int = 0,
                   ttl: Optional[float] = None) -> int:
        """Sends many with one call, in order until there is no room. Returns how many were sent; raises if not even one
        was. They are all Messages, or none is."""
        batch = messages if isinstance(messages, (list, tuple)) else list(messages)
        try:
            if batch and isinstance(batch[0], Message):
                count: int = _kith.connection_send_messages(self.handle, batch)
            else:
                count = _kith.connection_send_batch(self.handle, batch, mode, lane, 0 if ttl is None else round(ttl * 1e6))
            return count
        except HandleError:
            raise self._gone() from None

    def flush(self) -> None:
        """Lets small messages leave that wait for company."""
        _kith.connection_flush(self.handle)

    def set_lanes(self, priorities: Sequence[int], weights: Optional[Sequence[int]] = None) -> None:
        """Divides what is sent into lanes, as many as there are priorities: lanes with a lower one go first, those with
        the same share by weight."""
        _kith.connection_set_lanes(self.handle, tuple(priorities), tuple(weights or (1 for _ in priorities)))

    # --- receiving

    def receive_batch(self, most: int = BATCH) -> List[Message]:
        """Takes up to so many messages that are there. Empty: none now. ClosedError: none, and none will come."""
        if self.left:
            taken, self.left = self.left[:most], self.left[most:]
            return taken
        if self.end is not None:
            raise self._gone()
        try:
            messages: List[Message] = _kith.connection_receive(self.handle, most)
            return messages
        except HandleError:
            raise self._gone() from None

    def _arrived(self, most: int) -> List[Message]:
        """The same for those who wait: until the event that tells how it ended is taken there is nothing yet."""
        try:
            return self.receive_batch(most)
        except ClosedError:
            if self.closed:
                raise
            return []

    def receive(self) -> Pending[Message]:
        """Waits for the next message."""

        def attempt() -> Union[Message, NotYet]:
            taken = self._arrived(1)
            return taken[0] if taken else NOT_YET

        return Pending(self._pump, self.handle, attempt)

    def messages(self, most: int = BATCH) -> Pending[List[Message]]:
        """Waits for messages, and takes up to so many: the fastest way to receive."""

        def attempt() -> Union[List[Message], NotYet]:
            return self._arrived(most) or NOT_YET

        return Pending(self._pump, self.handle, attempt)

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Messages until the peer closes as planned; other ends are exceptions."""
        while True:
            try:
                batch = await self.messages()
            except KithError:
                if self.ended_well():
                    return
                raise
            for message in batch:
                yield message

    def __iter__(self) -> Iterator[Message]:
        while True:
            try:
                batch = self.messages().wait()
            except KithError:
                if self.ended_well():
                    return
                raise
            yield from batch

    def ended_well(self) -> bool:
        """Whether it was closed here, or by the peer with a reason from 1000 to 1999."""
        return self._closed or (self.end is not None and self.end.state == State.CLOSED_BY_PEER and
                                1000 <= self.end.reason <= 1999)

    # --- what the application attaches, and what is known

    @property
    def user_data(self) -> int:
        """Any number of the application's; comes with every event and message."""
        number: int = _kith.connection_user_data(self.handle)
        return number

    @user_data.setter
    def user_data(self, number: int) -> None:
        _kith.connection_set_user_data(self.handle, number)

    @property
    def name(self) -> str:
        """A name for logs and people."""
        return self.info().name

    @name.setter
    def name(self, name: Optional[str]) -> None:
        _kith.connection_set_name(self.handle, name)

    @property
    def peer(self) -> Optional[Identity]:
        """Who is at the other end, as far as it is known."""
        return self.info().peer

    @property
    def config(self) -> Config:
        """Its options."""
        return Config(self.handle)

    def join(self, group: 'Optional[PollGroup]') -> None:
        """Puts it into a poll group, out of the one it was in."""
        _kith.connection_set_poll_group(self.handle, group.handle if group else 0)

    def info(self) -> Info:
        """What it is. Of one that has ended: what it was."""
        return self._last[0] if self._last else Info(*_kith.connection_info(self.handle))

    def diagnosis(self) -> Diagnosis:
        """Why it failed, or how far it is."""
        return self._last[1] if self._last else Diagnosis(*_kith.connection_diagnosis(self.handle))

    def security(self) -> Security:
        """What protects it."""
        return self._last[2] if self._last else Security(*_kith.connection_security(self.handle))

    def status(self) -> Status:
        """How it fares now."""
        return Status(*_kith.connection_status(self.handle))

    def lane_status(self, lane: int) -> LaneStatus:
        """How one lane fares now."""
        return LaneStatus(*_kith.connection_lane_status(self.handle, lane))

    def statistics(self, side: Side = Side.LOCAL) -> Statistics:
        """How it has fared since it was made. NotFoundError: the peer has told nothing yet."""
        return Statistics(*_kith.connection_statistics(self.handle, side))

    def report(self, hide_addresses: bool = False) -> str:
        """All that is known of it, many lines for people."""
        text: str = _kith.connection_report(self.handle, _kith.HIDE_ADDRESSES if hide_addresses else 0)
        return text

    def route(self, hide_addresses: bool = False) -> str:
        """The way that its data takes, one line for people."""
        text: str = _kith.connection_route(self.handle, _kith.HIDE_ADDRESSES if hide_addresses else 0)
        return text

    # --- for the endpoint

    def _on_state(self, event: 'Event') -> None:
        self.state = State(event.state)
        if self.state in (State.CLOSED_BY_PEER, State.PROBLEM_DETECTED_LOCALLY):
            self._on_end(event)

    def _on_end(self, event: 'Event') -> None:
        # Of a closed connection the library tells something only until the next event: this is the moment.
        self.end = event
        try:
            info = Info(*_kith.connection_info(self.handle))
            self._last = (info, Diagnosis(*_kith.connection_diagnosis(self.handle)),
                          Security(*_kith.connection_security(self.handle)))
            left = self.endpoint._left_for(self, info.poll_group)  # pylint: disable=protected-access
            while True:
                batch = _kith.connection_receive(self.handle, BATCH)
                if not batch:
                    break
                left.extend(batch)
        except (ClosedError, HandleError):
            pass

    def _gone(self) -> KithError:
        end = self.end
        if end is None or self.endpoint.closed:
            return error_of(Result.E_HANDLE, 'the connection has been closed')
        return error_of(Result.E_CLOSED, end.text, end.reason, end.stage)
