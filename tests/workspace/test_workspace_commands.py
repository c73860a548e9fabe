from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from poverty_desktop.commands import workspace as command
from poverty_desktop.storage.copies import DATABASE
from poverty_desktop.storage.keyfile import KeyCosts


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv(command.PASSWORD_VARIABLE, "mật khẩu thử")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser.add_subparsers(dest="verb"))

    def runner(*words: str) -> tuple[int, str, str]:
        args = parser.parse_args(["workspace", *words, "--workspace", str(tmp_path / "kho")])
        code = command.run(args, KeyCosts(64, 1, 1))
        said = capsys.readouterr()
        return code, said.out, said.err

    return runner


CREATE = ("create", "--officer", "Nguyễn Thị Lan", "--commune", "21289")


def test_a_workspace_is_made_described_checked_and_copied(run) -> None:
    assert run(*CREATE)[0] == 0
    code, out, _ = run("info", "--json")
    facts = json.loads(out)
    assert (code, facts["officer"], facts["commune_code"], facts["counts"]["household"]) == (0, "Nguyễn Thị Lan", "21289", 0)
    assert "Nguyễn Thị Lan" in run("info")[1]
    assert json.loads(run("verify", "--json")[1]) == {"ok": True, "operations": 0, "households": 0, "faults": []}
    assert Path(run("backup")[1].strip(), DATABASE).is_file()


def test_a_copy_is_put_back_by_one_command(run) -> None:
    run(*CREATE)
    copy = run("backup")[1].strip()
    code, out, _ = run("restore", copy, "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    assert Path(json.loads(out)["replaced"], DATABASE).is_file()
    assert json.loads(run("verify", "--json")[1])["ok"]


def test_a_wrong_password_is_one_sentence_and_a_failing_exit(run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*CREATE)
    monkeypatch.setenv(command.PASSWORD_VARIABLE, "sai")
    code, out, err = run("info")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert json.loads(run("info", "--json")[1])["problem"] == "workspace.wrong_password"


def test_a_damaged_page_makes_verify_fail(run, tmp_path: Path) -> None:
    run(*CREATE)
    with (tmp_path / "kho" / DATABASE).open("r+b") as file:
        file.seek(40 * 4096 + 100)
        file.write(b"\0\1\2")
    code, out, _ = run("verify", "--json")
    assert code == 1
    assert not json.loads(out)["ok"]


def test_the_password_is_asked_twice_for_a_new_workspace(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(command.PASSWORD_VARIABLE)
    typed = iter(["mật khẩu thử", "mật khẩu khác"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert json.loads(run(*CREATE, "--json")[1])["problem"] == "workspace.passwords_differ"
