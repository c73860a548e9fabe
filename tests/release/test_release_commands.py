"""A province's week on the command line: fill the points, propose, another officer confirms, the round begins with it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from poverty_desktop.__main__ import main
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.system.clock import SystemClock
from tests.release.conftest import small
from tests.release.workbooks import filled

CHEAP = KeyCosts(64, 1, 1)
LAN, BINH = "mật khẩu của Lan", "mật khẩu của Bình"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of two officers whose passwords are cheap to try."""
    monkeypatch.setenv("POVERTY_DESKTOP_PASSWORD", LAN)
    at = tmp_path / "kho"
    made = create(at, LAN, NewWorkspace("Nguyễn Thị Lan", "21025"), clock=SystemClock(), costs=CHEAP)
    made.add_officer("Trần Văn Bình", BINH, CHEAP)
    made.close()
    return at


def said(capsys: pytest.CaptureFixture[str], folder: Path, *words: str, code: int = 0) -> str:
    assert main(["forms", *words, "--workspace", str(folder)]) == code
    out, err = capsys.readouterr()
    return out + err


def test_from_the_workbook_to_the_release_by_two_accounts(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = tmp_path / "visit.xlsx"
    workbook.write_bytes(small())
    proposed = json.loads(said(capsys, folder, "release", str(workbook), "--standard", "mdp_2022_2025", "--json"))
    assert (proposed["state"], proposed["made_by_name"], proposed["new"]) == ("proposed", "Nguyễn Thị Lan", True)
    start = proposed["form_hash"][:12]
    assert "không thể tự kiểm tra" in said(capsys, folder, "release", "--confirm", start, "--yes", code=1)

    monkeypatch.setenv("POVERTY_DESKTOP_PASSWORD", BINH)
    assert "không phải của Lan" in said(capsys, folder, "list", "--account", "Lan", code=1)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert "Chưa phát hành" in said(capsys, folder, "release", "--confirm", start, code=1)
    monkeypatch.setattr("sys.stdin", io.StringIO("có\n"))
    shown = said(capsys, folder, "release", "--confirm", start, "--account", "Trần Văn Bình")
    assert "tổng điểm B1 được nhập từ phiếu giấy" in shown
    assert "người lập: Nguyễn Thị Lan, người kiểm tra: Trần Văn Bình" in shown
    (listed,) = json.loads(said(capsys, folder, "list", "--json"))
    assert (listed["state"], listed["checked_by_name"], listed["standard_id"]) == ("released", "Trần Văn Bình", "mdp_2022_2025")
    assert "đã thu hồi" not in said(capsys, folder, "list")
    said(capsys, folder, "release", "--withdraw", start)
    assert "đã thu hồi" in said(capsys, folder, "list")


def test_the_standard_is_the_one_asked_for_else_the_one_the_form_names(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named, silent = tmp_path / "named.xlsx", tmp_path / "silent.xlsx"
    named.write_bytes(small(**{"attribute::standard": "mdp_2022_2025"}))
    silent.write_bytes(small(version="2"))
    for words, expected in (
        ((str(named), "--standard", "none"), None),
        ((str(silent),), None),
        ((str(silent), "--standard", "mdp_2022_2025"), "mdp_2022_2025"),  # takes the place of the proposal before
    ):
        assert json.loads(said(capsys, folder, "release", *words, "--json"))["standard_id"] == expected
    refused = json.loads(said(capsys, folder, "release", str(silent), "--standard", "mdp_2027_2030", "--json", code=1))
    assert [(fault["cell"], "attribute::standard" in fault["message"]) for fault in refused["faults"]] == [("settings", True)]
    named.write_bytes(small(version="3", **{"attribute::standard": "mdp_2022_2025"}))
    assert json.loads(said(capsys, folder, "release", str(named), "--json"))["standard_id"] == "mdp_2022_2025"


def test_partly_filled_points_are_refused_with_their_cells(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = tmp_path / "phieu_b.xlsx"
    workbook.write_bytes(filled(("toilet",), point=lambda number: None if number == 2 else number))
    answer = json.loads(said(capsys, folder, "release", str(workbook), "--json", code=1))
    assert [fault["cell"][:8] for fault in answer["faults"]] == ["choices!"]
    assert "points_urban" in answer["faults"][0]["message"]
    assert json.loads(said(capsys, folder, "list", "--json")) == []


def test_what_is_asked_wrongly_is_answered_with_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = tmp_path / "visit.xlsx"
    workbook.write_bytes(small())
    assert "--confirm" in said(capsys, folder, "release", code=1)
    assert "mdp_2022_2025" in said(capsys, folder, "release", str(workbook), "--standard", "mdp_1999", code=1)
    assert "forms list" in said(capsys, folder, "release", "--confirm", "0123456789ab", code=1)


def test_another_officer_gets_a_password_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def add(name: str, password: str) -> int:
        monkeypatch.setenv("POVERTY_DESKTOP_NEW_PASSWORD", password)
        return main(["workspace", "account", "add", name, "--workspace", str(folder)])

    assert add("Nguyễn Thị Lan", "mật khẩu khác") == 1
    assert "đã có tài khoản" in capsys.readouterr().err
    assert add("Phạm Thị Bưởi", "ngắn") == 1
    assert add("Phạm Thị Bưởi", BINH) == 1  # two officers with one password could not be told apart
    assert add("Phạm Thị Bưởi", "mật khẩu của Bưởi") == 0
    monkeypatch.setenv("POVERTY_DESKTOP_PASSWORD", "mật khẩu của Bưởi")
    capsys.readouterr()
    assert main(["workspace", "info", "--workspace", str(folder)]) == 0
    assert "Phạm Thị Bưởi" in capsys.readouterr().out
