"""Signed JSON answers: how a laptop knows that the province answered, and answered this request (sync.md 3.18)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.canonical import NotCanonical, canonical, parse

M = TypeVar("M", bound="Message")


class NotOurServer(ValueError):
    """An answer that no province of ours signed for this request: a portal, a proxy, an old answer (sync.md 3.18)."""


class Message(BaseModel):
    """A JSON object of the wire."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore", frozen=True)

    def wire(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True)


class Signed(Message):
    """A message of the province; `nonce` is the one of the request it answers ("" when the request gave none)."""

    nonce: str = ""


def signed_object(wire: dict[str, Any], sign: Callable[[bytes], bytes]) -> dict[str, Any]:
    """The object with its signature as `sig`."""
    return {**wire, "sig": base64.b64encode(sign(signatures.ANSWER + canonical(wire))).decode()}


def signed(message: Signed, sign: Callable[[bytes], bytes]) -> bytes:
    """Canonical bytes of a message with `sig`, as the province answers."""
    return canonical(signed_object(message.wire(), sign))


def verified(data: bytes, verify: Callable[[bytes, bytes], bool], *, nonce: str | None = None) -> dict[str, Any]:
    """The object of a signed answer. `verify(message, signature)` answers for the pinned key.

    Raises `NotOurServer` when it is not signed, not canonical, or bears another nonce than `nonce`.
    """
    try:
        wire = parse(data)
        text = wire.pop("sig")
        signature = base64.b64decode(text, validate=True)
    except (NotCanonical, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise NotOurServer("unsigned") from error
    if base64.b64encode(signature).decode() != text:  # spare bits of its last letter: another spelling of the same bytes
        raise NotOurServer("signature")
    if not verify(signatures.ANSWER + canonical(wire), signature):
        raise NotOurServer("signature")
    if nonce is not None and wire.get("nonce") != nonce:
        raise NotOurServer("nonce")
    return dict(wire)


def opened(model: type[M], data: bytes, verify: Callable[[bytes, bytes], bool], *, nonce: str | None = None) -> M:
    """The signed answer as `model`. Raises `NotOurServer` as `verified` does, and for another shape."""
    wire = verified(data, verify, nonce=nonce)
    try:
        return model.model_validate(wire)
    except ValidationError as error:
        raise NotOurServer("shape") from error
