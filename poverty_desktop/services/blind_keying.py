"""The second keying of a survey of the sample: from the paper alone, with nothing of the first one in sight.

The same form, the same drafts field by field, the same rules beside the fields; but no answer of the first keying, none of last
year or of the household before, no class and no explanation. The draft survives whatever happens to the laptop, and belongs to
the officer who keys it.
"""

from __future__ import annotations

from dataclasses import replace

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import DoubleEntry, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.double_comparing import differing, keyed
from poverty_desktop.services.double_entry import KEYED_FIRST
from poverty_desktop.services.double_sampling import KIND, Sampling
from poverty_desktop.services.explaining import explain_sheet
from poverty_desktop.services.ports import Change, Draft, Save, Saved
from poverty_desktop.services.reviewing import Reviewing, SurveyResult
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet


class BlindKeying(Reviewing):
    """`Reviewing` for the second keying; `open` takes a household whose survey is in the sample."""

    sampling: Sampling

    def open(self, household_id: str) -> SurveySheet:
        """The blind paper of the household: the draft left behind, or an empty one.

        Raises KnownProblem "double_entry.not_in_sample", "double_entry.own" when the present officer keyed it first,
        "double_entry.done".
        """
        line = next((one for one in self.sampling.sample() if one.household_id == household_id), None)
        if line is None:
            raise KnownProblem("double_entry.not_in_sample")
        if line.state == "mine":
            raise KnownProblem("double_entry.own")
        if line.entry_id:
            raise KnownProblem("double_entry.done")
        draft = self._blind_draft(line.survey_id) or self._begin_blind(line.survey_id)
        return self._blind(draft)

    def _blind_draft(self, survey_id: str) -> Draft | None:
        mine = (draft for draft in self._drafts.all() if draft.kind == KIND and draft.owner == self._officer())
        return next((draft for draft in mine if draft.notes["survey_id"] == survey_id), None)

    def _begin_blind(self, survey_id: str) -> Draft:
        survey = self._survey(survey_id)
        group = self._records.new_group()
        draft = Draft(group, KIND, op_id(group, 1), "", self._officer(), self._records.base())
        draft.notes = {
            "household_id": survey.household_id,
            "survey_id": survey.id,
            "round_id": survey.round_id,
            "form": [survey.form_id, survey.form_version, survey.form_hash],
            "new": True,
            "doubts": {},
            "field_notes": {},
        }
        sheet = self._sheets.sheet(draft)
        draft.title = " · ".join(part for part in (sheet.line.head_name, sheet.line.household_code) if part)
        draft.notes["members"] = list(sheet.session.instances(ROSTER))
        self._untouched[draft.id] = draft
        return draft

    def _survey(self, survey_id: str) -> Survey:
        survey = self._records.get(Survey, survey_id)
        if survey is None:
            raise KnownProblem("double_entry.gone")
        return survey

    def _blind(self, draft: Draft) -> SurveySheet:
        sheet = self._sheets.sheet(draft)
        line = replace(sheet.line, household_class=None, survey_class=None)
        return replace(sheet, line=line, last=None, carried={}, locked=False)

    def save(self, draft_id: str) -> Saved | None:
        """Nothing to store before the end: every answer is in the draft already."""
        return None

    def finish(self, draft_id: str, accepted_doubts: object = None) -> SurveyResult:
        """End the second keying: what differs from the first is listed, and both are kept.

        Raises KnownProblem "review.unfinished" (count) while something red stands or is missing. A doubt needs no reason here:
        what the paper says is keyed.
        """
        draft = self._touched(draft_id)
        sheet = self._blind(draft)
        red = {one.key for one in sheet.session.problems() if one.tone == "red"} | set(sheet.session.missing())
        if red:
            raise KnownProblem("review.unfinished", count=len(red))
        self._store(draft, sheet)
        return SurveyResult(draft.subject_id, None, explain_sheet(sheet))

    def _store(self, draft: Draft, sheet: SurveySheet) -> None:
        survey = self._survey(draft.notes["survey_id"])
        first = self._sheets.sheet(self.reading.draft_on(survey)).session
        form = (survey.form_id, survey.form_version, survey.form_hash)
        blank = self._sheets.sheet(self.reading.empty(survey.household_id, survey.round_id, form)).session
        found = differing(first, sheet.session, blank)
        fields = {
            "round_id": survey.round_id,
            "household_id": survey.household_id,
            "survey_id": survey.id,
            "form_id": survey.form_id,
            "form_version": survey.form_version,
            "form_hash": survey.form_hash,
            "answers": keyed(sheet.session, blank),
            "keyed_by": self._officer(),
            "keyed_on": self._clock.today().isoformat(),
            "state": "open" if found else "settled",
            "settlement": {
                KEYED_FIRST: {"by": self.sampling.first_by(survey.id)},
                **{key: {"first": one, "second": other} for key, (one, other) in found.items()},
            },
        }
        change = Change("c", DoubleEntry.entity, draft.subject_id, 1, fields)
        self._records.save(Save(draft.id, self._officer(), draft.base, [change], drops_draft=draft.id))
