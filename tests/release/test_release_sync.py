"""A release proposed on one laptop and confirmed on another, through a real province."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import DoubleEntry, FormRelease, Survey
from poverty_desktop.domain.release_rules import attached
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.head import head
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.released_forms import WorkspaceForms
from poverty_desktop.services.releasing import Releasing
from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.released_forms import ShippedForms
from tests.forms.making import q
from tests.release.conftest import ROWS, STANDARDS, small
from tests.sync.conftest import province as province
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, Laptop, RunningProvince

STANDARD = "mdp_2022_2025"
PULLED = "pulldata('markets', 'label', 'name', ${market})"


@pytest.fixture
def laptops(tmp_path: Path, province: RunningProvince) -> Iterator[tuple[Laptop, Laptop]]:
    made = []
    for name in ("Nguyễn Thị Lan", "Trần Văn Bình"):
        folder = tmp_path / name
        new = NewWorkspace(officer_name=name, commune_code=COMMUNE, practice=True)
        made.append(Laptop(create(folder, PASSWORD, new, clock=SystemClock(), costs=CHEAP), folder))
        made[-1].enrol(province, named=True)
    yield made[0], made[1]
    for laptop in made:
        laptop.close()


def releasing(laptop: Laptop) -> Releasing:
    return Releasing(laptop.records, laptop.workspace.settings, laptop.clock, ShippedForms(), STANDARDS, practice=True)


def test_two_laptops_release_a_form_and_both_have_it_whole(laptops: tuple[Laptop, Laptop]) -> None:
    a, b = laptops
    made, source = releasing(a), small()
    proposed = made.propose(made.examine(source, STANDARD))
    with pytest.raises(KnownProblem, match=r"form_release\.same_person"):
        made.confirm(proposed)
    a.synced()
    b.synced()
    checked = releasing(b)
    released = checked.confirm(checked.find(proposed.form_hash[:12]))
    assert checked.name_of(released.made_by) == "Nguyễn Thị Lan"
    for laptop in (b, a):
        laptop.synced()
        (kept,) = laptop.records.select(FormRelease)
        assert (kept.state, base64.b64decode(kept.source)) == ("released", source)
        forms = WorkspaceForms(laptop.records, ShippedForms(), practice=True)
        assert head(forms.newest(STANDARD)) == ("visit", "1")
    assert made.name_of(kept.checked_by) == "Trần Văn Bình"
    assert a.store_rows() == b.store_rows()


def test_the_lists_of_a_form_travel_with_its_release(laptops: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    a, b = laptops
    rows = [*ROWS, q("select_one_from_file markets.csv", "market"), q("calculate", "price", calculation=PULLED)]
    source = small(rows)
    noise = "".join(f"m{number},{hashlib.sha256(bytes([number % 251, number >> 8])).hexdigest()}\n" for number in range(9_000))
    (tmp_path / "markets.csv").write_text(f"name,label\n{noise}bt,Ba Tơ\n", encoding="utf-8")
    made = releasing(a)
    proposed = made.propose(made.examine(source, STANDARD, {"markets.csv": tmp_path / "markets.csv"}))
    a.synced()
    b.synced()
    checked = releasing(b)
    checked.confirm(checked.find(proposed.form_hash))
    for laptop in (b, a):
        laptop.synced()
        forms = WorkspaceForms(laptop.records, ShippedForms(), practice=True)
        key = forms.newest_key(STANDARD)
        form = FormDefinition.parse(forms.xml(*key), forms.files(key[2]))
        assert FormSession(form, {"market": "bt"}, today=date(2026, 11, 24)).value("price") == "Ba Tơ"
    assert a.store_rows() == b.store_rows()


def test_the_province_takes_no_release_whose_lists_are_others(laptops: tuple[Laptop, Laptop], tmp_path: Path) -> None:
    a, b = laptops
    (tmp_path / "markets.csv").write_text("name,label\nbt,Ba Tơ\n", encoding="utf-8")
    source, made = small([*ROWS, q("select_one_from_file markets.csv", "market")]), releasing(a)
    form = made.examine(source, STANDARD, {"markets.csv": tmp_path / "markets.csv"}).form
    assert form is not None
    of = {"form_id": form.form_id, "version": form.version, "form_hash": form.hash, "title": "x", "source": "", "made_by": "lan"}
    others = attached({"markets.csv": b"name,label\n"})
    a.synced()
    group = a.records.new_group()
    fields = {**of, "xform": form.xml.decode(), "made_at": "2026-11-24T01:00:00Z", "files": others}
    a.records.save(Save(group, "lan", a.records.base(), [Change("c", "form_release", op_id(group, 1), 1, fields)]))
    assert dict(a.synced().counts) == {"quarantined": 1}
    b.synced()
    assert b.records.select(FormRelease) == []


def test_the_province_takes_no_release_that_its_maker_confirmed(laptops: tuple[Laptop, Laptop]) -> None:
    """A laptop that does not ask: the operation is kept in custody, and nobody's forms change."""
    a, b = laptops
    proposed = releasing(a).propose(releasing(a).examine(small(), STANDARD))
    a.synced()
    group = a.records.new_group()
    fields = {"state": "released", "checked_by": proposed.made_by, "checked_at": "2026-11-24T01:00:00Z"}
    a.records.save(Save(group, proposed.made_by, a.records.base(), [Change("u", "form_release", proposed.id, 1, fields)]))
    assert dict(a.synced().counts) == {"quarantined": 1}
    b.synced()
    assert b.records.select(FormRelease)[0].state == "proposed"
    assert WorkspaceForms(a.records, ShippedForms(), practice=True).newest_key(STANDARD)[0] == "phieu_b"


