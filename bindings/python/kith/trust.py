"""What an endpoint presents, whom it believes, and which keys count no longer."""

from typing import Iterable, List, Optional, Tuple, Union

from . import _kith
from .enums import Doubt
from .errors import NotFoundError
from .keys import PrivateKey, PublicKey
from .stats import CertificateInfo

#: Certificates: blocks of text, or the bare bytes of one.
Certificates = Union[str, bytes]
#: A key that counts no longer: itself, or its id.
Revoked = Union[PublicKey, int]


def bytes_of(value: Optional[Certificates]) -> Optional[bytes]:
    """Certificates, or a public key, as the library reads them."""
    return value.encode() if isinstance(value, str) else value


def _id_of(key: Revoked) -> int:
    return key.id if isinstance(key, PublicKey) else key


def revoked_of(keys: Optional[Iterable[Revoked]]) -> Optional[bytes]:
    """A list of keys as the library reads it."""
    return None if keys is None else ''.join(f'{_id_of(key)}\n' for key in keys).encode()


def parse_revoked(text: Union[str, bytes]) -> Tuple[int, ...]:
    """The ids in a list of revoked keys, one a line."""
    ids: Tuple[int, ...] = _kith.revoked_parse(text.encode() if isinstance(text, str) else text)
    return ids


class Trust:
    """The certificates of an endpoint: Endpoint.trust. All may change while it runs, for connections to come."""

    def __init__(self, endpoint: int) -> None:
        self._endpoint = endpoint

    @property
    def certificate(self) -> CertificateInfo:
        """What the endpoint presents, perhaps unsigned."""
        return CertificateInfo(*_kith.endpoint_certificate(self._endpoint))

    def set_certificate(self, data: Optional[Certificates], key: Optional[PrivateKey] = None) -> None:
        """Sets what it presents, with those of authorities between its signer and a root; None: nothing but its key."""
        _kith.endpoint_set_certificate(self._endpoint, None if key is None else bytes(key), bytes_of(data))

    def check(self, data: Certificates, identity: Optional[str] = None) -> Doubt:
        """What would speak against a peer that presents this now; Doubt.NONE: nothing."""
        return Doubt(_kith.endpoint_check_certificate(self._endpoint, bytes_of(data), identity))

    # --- whom it believes

    def add(self, data: Union[Certificates, PublicKey]) -> None:
        """Adds authorities. Self-signed certificates and bare public keys are roots: what they sign is believed."""
        _kith.endpoint_add_trust(self._endpoint, bytes_of(data))

    def remove(self, key: Revoked) -> None:
        """Takes back the authority with this key. Connections that are there stay."""
        _kith.endpoint_remove_trust(self._endpoint, _id_of(key))

    def authorities(self) -> List[Tuple[CertificateInfo, bool]]:
        """Roots and authorities, and whether each is believed."""
        found: List[Tuple[CertificateInfo, bool]] = []
        try:
            while True:
                certificate, believed = _kith.endpoint_trust_at(self._endpoint, len(found))
                found.append((CertificateInfo(*certificate), bool(believed)))
        except NotFoundError:
            return found

    # --- whom no longer

    @property
    def revoked(self) -> List[int]:
        """The ids of keys that count no longer."""
        found: List[int] = []
        try:
            while True:
                found.append(_kith.endpoint_revoked_at(self._endpoint, len(found)))
        except NotFoundError:
            return found

    def revoke(self, key: Revoked) -> None:
        """Adds a key to them. Connections with its owner, or with whom it vouched for, end at once."""
        _kith.endpoint_revoke(self._endpoint, _id_of(key))

    def set_revoked(self, keys: Union[Iterable[Revoked], str, bytes, None]) -> None:
        """Sets the list anew: keys or ids, or the text of a list."""
        if isinstance(keys, str):
            keys = keys.encode()
        _kith.endpoint_set_revoked(self._endpoint, keys if isinstance(keys, bytes) else revoked_of(keys))
