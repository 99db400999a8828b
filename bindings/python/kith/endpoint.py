"""Endpoints: one identity on the network, with all that belongs to it."""

import weakref
from collections import deque
from typing import (Any, AsyncIterator, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, Optional, Set, Tuple, Union)

from . import _kith, log
from .config import Config, Value, pairs_of
from .connection import Connection
from .enums import EventType, LogLevel, Result, Route, SignalingState, Stage, State, Subject
from .errors import HandleError
from .events import Event
from .group import PollGroup
from .keys import PrivateKey, PublicKey
from .listener import Listener
from .message import Message
from .pending import NOT_YET, NotYet, Pending
from .pump import ANYTHING, Pump
from .sessions import Sessions
from .signaling import Carrier, Signaling
from .trust import Certificates, Revoked, Trust, bytes_of, revoked_of
from .values import Address, Identity, address_of

_Child = Union[Connection, Listener, PollGroup, Signaling]


class Endpoint:
    """One identity on the network. `with` or `async with` it, or close() it: everything that belongs to it ends then.

    identity: who it is, by default that of its key. key: its private key, by default a new one. config: options, by name.
    app_id: which application this is, of certificates. certificate, trust, revoked: see Endpoint.trust. log_level: how much
    is logged. on_event: a function that gets every event; what it raises comes from step() or whoever waits, in asyncio it
    goes to the loop's exception handler.
    """

    def __init__(self, identity: Optional[str] = None, *, key: Union[PrivateKey, bytes, None] = None,
                 config: Optional[Mapping[str, Value]] = None, app_id: int = 0, certificate: Optional[Certificates] = None,
                 trust: Union[Certificates, PublicKey, None] = None, revoked: Optional[Iterable[Revoked]] = None,
                 log_level: LogLevel = LogLevel.NONE, on_event: Optional[Callable[[Event], object]] = None) -> None:
        mailbox = _kith.mailbox_new()
        handle: int = _kith.endpoint_create(identity, None if key is None else bytes(key), pairs_of(config), app_id,
                                            bytes_of(certificate), bytes_of(trust), revoked_of(revoked), mailbox, log_level)
        self.handle = handle
        self.pump = Pump(handle, mailbox)
        #: Gets every event, when it is taken.
        self.on_event = on_event
        #: Gets the lines of log instead of Python's loggers.
        self.on_log: Optional[log.LogFunction] = None
        self._children: Dict[int, _Child] = {}
        self._carriers: Dict[int, Signaling] = {}
        self._streams: 'weakref.WeakSet[EventStream]' = weakref.WeakSet()
        # The pump must not keep its endpoint alive.
        known = weakref.ref(self)

        def handle_event(event: Tuple[Any, ...]) -> Set[int]:
            alive = known()
            return alive._on_event(event) if alive else set()

        def handle_mail(lost: int, items: List[Tuple[Any, ...]]) -> None:
            alive = known()
            if alive:
                alive._on_mail(lost, items)

        self.pump.handle_event = handle_event
        self.pump.handle_mail = handle_mail

    def __repr__(self) -> str:
        return f'<kith.Endpoint {self.handle:#x}{" closed" if self.closed else ""}>'

    # --- its life

    @property
    def closed(self) -> bool:
        """Whether close() was called."""
        return self.pump.closed

    def close(self) -> None:
        """Ends everything the endpoint owns, and the endpoint. Peers are told; nothing lingers."""
        self.pump.close()
        self._children.clear()
        self._carriers.clear()

    def __enter__(self) -> 'Endpoint':
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    async def __aenter__(self) -> 'Endpoint':
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.close()

    # --- who it is

    @property
    def identity(self) -> Identity:
        """Who it is."""
        identity: Identity = _kith.endpoint_identity(self.handle)
        return identity

    @property
    def public_key(self) -> PublicKey:
        """Its public key."""
        return PublicKey(_kith.endpoint_public_key(self.handle))

    @property
    def config(self) -> Config:
        """Its options, and those of all that belongs to it."""
        return Config(self.handle)

    @property
    def trust(self) -> Trust:
        """Its certificate, whom it believes, and which keys count no longer."""
        return Trust(self.handle)

    @property
    def sessions(self) -> Sessions:
        """Messages to an identity, without connections to look after."""
        return Sessions(self)

    # --- connections

    def listen(self, where: Union[str, int, Address], *, config: Optional[Mapping[str, Value]] = None, user_data: int = 0,
               symmetric: bool = False, group: Optional[PollGroup] = None) -> Listener:
        """Listens on an address ('0.0.0.0:5000', port 0: the system picks one), or on a virtual port (a number) for peers
        that call this endpoint's identity."""
        joined = group.handle if group else 0
        if isinstance(where, int):
            handle = _kith.endpoint_listen_port(self.handle, where, pairs_of(config), user_data, symmetric, joined)
        else:
            handle = _kith.endpoint_listen_address(self.handle, address_of(where), pairs_of(config), user_data, symmetric, joined)
        listener = Listener(self, handle)
        self._children[handle] = listener
        return listener

    def connect(self, to: Union[str, Address], port: int = 0, *, peer: Optional[str] = None, name: Optional[str] = None,
                config: Optional[Mapping[str, Value]] = None, user_data: int = 0, symmetric: bool = False,
                group: Optional[PollGroup] = None) -> Connection:
        """Connects to an address, or to an identity ('str:bob', 'key:...') at a virtual port. Returns at once: await the
        connection, or wait(). peer: who must answer at an address. symmetric: both may call each other, and the calls become
        one connection."""
        options = (pairs_of(config), peer, name, user_data, port, symmetric, group.handle if group else 0)
        if isinstance(to, Identity) or isinstance(to, str) and not _is_address(to):
            handle = _kith.endpoint_connect_identity(self.handle, to, options)
        else:
            handle = _kith.endpoint_connect_address(self.handle, address_of(to), options)
        return self._connection(handle)

    def group(self) -> PollGroup:
        """Makes a poll group: connections whose messages are received together."""
        group = PollGroup(self)
        self._children[group.handle] = group
        return group

    # --- signals

    def add_signaling(self, carrier: Carrier) -> Signaling:
        """Has signals carried by an object of the application's."""
        number = max(self._carriers, default=0) + 1
        signaling = Signaling(self, _kith.signaling_add(self.handle, self.pump.mailbox, number), carrier)
        self._carriers[number] = signaling
        self._children[signaling.handle] = signaling
        return signaling

    def open_signaling(self, url: str) -> Signaling:
        """Opens a client of a signaling server, 'tcp://host:port'. Returns at once; see Signaling.connected()."""
        signaling = Signaling(self, _kith.signaling_open(self.handle, url))
        self._children[signaling.handle] = signaling
        return signaling

    def receive_signal(self, data: bytes, signaling: Optional[Signaling] = None) -> None:
        """Takes in a signal that a peer sent, and this program was brought: the data of an event SIGNAL there."""
        _kith.endpoint_receive_signal(self.handle, signaling.handle if signaling else 0, data)

    def add_stun_server(self, server: str) -> None:
        """Adds a STUN server, 'host:port', for connections made from now on."""
        _kith.endpoint_add_stun_server(self.handle, server)

    def add_turn_server(self, server: str, user: Optional[str] = None, password: Optional[str] = None) -> None:
        """Adds a TURN server, 'turn:host:port', for connections made from now on."""
        _kith.endpoint_add_turn_server(self.handle, server, user, password)

    # --- events

    def step(self, timeout: Optional[float] = 0.0) -> int:
        """Without asyncio: waits for something to happen, takes all that has, and says how much that was."""
        return self.pump.step(timeout)

    def wait(self, timeout: Optional[float] = None) -> None:
        """Waits until an event is there, without taking it. Raises TimedOut."""
        _kith.endpoint_wait(self.handle, -1 if timeout is None else round(timeout * 1e6))

    def fileno(self) -> int:
        """A descriptor for select and the like: step() when it is readable. Only watch it."""
        return self.pump.fd

    def events(self) -> 'EventStream':
        """Every event from now on, to be iterated over in either style."""
        stream = EventStream(self)
        self._streams.add(stream)
        return stream

    # --- log

    def set_log(self, level: LogLevel, on_log: Optional[log.LogFunction] = None) -> None:
        """How much is logged, and by whom if not by Python's loggers. Lines are handed over when events are taken."""
        self.on_log = on_log
        _kith.endpoint_set_log(self.handle, self.pump.mailbox, level)

    def set_log_level(self, subject: Optional[Subject], level: LogLevel) -> None:
        """How much is logged about a subject; None: about every one."""
        _kith.endpoint_set_log_level(self.handle, _kith.SUBJECT_ALL if subject is None else subject, level)

    # --- what the pump takes

    def _connection(self, handle: int, listener: Optional[Listener] = None) -> Connection:
        known = self._children.get(handle)
        if isinstance(known, Connection):
            return known
        connection = Connection(self, handle, listener)
        self._children[handle] = connection
        return connection

    def _forget(self, child: _Child) -> None:
        self._children.pop(child.handle, None)
        for number in [number for number, known in self._carriers.items() if known is child]:
            del self._carriers[number]

    def _left_for(self, connection: Connection, group: int) -> List[Message]:
        known = self._children.get(group)
        return known.left if isinstance(known, PollGroup) else connection.left

    def _on_event(self, raw: Tuple[Any, ...]) -> Set[int]:
        kind, _, connection_handle, listener_handle, group_handle, signaling_handle = raw[:6]
        touched = {connection_handle, listener_handle, group_handle, signaling_handle}
        if kind == EventType.READABLE and not self.on_event and not self._streams:
            return touched
        connection = self._children.get(connection_handle)
        listener = self._children.get(listener_handle)
        if kind == EventType.STATE and connection is None and listener_handle and raw[7] == State.CONNECTING:
            connection = self._connection(connection_handle, listener if isinstance(listener, Listener) else None)
            if isinstance(listener, Listener):
                listener._requests.append(connection)  # pylint: disable=protected-access
        event = Event(EventType(kind), connection, listener, self._children.get(group_handle),  # type: ignore[arg-type]
                      self._children.get(signaling_handle), State(raw[6]),  # type: ignore[arg-type]
                      SignalingState(raw[7]) if kind == EventType.SIGNALING_STATE else State(raw[7]), raw[8], Result(raw[9]),
                      Route(raw[10]), raw[11], raw[12], raw[13], raw[14], raw[15], raw[16], raw[17], Stage(raw[18]), raw[19])
        if kind == EventType.STATE and isinstance(connection, Connection):
            connection._on_state(event)  # pylint: disable=protected-access
            if connection.end is event:
                self._children.pop(connection_handle, None)
        for stream in self._streams:
            stream.waiting.append(event)
        if self.on_event:
            self.on_event(event)
        return touched

    def _on_mail(self, lost: int, items: List[Tuple[Any, ...]]) -> None:
        if lost:
            log.write(Subject.ENDPOINT, LogLevel.WARNING, f'{lost} lines of log or signals were lost: nobody took them')
        failure: Optional[BaseException] = None
        for first, second, content in items:
            try:
                if isinstance(content, str):
                    (self.on_log or log.write)(Subject(first), LogLevel(second), content)
                elif first in self._carriers:
                    carrier = self._carriers[first].carrier
                    if carrier:
                        carrier.send(Identity._of(second), content)  # pylint: disable=protected-access
            except Exception as error:  # pylint: disable=broad-except
                # The others are not lost for it.
                failure = failure or error
        if failure:
            raise failure


