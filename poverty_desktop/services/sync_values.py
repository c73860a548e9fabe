"""Values of records in words, for people who compare two of them: codes by their names, dates and dong as they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poverty_desktop.domain.dates import format_vietnamese
from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.records import Village
from poverty_desktop.domain.reference import CodedItem, Reference
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.ports import Records

DATES = frozenset(
    ("birth_date", "id_issued_on", "joined_on", "left_on", "surveyed_on", "received_on", "decided_on", "handover_on")
)


class ValueWords:
    """Called with entity, field and value; None where the value speaks for itself."""

    def __init__(self, reference: Reference, records: Records, texts: Callable[[], Texts]) -> None:
        self._records, self._reference, self._texts = records, reference, texts
        self._coded: dict[str, Callable[[Any], CodedItem | None]] = {
            "sex": reference.sex,
            "relation_to_head": reference.relation,
            "activity_status": reference.activity_status,
            "household_class": reference.household_class,
            "class_on_decision": reference.household_class,
            "support_kind": reference.kind,
            "programme_key": reference.programme,
        }

    def choices(self, field: str) -> tuple[tuple[str, str], ...]:
        """(value, words) of a coded field, with the number before them where the paper has one."""
        reference, language = self._reference, self._texts().language
        by_number = {
            "sex": reference.sexes, "relation_to_head": reference.relations, "activity_status": reference.activity_statuses
        }  # fmt: skip
        if field in by_number:
            return tuple((str(one.code), f"{one.code} {one.name(language)}") for one in by_number[field])
        if field == "household_class":
            return tuple((one.key, one.name(language)) for one in reference.household_classes)
        if field == "ethnic_group":
            return tuple((one.code, f"{one.code} {one.name}") for one in reference.ethnic_groups)
        villages = self._records.select(Village) if field == "village_id" else []
        return tuple((one.id, one.name) for one in villages)

    def __call__(self, entity: str, field: str, value: Any) -> str | None:
        if field in DATES and isinstance(value, str):
            return format_vietnamese(value)
        if field in self._coded:
            item = self._coded[field](value)
            return item.name(self._texts().language) if item else None
        if field == "ethnic_group":
            group = self._reference.ethnic_group(value)
            return group.name if group else None
        if field == "village_id":
            village = self._records.get(Village, value)
            return village.name if village else None
        return self._money(value) if field == "funding" and isinstance(value, dict) else None

    def _money(self, funding: dict[str, Any]) -> str:
        """Whole dong by source: "Ngân sách trung ương: 20.000.000 đ"."""
        language = self._texts().language
        named = ((self._reference.source(key), key, dong) for key, dong in funding.items())
        return "; ".join(f"{item.name(language) if item else key}: {format_dong(dong)} đ" for item, key, dong in named)
