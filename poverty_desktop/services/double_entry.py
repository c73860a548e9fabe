"""Double entry for quality: a sample of finished surveys is keyed a second time, blind, by another person; every difference is
listed with both values and settled one by one; what was settled goes into the survey in one ordinary Save.

A `DoubleEntry` record is written when the second keying ends. Its `answers` are the second person's answers that are compared;
`settlement` holds under each key that differs {"first", "second"} and, once settled, {"value", "reason", "by", "at"}; under
`KEYED_FIRST` who keyed first. No answer key begins with a slash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import DoubleEntry, OfficerAccount, Survey
from poverty_desktop.services.double_comparing import (
    Compared,
    Rate,
    choices_of,
    counts_of,
    label_of,
    question_of,
    rates_by_officer,
    rates_by_question,
    words_of,
)
from poverty_desktop.services.explaining import explain_sheet
from poverty_desktop.services.ports import Change, Clock, Records, Save, Settings
from poverty_desktop.services.survey_reading import SurveyReading
from poverty_desktop.services.survey_saving import changes_of, survey_fields
from poverty_desktop.services.survey_sheet import SurveySheet

KEYED_FIRST = "/first"


@dataclass(frozen=True)
class Difference:
    """One answer that the two keyed differently. `value` and `reason` once it is settled."""

    key: str
    section: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...]  # (value, "2 Không") for a third value
    first: str
    second: str
    first_words: str
    second_words: str
    value: str | None = None
    value_words: str = ""
    reason: str = ""


@dataclass(frozen=True)
class EntrySheet:
    """A survey keyed twice, with all its differences."""

    entry_id: str
    household_id: str
    title: str
    first_by: str
    second_by: str
    differences: tuple[Difference, ...]
    compared: int


class DoubleEntries:
    """Synchronous; runs on the storage lane."""

    def __init__(self, records: Records, settings: Settings, clock: Clock, reading: SurveyReading) -> None:
        self._records, self._settings, self._clock, self._reading = records, settings, clock, reading

    # --- differences -----------------------------------------------------------------------------------------------

    def open(self, entry_id: str) -> EntrySheet:
        """Both values of every difference. Raises KnownProblem "double_entry.gone"."""
        entry, stored, sheet = self._opened(entry_id)
        found = differences_of(entry)
        order = {key: place for place, key in enumerate(sheet.session.question_keys())}
        keys = sorted(found, key=lambda key: (order.get(key, len(order)), key))
        line = sheet.line
        return EntrySheet(
            entry.id,
            stored.household_id,
            " · ".join(part for part in (line.head_name, line.household_code, line.village_name) if part),
            self._name(first_of(entry)),
            self._name(entry.keyed_by),
            tuple(_difference(sheet, key, found[key]) for key in keys),
            len(set(entry.answers) | set(found)),
        )

    def _opened(self, entry_id: str) -> tuple[DoubleEntry, Survey, SurveySheet]:
        entry = self._records.get(DoubleEntry, entry_id)
        stored = self._records.get(Survey, entry.survey_id or "") if entry else None
        if entry is None or stored is None:
            raise KnownProblem("double_entry.gone")
        return entry, stored, self._reading.sheet(self._reading.draft_on(stored))

    def settle(self, entry_id: str, key: str, value: str, reason: str) -> datetime:
        """Settle one difference: `value` is the answer that holds, "" for none. With the last one the settled answers go into the
        survey, with the reasons as notes, in the same Save.

        Raises KnownProblem "double_entry.reason_missing", "double_entry.leaves_gaps" (count) when the survey would be unfinished
        with the settled answers, "review.recognised" when they would change a recognised survey; the difference stays then.
        """
        if not reason.strip():
            raise KnownProblem("double_entry.reason_missing")
        entry, stored, _ = self._opened(entry_id)
        old = entry.settlement[key]
        settled = {**old, "value": value, "reason": reason.strip(), "by": self._officer(), "at": self._clock.now().isoformat()}
        fields: dict[str, Any] = {f"settlement.{key}": settled}
        seen: dict[str, Any] = {f"settlement.{key}": old}
        found = {**differences_of(entry), key: settled}
        changes: list[Change] = []
        if all("value" in one for one in found.values()):
            fields["state"], seen["state"] = "settled", entry.state
            changes = self._into_survey(stored, found)
        group = self._records.new_group()
        changes = [Change("u", DoubleEntry.entity, entry.id, len(changes) + 1, fields, seen), *changes]
        return self._records.save(Save(group, self._officer(), self._records.base(), changes)).at

    def _into_survey(self, stored: Survey, settled: Mapping[str, Mapping[str, Any]]) -> list[Change]:
        """The change of the survey; none when the first values hold: what was corrected since then stays corrected."""
        differ = {key: one for key, one in settled.items() if one["value"] != str(one["first"])}
        changed = {key: one for key, one in differ.items() if one["value"] != str(stored.answers.get(key) or "")}
        if not changed:
            return []
        draft = self._reading.draft_on(stored)
        draft.values = {key: one["value"] or None for key, one in changed.items()}
        reasons = {key: str(one["reason"]) for key, one in changed.items()}
        draft.notes["field_notes"] = {**draft.notes["field_notes"], **reasons}
        draft.notes["doubts"] = {**draft.notes["doubts"], **reasons}
        sheet = self._reading.sheet(draft)
        if sheet.locked:
            raise KnownProblem("review.recognised")
        gaps = {one.key for one in sheet.session.problems() if one.tone == "red"} | set(sheet.session.missing())
        if gaps:
            raise KnownProblem("double_entry.leaves_gaps", count=len(gaps))
        draft.notes["doubts"] = {key: why for key, why in draft.notes["doubts"].items() if key in _doubtful(sheet)}
        explained = explain_sheet(sheet, on=sheet.day if sheet.standard.covers(sheet.round.starts_on) else None)
        return changes_of(sheet, survey_fields(sheet, "finished", explained.explanation.classification))

    # --- figures ---------------------------------------------------------------------------------------------------

    def rates(self) -> tuple[list[Rate], list[Rate]]:
        """Error rates of the review: by who keyed first, and by question (differing answers of those compared)."""
        found = [self._compared(entry) for entry in self._entries()]
        return rates_by_officer(found), rates_by_question(found)

    def _compared(self, entry: DoubleEntry) -> Compared:
        form = (entry.form_id, entry.form_version, entry.form_hash)
        sheet = self._reading.sheet(self._reading.empty(entry.household_id, entry.round_id, form))
        compared, differ = counts_of(entry.answers, differences_of(entry))
        return Compared(self._name(first_of(entry)), self._questions(sheet, compared), self._questions(sheet, differ))

    def _questions(self, sheet: SurveySheet, keys: Iterable[str]) -> tuple[str, ...]:
        found = (question_of(sheet, key) for key in keys)
        return tuple(one.label.plain(sheet.session.language) or one.name for one in found if one is not None)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _entries(self) -> list[DoubleEntry]:
        return [entry for one in self._reading.rounds() for entry in self._records.select(DoubleEntry, round_id=one.id)]

    def _name(self, user: str) -> str:
        return name_of(self._records, self._settings, user)

    def _officer(self) -> str:
        return str(self._settings.get("officer", ""))


def name_of(records: Records, settings: Settings, user: str) -> str:
    """Who a user is, by name; "" where nobody said."""
    known = records.select(OfficerAccount, user_id=user)
    own = str(settings.get("officer_name", "")) if user == settings.get("officer") else ""
    return known[0].full_name if known else own


def _difference(sheet: SurveySheet, key: str, found: Mapping[str, Any]) -> Difference:
    section, label = label_of(sheet, key)
    question = question_of(sheet, key)
    value = found.get("value")
    return Difference(
        key=key,
        section=section,
        label=label,
        kind=question.kind if question else "text",
        choices=choices_of(sheet, key),
        first=str(found["first"]),
        second=str(found["second"]),
        first_words=words_of(sheet, key, str(found["first"])),
        second_words=words_of(sheet, key, str(found["second"])),
        value=None if value is None else str(value),
        value_words="" if value is None else words_of(sheet, key, str(value)),
        reason=str(found.get("reason", "")),
    )


def first_of(entry: DoubleEntry) -> str:
    """The user id of whoever keyed first."""
    return str(entry.settlement.get(KEYED_FIRST, {}).get("by", ""))


def differences_of(entry: DoubleEntry) -> dict[str, dict[str, Any]]:
    """key -> {"first", "second"} and, once settled, {"value", "reason", "by", "at"}."""
    return {key: dict(one) for key, one in entry.settlement.items() if key != KEYED_FIRST}


def _doubtful(sheet: SurveySheet) -> set[str]:
    return {one.key for one in sheet.session.problems() if one.tone == "amber"}