class EventStream:
    """The events of an endpoint, in order; see Endpoint.events()."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.waiting: Deque[Event] = deque()

    def next(self) -> Pending[Event]:
        """Waits for the next event."""
        return Pending(self.endpoint.pump, ANYTHING, self._attempt)

    def _attempt(self) -> Union[Event, NotYet]:
        if self.waiting:
            return self.waiting.popleft()
        if self.endpoint.closed:
            raise HandleError('the endpoint has been closed')
        return NOT_YET

    async def __aiter__(self) -> AsyncIterator[Event]:
        while not self.endpoint.closed:
            yield await self.next()

    def __iter__(self) -> Iterator[Event]:
        while not self.endpoint.closed:
            yield self.next().wait()


def pair(first: Endpoint, second: Endpoint, *, network: bool = False, identities: Tuple[Optional[str], Optional[str]] = (None, None),
         names: Tuple[Optional[str], Optional[str]] = (None, None), user_data: Tuple[int, int] = (0, 0),
         groups: Tuple[Optional[PollGroup], Optional[PollGroup]] = (None, None),
         configs: Tuple[Optional[Mapping[str, Value]], Optional[Mapping[str, Value]]] = (None, None)) -> Tuple[Connection, Connection]:
    """Two connections that talk to each other, in memory or (network) by sockets of this machine. The tuples are for the
    first and the second end; identities: who either end is to the other."""
    ends = [(pairs_of(configs[i]), None, names[i], user_data[i], 0, False, groups[i].handle if groups[i] else 0)  # type: ignore
            for i in (0, 1)]
    handles = _kith.endpoint_pair(first.handle, second.handle, network, *identities, *ends)
    return (first._connection(handles[0]), second._connection(handles[1]))  # pylint: disable=protected-access


def _is_address(text: str) -> bool:
    # 'str:bob' has a letter before its colon that no address has in front; '::1' and '[::1]:5' begin with no letter.
    kind, colon, _ = text.partition(':')
    return not colon or not kind.isalpha() or all(letter in '0123456789abcdefABCDEF' for letter in kind) and text.count(':') > 1
