"""Every place of the program, in its real window on a practice commune, at both sizes an office has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from poverty_desktop.app import Application
from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.app.screens import SCREENS
from poverty_desktop.gui.components.title_line import ElidedLabel
from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE, PRACTICE_YEAR, practice_commune
from poverty_desktop.services.practising import populate
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.tour.clipping import is_cut_button, is_cut_label
from tests.fakes import FakeClock
from tests.gui.windows import come_to_rest

PASSWORD = "mat khau thu"
SIZES = {"1366x768": (1366, 768), "1024x768 at 150 %": (683, 512)}
CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
PLACES = [*SCREENS, "household of the register"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("practice") / "kho"
    new = NewWorkspace("Hồ Thị Mơ", PRACTICE_COMMUNE, practice=True)
    made = create(place, PASSWORD, new, clock=FakeClock(), costs=KeyCosts(64, 1, 1))
    populate(made.records, practice_commune(PRACTICE_COMMUNE), made.officer.id)
    made.close()
    return place


@pytest.fixture(scope="module", params=["vi", "en"])
def application(folder: Path, qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Application]:
    """One window for all places. (The screens are built once, as in real use.)"""
    bugs: list[BaseException] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, PASSWORD)
        window = Application(folder, language=request.param, clock=FakeClock())
        window.tasks.on_bug = bugs.append
        window.show()
        while window.shell.current is None or window.shell.current.place != "work":
            come_to_rest(window.tasks)
        window.tasks.storage(lambda: window.open_office.reviewing.begin_round(PRACTICE_YEAR))
        come_to_rest(window.tasks)
        yield window
        window.close()
    assert bugs == []


@pytest.fixture(params=SIZES)
def sized(application: Application, request: pytest.FixtureRequest) -> Application:
    application.shell.resize(*SIZES[request.param])
    return application


def go(application: Application, place: str) -> None:
    """To `place`, and wait until what it asked for stands there. A survey and a household need one of the register."""
    facts: dict[str, object] = {}
    if place in ("survey", "household of the register"):
        found: list[str] = []
        application.tasks.storage(lambda: found.append(application.open_office.registering.find("").lines[0].id))
        come_to_rest(application.tasks)
        facts["household_id"] = found[0]
    application.shell.go(place.partition(" ")[0], **facts)
    come_to_rest(application.tasks)


def shown(application: Application, *kinds: type[QWidget]) -> list[QWidget]:
    return [one for one in application.shell.findChildren(QWidget) if isinstance(one, kinds) and one.isVisible()]


def said(widget: QWidget) -> str:
    """What a screen reader says of a control."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def is_own(widget: QWidget) -> bool:
    """Whether the program made it, not Qt for a part of another control (the line of a combo box, the corner of a table)."""
    parent = widget.parentWidget()
    return not isinstance(parent, (QComboBox, QAbstractSpinBox, QAbstractItemView, QLineEdit))


@pytest.mark.parametrize("place", PLACES)
def test_every_control_has_a_name_for_screen_readers(sized: Application, place: str) -> None:
    go(sized, place)
    nameless = [one.objectName() or repr(one) for one in shown(sized, *CONTROLS) if is_own(one) and not said(one).strip()]
    assert nameless == []


@pytest.mark.parametrize("place", PLACES)
def test_no_words_are_cut_off(sized: Application, place: str) -> None:
    """Labels wrap, or end in "…" on purpose with the whole in the tooltip; buttons are as wide as their words."""
    go(sized, place)
    cut = [one.text() for one in shown(sized, QLabel) if isinstance(one, QLabel) and is_cut(one)]
    cut += [one.text() for one in shown(sized, QAbstractButton) if is_cut_button(one)]
    assert cut == []


def is_cut(label: QLabel) -> bool:
    return not isinstance(label, ElidedLabel) and is_cut_label(label)


@pytest.mark.parametrize("place", PLACES)
def test_the_page_never_scrolls_sideways_and_its_main_act_is_in_sight(sized: Application, place: str) -> None:
    go(sized, place)
    shell = sized.shell
    screen = shell.current
    assert screen.scroll_area.horizontalScrollBar().maximum() == 0
    action = screen.main_action
    if action is not None and action.isVisible():
        main = shell.title_line.main
        corner = main.mapTo(shell, main.rect().bottomRight())
        assert main.isVisible()
        assert main.text() == action.text()
        assert shell.rect().contains(corner)


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ("first_run", "unlock")])
def test_the_keyboard_works_in_the_page_when_a_place_is_opened(sized: Application, place: str) -> None:
    """The first time, when nothing was shown there yet, and again."""
    sized.shell.forget()
    for _ in range(2):
        go(sized, place)
        focused = sized.shell.focusWidget()
        assert focused is not None
        assert not sized.shell.side_bar.isAncestorOf(focused), focused.objectName()


class _Windows(QObject):
    """Notes every window that comes up."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ("first_run", "unlock")])
def test_nothing_flashes_as_a_window_of_its_own_while_a_screen_is_built(application: Application, place: str) -> None:
    """It would take the keyboard from the window: what is typed next goes nowhere."""
    application.shell.forget()
    windows = _Windows()
    QApplication.instance().installEventFilter(windows)
    go(application, place)
    QApplication.instance().removeEventFilter(windows)
    assert windows.seen == []


def test_a_wide_window_becomes_narrow_whatever_stands_in_its_status_line(application: Application) -> None:
    """The sign of a record's place and a long name kept the window wider than the width at which they are folded."""
    shell = application.shell
    officer = shell.status_line.officer.text()
    go(application, "household of the register")
    shell.resize(*SIZES["1366x768"])
    shell.status_line.show_officer("Nguyễn Thị Hoàng Phượng Loan Anh Thư Diễm Quỳnh")
    come_to_rest(application.tasks)
    shell.resize(*SIZES["1024x768 at 150 %"])
    come_to_rest(application.tasks)
    size = shell.size().toTuple()
    shell.status_line.show_officer(officer)
    assert size == SIZES["1024x768 at 150 %"]


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ("first_run", "unlock")])
def test_help_leaves_the_page_its_width(sized: Application, place: str) -> None:
    go(sized, place)
    sized.shell.toggle_help()
    come_to_rest(sized.tasks)
    panel, bar = sized.shell.help_panel, sized.shell.current.scroll_area.horizontalScrollBar()
    seen, spills, inside = panel.isVisible(), bar.maximum(), sized.shell.rect().contains(panel.geometry())
    sized.shell.toggle_help()
    assert (seen, spills, inside) == (True, 0, True)
