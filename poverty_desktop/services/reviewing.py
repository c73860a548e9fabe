"""The review: rounds, the households of a round, the survey of one household, its result (Decision 24/2021/QĐ-TTg Art. 4).

Everything typed goes to a draft first, field by field; a Save turns the draft into operations (sync.md 3.4). A survey that
was only looked at leaves no draft behind. The form asks and scores; `domain/classification.py` decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from poverty_desktop.domain.classification import Classification
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ReviewRound, Survey, Village
from poverty_desktop.forms import FormDefinition
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services import searching
from poverty_desktop.services.explaining import SurveyExplanation, explain_sheet
from poverty_desktop.services.form_versions import FormVersions, release_of
from poverty_desktop.services.last_year import AsLastYear, can_start, unconfirmed
from poverty_desktop.services.ports import Clock, Draft, Drafts, Lists, Page, Records, Save, Saved, Settings
from poverty_desktop.services.review_rounds import ReleasedForms, ReviewChoice, ReviewRounds
from poverty_desktop.services.survey_opening import LAST_ANSWERS, SURVEYED_ON, SheetMaker, Standards
from poverty_desktop.services.survey_reading import SurveyReading
from poverty_desktop.services.survey_rebasing import on_top_of, seen
from poverty_desktop.services.survey_saving import changes_of, survey_fields
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet

GOES_ON = "survey.goes_on"
CARRIED_FORWARD = ("enumerator", "surveyed_on")
"""Questions, by name, whose answer of the last survey begins the next one: a pile of papers comes from one team."""


@dataclass(frozen=True)
class SurveyResult:
    """What finishing decided."""

    survey_id: str
    household_class: str | None  # None: the standard lacks what a class needs
    explained: SurveyExplanation


class Reviewing:
    """Use cases of the review. Synchronous; runs on the storage lane."""

    def __init__(
        self,
        records: Records,
        drafts: Drafts,
        lists: Lists,
        settings: Settings,
        clock: Clock,
        reference: Standards,
        forms: ReleasedForms,
    ) -> None:
        self._records, self._drafts, self._lists = records, drafts, lists
        self._settings, self._clock, self._reference = settings, clock, reference
        self._sheets = SheetMaker(records, lists, settings, clock, reference, forms)
        self._rounds = ReviewRounds(records, settings, clock, forms, reference)
        self.reading = SurveyReading(records, self._sheets, self._rounds)
        self.as_last_year = AsLastYear(drafts, settings, self._touched, self._sheets.sheet)
        self.versions = FormVersions(forms, drafts, settings, self._sheets.definition, self._touched, self._sheets.sheet)
        self._untouched: dict[str, Draft] = {}  # opened for reading; becomes a draft on disk with the first field left

    # --- rounds ------------------------------------------------------------------------------------------------

    def begin_round(self, year: int, standard_id: str | None = None) -> ReviewRound:
        """The periodic round of `year`; begun now when the commune has none yet. See `ReviewRounds.begin`."""
        return self._rounds.begin(year, standard_id)

    def current_round(self) -> ReviewRound:
        """The newest periodic round; the one of this year is begun when there is none at all."""
        return self._rounds.current()

    def choices(self) -> list[ReviewChoice]:
        """The reviews one can work in; see `ReviewRounds.choices`."""
        return self._rounds.choices()

    def choose(self, year: int, standard_id: str) -> ReviewRound:
        """Work in this review from now on; it is begun when the commune has none yet."""
        return self._rounds.choose(year, standard_id)

    def standard_name(self, review_round: ReviewRound) -> str:
        """The standard of a round in the officer's language. Pure."""
        language = str(self._settings.get("language", "vi"))
        return self._reference.standard(review_round.standard_id).name(language)

    def finished_count(self, round_id: str) -> int:
        """How many finished surveys recognition would make official."""
        review_round = self._records.get(ReviewRound, round_id)
        return len(self._rounds.to_recognise(review_round)) if review_round else 0

    def recognise(self, round_id: str, decision_no: str, decided_on: str) -> int:
        """Make the finished surveys of the round official, and close it. Returns how many; see `ReviewRounds.recognise`."""
        return self._rounds.recognise(round_id, decision_no, decided_on)

    # --- the list ----------------------------------------------------------------------------------------------

    def villages(self) -> list[Village]:
        return self._records.select(Village, commune_code=str(self._settings.get("commune_code", "")))

    def cases(self, village_id: str | None = None, state: str | None = None, text: str = "", offset: int = 0) -> Page:
        """Households of the round from `offset`; see `searching`. `state`: None all | "none" not started | "draft" | "saved" |
        "finished"."""
        return searching.found(self._lists, text, village_id, state, offset)

    def case_count(self, village_id: str | None = None, state: str | None = None, text: str = "") -> int:
        return searching.counted(self._lists, text, village_id, state)

    # --- opening -----------------------------------------------------------------------------------------------

    def open(self, household_id: str) -> SurveySheet:
        """The survey of the household in the current round: the draft left behind, the stored survey, or a new one."""
        review_round = self.current_round()
        rounds = [one.id for one in self._rounds.of_review(review_round)]
        draft = self._draft_of(household_id, rounds)
        if draft is not None:
            return self._sheets.sheet(draft)
        sheet = self._sheets.sheet(self._begin(household_id, review_round, rounds))
        sheet.draft.title = " · ".join(part for part in (sheet.line.head_name, sheet.line.household_code) if part)
        if sheet.survey is None:
            sheet.draft.notes["members"] = list(sheet.session.instances(ROSTER))
        if can_start(sheet) and self.as_last_year.is_wanted(review_round.id):
            self.as_last_year.fill(sheet)
            return self._sheets.sheet(sheet.draft)
        return sheet

    def resume(self, draft_id: str) -> SurveySheet:
        return self._sheets.sheet(self._draft(draft_id))

    def _draft_of(self, household_id: str, rounds: Sequence[str]) -> Draft | None:
        surveys = (draft for draft in self._drafts.all() if draft.kind == "survey" and draft.notes["round_id"] in rounds)
        return next((draft for draft in surveys if draft.notes["household_id"] == household_id), None)

    def _begin(self, household_id: str, review_round: ReviewRound, rounds: Sequence[str]) -> Draft:
        """`rounds` are the ids of all records of the review."""
        stored = self._stored(household_id, rounds)
        if stored and (begun := self._begun_on(stored)):
            return begun
        group = self._records.new_group()
        subject = stored.id if stored else op_id(group, 1)
        draft = Draft(group, "survey", subject, "", self._officer(), self._records.base())
        draft.notes = {
            "household_id": household_id,
            "round_id": stored.round_id if stored else review_round.id,
            "form": list(release_of(stored) if stored else self.versions.for_new(review_round)),
            "new": stored is None,
            "doubts": dict(stored.accepted_doubts) if stored else {},
            "field_notes": dict(stored.field_notes) if stored else {},
            "started_from": stored.started_from if stored else None,
        }
        if stored:
            draft.opened = seen(stored)
            draft.notes.update(self.as_last_year.notes_of(stored))
        else:
            draft.values = self._carried_forward(self._sheets.form(draft))
        self._untouched[draft.id] = draft
        return draft

    def _begun_on(self, stored: Survey) -> Draft | None:
        """The draft of this survey as it stands now that nothing was kept in yet: what two openings type goes into one draft."""
        same = (one for one in self._untouched.values() if one.subject_id == stored.id and one.opened == seen(stored))
        return next(same, None)

    def _stored(self, household_id: str, rounds: Sequence[str]) -> Survey | None:
        same = [one for one in self._records.select(Survey, household_id=household_id) if one.round_id in rounds]
        return max(same, key=lambda one: (one.state == "finished", one.id), default=None)

    def _carried_forward(self, form: FormDefinition) -> dict[str, str | None]:
        last = self._settings.get(LAST_ANSWERS, {})
        carried = {one.path: last[one.path] for one in form.questions() if one.name in CARRIED_FORWARD and last.get(one.path)}
        days = {one.path: self._clock.today().isoformat() for one in form.questions() if one.name == SURVEYED_ON}
        return {**days, **carried}

    # --- typing ------------------------------------------------------------------------------------------------

    def keep(self, draft_id: str, values: Mapping[str, str | None], cursor: str | None = None) -> datetime:
        """Commit the answers just left (one transaction) and say when. `cursor` is the question to come back to."""
        if draft_id in self._untouched:
            self._touched(draft_id)
        try:
            return self._drafts.keep(draft_id, values, {"cursor": cursor} if cursor else None)
        except LookupError:
            raise KnownProblem("review.draft_gone") from None

    def accept(self, draft_id: str, key: str, reason: str) -> datetime:
        """Keep the officer's reason for a doubtful answer; an empty reason takes it back."""
        draft = self._touched(draft_id)
        doubts = {**draft.notes.get("doubts", {}), key: reason.strip()}
        draft.notes["doubts"] = {one: why for one, why in doubts.items() if why}
        return self._drafts.keep(draft_id, {}, {"doubts": draft.notes["doubts"]})

    def note(self, draft_id: str, key: str, words: str) -> datetime:
        """Keep the officer's note on a question; empty words take it back."""
        draft = self._touched(draft_id)
        noted = {**draft.notes.get("field_notes", {}), key: words.strip()}
        draft.notes["field_notes"] = {one: note for one, note in noted.items() if note}
        return self._drafts.keep(draft_id, {}, {"field_notes": draft.notes["field_notes"]})

    @property
    def goes_on(self) -> bool:
        """The officer's choice: a digit that leaves no doubt goes on to the next question by itself."""
        return bool(self._settings.get(GOES_ON, True))

    def choose_to_go_on(self, *, wanted: bool) -> None:
        self._settings.put(GOES_ON, wanted)

    def discard(self, draft_id: str) -> None:
        """Drop a draft that nobody wants, typed values and all."""
        if self._untouched.pop(draft_id, None) is None:
            self._drafts.drop(draft_id)

    def take_current(self, draft_id: str) -> SurveySheet:
        """After `save.changed_underneath`: what is stored now becomes what the officer sees, the typed answers stay on top."""
        old = self._draft(draft_id)
        stored = self._records.get(Survey, old.subject_id)
        if stored is None:
            return self._sheets.sheet(old)
        fresh = on_top_of(stored, old, self._records.base())
        self._drafts.open(fresh)
        return self._sheets.sheet(fresh)

    # --- finishing ---------------------------------------------------------------------------------------------

    def save(self, draft_id: str) -> Saved | None:
        """Turn the draft into one Save of an incomplete survey and drop it; None when nothing was typed."""
        if self._untouched.pop(draft_id, None) is not None:
            return None
        return self._commit(self._sheets.sheet(self._draft(draft_id)), "saved", None)

    def finish(self, draft_id: str, accepted_doubts: Mapping[str, str] | None = None) -> SurveyResult:
        """Judge the household and store the survey as finished.

        Raises KnownProblem "review.unfinished" (count) while something red stands or is missing, "review.doubts_open"
        (count) while a doubt has no reason, "review.undecided" when the answers do not tell the class. The draft is kept then.
        Where the standard itself lacks what a class needs, the survey is finished without one; its rule says what is missing.
        """
        draft = self._touched(draft_id)
        draft.notes["doubts"] = {**draft.notes.get("doubts", {}), **(accepted_doubts or {})}
        sheet = self._sheets.sheet(draft)
        self._refuse_unfinished(sheet)
        # A round under a standard that is not in force in its year is there for comparison: the day does not decide then.
        judged_on = sheet.day if sheet.standard.covers(sheet.round.starts_on) else None
        explained = explain_sheet(sheet, on=judged_on)
        if explained.household_class is None and not explained.explanation.classification.lacks:
            raise KnownProblem("review.undecided")
        self._commit(sheet, "finished", explained.explanation.classification)
        return SurveyResult(draft.subject_id, explained.household_class, explained)

    def _refuse_unfinished(self, sheet: SurveySheet) -> None:
        problems = sheet.session.problems()
        red = {problem.key for problem in problems if problem.tone == "red"} | set(sheet.session.missing())
        if red:
            raise KnownProblem("review.unfinished", count=len(red))
        if waiting := unconfirmed(sheet):
            raise KnownProblem("review.unconfirmed", count=len(waiting))
        doubts = sheet.draft.notes.get("doubts", {})
        if any(problem.tone == "amber" and not doubts.get(problem.key) for problem in problems):
            raise KnownProblem("review.doubts_open", count=sum(problem.tone == "amber" for problem in problems))

    def _commit(self, sheet: SurveySheet, state: str, judged: Classification | None) -> Saved | None:
        if sheet.locked:
            raise KnownProblem("review.recognised")
        changes = changes_of(sheet, survey_fields(sheet, state, judged))
        draft = sheet.draft
        self.as_last_year.stored(sheet, state)
        if not changes:
            self._drafts.drop(draft.id)
            return None
        saved = self._records.save(Save(draft.id, self._officer(), draft.base, changes, drops_draft=draft.id))
        self._untouched.pop(draft.id, None)
        answers = sheet.session.answers()
        self._settings.put(LAST_ANSWERS, {key: text for key, text in answers.items() if not key.startswith(f"{ROSTER}/")})
        return saved

    # --- inside ------------------------------------------------------------------------------------------------

    def _draft(self, draft_id: str) -> Draft:
        draft = self._untouched.get(draft_id) or self._drafts.get(draft_id)
        if draft is None:
            raise KnownProblem("review.draft_gone")
        return draft

    def _touched(self, draft_id: str) -> Draft:
        """The draft, on disk from now on."""
        draft = self._untouched.get(draft_id)
        if draft is None:
            return self._draft(draft_id)
        self._drafts.open(draft)
        del self._untouched[draft_id]
        return draft

    def _officer(self) -> str:
        return str(self._settings.get("officer", ""))
