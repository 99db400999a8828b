"""The numbers of the library under their names. A number that a newer library sends is a member called UNKNOWN."""

from enum import IntEnum, IntFlag
from typing import Dict, Type, TypeVar

from . import _kith

_N = TypeVar('_N', bound='Number')


class Number(IntEnum):
    """A named number of the library."""

    @classmethod
    def _missing_(cls: Type[_N], value: object) -> _N:
        if not isinstance(value, int):
            raise ValueError(f'{value!r} is not a number')
        member = int.__new__(cls, value)
        member._name_ = 'UNKNOWN'
        member._value_ = value
        return member

    def __str__(self) -> str:
        return self.name


class Result(Number):
    """What a call, or the end of a connection, amounts to."""

    OK = 0
    E_INVALID = -1
    E_HANDLE = -2
    E_STATE = -3
    E_TOO_LARGE = -4
    E_AGAIN = -5
    E_CLOSED = -6
    E_REJECTED = -7
    E_AUTH = -8
    E_NO_ROUTE = -9
    E_TIMEOUT = -10
    E_CANCELLED = -11
    E_UNSUPPORTED = -12
    E_SYSTEM = -13
    E_EXISTS = -14
    E_NOT_FOUND = -15
    E_LIMIT = -16
    E_PROTOCOL = -17
    E_INTERRUPTED = -18


class State(Number):
    """The life of a connection, from top to bottom; the last two are closed."""

    NONE = 0
    CONNECTING = 1
    FINDING_ROUTE = 2
    CONNECTED = 3
    CLOSED_BY_PEER = 4
    PROBLEM_DETECTED_LOCALLY = 5


class Route(Number):
    """The kind of way that the data of a connection goes."""

    NONE = 0
    LOOPBACK = 1
    LAN = 2
    DIRECT = 3
    RELAY = 4


class Reason(Number):
    """Why a connection ended. Applications close with 1000-1999 (as planned) or 2000-2999 (a fault)."""

    NONE = 0
    APP = 1000
    APP_MAX = 1999
    APP_EXCEPTION = 2000
    APP_EXCEPTION_MAX = 2999
    LOCAL_OFFLINE = 3001
    LOCAL_NETWORK_CONFIG = 3004
    LOCAL_RIGHTS = 3005
    LOCAL_NO_PUBLIC_ADDRESS = 3006
    REMOTE_TIMEOUT = 4001
    REMOTE_BAD_CRYPT = 4002
    REMOTE_BAD_CERTIFICATE = 4003
    REMOTE_BAD_PROTOCOL_VERSION = 4006
    REMOTE_NO_PUBLIC_ADDRESS = 4007
    GENERIC = 5001
    INTERNAL_ERROR = 5002
    TIMEOUT = 5003
    RENDEZVOUS_FAILED = 5008
    NAT_FIREWALL = 5009
    PEER_SENT_NO_CONNECTION = 5010


class EventType(Number):
    """What happened."""

    NONE = 0
    STATE = 1
    READABLE = 2
    WRITABLE = 3
    ROUTE = 4
    SIGNAL = 5
    SIGNALING_STATE = 6
    ERROR = 7
    SESSION_REQUEST = 8
    SESSION_CONNECTED = 9
    SESSION_ENDED = 10
    SESSION_FAILED = 11
    SESSION_WRITABLE = 12
    CHANNEL_READABLE = 13
    EXPIRED = 14
    TURN_CREDENTIALS = 15


class Send(IntFlag):
    """How a message is sent; combined with |."""

    UNRELIABLE = 0
    NO_NAGLE = 1
    NO_DELAY = 4
    RELIABLE = 8
    AUTO_RESTART = 32
    SEQUENCED = 64


class IdentityKind(Number):
    """The kind of an identity."""

    NONE = 0
    STEAM_ID = 1
    XBOX_PAIRWISE = 2
    PSN = 3
    IP = 4
    STRING = 5
    GENERIC = 6
    UNKNOWN = 7
    KEY = 8


class LogLevel(Number):
    """How much is logged: everything up to a level."""

    NONE = 0
    ERROR = 1
    WARNING = 2
    INFO = 3
    DEBUG = 4


class Subject(Number):
    """What a line of log is about."""

    ENDPOINT = 0
    CONNECTION = 1
    PACKET = 2
    MESSAGE = 3
    SIGNALING = 4
    ICE = 5
    TRANSPORT = 6
    LIBRARY = 7


