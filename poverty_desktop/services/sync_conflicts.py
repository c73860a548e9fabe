"""The conflict inbox: what two people wrote without seeing each other, in words, and the Save that settles it (sync.md 3.8).

Nobody is asked "which side wins": a person sees both values, who wrote them, when, and what each had on screen, and chooses
one or writes a third. The loser stays in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import BY_ENTITY, Conflict, Household, HouseholdMember, OfficerAccount, Record
from poverty_desktop.domain.texts import Texts
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.patches import value_of
from poverty_desktop.services.ports import Change, Records, Save
from poverty_desktop.services.sync_ports import SyncStore

_DELETED = {"deleted": True}
_LINES = {"+": "conflict.line_there", "-": "conflict.line_gone"}  # the marks of lines, as `forms.tree` writes them


@dataclass(frozen=True)
class Side:
    """One of the two values: raw, in words, who wrote it and when (ISO instant), and what that person had seen before."""

    value: Any
    text: str
    who: str
    at: str | None
    saw: str | None  # in words; None: not known on this laptop


@dataclass(frozen=True)
class ConflictSheet:
    """One open conflict as it stands in the inbox. `settleable` by a third value only where the field is one plain value."""

    id: str
    entity: str
    record_id: str
    title: str  # "Hộ Hồ Thị Mơ"
    field: str
    label: str  # "Số điện thoại"
    current: Side
    other: Side
    third_possible: bool


class Settling:
    """Reads and settles conflicts through `Records`. Runs on the lane that owns the file."""

    def __init__(
        self,
        records: Records,
        store: SyncStore,
        texts: Callable[[], Texts],
        user: Callable[[], str],
        show: Callable[[str, str, Any], str | None] = lambda entity, field, value: None,
        person: Callable[[str], str | None] = lambda user: None,
    ) -> None:
        """`show` words a coded value (ethnic group, relation …), None where it knows none; `person` names a user it knows."""
        self._records, self._store, self._texts, self._user = records, store, texts, user
        self._show, self._person = show, person

    def introduce(self, name: str) -> None:
        """Let the other laptops know our user by name; once is enough."""
        user = self._user()
        if name and not self._records.select(OfficerAccount, user_id=user):
            group = self._records.new_group()
            fields = {"user_id": user, "full_name": nfc(name)}
            change = Change("c", OfficerAccount.entity, op_id(group, 1), 1, fields)
            self._records.save(Save(group, user, self._records.base(), [change]))

    def _name_of(self, user: str) -> str | None:
        known = self._person(user)
        accounts = [] if known else self._records.select(OfficerAccount, user_id=user)
        return accounts[0].full_name if accounts else known

    def count(self) -> int:
        return len(self._records.select(Conflict, state="open"))

    def sheets(self) -> list[ConflictSheet]:
        found = sorted(
            self._records.select(Conflict, state="open"), key=lambda one: (one.current_rev, one.other_at or "", one.id)
        )
        return [self._sheet(conflict) for conflict in found]

    def understood(self, conflict_id: str, typed: str) -> Any:
        """A typed value as the field holds it; empty text clears. Raises `KnownProblem("conflict.bad_value")`."""
        conflict = self._open(conflict_id)
        text = nfc(typed)
        if not text:
            return None
        try:
            return TypeAdapter(_type_of(conflict)).validate_python(text)
        except ValidationError:
            label = self._label(conflict.of_entity, conflict.field)
            raise KnownProblem("conflict.bad_value", value=text, field=label) from None

    def settle(self, conflict_id: str, value: Any, reason: str) -> datetime:
        """One Save: the chosen value and the closing of the conflict. Raises `KnownProblem("conflict.gone")`."""
        conflict = self._open(conflict_id)
        group = self._records.new_group()
        changes = self._changes(conflict, value, nfc(reason))
        return self._records.save(Save(group, self._user(), self._records.base(), changes)).at

    # --- writing ---------------------------------------------------------------------------------------------------

    def _open(self, conflict_id: str) -> Conflict:
        conflict = self._records.get(Conflict, conflict_id)
        if conflict is None or conflict.state != "open":
            raise KnownProblem("conflict.gone")
        return conflict

    def _changes(self, conflict: Conflict, value: Any, reason: str) -> list[Change]:
        """Settling is one operation `r` on the record. A whole record that shall go (or come back) needs its own first."""
        entity, record_id = conflict.of_entity, conflict.of_id
        if conflict.field:
            fields = {conflict.field: value} if "+" not in conflict.field else dict(value)
            seen = self._standing_values(conflict, fields)
            return [self._closing(conflict, 1, fields, seen, reason)]
        if value == _DELETED and conflict.current != _DELETED:
            gone = Change("d", entity, record_id, 1)
            return [gone, self._closing(conflict, 2, {}, {}, reason)]
        if value != _DELETED and conflict.current == _DELETED:
            back = Change("z", entity, record_id, 1)
            return [back, self._closing(conflict, 2, dict(value), {}, reason)]
        return [self._closing(conflict, 1, {}, {}, reason)]

    def _closing(
        self, conflict: Conflict, number: int, fields: Mapping[str, Any], seen: Mapping[str, Any], reason: str
    ) -> Change:
        return Change(
            "r", conflict.of_entity, conflict.of_id, number, fields=fields, seen=seen, closes=(conflict.id,), reason=reason
        )

    def _standing_values(self, conflict: Conflict, keys: Iterable[str]) -> Mapping[str, Any]:
        """What the person has on screen: the values as they stand now."""
        record = self._record(conflict)
        return {key: value_of(record.model_dump(), key) for key in keys} if record else {}

    # --- words -----------------------------------------------------------------------------------------------------

    def _sheet(self, conflict: Conflict) -> ConflictSheet:
        known, saw = self._store.seen_by_writer(conflict.current_rev, conflict.of_id, conflict.field)
        return ConflictSheet(
            id=conflict.id,
            entity=conflict.of_entity,
            record_id=conflict.of_id,
            title=self._title(conflict),
            field=conflict.field,
            label=self._label(conflict.of_entity, conflict.field),
            current=self._side(conflict, conflict.current, conflict.current_by, conflict.current_at, known, saw),
            other=self._side(conflict, conflict.other, conflict.other_by, conflict.other_at, True, conflict.saw),
            third_possible=_is_one_value(conflict),
        )

    def _side(self, conflict: Conflict, value: Any, who: str | None, at: str | None, known: bool, saw: Any) -> Side:
        return Side(value, self._words(conflict, value), self._writer(who), at, self._words(conflict, saw) if known else None)

    def _writer(self, user: str | None) -> str:
        """By name where it is known; a laptop that was never introduced is told by the end of its account."""
        if not user:
            return self._texts()("conflict.unknown_person")
        return self._name_of(user) or self._texts()("conflict.person_elsewhere", account=user[-6:])

    def _words(self, conflict: Conflict, value: Any) -> str:
        if not conflict.field and value != _DELETED:
            return self._texts()("conflict.kept") if not value else self._many(conflict.of_entity, value)
        if value == _DELETED:
            return self._texts()("conflict.deleted")
        if "+" in conflict.field and isinstance(value, dict):
            return self._many(conflict.of_entity, value)
        return self._one(conflict.of_entity, conflict.field, value)

    def _many(self, entity: str, values: Mapping[str, Any]) -> str:
        return "; ".join(f"{self._label(entity, key)}: {self._one(entity, key, value)}" for key, value in values.items())

    def _one(self, entity: str, field: str, value: Any) -> str:
        texts = self._texts()
        if value is None or value == "" or value == [] or value == {}:
            return texts("conflict.empty_value")
        if _is_line(field) and value in _LINES:
            return texts(_LINES[value])
        shown = self._show(entity, field, value)
        if shown is not None:
            return shown
        if isinstance(value, bool):
            return texts("conflict.yes") if value else texts("conflict.no")
        return _plain(value)

    def _label(self, entity: str, field: str) -> str:
        texts = self._texts()
        if not field:
            return texts("conflict.whole_record")
        if "+" in field:
            return " · ".join(self._label(entity, part) for part in field.split("+"))
        name, dot, inner = field.partition(".")
        if _is_line(field):
            return texts("conflict.label.line", repeat=inner.rpartition("/")[0])
        if dot and name == "answers":
            return texts("conflict.label.answers", question=inner)
        if dot:
            return f"{self._label(entity, name)}: {inner}"
        return texts(f"conflict.label.{name}") if texts.has(f"conflict.label.{name}") else name

    def _title(self, conflict: Conflict) -> str:
        texts = self._texts()
        name = self._name(conflict) or texts("conflict.name_missing")
        key = f"conflict.record.{conflict.of_entity}"
        return texts(key if texts.has(key) else "conflict.record.other", name=name)

    def _name(self, conflict: Conflict) -> str | None:
        """What people call the record: a person's or thing's name, or the name of the head of the household it belongs to."""
        record = self._record(conflict)
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

    def _record(self, conflict: Conflict) -> Record | None:
        kind = BY_ENTITY.get(conflict.of_entity)
        return self._records.get(kind, conflict.of_id) if kind else None


def _type_of(conflict: Conflict) -> Any:
    """The type of the field; an answer is text."""
    kind = BY_ENTITY.get(conflict.of_entity)
    if kind is None or "." in conflict.field or conflict.field not in kind.model_fields:
        return str
    return kind.model_fields[conflict.field].annotation


def _is_one_value(conflict: Conflict) -> bool:
    """Whether a person may type another value for it."""
    compound = any(isinstance(value, dict | list) for value in (conflict.current, conflict.other))
    return bool(conflict.field) and "+" not in conflict.field and not compound and not _is_line(conflict.field)


def _is_line(field: str) -> bool:
    """Whether the key of an answer is that of a line of a repeat: lines begin with a digit, names of questions never do."""
    name, _, key = field.partition(".")
    return name == "answers" and key.rpartition("/")[2][:1].isdigit()


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(element) for element in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(element)}" for key, element in value.items())
    return str(value)
