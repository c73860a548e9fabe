"""Which version of its form a survey is made with, and the move of a survey to a later one.

A survey keeps the version it was begun with, for ever. A new survey takes the newest release, unless that one has another table
of points: the points of a round are those it began with (a table is frozen when a round starts), and moving to others is an
officer's own act, survey by survey. Until it is saved, a moved survey can go back to what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ReviewRound, Survey
from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.carrying import CarriedAnswers, LeftAnswer, carry
from poverty_desktop.forms.head import version_key
from poverty_desktop.forms.points import point_table
from poverty_desktop.services.ports import Draft, Drafts, Settings
from poverty_desktop.services.review_rounds import ReleasedForms
from poverty_desktop.services.survey_sheet import SurveySheet, current_answers

BEFORE = "before_moving"  # note of a draft: what it was under the version it came from
LEFT = "left_behind"  # note of a draft: (label, answer) of what found no question in the new version
_BY_KEY = ("doubts", "field_notes", "copied")  # notes that name answers by their keys
ReleaseKey = tuple[str, str, str]


@dataclass(frozen=True)
class Carried:
    """A survey under another version: how many answers went with it, and those that found no question; they stay stored."""

    sheet: SurveySheet
    kept: int
    left: tuple[LeftAnswer, ...]


class FormVersions:
    """Synchronous; runs on the storage lane. `form` reads a release once; `touched` gives a draft by its id, on disk from now on;
    `sheet` makes its sheet."""

    def __init__(
        self,
        forms: ReleasedForms,
        drafts: Drafts,
        settings: Settings,
        form: Callable[[Sequence[str]], FormDefinition],
        touched: Callable[[str], Draft],
        sheet: Callable[[Draft], SurveySheet],
    ) -> None:
        self._forms, self._drafts, self._settings = forms, drafts, settings
        self._form, self._touched, self._sheet = form, touched, sheet

    def for_new(self, review_round: ReviewRound) -> ReleaseKey:
        """The release that a new survey of this round is made with."""
        begun, newest = release_of(review_round), newest_of(self._forms, review_round)
        if newest is None or not is_later(newest, begun):
            return begun
        same_points = point_table(self._form(begun)).get("hash") == point_table(self._form(newest)).get("hash")
        return newest if same_points else begun

    def carry(self, draft_id: str) -> Carried:
        """Move a survey to the newest release for its round. Raises KnownProblem "review.recognised", "review.no_newer_form"."""
        draft = self._touched(draft_id)
        sheet = self._sheet(draft)
        newest = newest_of(self._forms, sheet.round)
        if sheet.locked:
            raise KnownProblem("review.recognised")
        if newest is None or sheet.newer is None:
            raise KnownProblem("review.no_newer_form", version=sheet.form.version)
        answers = current_answers(draft)
        taken = carry(sheet.form, self._form(newest), answers, str(self._settings.get("language", "vi")))
        self._drafts.open(_moved(draft, newest, taken, answers))
        moved = self._sheet(self._touched(draft_id))
        return Carried(moved, sum(bool(text) for text in taken.answers.values()), taken.left)

    def back(self, draft_id: str) -> SurveySheet:
        """The survey as it was before it was moved; what was typed since is given up. Raises KnownProblem "review.not_moved"."""
        draft = self._touched(draft_id)
        before = draft.notes.pop(BEFORE, None)
        if before is None:
            raise KnownProblem("review.not_moved")
        draft.notes.pop(LEFT, None)
        draft.values = before["values"]
        for name in _BY_KEY:  # one that there was not then goes again; a draft that holds None under it cannot be opened
            draft.notes.pop(name, None)
        draft.notes.update({name: note for name, note in before["notes"].items() if note is not None})
        self._drafts.open(draft)
        return self._sheet(self._touched(draft_id))


def newest_of(forms: ReleasedForms, review_round: ReviewRound) -> ReleaseKey | None:
    """The newest release for the standard of a round; None where there is none at all."""
    try:
        return forms.newest_key(review_round.standard_id)
    except KnownProblem:
        return None


def left_words(draft: Draft) -> list[tuple[str, str]]:
    """(label, answer) of what found no question when the draft was moved."""
    return [(label, value) for label, value in draft.notes.get(LEFT, [])]


def is_later(one: ReleaseKey, other: ReleaseKey) -> bool:
    """Whether `one` is what a survey made with `other` may move to: a later version, or the form that took its place."""
    return one[0] != other[0] or version_key(one[1]) > version_key(other[1])


def release_of(record: ReviewRound | Survey) -> ReleaseKey:
    """The release a round was begun with, or a survey made with."""
    return record.form_id, record.form_version, record.form_hash


def _moved(draft: Draft, to: ReleaseKey, taken: CarriedAnswers, answers: Mapping[str, str]) -> Draft:
    """The draft with its answers where the new version has them; old places are emptied, the rest is stored aside."""
    was = {name: draft.notes.get(name) for name in ("form", *_BY_KEY)}
    before = draft.notes.get(BEFORE) or {"values": dict(draft.values), "notes": was}
    emptied: dict[str, Any] = dict.fromkeys((*answers, *draft.values))
    draft.values = {**emptied, **taken.aside, **taken.answers}
    for name in _BY_KEY:
        if draft.notes.get(name):
            draft.notes[name] = {taken.places.get(key, key): text for key, text in draft.notes[name].items()}
    draft.notes |= {"form": list(to), BEFORE: before, LEFT: [[one.label, one.value] for one in taken.left]}
    return draft
