"""Makes the sheet of a survey: the answers kept, the roster of the register as it is today, and the form it was made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember, ReviewRound, Survey, Village
from poverty_desktop.domain.reference import Unit
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.carrying import carry
from poverty_desktop.services.form_versions import BEFORE, is_later, newest_of
from poverty_desktop.services.ports import Clock, Draft, HouseholdLine, Lists, Records, Settings
from poverty_desktop.services.review_rounds import STANDARD_2026, KnownStandards, ReleasedForms
from poverty_desktop.services.since_last import LastSurvey
from poverty_desktop.services.survey_sheet import (
    ROSTER,
    Facts,
    SurveySheet,
    current_answers,
    living_roster,
    members_answered,
    prefilled,
    with_register,
)

LAST_ANSWERS = "review.last_answers"
SURVEYED_ON = "surveyed_on"


class Standards(KnownStandards, Protocol):
    """What the review needs of `domain.reference.Reference`."""

    def unit(self, code: str | None) -> Unit | None: ...


class SheetMaker:
    """Reads the register around a draft. Synchronous; runs on the storage lane."""

    def __init__(
        self, records: Records, lists: Lists, settings: Settings, clock: Clock, reference: Standards, forms: ReleasedForms
    ) -> None:
        self._records, self._lists, self._settings = records, lists, settings
        self._clock, self._reference, self._forms = clock, reference, forms
        self._parsed: dict[str, FormDefinition] = {}  # by hash: a release never changes

    def form(self, draft: Draft) -> FormDefinition:
        return self.definition(draft.notes["form"])

    def definition(self, release: Sequence[str]) -> FormDefinition:
        """The form of exactly this release (form id, version, hash), read once."""
        form_id, version, form_hash = release
        if form_hash not in self._parsed:
            xml = self._forms.xml(form_id, version, form_hash)
            self._parsed[form_hash] = FormDefinition.parse(xml, self._forms.files(form_hash))
        return self._parsed[form_hash]

    def _newer(self, draft: Draft, review_round: ReviewRound) -> str | None:
        form_id, version, form_hash = draft.notes["form"]
        newest = newest_of(self._forms, review_round)
        return newest[1] if newest and is_later(newest, (form_id, version, form_hash)) else None

    def sheet(self, draft: Draft) -> SurveySheet:
        review_round = self._records.get(ReviewRound, draft.notes["round_id"])
        line = self._lists.household_line(draft.notes["household_id"])
        if review_round is None or line is None:
            raise KnownProblem("review.household_gone")
        stored = self._records.get(Survey, draft.subject_id)
        form, locked = self.form(draft), review_round.state == "recognised"
        answers = current_answers(draft)
        facts = self._facts(line, _day_of(answers, form) or self._clock.today(), stored, review_round.year)
        living = [member.id for member in facts.members]
        if locked:
            living = list((stored.rule if stored else {}).get("members", [])) or sorted(members_answered(answers))
        else:
            answers = with_register(answers, prefilled(form, facts))
        known = self._known_members(draft)
        session = FormSession(
            form,
            living_roster(known_to(form, answers), living),
            today=facts.today,
            language=self._language(),
            repeat_keys={ROSTER: living},
        )
        return SurveySheet(
            draft=draft,
            round=review_round,
            form=form,
            session=session,
            line=line,
            survey=stored,
            joined=tuple(one.full_name or "" for one in facts.members if known and one.id not in known),
            left=tuple(self._name(one) for one in known if one not in living),
            carried=self._settings.get(LAST_ANSWERS, {}),
            day=facts.today.isoformat(),
            standard=self._reference.standard(review_round.standard_id),
            newer=None if locked else self._newer(draft, review_round),
            moved_from=draft.notes[BEFORE]["notes"]["form"][1] if draft.notes.get(BEFORE) else None,
            locked=locked,
            numbered_by=self._reference.standard(form.standard or STANDARD_2026),
            last=self._last_survey(line.id, review_round, form),
        )

    def _last_survey(self, household_id: str, review_round: ReviewRound, form: FormDefinition) -> LastSurvey | None:
        """The finished survey of the newest round of an earlier year; of two of one year that of the standard then in force."""
        earlier = {one.id: one for one in self._records.select(ReviewRound) if one.year < review_round.year}
        finished = self._records.select(Survey, household_id=household_id, state="finished") if earlier else []
        found = [(earlier[one.round_id], one) for one in finished if one.round_id in earlier]
        ranked = sorted(found, key=lambda pair: (pair[0].year, pair[1].household_class is not None, pair[1].id))
        if not ranked:
            return None
        its_round, survey = ranked[-1]
        standard = self._reference.standard(survey.standard_id)
        return LastSurvey(survey, its_round.year, standard, self._carried(survey, form))

    def _carried(self, survey: Survey, form: FormDefinition) -> dict[str, str] | None:
        """Its answers by the questions of another form; None where the form is the same, or is not on this laptop."""
        if survey.form_hash == form.hash:
            return None
        try:
            made_with = self.definition((survey.form_id, survey.form_version, survey.form_hash))
        except KnownProblem:
            return None
        return carry(made_with, form, {key: str(text or "") for key, text in survey.answers.items()}, self._language()).answers

    def _facts(self, line: HouseholdLine, today: date, stored: Survey | None, year: int) -> Facts:
        household = self._records.get(Household, line.id)
        if household is None:
            raise KnownProblem("review.household_gone")
        members = [one for one in self._records.select(HouseholdMember, household_id=line.id) if one.presence == "present"]
        village = self._records.get(Village, household.village_id) if household.village_id else None
        area = stored.area_class if stored else (village.area_class if village else "")
        unit = self._reference.unit(household.commune_code)
        return Facts(household, members, village, unit.name if unit else None, area, year, today, unit.b1_region if unit else "")

    def _known_members(self, draft: Draft) -> list[str]:
        """Who was on the roster when this survey was last touched; empty for one that was just begun."""
        return list(draft.notes.get("members") or draft.opened.get("fields", {}).get("rule", {}).get("members", []))

    def _name(self, member_id: str) -> str:
        member = self._records.get(HouseholdMember, member_id)
        return (member.full_name if member else None) or ""

    def _language(self) -> str:
        return str(self._settings.get("language", "vi"))


def _day_of(answers: Mapping[str, str], form: FormDefinition) -> date | None:
    """The day of the survey, on which ages are measured (standards.md section 6); None while it cannot be read."""
    path = next((one.path for one in form.questions() if one.name == SURVEYED_ON), "")
    try:
        return date.fromisoformat(answers.get(path, ""))
    except ValueError:
        return None


def known_to(form: FormDefinition, answers: Mapping[str, str]) -> dict[str, str]:
    """Answers whose question this version of the form has, and marks of lines; the others stay stored and are left alone."""
    return {key: text for key, text in answers.items() if form.plan.has(key)}
