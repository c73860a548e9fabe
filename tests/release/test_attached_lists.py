"""The lists that a form reads from files are part of its release: whole on every laptop, never another under the same hash."""

from __future__ import annotations

import base64
import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from poverty_desktop.__main__ import main
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import FormRelease
from poverty_desktop.domain.release_rules import attached, is_sound, is_whole
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.release import convert, examine
from poverty_desktop.services.release_words import release_lines
from poverty_desktop.services.released_forms import WorkspaceForms
from poverty_desktop.services.releasing import MOST_BYTES, Examined
from poverty_desktop.system.form_folder import files_beside
from poverty_desktop.system.released_forms import ShippedForms
from poverty_desktop.system.resources import load_texts
from tests.forms.making import Row, q, workbook
from tests.release.conftest import BINH, LAN, ROWS, STANDARDS, Office, small

TODAY = date(2026, 11, 24)
MARKETS = b"name,label,price\nba_to,Ba T\xc6\xa1,5\nmo_duc,M\xe1\xbb\x99 \xc4\x90\xe1\xbb\xa9c,7\n"
READING = [
    *ROWS,
    q("select_one_from_file markets.csv", "market", label="Market"),
    q("calculate", "price", calculation="pulldata('markets', 'price', 'name', ${market})"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "visit.xlsx").write_bytes(small(READING))
    (tmp_path / "markets.csv").write_bytes(MARKETS)
    (tmp_path / "other.csv").write_bytes(b"nobody,asks\n")
    return tmp_path


def seen(office: Office, folder: Path, standard_id: str | None = STANDARDS[0]) -> Examined:
    form = folder / "visit.xlsx"
    return office.as_(LAN).examine(form.read_bytes(), standard_id, files_beside(form))


def released(office: Office, folder: Path) -> FormRelease:
    return office.as_(BINH).confirm(office.as_(LAN).propose(seen(office, folder)))


def opened(office: Office, release: FormRelease) -> FormSession:
    forms = WorkspaceForms(office.records, ShippedForms())
    form = FormDefinition.parse(forms.xml("visit", release.version, release.form_hash), forms.files(release.form_hash))
    return FormSession(form, {"market": "mo_duc"}, today=TODAY)


def test_a_release_holds_the_lists_its_form_reads_and_only_those(office: Office, folder: Path) -> None:
    kept = released(office, folder)
    assert {name: base64.b64decode(file["data"]) for name, file in kept.files.items()} == {"markets.csv": MARKETS}
    assert is_sound(kept.model_dump())
    (folder / "markets.csv").unlink()
    session = opened(office, kept)
    assert session.value("price") == "7"
    assert session.question("market").choices == (("ba_to", "Ba Tơ"), ("mo_duc", "Mộ Đức"))
    assert office.as_(LAN).form(kept).files == {"markets.csv": MARKETS}


@pytest.mark.parametrize("label", ["Market", "Ma\u0302\u0301u"])
def test_evaluate_prints_the_hash_of_the_release(
    office: Office, folder: Path, capsys: pytest.CaptureFixture[str], label: str
) -> None:
    (folder / "visit.xlsx").write_bytes(small([*READING, q("text", "remark", label=label)]))
    assert main(["forms", "evaluate", str(folder / "visit.xlsx"), "--today", "2026-11-24"]) == 0
    assert json.loads(capsys.readouterr().out)["form"]["hash"] == released(office, folder).form_hash


def test_a_list_that_is_missing_is_refused_with_its_name_as_the_check_does(office: Office, folder: Path) -> None:
    (folder / "markets.csv").unlink()
    told = {(fault.cell, fault.facts["file"]) for fault in seen(office, folder).faults}
    assert told == {("survey!A5", "markets.csv"), ("survey!D6", "markets.csv")}
    form = folder / "visit.xlsx"
    assert {(fault.cell, fault.facts["file"]) for fault in examine(form, files_beside(form))} == told
    assert office.as_(LAN).examine(form.read_bytes()).faults != ()
    assert office.records.select(FormRelease) == []


def test_the_check_of_an_xform_names_the_missing_list_too(folder: Path) -> None:
    form = folder / "visit.xml"
    form.write_bytes(convert(folder / "visit.xlsx"))
    assert examine(form, files_beside(form)) == []
    (folder / "markets.csv").unlink()
    (fault,) = examine(form, files_beside(form))
    assert (fault.key, fault.facts) == ("forms_check.missing_file", {"file": "markets.csv"})


def test_another_list_is_another_form_and_needs_another_version(office: Office, folder: Path) -> None:
    first = released(office, folder)
    assert seen(office, folder).known == first
    (folder / "markets.csv").write_bytes(MARKETS.replace(b",7", b",8"))
    with pytest.raises(KnownProblem, match=r"form_release\.immutable"):
        seen(office, folder)
    (folder / "visit.xlsx").write_bytes(small(READING, version="2"))
    found = seen(office, folder)
    assert found.differences == ({"kind": "list_changed", "path": "markets.csv", "label": {}},)
    second = office.as_(BINH).confirm(office.as_(LAN).propose(found))
    assert [opened(office, one).value("price") for one in (first, second)] == ["7", "8"]
    words = "\n".join(release_lines(second, office.as_(BINH).form(second), load_texts("vi")))
    assert second.files["markets.csv"]["sha256"][:12] in words
    assert "Đổi nội dung danh sách kèm theo markets.csv" in words


@pytest.mark.parametrize("spoil", [{}, {"markets.csv": {"sha256": "0" * 64, "data": ""}}, attached({"markets.csv": b"name\n"})])
def test_a_release_without_its_very_lists_is_neither_released_nor_offered(
    office: Office, folder: Path, spoil: dict[str, dict[str, str]]
) -> None:
    proposed = office.as_(LAN).propose(seen(office, folder))
    broken = proposed.model_copy(update={"files": spoil})
    assert not is_whole(broken.model_dump())
    office.records.bodies[proposed.id][1]["files"] = spoil
    with pytest.raises(KnownProblem, match=r"form_release\.damaged"):
        office.as_(BINH).confirm(broken)
    with pytest.raises(KnownProblem, match=r"review\.form_gone"):
        opened(office, broken)


def test_lists_nobody_asked_for_make_a_release_unsound(office: Office) -> None:
    plain = office.released(small())
    assert (plain.files, is_whole(plain.model_dump())) == ({}, True)
    assert not is_whole(plain.model_copy(update={"files": attached({"markets.csv": MARKETS})}).model_dump())


def test_a_release_that_could_not_travel_is_refused_with_its_size(office: Office, folder: Path) -> None:
    (folder / "markets.csv").write_bytes(MARKETS + (b"x," + b"y" * 100_000 + b",1\n") * (MOST_BYTES // 100_000 + 1))
    with pytest.raises(KnownProblem, match=r"form_release\.too_large") as refused:
        seen(office, folder)
    assert "3 MB" in load_texts("vi").problem(refused.value)


def test_rows_of_the_sheet_external_choices_go_with_the_release(office: Office) -> None:
    rows: list[Row] = [q("text", "area"), q("select_one_external towns", "town", choice_filter="area = ${area}")]
    towns: list[Row] = [{"list_name": "towns", "name": "bt", "label": "Ba Tơ", "area": "s"}]
    lan = office.as_(LAN)
    form = lan.form(lan.propose(lan.examine(workbook(rows, (), {"form_id": "visit", "version": "1"}, external=towns))))
    session = FormSession(form, {"area": "s"}, today=TODAY)
    assert session.question("town").choices == (("bt", "Ba Tơ"),)


def test_words_of_a_list_typed_with_another_keyboard_come_composed(folder: Path) -> None:
    """An answer that is not composed could not be stored."""
    typed = unicodedata.normalize("NFD", "name,label\nđồi,Đồi\n").encode()
    form = FormDefinition.parse(convert(folder / "visit.xlsx"), {"markets.csv": typed})
    assert FormSession(form, {}, today=TODAY).question("market").choices == (("đồi", "Đồi"),)


def test_the_commands_read_the_lists_beside_a_workbook(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.json").write_text('{"market": "ba_to"}')
    assert main(["forms", "evaluate", str(folder / "visit.xlsx"), "--answers", str(folder / "a.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"]["price"] == "5"
    (folder / "markets.csv").rename(folder / "markets.txt")
    assert main(["forms", "check", str(folder / "visit.xlsx")]) == 1
    assert "markets.csv" in capsys.readouterr().out
