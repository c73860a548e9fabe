"""The screens of paper forms and of the second keying; part of the table of screens (`app/screens.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from poverty_desktop.app.binding import bound

if TYPE_CHECKING:
    from poverty_desktop.app.application import Application
    from poverty_desktop.gui.presenters.paper_presenter import PaperPresenter
    from poverty_desktop.gui.screen import Screen
    from poverty_desktop.services.survey_paper import SurveyPaper


def survey_papers(app: Application) -> PaperPresenter:
    """What the review screen prints papers with."""
    from poverty_desktop.gui.presenters.paper_presenter import PaperPresenter
    from poverty_desktop.gui.survey_printer import SurveyPrinter

    office = app.open_office

    def html(paper: SurveyPaper) -> str:
        from poverty_desktop.documents.survey_form import survey_form_html

        return survey_form_html(paper, app.texts, practice=office.practice)

    printer = SurveyPrinter(html, office.note_papers, app.texts)
    papers = office.survey_papers
    return PaperPresenter(papers, printer, app.tasks, app.texts, app.shell, app.documents_folder, app.clock.now)


def _double_entry(app: Application) -> Screen:
    from secrets import randbelow

    from poverty_desktop.gui.presenters.double_sample_presenter import DoubleSamplePresenter
    from poverty_desktop.gui.screens.double_sample_screen import DoubleSampleScreen

    office = app.open_office
    sampling, entries = office.sampling, office.double_entries
    presenter = DoubleSamplePresenter(sampling, entries, app.tasks, app.texts, app.shell, lambda: randbelow(1_000_000))
    return bound(DoubleSampleScreen(presenter, app.texts), presenter)


def _blind_survey(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.blind_presenter import BlindPresenter
    from poverty_desktop.gui.screens.blind_screen import BlindScreen

    presenter = BlindPresenter(app.open_office.blind_keying, app.tasks, app.texts, app.shell)
    return bound(BlindScreen(presenter, app.texts), presenter)


def _differences(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.differences_presenter import DifferencesPresenter
    from poverty_desktop.gui.screens.differences_screen import DifferencesScreen

    presenter = DifferencesPresenter(app.open_office.double_entries, app.tasks, app.texts, app.shell)
    return bound(DifferencesScreen(presenter, app.texts), presenter)


QUALITY_SCREENS: dict[str, Callable[[Application], Screen]] = {
    "double_entry": _double_entry,
    "blind_survey": _blind_survey,
    "differences": _differences,
}
