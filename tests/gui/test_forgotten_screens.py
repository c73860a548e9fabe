"""The window lets go of its screens when the file is locked: what comes back later from the background must find nobody, or it
would reach for widgets that are gone, or ask a closed file for more."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from poverty_desktop.app import Application
from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.app.screens import SCREENS
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.task_runner import TaskRunner
from tests.fakes import FakeClock
from tests.gui.test_every_screen import PASSWORD, application, folder, go

__all__ = ["application", "folder"]
PLACES = [place for place in SCREENS if place not in ("first_run", "unlock")]


@pytest.fixture
def opened(application: Application) -> Application:
    """The window with its file open, whichever test locked it last."""
    if application.shell.current.place == "unlock":
        application.tasks.storage(lambda: application.open(PASSWORD), lambda _: application.entered())
        application.tasks.settle()
        application.shell.go("work")
    return application


@pytest.mark.parametrize("application", ["vi"], indirect=True)
@pytest.mark.parametrize("place", PLACES)
def test_an_answer_that_comes_after_the_lock_finds_nobody(opened: Application, place: str, qtbot) -> None:
    go(opened, place)
    screen = opened.shell.current
    presenters = [screen._presenter, getattr(screen, "_papers", None)]
    opened.shell.forget()
    opened.shell.go("work")
    qtbot.waitUntil(lambda: not isValid(screen))
    for one in presenters:
        show = getattr(one, "show", None)
        if show is not None:
            show(one.state)  # raises where the screen is still listened to: its widgets are deleted
        assert getattr(one, "view", None) is None


@pytest.mark.parametrize("application", ["vi"], indirect=True)
def test_a_lock_in_the_middle_of_printing_leaves_a_whole_paper_and_no_bug(
    opened: Application, tmp_path: Path, qtbot
) -> None:
    """(That there was no bug is said by the fixture.)"""
    go(opened, "review")
    papers = opened.shell.current._papers
    papers._folder = tmp_path
    papers.offer(None, (None, "Tất cả"))
    papers.print()
    qtbot.waitUntil(lambda: papers.state.done > 1, timeout=20_000)
    total = papers.state.total
    opened.shell.lock()
    assert not papers.state.running
    opened.tasks.settle()
    assert opened.shell.current.place == "unlock"
    assert 1 < papers.state.done < total
    assert next(tmp_path.iterdir()).read_bytes().rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("application", ["vi"], indirect=True)
def test_work_that_asks_for_more_when_it_is_answered_ends_with_the_lock(opened: Application, qtbot) -> None:
    """(Without a bug, as the fixture says: a closed file cannot be asked.)"""
    go(opened, "review")
    read, answers = opened.open_office.reviewing.current_round, []

    def again(answer: object) -> None:
        answers.append(answer)
        opened.tasks.storage(read, again)

    again(None)
    opened.shell.lock()
    opened.tasks.settle()
    assert opened.shell.current.place == "unlock"
    assert len(answers) < 4


def test_who_is_turned_away_hears_no_answer_but_of_what_went_wrong(qapp: QApplication) -> None:
    told: list[object] = []
    runner = TaskRunner(told.append, told.append)
    gone = KnownProblem("workspace.no_space", folder="kho")
    runner.storage(lambda: told.append("done on the lane"), lambda _: told.append("too late"))
    runner.storage(lambda: _raise(gone), lambda _: told.append("never"), told.append)
    runner.turn_away()
    runner.storage(lambda: "afterwards", told.append)
    runner.settle()
    runner.close()
    assert told == ["done on the lane", gone, "afterwards"]


def _raise(problem: KnownProblem) -> None:
    raise problem


@pytest.mark.parametrize("application", ["vi"], indirect=True)
def test_a_window_that_is_closed_does_not_wait_for_a_pile_of_papers(
    opened: Application, folder: Path, qapp: QApplication, tmp_path: Path, qtbot
) -> None:
    opened.shell.lock()  # the file is open once at a time
    qtbot.waitUntil(lambda: opened.office is None, timeout=20_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, PASSWORD)
        window = Application(folder, language="vi", clock=FakeClock())
        window.show()
        at_work = lambda: window.shell.current is not None and window.shell.current.place == "work"  # noqa: E731
        qtbot.waitUntil(at_work, timeout=20_000)
    go(window, "review")
    papers = window.shell.current._papers
    papers._folder = tmp_path
    papers.offer(None, (None, "Tất cả"))
    papers.print()
    qtbot.waitUntil(lambda: papers.state.done > 0, timeout=20_000)
    window.close()
    assert papers.state.done < papers.state.total
    assert next(tmp_path.iterdir()).read_bytes().rstrip().endswith(b"%%EOF")
