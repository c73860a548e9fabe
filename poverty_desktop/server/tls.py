"""The server's certificate, made by the province itself (sync.md 3.18): a laptop that pinned the province's key trusts it.

`server-tls.pem` holds certificate and key, for this server or for a proxy before it; `authority.pem` is for programs that are not
ours. Made anew at any time: laptops notice nothing.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from poverty_desktop.protocol import authority
from poverty_desktop.protocol.codes import fingerprint
from poverty_desktop.server.keys import province_signer

SERVER_FILE = "server-tls.pem"
AUTHORITY_FILE = "authority.pem"


@dataclass(frozen=True)
class Certificate:
    certificate: str
    authority: str
    names: list[str]
    province: str


def make_certificate(data_dir: Path, names: list[str]) -> Certificate:
    """A key and a certificate for the server of this data folder; it speaks TLS from its next start on."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    signer = province_signer(data_dir)
    key = ec.generate_private_key(ec.SECP256R1())
    made = authority.certificate(signer, key.public_key(), names, secrets.randbits(120) + 2)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(data_dir / SERVER_FILE, made.public_bytes(Encoding.PEM) + private, 0o600)
    _write(data_dir / AUTHORITY_FILE, authority.authority(signer).public_bytes(Encoding.PEM), 0o644)
    return Certificate(str(data_dir / SERVER_FILE), str(data_dir / AUTHORITY_FILE), names, fingerprint(signer.public))


def certificate_file(data_dir: Path) -> Path | None:
    """What the server of this data folder serves TLS with, if it does."""
    file = data_dir / SERVER_FILE
    return file if file.is_file() else None


def _write(path: Path, data: bytes, mode: int) -> None:
    """A reader finds what was there or all of this."""
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
