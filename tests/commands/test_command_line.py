"""Every verb answers `--help` and stands in the README; `forms` and `report` say one sentence when they fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from poverty_desktop.__main__ import VERBS, main

ROOT = Path(__file__).resolve().parents[2]
PHIEU_B = ROOT / "resources" / "forms" / "phieu_b.xml"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_stands_in_the_readme(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 80
    assert f"`{verb}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_forms_evaluate_prints_what_the_form_makes_of_the_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answers = tmp_path / "a.json"
    answers.write_text(json.dumps({"identification": {"area_class": "rural"}, "b1": {"b1_score": "120"}}))
    told = ["--set", "/data/house/floor_area=24", "--today", "2026-11-23"]
    assert main(["forms", "evaluate", str(PHIEU_B), "--answers", str(answers), *told, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["form"]["id"] == "phieu_b"
    assert said["answers"]["b1"]["b1_score"] == "120"
    assert said["answers"]["house"]["floor_area"] == "24"
    assert {"relevant", "problems", "choices", "labels"} <= said.keys()


def test_an_answer_file_that_is_no_json_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "a.json"
    broken.write_text("{")
    assert main(["forms", "evaluate", str(PHIEU_B), "--answers", str(broken)]) == 1
    assert "không phải là JSON" in capsys.readouterr().err


def test_a_form_that_is_not_there_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["forms", "check", str(tmp_path / "none.xlsx")]) == 1
    assert "Không đọc được tệp" in capsys.readouterr().err


def test_a_report_of_a_practice_commune_holds_its_checks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from poverty_desktop.practice.session import PASSWORD, make_practice_workspace
    from poverty_desktop.storage.keyfile import KeyCosts

    make_practice_workspace(tmp_path / "w", costs=KeyCosts(64, 1, 1)).close()
    monkeypatch.setenv("POVERTY_DESKTOP_PASSWORD", PASSWORD)
    out = tmp_path / "r.xlsx"
    code = main(["report", "7.2", "--year", "2026", "--out", str(out), "--json", "--workspace", str(tmp_path / "w")])
    said = json.loads(capsys.readouterr().out)
    assert (code, said["ok"], out.stat().st_size > 5000) == (0, True, True)


def test_a_workspace_is_made_for_a_commune_that_exists(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POVERTY_DESKTOP_PASSWORD", "mot cau dai")
    create = ["workspace", "create", "--officer", "Hồ Thị Mơ", "--workspace", str(tmp_path / "w"), "--commune"]
    assert main([*create, "99999"]) == 1
    assert "99999" in capsys.readouterr().err
    assert not (tmp_path / "w").exists()
    assert main([*create, "21289"]) == 0
    assert main(["workspace", "info", "--workspace", str(tmp_path / "w"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["commune_name"] == "Xã Sơn Hà"


@pytest.mark.parametrize("words", [[], ["practice"]])
def test_a_machine_without_a_display_is_told_so(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main(words) == 1
    assert "không có màn hình" in capsys.readouterr().err
