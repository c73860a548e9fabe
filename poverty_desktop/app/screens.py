"""The table of screens: how each place is built, its presenter first. Imports stand inside, so that a screen costs nothing
until it is gone to. To add one: write `_<place>(app) -> Screen` and one line in `SCREENS`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from poverty_desktop.app.binding import bound, unheard
from poverty_desktop.app.papers import receipt_printing
from poverty_desktop.app.quality_screens import QUALITY_SCREENS, survey_papers
from poverty_desktop.app.release_screens import releases

if TYPE_CHECKING:
    from poverty_desktop.app.application import Application
    from poverty_desktop.gui.screen import Screen
    from poverty_desktop.services.support_sheets import SignatureList


def _first_run(app: Application) -> Screen:
    from poverty_desktop.gui.screens.first_run_screen import FirstRunScreen

    presenter = app.first_run_presenter()
    return bound(FirstRunScreen(presenter, app.texts), presenter)


def _unlock(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.unlock_presenter import UnlockPresenter
    from poverty_desktop.gui.screens.unlock_screen import UnlockScreen

    presenter = UnlockPresenter(app, app.tasks, app.shell)
    return bound(UnlockScreen(presenter, app.texts), presenter)


def _restore(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.restore_presenter import RestorePresenter
    from poverty_desktop.gui.screens.restore_screen import RestoreScreen

    presenter = RestorePresenter(app, app.tasks, app.shell, app.texts)
    return bound(RestoreScreen(presenter, app.texts), presenter)


def _work(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.work_presenter import WorkPresenter
    from poverty_desktop.gui.screens.work_screen import WorkScreen

    presenter = WorkPresenter(app.open_office.overview, app.tasks, app.shell)
    return bound(WorkScreen(presenter, app.texts), presenter)


def _households(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter
    from poverty_desktop.gui.screens.households_screen import HouseholdsScreen

    presenter = HouseholdsPresenter(app.open_office.registering, app.tasks, app.shell)
    screen = HouseholdsScreen(presenter, app.texts)
    _tell_places(app, screen, "household")
    return bound(screen, presenter)


def _household(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
    from poverty_desktop.gui.presenters.member_fields import MemberFields
    from poverty_desktop.gui.screens.household_screen import HouseholdScreen

    fields = MemberFields(app.reference, app.texts)
    presenter = HouseholdPresenter(app.open_office.registering, app.tasks, app.shell, app.clock, app.texts, fields)
    screen = HouseholdScreen(presenter, app.texts, fields)
    _tell_place(app, screen, "household")
    return bound(screen, presenter)


def _tell_place(app: Application, screen: Screen, kind: str) -> None:
    from poverty_desktop.gui.presenters.record_place import RecordPlace

    places, runner = app.open_office.places, app.sync_runner
    assert runner is not None
    place = RecordPlace(app.tasks, lambda record_id: places.of(kind, [record_id]).get(record_id, ""), app.texts)
    screen.offer_place(place)
    runner.listeners.append(lambda: place.heard(runner.running))


def _tell_places(app: Application, screen: Screen, kind: str) -> None:
    from poverty_desktop.gui.presenters.list_places import ListPlaces

    places, runner = app.open_office.places, app.sync_runner
    assert runner is not None
    of_lines = ListPlaces(app.tasks, lambda ids: places.of(kind, ids), app.texts)
    screen.offer_places(of_lines)
    runner.listeners.append(lambda: of_lines.heard(runner.running))


def _review(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.review_presenter import ReviewPresenter
    from poverty_desktop.gui.screens.review_screen import ReviewScreen

    presenter = ReviewPresenter(app.open_office.reviewing, app.tasks, app.texts, app.shell)
    screen = ReviewScreen(presenter, app.texts, app.clock.today)
    _tell_places(app, screen, "household")
    papers = survey_papers(app)
    screen.offer_papers(papers)
    screen.forgotten.connect(lambda: unheard(papers))
    screen.forgotten.connect(papers.leave)
    return bound(screen, presenter)


def _survey(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
    from poverty_desktop.gui.screens.survey_screen import SurveyScreen

    presenter = SurveyPresenter(app.open_office.reviewing, app.tasks, app.texts, app.shell)
    screen = SurveyScreen(presenter, app.texts)
    _tell_place(app, screen, "survey")
    return bound(screen, presenter)


def _rescoring(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.rescoring_presenter import RescoringPresenter
    from poverty_desktop.gui.screens.rescoring_screen import RescoringScreen
    from poverty_desktop.services.rescoring_words import ComparedTable

    office = app.open_office

    def write(file: Path, table: ComparedTable) -> None:
        from poverty_desktop.documents.comparison_workbook import save_comparison

        save_comparison(file, table)
        office.workspace.access_log.note(office.workspace.officer.id, "exported_comparison", lines=len(table.lines))

    presenter = RescoringPresenter(
        office.rescoring, app.reference.standards, app.tasks, app.shell, app.texts, write, lambda: app.documents_folder
    )
    return bound(RescoringScreen(presenter, app.texts), presenter)


def _reports(app: Application) -> Screen:
    from poverty_desktop.domain.official_paper import paper_of
    from poverty_desktop.domain.poverty_reports import Report
    from poverty_desktop.gui.presenters.reports_presenter import ReportsPresenter
    from poverty_desktop.gui.screens.reports_screen import ReportsScreen

    office = app.open_office
    today = app.clock.today()

    def write(file: Path, report: Report) -> None:
        from poverty_desktop.documents.report_workbook import save_report

        paper = paper_of(app.reference, office.commune_code, day=today.isoformat(), practice=office.practice)
        save_report(file, report, paper, app.texts)

    settings = office.workspace.settings
    presenter = ReportsPresenter(office.reporting, settings, app.tasks, app.shell, write, app.documents_folder, today.year)
    return bound(ReportsScreen(presenter, app.texts), presenter)


def _support(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.support_presenter import SupportPresenter
    from poverty_desktop.gui.screens.support_screen import SupportScreen
    from poverty_desktop.services.support_overview import summaries

    records = app.open_office.workspace.records
    presenter = SupportPresenter(lambda: summaries(records), app.tasks, app.shell, app.texts)
    screen = SupportScreen(presenter, app.texts)
    _tell_places(app, screen, "support_batch")
    return bound(screen, presenter)


def _support_batch(app: Application) -> Screen:
    from poverty_desktop.domain.official_paper import paper_of
    from poverty_desktop.gui.presenters.support_batch_presenter import Support, SupportBatchPresenter
    from poverty_desktop.gui.presenters.support_fields import SupportFields
    from poverty_desktop.gui.screens.support_batch_screen import SupportBatchScreen
    from poverty_desktop.gui.signature_paper import SignaturePaper

    office = app.open_office

    def html(data: SignatureList) -> str:
        from poverty_desktop.documents.signature_list import signature_list_html

        paper = paper_of(app.reference, office.commune_code, day=data.batch.handover_on, practice=office.practice)
        return signature_list_html(data, paper, app.texts)

    fields = SupportFields(app.reference, app.texts, app.clock.today)
    support = Support(office.supporting, office.receivers, office.support_drafts, office.workspace.settings)
    paper = SignaturePaper(html, office.note_print, app.texts)
    presenter = SupportBatchPresenter(support, app.tasks, app.shell, fields, paper, app.documents_folder)
    screen = SupportBatchScreen(presenter, fields)
    _tell_place(app, screen, "support_batch")
    return bound(screen, presenter)


def _sync(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.sync_presenter import SyncPresenter
    from poverty_desktop.gui.screens.sync_screen import SyncScreen

    assert app.sync_runner is not None
    presenter = SyncPresenter(app.sync_runner, app.shell, app.texts, receipt_printing(app).print)
    return bound(SyncScreen(presenter, app.texts), presenter)


def _conflicts(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.conflicts_presenter import ConflictsPresenter
    from poverty_desktop.gui.screens.conflicts_screen import ConflictsScreen

    assert app.sync_runner is not None
    presenter = ConflictsPresenter(app.tasks, app.shell, app.syncing, app.texts, app.sync_runner.refresh)
    return bound(ConflictsScreen(presenter, app.texts), presenter)


def _attention(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.attention_presenter import AttentionPresenter
    from poverty_desktop.gui.screens.attention_screen import AttentionScreen

    assert app.sync_runner is not None
    presenter = AttentionPresenter(app.tasks, app.shell, app.syncing.attending, app.texts, app.sync_runner.refresh)
    return bound(AttentionScreen(presenter, app.texts), presenter)


SCREENS: dict[str, Callable[[Application], Screen]] = {
    "first_run": _first_run,
    "unlock": _unlock,
    "restore": _restore,
    "work": _work,
    "households": _households,
    "review": _review,
    "survey": _survey,
    "rescoring": _rescoring,
    "reports": _reports,
    "household": _household,
    "support": _support,
    "support_batch": _support_batch,
    "sync": _sync,
    "conflicts": _conflicts,
    "attention": _attention,
    "releases": releases,
    **QUALITY_SCREENS,
}
