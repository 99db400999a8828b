"""Keys: 32 bytes, whose owner's identity is 'key:<64 hex digits>'."""

import os
from typing import Union

from . import _kith
from .enums import KeyForm
from .values import Identity

_Path = Union[str, 'os.PathLike[str]']


class PublicKey(bytes):
    """An Ed25519 public key: its 32 bytes."""

    @classmethod
    def parse(cls, text: Union[str, bytes]) -> 'PublicKey':
        """Reads 64 hex digits, 'key:...', the line of a file of ours, or 'ssh-ed25519 ...'."""
        return cls(_kith.key_parse_public(text.encode() if isinstance(text, str) else text))

    @classmethod
    def load(cls, path: _Path) -> 'PublicKey':
        """Reads a file, in any form of parse()."""
        return cls(_kith.key_load_public(os.fspath(path)))

    def save(self, path: _Path) -> None:
        """Writes it to a new file."""
        _kith.key_save_public(os.fspath(path), self)

    @property
    def identity(self) -> Identity:
        """The identity of its owner."""
        return Identity.from_bytes(self)

    @property
    def id(self) -> int:
        """The number by which certificates and lists of revoked keys name it."""
        number: int = _kith.key_id(self)
        return number

    def text(self, form: KeyForm = KeyForm.FILE) -> str:
        """Its text, as in a file of ours or as OpenSSH has it."""
        text: str = _kith.key_print_public(self, form)
        return text

    def __repr__(self) -> str:
        return f'PublicKey({self.hex()})'


class PrivateKey:
    """An Ed25519 private key. Its text forms never show it."""

    __slots__ = ('_key',)

    def __init__(self, key: bytes) -> None:
        _kith.key_public(key)
        self._key = bytes(key)

    @classmethod
    def generate(cls) -> 'PrivateKey':
        """A new one."""
        return cls(_kith.key_generate())

    @classmethod
    def parse(cls, text: Union[str, bytes]) -> 'PrivateKey':
        """Reads 64 hex digits, the line of a file of ours, or a file of OpenSSH without a passphrase."""
        return cls(_kith.key_parse(text.encode() if isinstance(text, str) else text))

    @classmethod
    def load(cls, path: _Path) -> 'PrivateKey':
        """Reads a file, in any form of parse()."""
        return cls(_kith.key_load(os.fspath(path)))

    def save(self, path: _Path) -> None:
        """Writes it to a new file that only its owner can read."""
        _kith.key_save(os.fspath(path), self._key)

    @property
    def public(self) -> PublicKey:
        """The public key that belongs to it."""
        return PublicKey(_kith.key_public(self._key))

    @property
    def identity(self) -> Identity:
        """The identity of its owner."""
        identity: Identity = _kith.key_identity(self._key)
        return identity

    def __bytes__(self) -> bytes:
        return self._key

    def __repr__(self) -> str:
        return f'<kith.PrivateKey of {self.identity}>'
