"""Each benchmark runs on a tiny size and prints figures of one shape; how fast they are is nobody's business here."""

from __future__ import annotations

import importlib
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from poverty_desktop.__main__ import main
from poverty_desktop.bench import children
from poverty_desktop.bench.counted_line import Line
from poverty_desktop.bench.figures import percentile
from poverty_desktop.bench.kill import Promise, Tally, value_on_disk
from poverty_desktop.bench.offices import new_office, opened_office, pulled_office
from poverty_desktop.bench.save import commits_of
from poverty_desktop.bench.sync_places import differing
from poverty_desktop.bench.yardstick_office import edit_surveys, yardstick_office
from poverty_desktop.domain.records import Household, Survey

TINY: dict[str, dict[str, int]] = {
    "start": {"runs": 1, "rounds": 1},
    "save": {"runs": 5},
    "search": {"people": 500, "rounds": 1},
    "survey": {"runs": 1, "answers": 5, "forms": 2},
    "sync": {"households": 3, "cuts": 0},
    "memory": {"households": 20},
    "kill": {"moments": 2},
}


@pytest.mark.parametrize("name", TINY)
def test_figures_are_named_and_bear_the_limit_they_were_measured_with(name: str) -> None:
    found = getattr(importlib.import_module(f"poverty_desktop.bench.{name}"), name)(**TINY[name])
    told: dict[str, Any] = json.loads(found.as_json())
    assert told["bench"] == name
    assert set(told["machine"]) == {"system", "python", "processors"}
    for figure in told["figures"]:
        assert set(figure) == {"name", "value", "unit", "denominator", "ratio"}
    limits = [figure["denominator"] for figure in told["figures"] if figure["denominator"]]
    assert limits
    assert all(set(limit) == {"name", "value"} for limit in limits)
    assert not found.broken


def test_one_field_is_one_commit_in_the_log(tmp_path: Path) -> None:
    office = new_office(tmp_path / "workspace", 1)
    household = office.workspace.records.select(Household)[0]
    draft = office.registering.open(household.id).draft
    office.registering.keep(draft.id, {"household.phone": "1"})
    try:
        assert commits_of(office, lambda: office.workspace.drafts.keep(draft.id, {"household.phone": "2"}), times=7) == 7
        two = {"household.phone": "3"}, {"household.phone": "4"}
        assert commits_of(office, lambda: [office.workspace.drafts.keep(draft.id, one) for one in two], times=3) == 6
    finally:
        office.workspace.close()


def test_a_commune_that_was_taken_in_is_found_like_one_that_was_typed(tmp_path: Path) -> None:
    typed, pulled = new_office(tmp_path / "typed", 12), pulled_office(tmp_path / "pulled", 12)
    try:
        heads = [sorted(line.head_name or "" for line in office.registering.find("").lines) for office in (typed, pulled)]
        assert heads[0] == heads[1]
        assert pulled.workspace.verify().ok
    finally:
        typed.workspace.close()
        pulled.workspace.close()


def test_a_field_called_saved_that_is_not_in_the_file_is_counted_as_lost(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    office = new_office(folder, 1)
    household = office.workspace.records.select(Household)[0]
    office.workspace.close()
    tally = Tally()
    typed = ["typed", 1, "household", household.id, "household.phone", "0999999999"]
    tally.hear([["ready"], typed, ["saved", 1]])
    with opened_office(folder) as reopened:
        tally.check(reopened)
    assert len(tally.losses) == 1
    assert tally.damaged == 0


def test_a_later_value_without_a_sign_may_stand_but_an_older_one_may_not() -> None:
    promise = Promise("b", later=["c"])
    assert promise.kept_by("b")
    assert promise.kept_by("c")
    assert not promise.kept_by("a")


def test_a_value_is_looked_up_in_the_draft_before_the_record(tmp_path: Path) -> None:
    office = new_office(tmp_path / "workspace", 1)
    household = office.workspace.records.select(Household)[0]
    try:
        assert value_on_disk(office, "household", household.id, "household.phone") == household.phone
        draft = office.registering.open(household.id).draft
        office.registering.keep(draft.id, {"household.phone": "0911222333"})
        assert value_on_disk(office, "household", household.id, "household.phone") == "0911222333"
    finally:
        office.workspace.close()


def test_a_typist_that_stops_by_itself_is_no_success() -> None:
    with pytest.raises(RuntimeError, match="stopped"):
        Tally().hear([["stuck", "no sign came"]])


def test_a_child_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        children.figures_of("first_paint", "nothing")


def test_the_command_prints_the_json_of_the_issue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "search", "--people", "300", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bench"] == "search"


def test_the_ninety_fifth_percentile_is_near_the_worst() -> None:
    assert percentile([float(n) for n in range(100)], 0.95) == 95.0


def test_the_line_counts_what_passes_and_breaks_where_it_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as province:
        line = Line(province.getsockname()[1])
        with socket.create_connection(("127.0.0.1", line.port)) as laptop:
            there = province.accept()[0]
            laptop.sendall(b"a" * 70)
            there.sendall(b"b" * 30)
            assert (there.recv(70, socket.MSG_WAITALL), laptop.recv(30, socket.MSG_WAITALL)) == (b"a" * 70, b"b" * 30)
            assert line.passed() == {"up": 70, "down": 30}
            line.be(cut_at=10)
            laptop.sendall(b"c" * 25)
            assert there.recv(25, socket.MSG_WAITALL) == b"c" * 10
            assert line.passed() == {"up": 10, "down": 0}
            there.close()


def test_a_record_that_another_laptop_does_not_have_is_found_by_comparing(tmp_path: Path) -> None:
    yardstick_office(tmp_path / "one", 1).workspace.close()
    with opened_office(tmp_path / "one") as office:
        edit_surveys(office, 1)
        surveys = office.workspace.records.select(Survey)
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    assert differing(tmp_path / "one", tmp_path / "other") == 0
    with opened_office(tmp_path / "other") as office:
        edit_surveys(office, 1, seed=9)
        assert office.workspace.records.select(Survey) != surveys
    assert differing(tmp_path / "one", tmp_path / "other") == 1
