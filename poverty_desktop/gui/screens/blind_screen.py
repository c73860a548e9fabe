"""The form screen in which a survey of the sample is keyed a second time, blind."""

from __future__ import annotations

from typing import ClassVar

from poverty_desktop.gui.presenters.blind_presenter import BlindPresenter
from poverty_desktop.gui.screens.survey_screen import SurveyScreen

_NOT_HERE = {"F5", "F7", "F9", "Ctrl+D", "Ctrl+S", "Ctrl+F7"}


class BlindScreen(SurveyScreen):
    """Shows no explanation, for its states bear none; "save as it is" is not needed: every field is kept when it is left."""

    place: ClassVar[str] = "blind_survey"

    def scanned(self, household_id: str) -> bool:
        """The next paper of the sample: keyed blind too, never shown as it was keyed first."""
        assert isinstance(self._presenter, BlindPresenter)
        self._presenter.next_paper(household_id)
        return True

    def keys(self) -> list[tuple[str, str]]:
        whole = super().keys()
        return [line for line in whole if line[0] not in _NOT_HERE]
