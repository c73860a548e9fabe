"""Ed25519 as the wire uses it: 32-byte keys, 64-byte signatures, a purpose in front of every signed text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# A signature made for one purpose is worth nothing for another.
PACKET = b"qlx packet\n"
ANSWER = b"qlx answer\n"
SESSION = b"qlx session\n"
ENROLMENT = b"qlx enrolment\n"


class Signer:
    """One private key. `Signer(private_bytes)` takes the 32 raw bytes; `Signer.new()` makes a fresh one."""

    def __init__(self, private: bytes) -> None:
        self._key = _private_key(private)

    @classmethod
    def new(cls) -> Signer:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def private(self) -> bytes:
        return self._key.private_bytes_raw()

    @property
    def key(self) -> Ed25519PrivateKey:
        """For certificates, which sign by themselves."""
        return self._key

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


def verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether `signature` over `data` was made by the holder of `public`. Malformed keys and signatures are just wrong."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private_key(private: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private)