class SignalingState(Number):
    """The state of a signaling service; it goes on trying after a failure."""

    NONE = 0
    CONNECTING = 1
    CONNECTED = 2
    FAILED = 3


class Proof(Number):
    """What proves that a peer is who it says."""

    NOTHING = 0
    CERTIFICATE = 1
    KEY = 2


class Side(Number):
    """Whose statistics: measured here, or told by the peer."""

    LOCAL = 0
    REMOTE = 1


class Histogram(Number):
    """The histograms of Statistics."""

    PING = 0
    QUALITY = 1
    JITTER = 2


class Doubt(Number):
    """What speaks against a certificate."""

    NONE = 0
    UNSIGNED = 1
    UNTRUSTED = 2
    FORGED = 3
    EXPIRED = 4
    NOT_YET_VALID = 5
    REVOKED = 6
    AUTHORITY_EXPIRED = 7
    AUTHORITY_NOT_YET = 8
    AUTHORITY_REVOKED = 9
    CHAIN_TOO_LONG = 10
    WRONG_IDENTITY = 11
    WRONG_KEY = 12
    WRONG_APP = 13
    AUTHORITY_WRONG_APP = 14
    NOT_A_KEY = 15
    ANONYMOUS = 16
    NO_IDENTITY = 17
    NO_APP = 18
    MALFORMED = 19


class CertificateKind(Number):
    """What a certificate is for."""

    NONE = 0
    PEER = 1
    AUTHORITY = 2
    ROOT = 3
    REQUEST = 4


class Form(Number):
    """The form in which certificates are written."""

    TEXT = 0
    BINARY = 1


class KeyForm(Number):
    """The form of the text of a public key."""

    FILE = 0
    SSH = 1


class Stage(Number):
    """Where a connection failed, or would if it failed now."""

    NONE = 0
    LOCAL = 1
    SIGNALING = 2
    PEER_SILENT = 3
    NOT_ACCEPTED = 4
    REFUSED = 5
    CERTIFICATE = 6
    VERSION = 7
    RELAY = 8
    UDP_BLOCKED = 9
    NO_PATH = 10
    TIMEOUT = 11
    PROTOCOL = 12
    CLOSED = 13


class OptionType(Number):
    """The type of an option."""

    TEXT = 0
    INT32 = 1
    INT64 = 2
    FLOAT = 3
    STRING = 4


class Lock(Number):
    """When an option may be set: ever, until the connection starts, never."""

    NEVER = 0
    STARTED = 1
    READ_ONLY = 2


class Require(Number):
    """What has to prove a peer's identity, for the option RequireProof."""

    NOTHING = 0
    PROOF = 1
    KEY = 2
    CERTIFICATE = 3


class Share(IntFlag):
    """Which of our addresses a peer may be told, for the option IceShare."""

    RELAY = 1
    PRIVATE = 2
    PUBLIC = 4


def constants() -> Dict[str, int]:
    """Every constant of the library, by its name."""
    return dict(_kith.constant_at(index) for index in range(_kith.constant_count()))


def reason_name(reason: int) -> str:
    """The name of the reason for an end, or of the range that it is in."""
    name: str = _kith.reason_name(reason)
    return name


def reason_result(reason: int) -> Result:
    """The result that fits the reason for an end."""
    return Result(_kith.reason_result(reason))


def stage_text(stage: int) -> str:
    """One line of English that explains a stage."""
    text: str = _kith.stage_text(stage)
    return text


def doubt_text(doubt: int) -> str:
    """One line of English that says what a doubt is; empty for none."""
    text: str = _kith.doubt_text(doubt)
    return text


def result_text(result: int) -> str:
    """One line of English that explains a result."""
    text: str = _kith.result_text(result)
    return text


def histogram_bucket(histogram: Histogram, bucket: int) -> str:
    """What a bucket of a histogram stands for, for people; empty when there is no such bucket."""
    text: str = _kith.histogram_bucket(histogram, bucket)
    return text


_NAMES = {'state': _kith.state_name, 'route': _kith.route_name, 'reason': _kith.reason_name, 'result': _kith.result_name,
          'event': _kith.event_name, 'stage': _kith.stage_name, 'doubt': _kith.doubt_name, 'log': _kith.log_name,
          'subject': _kith.subject_name}


def name_of(kind: str, number: int) -> str:
    """The library's own name of a number; kind is 'state', 'route', 'reason', 'result', 'event', 'stage', 'doubt', 'log'
    or 'subject'. 'UNKNOWN' for a number that has none."""
    name: str = _NAMES[kind](number)
    return name
