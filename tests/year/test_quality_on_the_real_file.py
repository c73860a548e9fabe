"""The second keying and last year's answers on the encrypted file, over a restart."""

from __future__ import annotations

from pathlib import Path

from poverty_desktop.domain.records import DoubleEntry, ReviewRound, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.blind_keying import BlindKeying
from poverty_desktop.services.double_entry import DoubleEntries
from poverty_desktop.services.double_sampling import Sampling
from poverty_desktop.services.last_year import unconfirmed
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.reviewing import Reviewing
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from poverty_desktop.storage.writers import WriterQueries
from poverty_desktop.system.released_forms import ShippedForms
from tests.fakes import FakeClock
from tests.review.conftest import COMMUNE, REFERENCE
from tests.review.test_on_the_real_file import household, paper

PASSWORD, OTHERS = "mật khẩu thử", "mật khẩu khác"
COSTS = KeyCosts(memory_kib=64, passes=1, lanes=1)


def opened(folder: Path, password: str = PASSWORD) -> Workspace:
    if folder.exists():
        return open_workspace(folder, password, clock=FakeClock())
    return create(folder, password, NewWorkspace("Đinh Văn Sơn", COMMUNE), clock=FakeClock(), costs=COSTS)


def ports(at: Workspace) -> tuple[object, ...]:
    return at.records, at.drafts, at.lists, at.settings, FakeClock(), REFERENCE, ShippedForms()


def reviewing(at: Workspace) -> Reviewing:
    return Reviewing(*ports(at))  # type: ignore[arg-type]


def blind(at: Workspace) -> BlindKeying:
    keying = BlindKeying(*ports(at))  # type: ignore[arg-type]
    writers = WriterQueries(at.database)
    keying.sampling = Sampling(at.records, at.drafts, at.lists, at.settings, writers, keying.reading)
    return keying


def test_a_survey_is_keyed_twice_compared_and_settled_by_two_officers_of_one_laptop(tmp_path: Path) -> None:
    at = opened(tmp_path / "kho")
    home, man = household(at)
    sheet = reviewing(at).open(home)
    work = reviewing(at)
    work.keep(work.open(home).draft.id, paper(man))
    work.finish(work.open(home).draft.id)
    blind(at).sampling.draw(percent=100, seed=3)
    at.add_officer("Hồ Thị Lan", OTHERS, COSTS)
    at.close()

    at = opened(tmp_path / "kho", OTHERS)
    keying = blind(at)
    keying.keep(keying.open(home).draft.id, {"house/floor_area": "9"})
    at.close()

    at = opened(tmp_path / "kho", OTHERS)
    keying = blind(at)
    draft = keying.open(home).draft
    assert draft.values == {"house/floor_area": "9"}
    second = paper(man) | {"house/floor_area": "9", "identification/surveyed_on": "2026-11-23"}
    keying.keep(draft.id, second)
    keying.finish(draft.id)
    at.close()

    at = opened(tmp_path / "kho", OTHERS)
    entry = at.records.select(DoubleEntry)[0]
    entries = DoubleEntries(at.records, at.settings, FakeClock(), reviewing(at).reading)
    assert [(one.key, one.first, one.second) for one in entries.open(entry.id).differences] == [("house/floor_area", "6", "9")]
    entries.settle(entry.id, "house/floor_area", "9", "Đúng theo phiếu giấy")
    stored = at.records.select(Survey)[0]
    assert (stored.answers["house/floor_area"], stored.field_notes) == ("9", {"house/floor_area": "Đúng theo phiếu giấy"})
    assert at.records.get(DoubleEntry, entry.id).state == "settled"  # type: ignore[union-attr]
    assert entries.rates()[0][0].differing == 1
    assert sheet.line.id == home
    at.close()


def test_last_year_is_taken_over_and_still_waits_after_a_restart(tmp_path: Path) -> None:
    at = opened(tmp_path / "kho")
    home, man = household(at)
    current = reviewing(at).current_round()
    group = at.records.new_group()
    made_with = {"form_id": current.form_id, "form_version": current.form_version, "form_hash": current.form_hash}
    earlier = {"commune_code": COMMUNE, "year": 2025, "starts_on": "2025-09-01", "ends_on": "2025-12-14", "state": "recognised"}
    survey = {
        "round_id": op_id(group, 1),
        "household_id": home,
        "state": "finished",
        "answers": paper(man),
        "area_class": "urban",
    }
    standard = {"standard_id": current.standard_id}
    changes = [
        Change("c", ReviewRound.entity, op_id(group, 1), 1, {**earlier, **standard, **made_with}),
        Change("c", Survey.entity, op_id(group, 2), 2, {**survey, **standard, **made_with}),
    ]
    at.records.save(Save(group, at.officer.id, at.records.base(), changes))
    work = reviewing(at)
    work.as_last_year.begin(work.open(home).draft.id)
    work.as_last_year.confirm(work.open(home).draft.id, ["house/floor_area"])
    at.close()

    at = opened(tmp_path / "kho")
    waiting = unconfirmed(reviewing(at).open(home))
    assert "house/water_source" in waiting
    assert "house/floor_area" not in waiting
    reviewing(at).save(reviewing(at).open(home).draft.id)
    stored = next(one for one in at.records.select(Survey) if one.state == "saved")
    assert stored.started_from == op_id(group, 2)
    assert unconfirmed(reviewing(at).open(home)) == waiting
    at.close()
