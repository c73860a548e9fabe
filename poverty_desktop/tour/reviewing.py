"""Six papers keyed: five finished, one left unfinished, killed with its process, and found again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

from PySide6.QtCore import Qt

from poverty_desktop.gui.models.case_model import COLUMNS
from poverty_desktop.services.practice_commune import PracticeHousehold, practice_commune
from poverty_desktop.tour import typist
from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.paper import GOOD_HOUSE, POOR_HOUSE, PaperForm
from poverty_desktop.tour.report import TourReport
from poverty_desktop.tour.surveying import finish, key_paper, open_survey, question_here

Key = Qt.Key
URBAN, RURAL = range(4), range(4, 8)


def papers() -> list[PaperForm]:
    """Six papers of invented households, chosen so that each change of template 7.2 occurs."""
    wanted = (
        (RURAL, ["poor"], POOR_HOUSE, 120, "poor"),
        (RURAL, ["poor"], GOOD_HOUSE, 135, "near_poor"),
        (RURAL, ["poor"], POOR_HOUSE, 150, "not_poor"),
        (URBAN, ["near_poor"], POOR_HOUSE, 170, "poor"),
        (URBAN, ["near_poor"], GOOD_HOUSE, 150, "near_poor"),
        (URBAN, ["poor", "not_poor"], POOR_HOUSE, 160, "poor"),
    )
    found: list[PaperForm] = []
    for villages, classes, house, b1, expected in wanted:
        used = {paper.household_code for paper in found}
        one = next(one for one in _with_classes(villages, classes) if one.fields["household_code"] not in used)
        births = tuple(str(member["birth_date"]) for member in one.members)
        found.append(PaperForm(str(one.fields["household_code"]), births, house, b1, expected))
    return found


def _with_classes(villages: range, classes: list[str]) -> Iterator[PracticeHousehold]:
    for one in practice_commune().households:
        if one.village in villages and [entry["household_class"] for entry in one.classes] == classes and len(one.members) >= 3:
            yield one


def five_surveys(report: TourReport, laptop: Laptop) -> None:
    for number, paper in enumerate(papers()[:5], start=1):
        with report.step(f"survey {number}: keyed from paper, found {paper.expected}") as figures:
            open_survey(laptop, paper.household_code)
            if number == 1:
                laptop.picture("survey-first-section")
            figures["answers"] = key_paper(laptop, paper)
            if number in (1, 2):
                laptop.picture(f"survey-{paper.expected}")
            figures["explanation"] = plain(laptop.words("survey.explanation"))
            _look_at_sections(laptop, number)
            finish(laptop)
            figures["class"] = laptop.cell("review.table", 0, _result_column())
            _hold_class(laptop, paper, str(figures["class"]))


def plain(words: str) -> str:
    """What is read of a label: without its marks of layout."""
    return " ".join(re.sub(r"<[^>]+>", " ", words).split())


def _look_at_sections(laptop: Laptop, number: int) -> None:
    """The roster and the house block of the first paper, for the pictures."""
    if number == 1:
        for name in ("survey-b1", "survey-indicators", "survey-house", "survey-roster"):
            laptop.hand.press(Key.Key_PageUp)
            laptop.picture(name)


def _result_column() -> int:
    return COLUMNS.index("result")


def _hold_class(laptop: Laptop, paper: PaperForm, shown: str) -> None:
    wanted = laptop.application.texts(f"review.class_{paper.expected}")
    if shown != wanted:
        raise AssertionError(f"paper {paper.household_code} gives '{shown}', not '{wanted}'")


def killed_draft(report: TourReport, laptop: Laptop) -> None:
    """The sixth paper is keyed by a process of its own, which is killed in the middle of it."""
    paper = papers()[5]
    with report.step("survey 6: the process is killed with SIGKILL while typing") as figures:
        laptop.switch_off()
        saved = _type_and_kill(laptop, paper)
        figures["fields_called_saved"] = len(saved)
    with report.step("survey 6: the draft is found again on the first screen, with every field that was called saved") as figures:
        laptop.switch_on()
        laptop.unlock()
        wait_until(lambda: laptop.hand.sees("work.drafts"), "the drafts on the first screen")
        laptop.settle()
        laptop.picture("draft-found-again")
        laptop.hand.go_to("work.drafts")
        laptop.hand.press(Key.Key_Return)
        laptop.wait_for("survey")
        wait_until(lambda: question_here() is not None, "the question where the typing stopped")
        state = laptop.draft_values()
        lost = {key: value for key, value in saved.items() if state.get(key) != value}
        figures["fields_found"], figures["lost"] = len(saved) - len(lost), len(lost)
        laptop.picture("draft-opened")
        if lost or len(saved) < typist.ENOUGH:
            raise AssertionError(f"called saved: {len(saved)}; lost after SIGKILL: {lost}")
    with report.step("survey 6: finished") as figures:
        figures["answers"] = key_paper(laptop, paper)
        finish(laptop)
        laptop.picture("progress-of-the-round")
        laptop.go("review")
        laptop.search("review.search", paper.household_code, "review.table")
        laptop.settle()
        figures["class"] = laptop.cell("review.table", 0, _result_column())
        _hold_class(laptop, paper, str(figures["class"]))


def _type_and_kill(laptop: Laptop, paper: PaperForm) -> dict[str, str]:
    """Run the typist until it has told of enough saved fields, then SIGKILL; gives key -> value that were called saved."""
    saved: dict[str, str] = {}
    with subprocess.Popen(typist.command(laptop.folder, laptop.password, paper), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            saved.update(typist.read(line))
            if len(saved) >= typist.ENOUGH:
                break
        child.kill()
    return saved
