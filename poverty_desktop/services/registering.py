"""The register: finding, opening, filling and saving households and their members (officers.md section 4).

Everything typed goes to a draft first, field by field; one Save turns the draft into operations (sync.md 3.4). A household
that was only looked at leaves no draft behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from poverty_desktop.domain.names import fold
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember, HouseholdShare, SupportBatch, SupportLine, Survey, Village
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services import searching
from poverty_desktop.services.household_sheet import (
    HistoryEntry,
    HouseholdSheet,
    Similar,
    changed,
    changes_of,
    clean,
    current,
    household_key,
    is_touched,
    member_key,
    members_of,
    new_member,
    opened_values,
    sheet_of,
    still_new,
    title_of,
    with_values,
)
from poverty_desktop.services.ports import Base, Clock, Draft, Drafts, HouseholdLine, Lists, Page, Records, Save, Saved, Settings

LAST_VILLAGE = "register.last_village"
LAST_ETHNIC_GROUP = "register.last_ethnic_group"
DISCARDED = "register.discarded"
LeftReason = Literal["died", "moved_out", "removed"]


class Registering:
    """Use cases of the register. Synchronous; runs on the storage lane."""

    def __init__(self, records: Records, drafts: Drafts, lists: Lists, settings: Settings, clock: Clock) -> None:
        self._records, self._drafts, self._lists = records, drafts, lists
        self._settings, self._clock = settings, clock
        self._untouched: dict[str, Draft] = {}  # opened for reading; becomes a draft on disk with the first field left

    # --- finding -----------------------------------------------------------------------------------------------

    def find(self, text: str = "", *, village_id: str | None = None, survey_state: str | None = None, offset: int = 0) -> Page:
        """Households from `offset`: all in village order when `text` is empty, else what matches, đ-blind; see `searching`."""
        return searching.found(self._lists, text, village_id, survey_state, offset)

    def count(self, text: str = "", *, village_id: str | None = None, survey_state: str | None = None) -> int:
        return searching.counted(self._lists, text, village_id, survey_state)

    def villages(self) -> list[Village]:
        return self._records.select(Village, commune_code=self._commune())

    def people(self) -> int:
        """How many people live in all households of the register."""
        return self._lists.work(None).member_count

    def household_line(self, household_id: str) -> HouseholdLine | None:
        return self._lists.household_line(household_id)

    # --- opening -----------------------------------------------------------------------------------------------

    def open(self, household_id: str | None = None) -> HouseholdSheet:
        """A new household, an existing one, or the draft of it that was left behind. Raises `KnownProblem` when it is gone."""
        if household_id is None:
            return self._sheet(self._begin_new())
        kept = next((one for one in self._drafts.all() if one.kind == "household" and one.subject_id == household_id), None)
        return self._sheet(kept or self._begin(household_id))

    def resume(self, draft_id: str) -> HouseholdSheet:
        """The sheet of a draft that is open or was left behind."""
        return self._sheet(self._draft(draft_id))

    def _begin(self, household_id: str) -> Draft:
        household = self._records.get(Household, household_id)
        if household is None:
            raise KnownProblem("register.household_gone")
        members = self._records.select(HouseholdMember, household_id=household_id)
        draft = self._blank(self._records.new_group(), household_id)
        draft.opened = opened_values(household, members)
        self._untouched[draft.id] = draft
        return draft

    def _begin_new(self) -> Draft:
        """A new household with the village of the last one and a local code; nothing is written before a field is left."""
        group = self._records.new_group()
        draft = self._blank(group, op_id(group, 1))
        draft.values = {
            household_key("village_id"): self._settings.get(LAST_VILLAGE),
            household_key("household_code"): self.propose_code(),
        }
        draft.notes = {"numbers": {draft.subject_id: 1}, "proposed": dict(draft.values)}
        self._untouched[draft.id] = draft
        return draft

    def _blank(self, group: str, subject_id: str) -> Draft:
        return Draft(group, "household", subject_id, "", self._officer(), self._records.base())

    def propose_code(self) -> str:
        """A free local number. No official list of household codes was found, so it is ours alone and can be overtyped."""
        number = self._lists.households("", limit=1).total + 1
        while self._lists.households(code := f"{self._commune()}-{number:04d}", limit=1).total:
            number += 1
        return code

    def history(self, household_id: str) -> list[HistoryEntry]:
        """Classes, finished surveys and supports of the household, newest first."""
        entries = [
            HistoryEntry("class", one.effective_on, {"household_class": one.household_class, "decision_no": one.decision_no})
            for one in self._lists.class_history([household_id]).get(household_id, [])
        ]
        for survey in self._records.select(Survey, household_id=household_id, state="finished"):
            facts = {"household_class": survey.household_class, "b1": survey.b1_score, "b2": survey.b2_score}
            entries.append(HistoryEntry("survey", survey.surveyed_on or "", facts))
        for share in self._records.select(HouseholdShare, household_id=household_id):
            entries.append(self._support(share))
        return sorted(entries, key=lambda entry: entry.day, reverse=True)

    def _support(self, share: HouseholdShare) -> HistoryEntry:
        line, batch = self._records.get(SupportLine, share.line_id), self._records.get(SupportBatch, share.batch_id)
        facts = {
            "item": line.item_name if line else "",
            "quantity": share.quantity,
            "unit": line.unit if line else "",
            "receipt": share.receipt,
        }
        return HistoryEntry("support", share.received_on or (batch.decided_on if batch else ""), facts)

    # --- typing ------------------------------------------------------------------------------------------------

    def keep(self, draft_id: str, values: Mapping[str, Any], numbers: Mapping[str, int] | None = None) -> datetime:
        """Commit the fields just left, as they were typed (NFC, empty text is no value), and say when.

        `numbers` are the operation numbers of new rows among them, as `household_sheet.new_member` gave them.
        """
        draft = with_values(self._touched(draft_id), values)
        notes: dict[str, Any] = {"title": title_of(draft)}
        if numbers is not None:
            notes["numbers"] = dict(numbers)
        return self._drafts.keep(draft_id, clean(values), notes)

    def add_member(self, draft_id: str, values: Mapping[str, Any]) -> str:
        """A new row with these values; returns the id that the member will bear after the Save."""
        draft = self._draft(draft_id)
        member_id, grown = new_member(draft, self.last_ethnic_group())
        typed = {member_key(member_id, name): value for name, value in values.items()}
        fresh = {key: value for key, value in grown.values.items() if key not in draft.values}
        self.keep(draft_id, fresh | typed, grown.notes["numbers"])
        return member_id

    def last_ethnic_group(self) -> str | None:
        """The ethnic group carried forward from the household typed before."""
        group: str | None = self._settings.get(LAST_ETHNIC_GROUP)
        return group

    def remove_member(self, draft_id: str, member_id: str, reason: LeftReason) -> datetime:
        """Take a member off the list, with the reason; `restore_member` brings the row back as it was."""
        left = self._clock.today().isoformat() if reason != "removed" else None
        return self.keep(draft_id, {member_key(member_id, "presence"): reason, member_key(member_id, "left_on"): left})

    def restore_member(self, draft_id: str, member_id: str) -> datetime:
        return self.keep(draft_id, {member_key(member_id, "presence"): "present", member_key(member_id, "left_on"): None})

    # --- finishing ---------------------------------------------------------------------------------------------

    def save(self, draft_id: str) -> Saved | None:
        """Turn the draft into one Save and drop it; None when nothing differs from what was opened.

        Raises `KnownProblem("register.unfinished")` while a red problem stands, and what `Records.save` raises; the draft
        is kept in every case.
        """
        if self._untouched.pop(draft_id, None) is not None:
            return None
        sheet = self.resume(draft_id)
        draft = sheet.draft
        if not is_touched(draft):
            self._drafts.drop(draft_id)
            return None
        if sheet.blocking:
            raise KnownProblem("register.unfinished", count=len(sheet.blocking))
        changes = changes_of(draft, self._commune())
        try:
            saved = self._records.save(Save(draft.id, self._officer(), draft.base, changes, drops_draft=draft_id))
        except LookupError as error:  # a restored province does not have it, and nobody else had it
            raise KnownProblem("register.household_gone") from error
        self._carry_forward(sheet)
        return saved

    def take_current(self, draft_id: str) -> HouseholdSheet:
        """After `save.changed_underneath`: what is stored now becomes what the officer sees, the typed values stay on top."""
        old = self._draft(draft_id)
        fresh = self._begin(old.subject_id)
        del self._untouched[fresh.id]
        fresh.id, fresh.values, fresh.title = old.id, changed(old), old.title
        fresh.notes = old.notes | {"numbers": still_new(old, fresh)}
        self._drafts.open(fresh)
        return self._sheet(fresh)

    def discard(self, draft_id: str) -> Draft:
        """Take the typed values away. They stay in the workspace until the next discard, so that `restore` can undo it."""
        draft = self._draft(draft_id)
        if self._untouched.pop(draft_id, None) is None:
            self._settings.put(DISCARDED, asdict(draft))
            self._drafts.drop(draft_id)
        return draft

    def restore(self, draft_id: str) -> HouseholdSheet:
        """Undo the last discard of this draft. Raises `KnownProblem` when another one took its place."""
        kept = self._settings.get(DISCARDED) or {}
        if kept.get("id") != draft_id:
            raise KnownProblem("register.discard_gone")
        draft = Draft(**{**kept, "base": Base(**kept["base"])})
        self._drafts.open(draft)
        return self._sheet(draft)

    def _carry_forward(self, sheet: HouseholdSheet) -> None:
        if sheet.is_new:
            self._settings.put(LAST_VILLAGE, sheet.household["village_id"])
            if sheet.members:
                self._settings.put(LAST_ETHNIC_GROUP, sheet.members[-1]["ethnic_group"])

    # --- checking ----------------------------------------------------------------------------------------------

    def similar(self, draft_id: str, member_id: str) -> list[Similar]:
        """Others who may be this member: the same citizen id, or the same name and birth year in the same village."""
        draft = self._draft(draft_id)
        row = next((one for one in members_of(draft) if one["id"] == member_id), None)
        if row is None:
            return []
        by_number = self._same_number(draft, row)
        found = {one.member_id for one in by_number}
        return by_number + [one for one in self._same_name(draft, row) if one.member_id not in found]

    def _same_number(self, draft: Draft, row: Mapping[str, Any]) -> list[Similar]:
        number = row["personal_id_number"]
        if not isinstance(number, str) or len(number) != 12:
            return []
        others = self._lists.find_personal_id(number, but_not=row["id"])
        return [self._similar(member, household, "personal_id") for member, household in others if household != draft.subject_id]

    def _same_name(self, draft: Draft, row: Mapping[str, Any]) -> list[Similar]:
        name, year = fold(row["full_name"] or ""), str(row["birth_date"] or "")[:4]
        village = current(draft, household_key("village_id"))
        if not (name and year and village):
            return []
        lines = self._lists.households(row["full_name"], village_id=village, limit=10, counted=False).lines
        return [
            self._similar(member.id, line.id, "name_and_year")
            for line in lines
            if line.id != draft.subject_id
            for member in self._records.select(HouseholdMember, household_id=line.id)
            if fold(member.full_name or "") == name and (member.birth_date or "")[:4] == year
        ]

    def _similar(self, member_id: str, household_id: str, reason: str) -> Similar:
        member = self._records.get(HouseholdMember, member_id)
        line = self._lists.household_line(household_id)
        name = (member.full_name if member else None) or ""
        shown = (line.household_code, line.head_name, line.village_name) if line else (None, None, None)
        code, head, village = (words or "" for words in shown)
        return Similar(member_id, reason, name, household_id, code, head, village)

    # --- inside ------------------------------------------------------------------------------------------------

    def _sheet(self, draft: Draft) -> HouseholdSheet:
        return sheet_of(draft, self._clock.today())

    def _draft(self, draft_id: str) -> Draft:
        draft = self._untouched.get(draft_id) or self._drafts.get(draft_id)
        if draft is None:
            raise KnownProblem("register.draft_gone")
        return draft

    def _touched(self, draft_id: str) -> Draft:
        """The draft, on disk from now on."""
        draft = self._untouched.get(draft_id)
        if draft is None:
            return self._draft(draft_id)
        draft.title = title_of(draft)
        self._drafts.open(draft)  # a full disk stops here, and the next field tries again
        del self._untouched[draft_id]
        return draft

    def _commune(self) -> str:
        return str(self._settings.get("commune_code", ""))

    def _officer(self) -> str:
        return str(self._settings.get("officer", ""))
