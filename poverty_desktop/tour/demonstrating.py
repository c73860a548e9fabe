"""A laptop of its own where two officers release the demonstration form, and a survey is keyed in it: B1 is computed there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget
from python_calamine import CalamineWorkbook

from poverty_desktop.domain.records import FormRelease, Record, Survey
from poverty_desktop.forms import FormDefinition
from poverty_desktop.system.resources import resource
from poverty_desktop.tour.beginning import OFFICERS, to_server_step
from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.paper import PaperForm
from poverty_desktop.tour.report import TourReport
from poverty_desktop.tour.reviewing import papers, plain
from poverty_desktop.tour.surveying import finish, key_paper, open_survey, question_here

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FORM, STANDARD, VERSION = "phieu_b_demo", "mdp_2022_2025", "2026112399"
CHECKER, CHECKER_PASSWORD = "Lê Thị Hạnh", "lua chin Mo Duc vang"
RAISED = ("demo_fridge", "yes", "points_rural", "42")  # the one made-up point that the new version has otherwise
ANSWERS = {"demo_vehicle": "1", "demo_fridge": "2", "demo_land": "2", "demo_livestock": "2"}  # the digits typed
NOT_OFFICIAL = "KHÔNG CHÍNH THỨC"
R = TypeVar("R", bound=Record)


def demonstration(report: TourReport, laptop: Laptop) -> None:
    """Propose, release as another officer, key. The laptop is empty before and off afterwards."""
    _propose(report, laptop)
    _release(report, laptop)
    _key(report, laptop)
    laptop.switch_off()


# --- the release


def _propose(report: TourReport, laptop: Laptop) -> None:
    with report.step("demonstration form: a new version is proposed by one officer") as figures:
        laptop.switch_on()
        to_server_step(laptop)
        laptop.hand.press(Key.Key_Return, times=2)
        laptop.wait_for("work")
        laptop.settle()
        _go_to_forms(laptop)
        laptop.picture("releases-none")
        _choose_standard(laptop)
        laptop.hand.fill("releases.file", str(_next_version(laptop.folder.parent / f"{FORM}.xlsx")))
        laptop.hand.go_to("releases.propose")
        laptop.hand.press(Key.Key_Space)
        wait_until(lambda: _lines(laptop) == 1, "the proposal in the list")
        _hold(laptop.focus == "releases.propose", "the cursor stayed where it was")
        figures["proposed"] = _release_of(laptop).form_id, _release_of(laptop).version
        laptop.picture("releases-proposed")
        _hold(_release_of(laptop).state == "proposed", "the form is proposed, and only that")
        laptop.switch_off()


def _release(report: TourReport, laptop: Laptop) -> None:
    with report.step("demonstration form: another officer sees points and differences and releases it") as figures:
        _add_officer(laptop)
        laptop.password = CHECKER_PASSWORD
        laptop.switch_on()
        laptop.unlock()
        _go_to_forms(laptop)
        wait_until(lambda: _lines(laptop) == 1 and laptop.focus == "releases.list", "what waits for the second officer")
        figures["choices"] = laptop.rows("releases.points") - len(ANSWERS)  # above the choices of each stands the question
        _hold(RAISED[3] in _points(laptop), "the raised point stands in the table")
        laptop.picture("releases-points")
        laptop.hand.go_to("releases.details")
        laptop.hand.control(Key.Key_End)
        laptop.picture("releases-differences")
        laptop.hand.go_to("releases.list")
        laptop.hand.control(Key.Key_Return)
        laptop.hand.find("releases.told")
        laptop.picture("releases-asked")
        laptop.hand.control(Key.Key_Return)
        figures["told"] = laptop.see("releases.told", CHECKER, OFFICERS[laptop.name])
        laptop.picture("releases-released")
        released = _release_of(laptop)
        figures["differences"], figures["points"] = len(released.differences), len(released.points["rows"])
        _hold(released.state == "released" and released.made_by != released.checked_by, "released by two accounts")
        raised = [one["after"] for one in released.differences if one["kind"] == "points"]
        _hold(raised == [RAISED[3]], "the raised point is told")


def _go_to_forms(laptop: Laptop) -> None:
    laptop.go("review")
    laptop.hand.press(Key.Key_M, CONTROL | SHIFT)
    laptop.wait_for("releases")
    laptop.settle()


def _choose_standard(laptop: Laptop) -> None:
    box = laptop.hand.go_to("releases.standard")
    assert isinstance(box, QComboBox)
    laptop.hand.press(Key.Key_Home)
    while box.currentData() != STANDARD:
        laptop.hand.press(Key.Key_Down)


def _next_version(file: Path) -> Path:
    """The workbook that ships, as an office would change it: another version, one point raised."""
    with xlsxwriter.Workbook(str(file)) as book:
        source = CalamineWorkbook.from_path(str(resource("forms", f"{FORM}.xlsx")))
        for name in source.sheet_names:
            sheet = book.add_worksheet(name)
            titles, *rows = source.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for line, row in enumerate([titles, *(_changed(dict(zip(titles, row, strict=True))) for row in rows)]):
                sheet.write_row(line, 0, row)
    return file


def _changed(row: dict[Any, Any]) -> list[Any]:
    if "version" in row:
        row["version"] = VERSION
    if (row.get("list_name"), row.get("name")) == RAISED[:2]:
        row[RAISED[2]] = RAISED[3]
    return list(row.values())


def _add_officer(laptop: Laptop) -> None:
    """There is no window for it: by the command line, while the program is off."""
    command = [sys.executable, "-m", "poverty_desktop", "workspace", "account", "add", CHECKER, "--workspace", str(laptop.folder)]
    secrets = {"POVERTY_DESKTOP_PASSWORD": laptop.password, "POVERTY_DESKTOP_NEW_PASSWORD": CHECKER_PASSWORD}
    done = subprocess.run([*command, "--json"], env={**os.environ, **secrets}, capture_output=True, text=True, check=False)
    _hold(done.returncode == 0 and json.loads(done.stdout)["ok"], f"a second account: {done.stdout}{done.stderr}")


# --- the survey


def _key(report: TourReport, laptop: Laptop) -> None:
    paper = _paper()
    with report.step("demonstration form: a survey is moved to it and keyed, B1 is computed and not official") as figures:
        open_survey(laptop, paper.household_code)
        laptop.picture("demonstration-offered")
        laptop.hand.press(Key.Key_F5, CONTROL)
        laptop.see("survey.explanation", NOT_OFFICIAL)
        wait_until(lambda: question_here() is not None, "the first question of the other form")
        laptop.picture("demonstration-first-section")
        figures["answers"] = key_paper(laptop, paper)
        figures["explanation"] = said = plain(laptop.words("survey.explanation"))
        laptop.picture("demonstration-explained")
        laptop.hand.press(Key.Key_PageUp)
        laptop.picture("demonstration-b1")
        finish(laptop)
        survey = _only(laptop, Survey)
        figures |= {"form": survey.form_id, "b1": survey.b1_score, "b1_by_hand": _by_hand(laptop, survey)}
        figures |= {"source": survey.b1_source, "class": survey.household_class}
        _hold(figures["b1"] == figures["b1_by_hand"] == paper.b1, f"B1 is the sum of the points: {figures}")
        _hold((survey.form_id, survey.form_version, survey.b1_source) == (FORM, VERSION, "points"), f"{figures}")
        _hold(survey.household_class == paper.expected, f"the class is {paper.expected}: {figures}")
        words = (laptop.application.texts(f"review.class_{paper.expected}"), str(paper.b1), NOT_OFFICIAL)
        _hold(all(word in said for word in words), f"{words} in: {said}")
        laptop.go("review")
        laptop.search("review.search", paper.household_code, "review.table")
        laptop.picture("demonstration-finished")


def _paper() -> PaperForm:
    """The first paper, with the made-up questions in place of a typed total."""
    return replace(papers()[0], b1=20 + int(RAISED[3]) + 30 + 30, extra={**ANSWERS, "b1_score": ""})


def _by_hand(laptop: Laptop, survey: Survey) -> int:
    """The points that stand beside the answers in the form that was released."""
    form = FormDefinition.parse(_release_of(laptop).xform.encode())
    chosen = ((form.question(f"b1/{name}"), survey.answers[f"b1/{name}"]) for name in ANSWERS)
    column = f"points_{survey.area_class}"
    return sum(int(one.columns[column]) for question, answer in chosen for one in question.choices if one.value == answer)


# --- parts


def _release_of(laptop: Laptop) -> FormRelease:
    return _only(laptop, FormRelease)


def _only(laptop: Laptop, kind: type[R]) -> R:
    """The one record of its kind, read back from the file."""
    records = laptop.application.open_office.workspace.records
    found: list[list[R]] = []
    laptop.application.tasks.storage(lambda: records.select(kind), found.append)
    wait_until(lambda: bool(found), f"the {kind.entity} read back")
    (one,) = found[0]
    return one


def _points(laptop: Laptop) -> list[str]:
    """The column of the countryside, as it is shown."""
    return [laptop.cell("releases.points", row, 1) for row in range(laptop.rows("releases.points"))]


def _lines(laptop: Laptop) -> int:
    found = laptop.application.shell.findChild(QListWidget, "releases.list")
    return found.count() if isinstance(found, QListWidget) and found.isVisible() else 0


def _hold(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(f"not so: {what}")
