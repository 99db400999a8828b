"""What happened, as plain data."""

from typing import TYPE_CHECKING, NamedTuple, Optional, Union

from .enums import EventType, Result, Route, SignalingState, Stage, State
from .values import Address, Identity

if TYPE_CHECKING:
    from .connection import Connection
    from .group import PollGroup
    from .listener import Listener
    from .signaling import Signaling


class Event(NamedTuple):
    """One event. What a type does not mention is zero or None."""

    type: EventType
    connection: Optional['Connection']
    #: Where an incoming connection knocked.
    listener: Optional['Listener']
    poll_group: Optional['PollGroup']
    signaling: Optional['Signaling']
    old_state: State
    #: The state now; of SIGNALING_STATE that of the signaling.
    state: Union[State, SignalingState]
    #: Why it ended: a Reason, or any number of the peer's.
    reason: int
    #: The same as a result.
    result: Result
    route: Route
    #: When it happened, in microseconds of now_us().
    time_us: int
    user_data: int
    peer: Optional[Identity]
    local: Optional[Address]
    remote: Optional[Address]
    #: Why, in words.
    text: str
    channel: int
    #: Where it failed, of an end.
    stage: Stage
    #: The bytes of SIGNAL.
    data: bytes
