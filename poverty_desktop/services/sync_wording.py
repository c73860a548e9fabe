"""Records, fields and values of the exchange in the words of an officer; never columns, codes or ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from poverty_desktop.domain.records import (
    BY_ENTITY,
    Household,
    HouseholdMember,
    OfficerAccount,
    Record,
    SupportBatch,
    SupportLine,
    Village,
)
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.ports import Records

if TYPE_CHECKING:
    from poverty_desktop.services.survey_words import SurveyWords

_LINES = {"+": "conflict.line_there", "-": "conflict.line_gone"}  # the marks of lines, as `forms.tree` writes them
_OF_SURVEYS = {
    "answers": "conflict.label.answers",
    "field_notes": "conflict.label.note_on",
    "settlement": "conflict.label.answers",
}
Show = Callable[[str, str, Any], str | None]
Choices = tuple[tuple[str, str], ...]

R = TypeVar("R", bound=Record)


class Wording:
    """Runs on the lane that owns the file."""

    def __init__(
        self,
        records: Records,
        texts: Callable[[], Texts],
        show: Show = lambda entity, field, value: None,
        person: Callable[[str], str | None] = lambda user: None,
        surveys: Callable[[], SurveyWords | None] = lambda: None,
        coded: Callable[[str], Choices] = lambda field: (),
    ) -> None:
        """`show` words a coded value (ethnic group, relation …), None where it knows none; `coded` lists the values of such a
        field with their words; `person` names a user it knows; `surveys` words answers, which else stand under their keys: asked
        for only where there are any, since it reads forms."""
        self._records, self._texts, self._show, self._person = records, texts, show, person
        self._surveys, self._coded = surveys, coded

    def writer(self, user: str | None) -> str:
        """By name where it is known; a laptop that was never introduced is told by the end of its account."""
        if not user:
            return self._texts()("conflict.unknown_person")
        return self._name_of(user) or self._texts()("conflict.person_elsewhere", account=user[-6:])

    def _name_of(self, user: str) -> str | None:
        known = self._person(user)
        accounts = [] if known else self._records.select(OfficerAccount, user_id=user)
        return accounts[0].full_name if accounts else known

    def several(self, entity: str, values: Mapping[str, Any], record_id: str = "") -> str:
        said = ((self.label(entity, key, record_id), self.value(entity, key, value, record_id)) for key, value in values.items())
        return "; ".join(f"{label}: {words}" for label, words in said)

    def value(self, entity: str, field: str, value: Any, record_id: str = "") -> str:
        """`record_id` leads to the form that an answer was given on."""
        texts = self._texts()
        if value is None or value == "" or value == [] or value == {}:
            return texts("conflict.empty_value")
        if is_line(field) and value in _LINES:
            return texts(_LINES[value])
        name, _, key = field.partition(".")
        shown = self._show(entity, field, value)
        if shown is None and key and name == "answers" and (surveys := self._surveys()):
            shown = surveys.value(entity, record_id, key, value)
        if shown is not None:
            return shown
        if texts.has(f"conflict.value.{field}.{value}"):
            return texts(f"conflict.value.{field}.{value}")
        if isinstance(value, bool):
            return texts("conflict.yes") if value else texts("conflict.no")
        return _plain(value)

    def choices(self, entity: str, field: str, record_id: str) -> Choices:
        """(value, words) of a field or question that offers a choice; empty for any other."""
        name, _, key = field.partition(".")
        if key and name == "answers" and (surveys := self._surveys()):
            return surveys.choices(entity, record_id, key)
        return self._coded(field)

    def kind(self, entity: str, field: str, record_id: str) -> str:
        """The kind of the question that was answered; "" for fields of the register."""
        name, _, key = field.partition(".")
        surveys = self._surveys() if key and name == "answers" else None
        return surveys.kind(entity, record_id, key) if surveys else ""

    def label(self, entity: str, field: str, record_id: str = "") -> str:
        texts = self._texts()
        if not field:
            return texts("conflict.whole_record")
        if "+" in field:
            return " · ".join(self.label(entity, part, record_id) for part in field.split("+"))
        name, dot, inner = field.partition(".")
        surveys = self._surveys() if name in _OF_SURVEYS and dot else None
        asked = surveys.label(entity, record_id, inner) if surveys else None
        if is_line(field):
            return texts("conflict.label.line", repeat=asked or inner.rpartition("/")[0])
        if dot and name in _OF_SURVEYS:
            return texts(_OF_SURVEYS[name], question=asked or inner)
        if dot:
            return f"{self.label(entity, name)}: {inner}"
        return texts(f"conflict.label.{name}") if texts.has(f"conflict.label.{name}") else name

    def title(self, entity: str, record_id: str) -> str:
        """What people call the record, also once it is deleted: "Hộ Hồ Thị Mơ"."""
        texts = self._texts()
        name = self._name(self._last(entity, record_id)) or texts("conflict.name_missing")
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

    def about(self, entity: str, record_id: str) -> str:
        """What tells the record from others of the same name: whose household, its code and village, which batch."""
        record, parts = self._last(entity, record_id), list[str | None]()
        household = record if isinstance(record, Household) else self._named(record, "household_id", Household)
        head = self._head(household.id) if household and isinstance(record, HouseholdMember) else None
        parts += [self._texts()("conflict.record.household", name=head)] if head else []
        village = self._named(household, "village_id", Village)
        parts += [household.household_code if household else None, village.name if village else None]
        line = self._named(record, "line_id", SupportLine)
        batch = self._named(line or record, "batch_id", SupportBatch)
        parts += [line.item_name if line else None, batch.name if batch else None]
        return " · ".join(part for part in parts if part)

    def _named(self, record: Record | None, key: str, kind: type[R]) -> R | None:
        found = getattr(record, key, None)
        return self._records.last(kind, found) if found else None

    def _last(self, entity: str, record_id: str) -> Record | None:
        kind = BY_ENTITY.get(entity)
        return self._records.last(kind, record_id) if kind else None

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
