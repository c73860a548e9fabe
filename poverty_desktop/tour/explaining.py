"""Why poor, looked at twice more: other answers tried without storing, and finished surveys under another standard."""

from __future__ import annotations

from PySide6.QtCore import Qt

from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport
from poverty_desktop.tour.surveying import open_survey

Key = Qt.Key


def what_if(report: TourReport, laptop: Laptop, household_code: str) -> None:
    """F7 on a finished survey: the class changes on the screen and nowhere else."""
    with report.step("what if: another latrine is tried, nothing is stored") as figures:
        open_survey(laptop, household_code)
        laptop.settle()
        base = laptop.application.open_office.workspace.records.base
        before = _of(laptop, base)
        said = laptop.words("survey.explanation")
        laptop.hand.press(Key.Key_F7)
        laptop.hand.find("survey.trial")
        laptop.hand.press(Key.Key_F6)
        laptop.enter("tiêu")
        laptop.enter("1")
        figures["tried"] = laptop.see("survey.explanation", "→")
        laptop.picture("what-if")
        laptop.hand.press(Key.Key_Escape)
        wait_until(lambda: not laptop.hand.sees("survey.trial"), "the trial ended")
        figures["stored"] = _of(laptop, base) != before
        if figures["stored"] or laptop.words("survey.explanation") != said:
            raise AssertionError("a trial left something behind")
        laptop.go("review")


def _of(laptop: Laptop, base: object) -> object:
    found: list[object] = []
    laptop.application.tasks.storage(base, found.append)  # type: ignore[arg-type]
    wait_until(lambda: bool(found), "the place in the outbox")
    return found[0]


def another_standard(report: TourReport, laptop: Laptop) -> None:
    """The finished surveys under 2027-2030, of which no cut-offs are known: all undecided, with the reason."""
    with report.step("another standard: the finished surveys of the round, then one line by line") as figures:
        laptop.go("review")
        laptop.hand.go_to("action.compare")
        laptop.hand.press(Key.Key_Space)
        laptop.wait_for("rescoring")
        figures["summary"] = laptop.see("rescoring.summary", "→").splitlines()
        laptop.settle()
        laptop.picture("another-standard-round")
        laptop.hand.go_to("rescoring.table")
        laptop.hand.press(Key.Key_Return)
        wait_until(lambda: laptop.rows("rescoring.table") > 12, "the twelve indicators and more")
        figures["why"] = laptop.cell("rescoring.table", 0, 4)
        laptop.picture("another-standard-household")
        laptop.go("review")
