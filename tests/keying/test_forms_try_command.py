"""`forms try FILE` on the command line: the window of a real XLSForm, and one sentence where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from poverty_desktop.__main__ import main
from poverty_desktop.system.form_folder import files_beside
from poverty_desktop.system.resources import resource


def test_an_xlsform_opens_in_the_form_screen_and_leaves_nothing_behind(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "phieu_b.xlsx"
    file.write_bytes(resource("forms", "phieu_b.xlsx").read_bytes())
    bands: list[str] = []

    def look_and_leave() -> None:
        window = next(one for one in qapp.topLevelWidgets() if one.objectName() == "try" and one.isVisible())
        bands.append(window.findChild(QLabel, "try.band").text())
        window.hide()
        qapp.exit(0)  # closing the last window would ask to quit once more, after the loop is over

    QTimer.singleShot(0, look_and_leave)
    assert main(["forms", "try", str(file), "--today", "2026-11-23"]) == 0
    assert ["phieu_b.xlsx" in band for band in bands] == [True]
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "try", str(tmp_path / "none.xml")]) == 1
    assert "none.xml" in capsys.readouterr().err


def test_lists_are_found_beside_the_form_and_in_its_media_folder(tmp_path: Path) -> None:
    form, media = tmp_path / "form.xml", tmp_path / "form-media"
    media.mkdir()
    for place, words in ((form, "form"), (tmp_path / "a.csv", "beside"), (media / "a.csv", "media"), (media / "x.png", "no")):
        place.write_text(words)
    assert {name: file.read_bytes() for name, file in files_beside(form).items()} == {"a.csv": b"media", "x.png": b"no"}
