"""Kith: encrypted messages from peer to peer.

    async with Endpoint() as server, Endpoint() as client:
        listener = server.listen('127.0.0.1:0')
        connection = await client.connect(listener.address)
        ...

What waits returns a Pending: `await` it in asyncio, or call its wait(timeout). Everything else returns at once.
"""

from . import _kith, certificates
from .config import Config, Option, describe, options
from .connection import Connection
from .endpoint import Endpoint, EventStream, pair
from .enums import (CertificateKind, Doubt, EventType, Form, Histogram, IdentityKind, KeyForm, Lock, LogLevel, OptionType,
                    Proof, Reason, Require, Result, Route, Send, Share, Side, SignalingState, Stage, State, Subject,
                    constants, doubt_text, histogram_bucket, name_of, reason_name, reason_result, result_text, stage_text)
from .errors import (AuthError, CancelledError, ClosedError, ExistsError, HandleError, Interrupted, InvalidError, KithError,
                     LimitError, NoRouteError, NotFoundError, ProtocolError, RejectedError, StateError, SystemFailure,
                     TimedOut, TooLargeError, UnsupportedError, WouldBlock, error_of)
from .events import Event
from .group import PollGroup
from .keys import PrivateKey, PublicKey
from .listener import Listener
from .message import Message
from .pending import Pending
from .sessions import Sessions
from .signaling import Carrier, Signaling
from .stats import CertificateInfo, Diagnosis, Info, LaneStatus, Security, Statistics, Status
from .trust import Trust, parse_revoked
from .values import Address, Identity

__version__: str = _kith.version_text()

#: The options of the whole library: what counts where nothing else is set.
library_config = Config()


def version() -> int:
    """The library's version as a number: 1,000,000 times the major, 1,000 times the minor, and the patch."""
    number: int = _kith.version()
    return number


def now_us() -> int:
    """Microseconds on the clock that all times of the library are on."""
    number: int = _kith.now_us()
    return number


_kith.set_factories(error_of, Identity._of, Address, Message)  # pylint: disable=protected-access

__all__ = [
    'Address', 'AuthError', 'CancelledError', 'Carrier', 'CertificateInfo', 'CertificateKind', 'ClosedError', 'Config',
    'Connection', 'Diagnosis', 'Doubt', 'Endpoint', 'Event', 'EventStream', 'EventType', 'ExistsError', 'Form', 'HandleError',
    'Histogram', 'Identity', 'IdentityKind', 'Info', 'Interrupted', 'InvalidError', 'KeyForm', 'KithError', 'LaneStatus',
    'LimitError', 'Listener', 'Lock', 'LogLevel', 'Message', 'NoRouteError', 'NotFoundError', 'Option', 'OptionType', 'Pending',
    'PollGroup', 'PrivateKey', 'Proof', 'ProtocolError', 'PublicKey', 'Reason', 'RejectedError', 'Require', 'Result', 'Route',
    'Security', 'Send', 'Sessions', 'Share', 'Side', 'Signaling', 'SignalingState', 'Stage', 'State', 'StateError',
    'Statistics', 'Status', 'Subject', 'SystemFailure', 'TimedOut', 'TooLargeError', 'Trust', 'UnsupportedError', 'WouldBlock',
    'certificates', 'constants', 'describe', 'doubt_text', 'histogram_bucket', 'library_config', 'name_of', 'now_us', 'options',
    'pair', 'parse_revoked', 'reason_name', 'reason_result', 'result_text', 'stage_text', 'version',
]
