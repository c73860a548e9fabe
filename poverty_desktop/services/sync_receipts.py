"""The receipt of a round, to be printed: what the province signed for, with its signature tried again (sync.md 3.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.answers import NotOurServer, opened
from poverty_desktop.protocol.codes import fingerprint
from poverty_desktop.protocol.laptop import SyncStore
from poverty_desktop.protocol.messages import Ack
from poverty_desktop.protocol.signatures import verify
from poverty_desktop.services.sync_reports import hash_of_proof


@dataclass(frozen=True)
class SignedPacket:
    """One packet that the province signed for: its id (SHA-256 in hex), when it came, and the last number of the changes
    of this laptop in it."""

    id: str
    received: str
    last: int


@dataclass(frozen=True)
class ReceiptSheet:
    """`counts` changes by what became of them; `hash` SHA-256 over the signed answers; `key` the province's key as an officer
    knows it from the one-time code."""

    number: str
    at: str
    server: str
    device: str
    counts: Mapping[str, int]
    packets: tuple[SignedPacket, ...]
    hash: str
    key: str


def receipt_sheet(store: SyncStore, round_id: int) -> ReceiptSheet:
    """The receipt of this round. Raises `KnownProblem` sync.no_receipt, and sync.receipt_not_genuine where a signature is not the
    pinned province's."""
    enrolled = store.enrolled()
    receipt = next((line.receipt for line in store.rounds(1000) if line.id == round_id), None)
    if enrolled is None or receipt is None:
        raise KnownProblem("sync.no_receipt")
    key = enrolled.province_key
    try:
        acks = [opened(Ack, proof.encode(), lambda said, mark: verify(key, said, mark)) for proof in receipt.proof]
    except NotOurServer as error:
        raise KnownProblem("sync.receipt_not_genuine") from error
    return ReceiptSheet(
        number=receipt.number,
        at=receipt.at,
        server=enrolled.server,
        device=enrolled.device,
        counts=receipt.counts,
        packets=tuple(SignedPacket(ack.packet, ack.received, ack.lane.last) for ack in acks),
        hash=hash_of_proof(receipt.proof),
        key=fingerprint(key),
    )
