"""Certificates: what an authority says about whose key a key is."""

import time
from typing import Iterable, List, Optional, Union

from . import _kith
from .enums import CertificateKind, Form
from .errors import NotFoundError
from .keys import PrivateKey, PublicKey
from .stats import CertificateInfo


def _key_bytes(key: Union[PrivateKey, bytes]) -> bytes:
    return bytes(key)


def request(key: PrivateKey, *, identity: Optional[str] = None, kind: CertificateKind = CertificateKind.PEER,
            app_ids: Iterable[int] = (), form: Form = Form.TEXT) -> bytes:
    """A request for a certificate, to be handed to an authority. It proves that who asks has the key."""
    data: bytes = _kith.certificate_request(kind, _key_bytes(key), None, identity, tuple(app_ids), form, 0, 0)
    return data


def sign(authority: PrivateKey, key: Optional[bytes] = None, *, identity: Optional[str] = None, expires: float,
         created: Optional[float] = None, kind: CertificateKind = CertificateKind.PEER, app_ids: Iterable[int] = (),
         form: Form = Form.TEXT) -> bytes:
    """A certificate for a public key, as an authority makes it. Times are as of time.time()."""
    since = time.time() if created is None else created
    data: bytes = _kith.certificate_sign(kind, _key_bytes(authority), key, identity, tuple(app_ids), form, round(since * 1e6),
                                         round(expires * 1e6))
    return data


def sign_request(authority: PrivateKey, wanted: bytes, *, expires: float, created: Optional[float] = None,
                 form: Form = Form.TEXT) -> bytes:
    """A certificate that says what a request asks for. Whether who asks is who they say is for the authority to know."""
    info = describe(wanted)
    asked_kind = CertificateKind.PEER if info.identity else CertificateKind.AUTHORITY
    return sign(authority, PublicKey(info.key), identity=info.identity, expires=expires, created=created, kind=asked_kind,
                app_ids=info.app_ids, form=form)


def describe(data: bytes, index: int = 0) -> CertificateInfo:
    """What a certificate or request says; of several the one at this place."""
    return CertificateInfo(*_kith.certificate_describe(data, index))


def describe_all(data: bytes) -> List[CertificateInfo]:
    """What each of several certificates says."""
    found: List[CertificateInfo] = []
    try:
        while True:
            found.append(describe(data, len(found)))
    except NotFoundError:
        return found


def convert(data: bytes, form: Form) -> bytes:
    """The same certificates or requests in another form; there may be but one in binary form."""
    converted: bytes = _kith.certificate_convert(data, form)
    return converted
