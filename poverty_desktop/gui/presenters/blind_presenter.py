"""The second keying of a survey, blind: the form screen without class, explanation, last year or the household before. No Qt."""

from __future__ import annotations

from dataclasses import replace

from poverty_desktop.gui.presenters.survey_keeping import OpenSurvey
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.presenters.survey_state import MissingState, SurveyState
from poverty_desktop.services.reviewing import SurveyResult


class BlindPresenter(SurveyPresenter):
    """Its `Reviewing` is `services.blind_keying.BlindKeying`."""

    def hindrances(self) -> tuple[MissingState, ...]:
        """A doubtful answer needs no reason here: what the paper says is keyed."""
        return tuple(one for one in super().hindrances() if one.tone != "amber")

    def as_last_year(self) -> None:
        """Never: it would show what was answered before."""

    def change_version(self) -> None:
        """Never: both keyings answer one form, and the moved paper would be shown with last year."""

    def try_answers(self) -> None:
        """Never: it would show the class."""

    def compare_standards(self) -> None:
        """Never: it would show the class."""

    def next_paper(self, household_id: str) -> None:
        """The paper of another household is in the officer's hand."""
        self._frame.go("blind_survey", household_id=household_id)

    def _around(self, state: SurveyState) -> SurveyState:
        sheet = self._now()
        title = self._texts("double.blind_title", name=sheet.line.head_name or self._texts("survey.no_name"))
        return replace(super()._around(state), title=title, notices=(self._texts("double.blind_notice"),), explanation=None)

    def _explanation(self, sheet: object) -> None:  # type: ignore[override]
        """Nothing is worked out, lest it be shown."""

    def _finished(self, one: OpenSurvey, result: SurveyResult) -> None:
        """To the differences, or back to the sample when there are none."""
        if self._open is one:
            self._frame.back()
        if self._open is one:
            self._open = self._filling = None
        self._frame.tell("grey", self._texts("double.keyed", name=one.sheet.line.head_name or ""))
