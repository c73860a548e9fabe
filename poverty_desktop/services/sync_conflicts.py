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
from poverty_desktop.domain.records import BY_ENTITY, Conflict, OfficerAccount, Record
from poverty_desktop.domain.texts import Texts
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.laptop import SyncStore
from poverty_desktop.protocol.patches import value_of
from poverty_desktop.services.ports import Change, Records, Save
from poverty_desktop.services.sync_wording import Wording, is_line

_DELETED = {"deleted": True}


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
        self.wording = Wording(records, texts, show, person)

    def introduce(self, name: str) -> None:
        """Let the other laptops know our user by name; once is enough."""
        user = self._user()
        if name and not self._records.select(OfficerAccount, user_id=user):
            group = self._records.new_group()
            fields = {"user_id": user, "full_name": nfc(name)}
            change = Change("c", OfficerAccount.entity, op_id(group, 1), 1, fields)
            self._records.save(Save(group, user, self._records.base(), [change]))

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
            label = self.wording.label(conflict.of_entity, conflict.field)
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
            title=self.wording.title(conflict.of_entity, conflict.of_id),
            field=conflict.field,
            label=self.wording.label(conflict.of_entity, conflict.field),
            current=self._side(conflict, conflict.current, conflict.current_by, conflict.current_at, known, saw),
            other=self._side(conflict, conflict.other, conflict.other_by, conflict.other_at, True, conflict.saw),
            third_possible=_is_one_value(conflict),
        )

    def _side(self, conflict: Conflict, value: Any, who: str | None, at: str | None, known: bool, saw: Any) -> Side:
        return Side(
            value, self._words(conflict, value), self.wording.writer(who), at, self._words(conflict, saw) if known else None
        )

    def _words(self, conflict: Conflict, value: Any) -> str:
        if not conflict.field and value != _DELETED:
            return self._texts()("conflict.kept") if not value else self.wording.several(conflict.of_entity, value)
        if value == _DELETED:
            return self._texts()("conflict.deleted")
        if "+" in conflict.field and isinstance(value, dict):
            return self.wording.several(conflict.of_entity, value)
        return self.wording.value(conflict.of_entity, conflict.field, value)

    def _record(self, conflict: Conflict) -> Record | None:
        return self.wording.record(conflict.of_entity, conflict.of_id)


def _type_of(conflict: Conflict) -> Any:
    """The type of the field; an answer is text."""
    kind = BY_ENTITY.get(conflict.of_entity)
    if kind is None or "." in conflict.field or conflict.field not in kind.model_fields:
        return str
    return kind.model_fields[conflict.field].annotation


def _is_one_value(conflict: Conflict) -> bool:
    """Whether a person may type another value for it."""
    compound = any(isinstance(value, dict | list) for value in (conflict.current, conflict.other))
    return bool(conflict.field) and "+" not in conflict.field and not compound and not is_line(conflict.field)
