"""What laptop and province say to each other before a session, and to open one: time, enrolment, token (sync.md 3.19, 3.25)."""

from __future__ import annotations

from pydantic import Field

from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.answers import Message, Signed
from poverty_desktop.protocol.canonical import canonical

PROTOCOL = 1


class TimeAnswer(Signed):
    """`GET /v1/time?nonce=`: also without token. `key` is the public key that signs; a laptop trusts only its pinned one."""

    time: str
    practice: bool
    key: str
    proto: list[int] = Field(default_factory=lambda: [PROTOCOL, PROTOCOL])


class EnrolRequest(Message):
    """`POST /v1/enrol`. The same code with the same key again gives the same answer (a lost answer costs nothing).

    A laptop that was enrolled before names the device it was, with `proof` (base64): that device's signature over
    `enrolment_text`. Then its lanes go on; without it, or where the province knows no such device, they begin."""

    code: str
    public_key: str = Field(alias="pub")
    before: str = Field("", alias="was")
    proof: str = ""
    fingerprint: str = Field("", alias="fp")
    name: str = ""
    app: str = ""
    nonce: str


def enrolment_text(code: str, public_key: str, before: str) -> bytes:
    """What the device `before` signs when its laptop enrols again under another key."""
    return signatures.ENROLMENT + canonical([code, public_key, before])


class StreamGrant(Message):
    """A stream the device may carry. `grant` is "rw" or "r"."""

    sid: str
    commune_code: str = Field(alias="commune")
    name: str
    grant: str
    epoch: int
    kind: str = "commune"


class EnrolResponse(Signed):
    device: str = Field(alias="dev")
    keys: list[str]  # public keys of the province to pin
    certificate: str = Field(alias="cert")  # canonical JSON of {dev, pub, at} with the province's signature, base64
    officer: str
    account: str
    role: str
    streams: list[StreamGrant]
    practice: bool
    time: str


class ChallengeRequest(Message):
    device: str = Field(alias="dev")
    nonce: str


class ChallengeResponse(Signed):
    challenge: str
    time: str


class TokenRequest(Message):
    """`signature` (base64) by the device over `session_text(challenge, dev, inc)`."""

    device: str = Field(alias="dev")
    incarnation: str = Field(alias="inc")
    challenge: str
    nonce: str
    signature: str = Field(alias="dsig")


class TokenResponse(Signed):
    token: str
    expires_s: int
    time: str


def session_text(challenge: str, device: str, incarnation: str) -> bytes:
    """What a device signs to open a session: no clock in it (sync.md 3.19)."""
    return signatures.SESSION + canonical([challenge, device, incarnation])
