"""A form that is only tried out: the real form screen without a household and without a file; nothing is stored. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.gui.presenters.survey_repeats import repeats_in
from poverty_desktop.gui.presenters.survey_state import SurveyState

TRIER = {"deviceid": "forms-try", "username": "forms-try"}
"""What a phone would give. With a device of its own a form does not take the roster from the register: it can be typed."""


class Nowhere:
    """A `Store` that forgets everything when the window closes."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        self.notes: dict[str, str] = {}

    def keep(self, answers: Mapping[str, str | None], cursor: str) -> None:
        """Nothing is kept."""

    def accept(self, key: str, reason: str) -> None:
        self.reasons = {**self.reasons, key: reason}

    def note(self, key: str, note: str) -> None:
        self.notes = {**self.notes, key: note}


class TryPresenter(FormPresenter):
    """`file` is the name that the band above the form says."""

    def __init__(
        self,
        form: FormDefinition,
        texts: Texts,
        frame: Frame,
        *,
        today: date,
        file: str,
    ) -> None:
        super().__init__(texts)
        self._form, self._frame, self._file = form, frame, file
        self._today = today

    def begin(self) -> None:
        """Show the form with nothing answered; each repeat that may be added to has one line."""
        session = FormSession(
            self._form, {}, today=self._today, language=self._texts.language, metadata=TRIER, seed=1
        )
        self._begin(session, Nowhere())
        for section in self._drawn.sections:
            for repeat in repeats_in(section.items):
                if self._drawn.repeats.may_add(repeat) and not repeat.instances:
                    self._drawn.refresh(session.add(repeat.key, "0001"))
        first = next(iter(self._drawn.sections), None)
        self._draw(first.path if first else "", focus=self._first_open(first) if first else "")

    def finish(self) -> None:
        """Say whether anything would stand in the way."""
        if self.check():
            self._frame.tell("grey", self._texts("survey.trial_whole"))

    def _around(self, state: SurveyState) -> SurveyState:
        title = " · ".join(part for part in (self._form.title, self._form.version) if part)
        return replace(state, title=title, trial=self._texts("survey.trial", file=self._file))
