"""`report rescoring`: figures for scripts, words for people, a workbook; the file stays as it is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from poverty_desktop.commands import report
from poverty_desktop.commands.workspace import PASSWORD_VARIABLE
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.workspace import NewWorkspace, create, open_workspace
from tests.fakes import FakeClock
from tests.review.conftest import COMMUNE
from tests.review.test_on_the_real_file import household, paper, service
from tests.sync.laptops import CHEAP

PASSWORD = "mật khẩu thử"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one finished survey of 2026."""
    place = tmp_path / "kho"
    made = create(place, PASSWORD, NewWorkspace("Sơn", COMMUNE), clock=FakeClock(), costs=CHEAP)
    home, man = household(made)
    reviewing = service(made)
    sheet = reviewing.open(home)
    reviewing.keep(sheet.draft.id, paper(man))
    reviewing.finish(sheet.draft.id)
    made.close()
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    return place


def run(folder: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    report.add_arguments(parser.add_subparsers(dest="verb"))
    return report.run(parser.parse_args(["report", "rescoring", "--year", "2026", *words, "--workspace", str(folder)]))


def revision(folder: Path) -> object:
    held = open_workspace(folder, PASSWORD, clock=FakeClock())
    base = held.records.base()
    held.close()
    return base


def test_the_figures_name_what_differs_and_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = revision(folder)
    assert run(folder, "--standard", "mdp_2027_2030", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["classes"] == [{"before": "poor", "after": None, "households": 1}]
    (one,) = figures["households"]
    assert one["differences"][0]["why"] == ["b1_cutoffs", "b2_rule"]
    assert revision(folder) == before


def test_the_words_and_the_workbook(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--standard", "mdp_2022_2025", "--out", str(tmp_path / "so-sanh.xlsx")) == 0
    assert "1 hộ giữ nguyên: Hộ nghèo = Hộ nghèo" in capsys.readouterr().out
    assert (tmp_path / "so-sanh.xlsx").stat().st_size > 0


def test_a_form_that_was_never_released_is_told(folder: Path) -> None:
    with pytest.raises(KnownProblem, match="form_gone"):
        run(folder, "--form", "0" * 64)
