"""`poverty-desktop sync` as a script calls it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from poverty_desktop.commands import sync
from tests.sync.laptops import PASSWORD, Laptop, RunningProvince


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, Any, str]:
    parser = argparse.ArgumentParser()
    sync.add_arguments(parser.add_subparsers())
    args = parser.parse_args(["sync", "--workspace", str(folder), *words])
    code = args.handler(args)
    said = capsys.readouterr()
    return code, (json.loads(said.out) if "--json" in words else said.out), said.err


@pytest.fixture
def closed_laptop(new_laptop, monkeypatch: pytest.MonkeyPatch) -> Laptop:
    monkeypatch.setenv("POVERTY_DESKTOP_PASSWORD", PASSWORD)
    laptop: Laptop = new_laptop()
    laptop.add_household()
    laptop.close()
    return laptop


def test_json_says_counts_bytes_round_trips_and_the_receipt(capsys, closed_laptop: Laptop, province: RunningProvince) -> None:
    words = ("--server", province.url, "--enrol", province.code(), "--json")
    code, said, _ = run(capsys, closed_laptop.folder, *words)
    # household, member, and the officer's name
    assert (code, said["ok"], said["counts"], said["waiting"]) == (0, True, {"applied": 3}, 0)
    assert said["bytes"]["up"] > 0
    assert said["round_trips"] == 5
    assert said["receipt"]["counts"] == {"applied": 3}
    code, said, _ = run(capsys, closed_laptop.folder, "--json")
    assert (code, said["sent"], said["receipt"]) == (0, 0, None)


def test_text_is_for_reading(capsys, closed_laptop: Laptop, province: RunningProvince) -> None:
    _, said, _ = run(capsys, closed_laptop.folder, "--server", province.url, "--enrol", province.code())
    assert "đã gửi 3 thay đổi, nhận 0 thay đổi" in said
    assert "ghi nhận: 3" in said


def test_a_failure_is_one_sentence_and_a_non_zero_exit(capsys, closed_laptop: Laptop, province: RunningProvince) -> None:
    code, _, sentence = run(capsys, closed_laptop.folder)
    assert code == 1
    assert "chưa nối với máy chủ" in sentence
    run(capsys, closed_laptop.folder, "--server", province.url, "--enrol", province.code())
    code, said, _ = run(capsys, closed_laptop.folder, "--server", "http://127.0.0.1:1", "--json")
    assert (code, said["ok"], said["problem"], said["outcome"]) == (1, False, "sync.no_link", "cut")
    assert said["sentence"].startswith("Chưa nối được")
