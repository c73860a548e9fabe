"""The province as its own certificate authority: one key signs answers and the certificates of its servers (sync.md 3.18).

Nothing else has to be handed to a laptop or renewed on it: whoever pinned the key can check a certificate.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from poverty_desktop.protocol.signatures import Signer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.x509 import Certificate, CertificateBuilder, GeneralName, Name

_SINCE, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
_NOBODY = Signer(b"\1" * 32)


def anchor(public: bytes) -> bytes:
    """DER of a certificate that names `public` as the authority, for a list of what is trusted. Its own signature is worth
    nothing and is not looked at there: the key counts."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return _authority(public, _NOBODY).public_bytes(Encoding.DER)


def authority(signer: Signer) -> Certificate:
    """The same certificate with a signature, for programs that are not ours."""
    return _authority(signer.public, signer)


def certificate(signer: Signer, server: EllipticCurvePublicKey, names: list[str], serial: int) -> Certificate:
    """The certificate of a server of the province. `names`: hosts and addresses, for programs that ask for them (a laptop does
    not: the province may move)."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    builder = _builder(_name("Poverty desktop province server"), serial).public_key(server)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
    return builder.sign(signer.key, None)


def _authority(public: bytes, signer: Signer) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    builder = _builder(_province(), 1).public_key(Ed25519PublicKey.from_public_bytes(public))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.sign(signer.key, None)


def _builder(subject: Name, serial: int) -> CertificateBuilder:
    from cryptography import x509

    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(_province()).serial_number(serial)
    return builder.not_valid_before(_SINCE).not_valid_after(_UNTIL)


def _province() -> Name:
    return _name("Poverty desktop province")


def _name(text: str) -> Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(name: str) -> GeneralName:
    import ipaddress

    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
