"""After the drill two programs stand side by side: the indicator, the inbox of clashes, and one clash that a person settles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget

from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.exchanging import synchronise
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import SCREENS, TourReport
from tests.drill.script import Week
from tests.sync.laptops import PASSWORD


@pytest.fixture
def programs(drilled: Week, qapp: QApplication, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    """The real program on the folders of both officers. Pictures go to the folder named in POVERTY_PICTURES, where it is."""
    apply_theme(qapp)
    out = Path(os.environ.get("POVERTY_PICTURES", tmp_path))
    report = TourReport(out, SCREENS["1366x768"])
    for laptop in drilled.machines.laptops:
        laptop.close()
    made = [Laptop(name, one.folder, report, PASSWORD) for name, one in (("don", drilled.don), ("hong", drilled.hong))]
    for program in made:
        program.switch_on()
        program.unlock()
    yield made[0], made[1]
    for program in made:
        program.switch_off()
    for laptop in drilled.machines.laptops:
        laptop.open()
    drilled.machines.greet()  # as the other tests expect to find them, whichever comes first


def test_both_windows_show_the_same_clashes_and_one_is_settled_for_both(programs: tuple[Laptop, Laptop]) -> None:
    don, hong = programs
    before = [_clashes(program) for program in programs]
    assert before[0] == before[1] >= 7
    hong.hand.come_forward()
    hong.hand.press(Qt.Key.Key_2)
    wait_until(lambda: hong.focus == "conflicts.reason", "the reason asked for")
    hong.hand.type("Theo căn cước công dân")
    hong.hand.control(Qt.Key.Key_Return)
    wait_until(lambda: _inbox(hong).count() == before[0] - 1, "one clash fewer")
    for program in (hong, don):
        program.hand.come_forward()
        program.go("sync")
        synchronise(program)
        program.picture(f"indicator-{program.name}")
    assert _clashes(don) == before[0] - 1


def _clashes(program: Laptop) -> int:
    """Opens the inbox from the sync screen, as an officer does; how many it shows."""
    program.hand.come_forward()
    program.go("sync")
    program.picture(f"before-{program.name}")
    program.hand.come_forward()  # again: the other window may have come up behind this one's first keys
    program.hand.go_to("sync.conflicts")
    program.hand.press(Qt.Key.Key_Space)
    program.wait_for("conflicts")
    wait_until(lambda: program.hand.sees("conflicts.current"), "both values")
    program.picture(f"inbox-{program.name}")
    return _inbox(program).count()


def _inbox(program: Laptop) -> QListWidget:
    found = program.hand.find("conflicts.list")
    assert isinstance(found, QListWidget)
    return found
