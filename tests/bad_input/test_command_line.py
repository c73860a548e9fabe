"""More that a script may hand over by mistake: one sentence each, and nothing made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.workspace import open_workspace
from poverty_desktop.system.clock import SystemClock
from tests.bad_input.conftest import Said
from tests.bad_input.test_bad_input import one_sentence
from tests.forms.making import q, workbook
from tests.sync.laptops import PASSWORD

Run = Callable[..., Said]


@pytest.mark.parametrize("commune", ["99999", "abc", ""])
def test_a_commune_that_does_not_exist_makes_no_workspace(run: Run, tmp_path: Path, commune: str) -> None:
    folder = tmp_path / "kho"
    code, out, err = run("workspace", "create", "--officer", "Lan", "--commune", commune, "--workspace", folder)
    assert (code, out) == (1, "")
    one_sentence(err, commune)
    assert not folder.exists()


def test_a_copy_into_a_folder_that_cannot_be_made_is_a_known_problem(kept_laptop: Path, tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("no folder")
    workspace = open_workspace(kept_laptop, PASSWORD, clock=SystemClock())
    try:
        with pytest.raises(KnownProblem) as told:
            workspace.backup(tmp_path / "tep" / "ban-sao")
    finally:
        workspace.close()
    assert told.value.code == "workspace.no_access"


def test_answers_nested_without_end_are_no_bug(run: Run, tmp_path: Path) -> None:
    form, answers = tmp_path / "mau.xlsx", tmp_path / "tra-loi.json"
    form.write_bytes(workbook([q("integer", "tuoi")]))
    answers.write_text("[" * 200_000)
    code, out, err = run("forms", "evaluate", form, "--answers", answers)
    assert (code, out) == (1, "")
    one_sentence(err)
