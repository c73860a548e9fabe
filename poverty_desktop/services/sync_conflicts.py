"""The conflict inbox: what two people wrote without seeing each other, in words, and the Save that settles it (sync.md 3.8).

Nobody is asked "which side wins": a person sees both values, who wrote them, when, and what each had on screen, and chooses
one or writes a third. The loser stays in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from poverty_desktop.domain.dates import parse_typed
from poverty_desktop.domain.merge_rules import field_class
from poverty_desktop.domain.names import fold, nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import BY_ENTITY, Conflict, OfficerAccount, Record
from poverty_desktop.domain.texts import Texts
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.patches import value_of
from poverty_desktop.services.ports import Change, Records, Save
from poverty_desktop.services.sync_values import DATES
from poverty_desktop.services.sync_wording import Choices, Wording, is_line

if TYPE_CHECKING:
    from poverty_desktop.services.survey_words import SurveyWords

_DELETED = {"deleted": True}


@dataclass(frozen=True)
class Side:
    """One of the two values: raw, in words, who wrote it and when (ISO instant), and what that person had seen before."""

    value: Any
    text: str
    who: str
    at: str | None
    saw: str | None  # in words, "" of who deleted the record; None: not known


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
    about: str = ""  # what tells it from others of the same name
    kind: str = ""  # of the question, where a third value is an answer
    choices: tuple[tuple[str, str], ...] = ()  # (value, words) of a field that offers a choice


class Settling:
    """Reads and settles conflicts through `Records`. Runs on the lane that owns the file."""

    def __init__(
        self,
        records: Records,
        texts: Callable[[], Texts],
        user: Callable[[], str],
        show: Callable[[str, str, Any], str | None] = lambda entity, field, value: None,
        person: Callable[[str], str | None] = lambda user: None,
        surveys: Callable[[], SurveyWords | None] = lambda: None,
        coded: Callable[[str], Choices] = lambda field: (),
    ) -> None:
        """`show`, `person`, `surveys` and `coded` are those of `Wording`."""
        self._records, self._texts, self._user = records, texts, user
        self.wording = Wording(records, texts, show, person, surveys, coded)

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
        """A typed value as the field holds it; empty text clears. Raises `KnownProblem("conflict.bad_value")`, also for what is
        none of the choices that the field offers."""
        conflict = self._open(conflict_id)
        text = nfc(typed)
        if not text:
            return None
        try:
            value = self._chosen(conflict, text)
            value = parse_typed(value, date.max) if conflict.field in DATES else value
            return TypeAdapter(_type_of(conflict)).validate_python(value)
        except (ValidationError, KnownProblem):
            label = self.wording.label(conflict.of_entity, conflict.field, conflict.of_id)
            raise KnownProblem("conflict.bad_value", value=text, field=label) from None

    def _chosen(self, conflict: Conflict, text: str) -> str:
        """The value of what was typed as number or words of a choice; several of a question that takes several."""
        entity, field, record_id = conflict.of_entity, conflict.field, conflict.of_id
        choices = self.wording.choices(entity, field, record_id)
        if not choices:
            return text
        several = self.wording.kind(entity, field, record_id) in ("select_multiple", "rank")
        parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()] if several else [text]
        return " ".join(_choice_of(choices, part) for part in parts)

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
        entity, field, of = conflict.of_entity, conflict.field, conflict.of_id
        third_possible = _is_one_value(conflict)
        other_saw = [conflict.saw] if conflict.saw is not None or _is_judged(conflict) else None
        return ConflictSheet(
            id=conflict.id,
            entity=entity,
            record_id=of,
            title=self.wording.title(entity, of),
            field=field,
            label=self.wording.label(entity, field, of),
            current=self._side(conflict, conflict.current, conflict.current_by, conflict.current_at, conflict.current_saw),
            other=self._side(conflict, conflict.other, conflict.other_by, conflict.other_at, other_saw),
            third_possible=third_possible,
            about=self.wording.about(entity, of),
            kind=self.wording.kind(entity, field, of) if third_possible else "",
            choices=self.wording.choices(entity, field, of) if third_possible else (),
        )

    def _side(self, conflict: Conflict, value: Any, who: str | None, at: str | None, saw: list[Any] | None) -> Side:
        """`saw` as a list of one value; None where it is not known."""
        seen = "" if value == _DELETED else None if saw is None else self._words(conflict, saw[0])
        return Side(value, self._words(conflict, value), self.wording.writer(who), at, seen)

    def _words(self, conflict: Conflict, value: Any) -> str:
        if not conflict.field and value != _DELETED:
            return self._texts()("conflict.kept") if not value else self._several(conflict, value)
        if value == _DELETED:
            return self._texts()("conflict.deleted")
        if "+" in conflict.field and isinstance(value, dict):
            return self._several(conflict, value)
        return self.wording.value(conflict.of_entity, conflict.field, value, conflict.of_id)

    def _several(self, conflict: Conflict, values: Mapping[str, Any]) -> str:
        return self.wording.several(conflict.of_entity, values, conflict.of_id)

    def _record(self, conflict: Conflict) -> Record | None:
        return self.wording.record(conflict.of_entity, conflict.of_id)


def _choice_of(choices: Choices, typed: str) -> str:
    """By number, by words with or without the number, or by the value itself. Raises KnownProblem for anything else."""
    wanted = fold(typed)
    for value, words in choices:
        number, _, label = words.partition(" ")
        if typed in (value, number) or wanted in (fold(words), fold(label)):
            return value
    raise KnownProblem("conflict.bad_value")


def _is_judged(conflict: Conflict) -> bool:
    """Whether operations say what was on screen for the field: only where a person must judge (sync.md 3.5)."""
    return bool(conflict.field) and "+" not in conflict.field and field_class(conflict.of_entity, conflict.field) == "person"


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
