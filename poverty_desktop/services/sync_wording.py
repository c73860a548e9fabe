"""Records, fields and values of the exchange in the words of an officer; never columns, codes or ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from poverty_desktop.domain.records import BY_ENTITY, Household, HouseholdMember, OfficerAccount, Record
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.ports import Records

_LINES = {"+": "conflict.line_there", "-": "conflict.line_gone"}  # the marks of lines, as `forms.tree` writes them
Show = Callable[[str, str, Any], str | None]


class Wording:
    """Runs on the lane that owns the file."""

    def __init__(
        self,
        records: Records,
        texts: Callable[[], Texts],
        show: Show = lambda entity, field, value: None,
        person: Callable[[str], str | None] = lambda user: None,
    ) -> None:
        """`show` words a coded value (ethnic group, relation …), None where it knows none; `person` names a user it knows."""
        self._records, self._texts, self._show, self._person = records, texts, show, person

    def writer(self, user: str | None) -> str:
        """By name where it is known; a laptop that was never introduced is told by the end of its account."""
        if not user:
            return self._texts()("conflict.unknown_person")
        return self._name_of(user) or self._texts()("conflict.person_elsewhere", account=user[-6:])

    def _name_of(self, user: str) -> str | None:
        known = self._person(user)
        accounts = [] if known else self._records.select(OfficerAccount, user_id=user)
        return accounts[0].full_name if accounts else known

    def several(self, entity: str, values: Mapping[str, Any]) -> str:
        return "; ".join(f"{self.label(entity, key)}: {self.value(entity, key, value)}" for key, value in values.items())

    def value(self, entity: str, field: str, value: Any) -> str:
        texts = self._texts()
        if value is None or value == "" or value == [] or value == {}:
            return texts("conflict.empty_value")
        if is_line(field) and value in _LINES:
            return texts(_LINES[value])
        shown = self._show(entity, field, value)
        if shown is not None:
            return shown
        if isinstance(value, bool):
            return texts("conflict.yes") if value else texts("conflict.no")
        return _plain(value)

    def label(self, entity: str, field: str) -> str:
        texts = self._texts()
        if not field:
            return texts("conflict.whole_record")
        if "+" in field:
            return " · ".join(self.label(entity, part) for part in field.split("+"))
        name, dot, inner = field.partition(".")
        if is_line(field):
            return texts("conflict.label.line", repeat=inner.rpartition("/")[0])
        if dot and name == "answers":
            return texts("conflict.label.answers", question=inner)
        if dot:
            return f"{self.label(entity, name)}: {inner}"
        return texts(f"conflict.label.{name}") if texts.has(f"conflict.label.{name}") else name

    def title(self, entity: str, record_id: str) -> str:
        """What people call the record: "Hộ Hồ Thị Mơ"."""
        texts = self._texts()
        name = self._name(self.record(entity, record_id)) or texts("conflict.name_missing")
        key = f"conflict.record.{entity}"
        return texts(key if texts.has(key) else "conflict.record.other", name=name)

    def _name(self, record: Record | None) -> str | None:
        """A person's or thing's name, or the name of the head of the household it belongs to."""
        if isinstance(record, Household):
            return self._head(record.id) or record.household_code
        for attribute in ("full_name", "receiver_name", "name", "item_name", "title", "year"):
            value = getattr(record, attribute, None)
            if value:
                return str(value)
        household = getattr(record, "household_id", None)
        return self._head(household) if household else None

    def _head(self, household_id: str) -> str | None:
        members = self._records.select(HouseholdMember, household_id=household_id)
        heads = [member for member in members if member.relation_to_head == 1] or members
        return heads[0].full_name if heads else None

    def record(self, entity: str, record_id: str) -> Record | None:
        """The living record as the officer sees it."""
        kind = BY_ENTITY.get(entity)
        return self._records.get(kind, record_id) if kind else None


def is_line(field: str) -> bool:
    """Whether the key of an answer is that of a line of a repeat: lines begin with a digit, names of questions never do."""
    name, _, key = field.partition(".")
    return name == "answers" and key.rpartition("/")[2][:1].isdigit()


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(element) for element in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(element)}" for key, element in value.items())
    return str(value)
