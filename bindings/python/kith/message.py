"""Messages: they own their bytes, and show them without a copy."""

import weakref
from typing import TYPE_CHECKING, Optional

from . import _kith
from .enums import Send

if TYPE_CHECKING:
    from .connection import Connection

# Every connection there is, by its handle.
connections: 'weakref.WeakValueDictionary[int, Connection]' = weakref.WeakValueDictionary()


class Message(_kith.Message):
    """A message, received or to be sent: Message(data), or Message(data, copy=False) around a buffer that must not
    change until the message is gone.

    It is a bytes-like object: memoryview(message), file.write(message), bytes(message) for a copy. Views stay valid
    after the message, its connection and its endpoint are gone.
    """

    __slots__ = ()

    @property
    def mode(self) -> Send:
        """How it travelled, or shall be sent."""
        return Send(self.flags)

    @mode.setter
    def mode(self, mode: Send) -> None:
        self.flags = mode

    @property
    def connection(self) -> 'Optional[Connection]':
        """The connection it came through, if that is still known."""
        return connections.get(self.connection_handle)

    def __repr__(self) -> str:
        return f'<kith.Message {self.number}, {len(self)} bytes>'