def test_both_confirming_apart_is_one_release(laptops: tuple[Laptop, Laptop]) -> None:
    """The maker's colleague on a third account confirms on each laptop: the state only climbs, who was first is for a person."""
    a, b = laptops
    made = releasing(a)
    made.propose(made.examine(small(), STANDARD))
    a.synced()
    b.synced()
    a.workspace.settings.put("officer", "third")
    for laptop in (a, b):
        releasing(laptop).confirm(laptop.records.select(FormRelease)[0])
    for laptop in (a, b, a):
        laptop.synced()
    assert [one.records.select(FormRelease)[0].state for one in (a, b)] == ["released", "released"]


def test_double_entries_and_notes_beside_answers_travel(laptops: tuple[Laptop, Laptop]) -> None:
    a, b = laptops
    household_id, _ = a.add_household()
    form = {"form_id": "phieu_b", "form_version": "1", "form_hash": "0"}
    group = a.records.new_group()
    survey, entry = op_id(group, 1), op_id(group, 2)
    of = {"round_id": household_id, "household_id": household_id, **form}
    noted = {"standard_id": STANDARD, "area_class": "rural", "field_notes": {"house/toilet": "đã hỏi lại"}, "started_from": entry}
    keyed = {"keyed_by": "lan", "keyed_on": "2026-11-24", "answers": {"house/toilet": "vip"}, "survey_id": survey}
    changes = [Change("c", "survey", survey, 1, of | noted), Change("c", "double_entry", entry, 2, of | keyed)]
    a.records.save(Save(group, a.workspace.officer.id, a.records.base(), changes))
    a.synced()
    b.synced()
    settled = {"settlement": {"house/toilet": {"value": "vip", "reason": "theo phiếu giấy", "by": "b", "at": "2026-11-24"}}}
    group = b.records.new_group()
    change = Change("u", "double_entry", entry, 1, {**settled, "state": "settled"})
    note = Change("u", "survey", survey, 2, {"field_notes.house/floor_area": "đo lại"})
    b.records.save(Save(group, b.workspace.officer.id, b.records.base(), [change, note]))
    b.synced()
    a.synced()
    assert a.records.get(DoubleEntry, entry).settlement == settled["settlement"]
    assert a.records.get(Survey, survey).field_notes == {"house/toilet": "đã hỏi lại", "house/floor_area": "đo lại"}
    assert a.records.get(Survey, survey).started_from == entry
    assert a.store_rows() == b.store_rows()
