"""The check of what a record would become, with the one definition of its fields (design.md 2 rule 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from poverty_desktop.domain.records import BY_ENTITY, Conflict, FormRelease
from poverty_desktop.domain.release_rules import is_sound
from poverty_desktop.protocol.operations import KINDS, Operation


def operation_fault(operation: Operation) -> str:
    """ "schema" for an operation that a newer program made or that nobody may send, else ""."""
    if operation.kind not in KINDS or operation.entity not in BY_ENTITY or operation.entity == Conflict.entity:
        return "schema"
    return ""


def record_fault(entity: str, record_id: str, body: Mapping[str, Any], commune_code: str) -> str:
    """ "invalid" for values that the record's class refuses and for a released form that nobody else checked, "scope" for a
    record of another commune, else "".

    Unknown fields pass: a newer program wrote them (sync.md 3.21).
    """
    model = BY_ENTITY[entity]
    try:
        model.model_validate({**body, "id": record_id}, strict=True)
    except ValidationError:
        return "invalid"
    if entity == FormRelease.entity and not is_sound(body):
        return "invalid"
    return "scope" if body.get("commune_code", commune_code) != commune_code else ""
