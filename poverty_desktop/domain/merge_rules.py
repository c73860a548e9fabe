"""The one registry of how concurrent edits of each field meet (sync.md 3.8); laptop and province share it.

Classes: `person` (both values kept, a person decides; the default, also for fields of newer schemas), `soft` (the same, quietly),
`union` (lists of elements), `lattice` (a state that only climbs), `append` (immutable once written), `derived` (never sent).
Fields of one merge group are only true together and move as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from poverty_desktop.domain.records import (
    ClassRecord,
    Conflict,
    DoubleEntry,
    FormRelease,
    Household,
    HouseholdMember,
    HouseholdShare,
    ReviewRound,
    SupportBatch,
    SupportLine,
    Survey,
    Village,
)

FieldClass = Literal["person", "soft", "union", "append", "lattice", "derived"]

DEFAULT: FieldClass = "person"
PATCHED_BY_KEY = frozenset(  # each "answers.<key>" is a field of its own
    {
        (Survey.entity, "answers"),
        (Survey.entity, "field_notes"),
        (DoubleEntry.entity, "answers"),
        (DoubleEntry.entity, "settlement"),
    }
)
IMMUTABLE = frozenset({ClassRecord.entity})  # written once; a correction is a new record (procedure.md section 5)

_SOFT: Mapping[str, tuple[str, ...]] = {
    Village.entity: ("position",),
    Household.entity: ("permanent_address", "current_address", "phone", "note"),
    HouseholdMember.entity: ("position", "activity_status", "note"),
    Survey.entity: ("field_notes", "started_from"),
    SupportBatch.entity: ("name", "handover_place", "supplier", "note"),
    SupportLine.entity: ("position", "specification"),
    HouseholdShare.entity: ("position", "receipt_note"),
}

_LATTICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    (ReviewRound.entity, "state"): ("open", "recognised"),
    (Survey.entity, "state"): ("saved", "finished"),
    (Conflict.entity, "state"): ("open", "resolved"),
    (FormRelease.entity, "state"): ("proposed", "released", "withdrawn"),
    (DoubleEntry.entity, "state"): ("open", "settled"),
}

_OF_CONFIRMING = ("id", "state", "checked_by", "checked_at")
_APPEND: Mapping[str, tuple[str, ...]] = {
    ClassRecord.entity: tuple(name for name in ClassRecord.model_fields if name != "id"),
    Conflict.entity: tuple(name for name in Conflict.model_fields if name not in ("id", "state", "chosen", "reason")),
    FormRelease.entity: tuple(name for name in FormRelease.model_fields if name not in _OF_CONFIRMING),
    DoubleEntry.entity: ("round_id", "household_id", "form_id", "form_version", "form_hash", "keyed_by"),
}

GROUPS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    Village.entity: (("valid_from", "valid_to"),),
    Household.entity: (("joined_on", "joined_reason"), ("left_on", "left_reason", "presence")),
    HouseholdMember.entity: (("left_on", "presence"),),
    ReviewRound.entity: (("decided_on", "decision_no"), ("ends_on", "starts_on"), ("form_hash", "form_id", "form_version")),
    Survey.entity: (
        ("form_hash", "form_id", "form_version"),
        (
            *("area_class", "b1_score", "b1_source", "b2_score", "deprivation_reasons", "deprivations"),
            *("household_class", "rule", "standard_id"),
        ),
    ),
    SupportBatch.entity: (("decided_on", "decision_no"), ("programme_key", "project_no")),
    SupportLine.entity: (("funding", "quantity", "unit"),),
    HouseholdShare.entity: (("funding", "quantity"), ("receipt", "received_on"), ("receiver_member_id", "receiver_name")),
    Conflict.entity: (("chosen", "reason"),),
    FormRelease.entity: (("checked_at", "checked_by"),),
}


def field_class(entity: str, field: str) -> FieldClass:
    """The class of a field; "answers.<key>" has the class of "answers". An unknown entity or field is `person`."""
    name = _base(entity, field)
    if name in _APPEND.get(entity, ()):
        return "append"
    if (entity, name) in _LATTICES:
        return "lattice"
    return "soft" if name in _SOFT.get(entity, ()) else DEFAULT


def merge_group(entity: str, field: str) -> tuple[str, ...]:
    """All fields that move together with this one, in alphabetical order; the field alone when it belongs to no group."""
    return next((group for group in GROUPS.get(entity, ()) if field in group), (field,))


def climbs(entity: str, field: str, current: object, other: object) -> bool:
    """Whether `other` is reachable upwards from `current` in the field's lattice, so that it may simply win."""
    order: tuple[object, ...] = _LATTICES.get((entity, field), ())
    return current in order and other in order and order.index(other) > order.index(current)


def may_patch(entity: str, field: str) -> bool:
    """Whether an update may touch the field at all: not in immutable records, never the id."""
    return entity not in IMMUTABLE and field != "id" and field_class(entity, field) != "append"


def unpatchable(entity: str, fields: Iterable[str]) -> list[str]:
    """The fields of an update that may not be touched, in order; storage and province refuse the whole operation then."""
    return [field for field in fields if not may_patch(entity, field)]


def _base(entity: str, field: str) -> str:
    head, dot, _ = field.partition(".")
    return head if dot and (entity, head) in PATCHED_BY_KEY else field
