"""Identities and addresses: small values that do not change."""

import ipaddress
from typing import NamedTuple, Optional, Union

from . import _kith
from .enums import IdentityKind


class Identity(str):
    """Who a peer is: a text such as 'str:alice', 'gen:0a0b0c' or 'key:<64 hex digits>', always in its one form.

    It is a str: a plain text of the same content is equal to it, and does wherever an identity is asked for.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> 'Identity':
        made: Identity = _kith.identity_parse(text)
        return made

    @classmethod
    def _of(cls, text: str) -> 'Identity':
        return str.__new__(cls, text)

    @classmethod
    def from_bytes(cls, data: bytes) -> 'Identity':
        """'gen:' of 1 to 31 bytes; 32 are a public key."""
        made: Identity = _kith.identity_from_bytes(data)
        return made

    @classmethod
    def from_address(cls, address: 'Address') -> 'Identity':
        """'ip:' of an address."""
        made: Identity = _kith.identity_from_address(address)
        return made

    @property
    def kind(self) -> IdentityKind:
        """What kind of identity it is."""
        return IdentityKind(_KINDS.get(self.partition(':')[0], IdentityKind.UNKNOWN))

    def __bytes__(self) -> bytes:
        """The bytes of a 'gen:' or 'key:'."""
        data: bytes = _kith.identity_bytes(self)
        return data

    def __repr__(self) -> str:
        return f'Identity({str(self)!r})'

    def __str__(self) -> str:
        return str.__str__(self)

    def same(self, other: str) -> bool:
        """Whether both mean the same, in whatever form the other one is written."""
        return bool(_kith.identity_equal(self, other))


_KINDS = {'steamid': IdentityKind.STEAM_ID, 'xbox': IdentityKind.XBOX_PAIRWISE, 'psn': IdentityKind.PSN,
          'ip': IdentityKind.IP, 'str': IdentityKind.STRING, 'gen': IdentityKind.GENERIC, 'key': IdentityKind.KEY}


class Address(NamedTuple):
    """Where a datagram goes: an IPv6 or IPv4 address and a port."""

    #: 16 bytes; IPv4 as '::ffff:a.b.c.d'.
    packed: bytes = bytes(16)
    port: int = 0
    #: The number of the interface, of an IPv6 link-local address.
    scope: int = 0

    @classmethod
    def parse(cls, text: str) -> 'Address':
        """Reads '1.2.3.4', '1.2.3.4:5', '::1' or '[::1]:5'. Names of hosts are not looked up."""
        made: Optional[Address] = _kith.address_parse(text)
        return made if made is not None else cls()

    @property
    def ip(self) -> Union[ipaddress.IPv4Address, ipaddress.IPv6Address]:
        """The address without the port."""
        address = ipaddress.IPv6Address(self.packed)
        return address.ipv4_mapped or address

    def same(self, other: 'Address') -> bool:
        """Whether both are the same address and port."""
        return bool(_kith.address_equal(self, other))

    def __str__(self) -> str:
        text: str = _kith.address_print(self)
        return text


def address_of(value: Union[Address, str]) -> Address:
    """An address, or the one that a text says."""
    return value if isinstance(value, Address) else Address.parse(value)
