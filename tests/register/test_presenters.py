"""The household of the register without a window."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
from poverty_desktop.gui.presenters.member_fields import MemberFields
from tests.gui.fakes import LateTasks, RecordingFrame

from .conftest import GO_REN, MO, MO_S_HOUSEHOLD, SON, Commune

CARD = "051190000777||Phạm Văn Bia|17031990|Nam|Thôn Gò Ren, Sơn Hà|15082021"


def empty_row(presenter: HouseholdPresenter) -> str:
    return presenter.state.rows[-1].id


def type_row(presenter: HouseholdPresenter, **cells: str) -> str:
    row = empty_row(presenter)
    for name, typed in cells.items():
        presenter.left_cell(row, name, typed)
    return row


def test_a_household_is_typed_and_saved(commune: Commune, household: HouseholdPresenter, frame: RecordingFrame) -> None:
    household.opened(None)
    household.left("village_id", "gò ren")
    type_row(household, full_name="Phạm Văn Bia", sex="1", birth_date="17/03/1990", ethnic_group="hre", activity_status="1")
    type_row(household, full_name="Đinh Thị Lênh", relation_to_head="2", sex="2", birth_date="1992")
    household.save()
    saved = commune.records.get(Household, household.state.household_id)
    members = commune.records.select(HouseholdMember, household_id=household.state.household_id)
    assert saved is not None
    assert saved.village_id == GO_REN
    assert [(one.full_name, one.relation_to_head, one.birth_date, one.ethnic_group) for one in members] == [
        ("Phạm Văn Bia", 1, "1990-03-17", "19"),
        ("Đinh Thị Lênh", 2, "1992", "19"),
    ]
    assert not household.state.is_changed
    assert frame.problems == []


def test_saved_is_said_once_for_each_field_and_only_after_its_commit(
    commune: Commune, frame: RecordingFrame, texts: Texts, fields: MemberFields
) -> None:
    tasks = LateTasks()
    presenter = HouseholdPresenter(commune.registering, tasks, frame, commune.clock, texts, fields)
    presenter.opened(MO_S_HOUSEHOLD)
    tasks.run()
    presenter.left("phone", "0905999888")
    presenter.left("phone", "0905999888")
    assert frame.saves == []
    assert presenter.state.fields["phone"].text == "0905999888"
    tasks.run()
    assert len(frame.saves) == 1


def test_what_is_typed_while_the_household_is_being_saved_is_not_lost(
    commune: Commune, frame: RecordingFrame, texts: Texts, fields: MemberFields
) -> None:
    tasks = LateTasks()
    presenter = HouseholdPresenter(commune.registering, tasks, frame, commune.clock, texts, fields)
    presenter.opened(MO_S_HOUSEHOLD)
    tasks.run()
    presenter.left("phone", "0905999888")
    presenter.save()
    type_row(presenter, full_name="Đinh Thị Na", relation_to_head="3")  # into the row that the old draft had promised
    tasks.run()
    assert [row.name for row in presenter.state.rows] == ["Hồ Thị Mơ", "Đinh Văn Đông", "Đinh Thị Na", ""]
    assert presenter.state.rows[2].cells["relation_to_head"].text == "3"
    assert presenter.state.is_changed


def test_a_citizen_id_with_letters_and_a_birth_in_the_future_get_a_sentence_each(
    commune: Commune, household: HouseholdPresenter, frame: RecordingFrame, texts: Texts
) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left_cell(SON, "personal_id_number", "05121200A123")
    household.left_cell(SON, "birth_date", "2031")
    cells = household.state.rows[1].cells
    assert cells["personal_id_number"].sentence == texts("problem.member.id_not_digits", number="05121200A123")
    assert cells["birth_date"].sentence == texts("problem.member.birth_in_future")
    household.leave()
    assert commune.records.operations == []
    assert frame.told[-1] == ("amber", texts("household.kept_as_draft", count=2))
    household.opened(MO_S_HOUSEHOLD)
    again = household.state.rows[1].cells
    assert (again["personal_id_number"].text, again["birth_date"].text) == ("05121200A123", "2031")


def test_leaving_saves(commune: Commune, household: HouseholdPresenter) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left("phone", "0905999888")
    household.leave()
    [(_, change)] = commune.records.operations
    assert (dict(change.fields), commune.drafts.all()) == ({"phone": "0905999888"}, [])


def test_looking_and_leaving_writes_nothing(commune: Commune, household: HouseholdPresenter, frame: RecordingFrame) -> None:
    for place in (MO_S_HOUSEHOLD, None):
        household.opened(place)
        household.leave()
    assert (commune.records.operations, commune.drafts.all(), frame.told) == ([], [], [])


def test_undo_takes_back_field_by_field_and_a_begun_row(commune: Commune, household: HouseholdPresenter) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left("phone", "1")
    household.left("phone", "2")
    type_row(household, full_name="Đinh Thị Na")
    household.undo()
    assert [row.name for row in household.state.rows] == ["Hồ Thị Mơ", "Đinh Văn Đông", ""]
    household.undo()
    assert household.state.fields["phone"].text == "1"
    household.undo()
    assert household.state.fields["phone"].text == "0905111222"
    household.leave()
    assert commune.records.operations == []


def test_a_scanned_card_fills_the_row_it_was_read_into(commune: Commune, household: HouseholdPresenter) -> None:
    household.opened(None)
    household.left_cell(empty_row(household), "relation_to_head", CARD)
    shown = {name: cell.text for name, cell in household.state.rows[0].cells.items()}
    assert shown["full_name"] == "Phạm Văn Bia"
    assert (shown["birth_date"], shown["personal_id_number"], shown["sex"]) == ("17/03/1990", "051190000777", "1")
    assert shown["relation_to_head"] == "1"
    assert household.state.fields["permanent_address"].text == "Thôn Gò Ren, Sơn Hà"


def test_somebody_alike_is_named_while_typing(household: HouseholdPresenter) -> None:
    household.opened(None)
    household.left("village_id", "1")
    type_row(household, full_name="Hồ Thị Mơ", birth_date="1987")
    assert [one.household_id for one in household.state.similar] == [MO_S_HOUSEHOLD]
    assert "H-01" in household.state.similar[0].sentence


def test_rules_speak_only_of_what_was_reached(household: HouseholdPresenter) -> None:
    household.opened(None)
    assert household.state.problems == ()
    type_row(household, full_name="Phạm Văn Bia")
    assert [one.key for one in household.state.problems] == ["household.village_id"]


def test_an_unknown_choice_stays_as_typed_and_stops_the_save(commune: Commune, household: HouseholdPresenter) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left_cell(MO, "ethnic_group", "không rõ")
    household.save()
    assert household.state.rows[0].cells["ethnic_group"].tone == "red"
    assert household.state.rows[0].cells["ethnic_group"].text == "không rõ"
    assert commune.records.operations == []


def test_a_full_disk_keeps_the_typing_and_says_so(commune: Commune, household: HouseholdPresenter, frame: RecordingFrame) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left("phone", "0905999888")
    commune.records.disk_is_full = True
    household.save()
    assert len(frame.problems) == 1
    assert household.state.fields["phone"].text == "0905999888"
    commune.records.disk_is_full = False
    household.save()
    assert len(commune.records.operations) == 1


def test_a_change_from_elsewhere_is_offered_not_overwritten(
    commune: Commune, household: HouseholdPresenter, frame: RecordingFrame, texts: Texts
) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left("phone", "0905999888")
    commune.records.bodies[MO_S_HOUSEHOLD][1].update(phone="0905333444", note="mới")
    household.save()
    assert frame.told[-1] == ("amber", texts("household.changed_underneath"))
    household.take_current()
    assert household.state.fields["note"].text == "mới"
    assert household.state.fields["phone"].text == "0905999888"


def test_discarding_shows_the_stored_values_again(household: HouseholdPresenter, commune: Commune) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.left("phone", "0905999888")
    household.discard()
    assert household.state.fields["phone"].text == "0905111222"
    assert commune.drafts.all() == []


def test_reviewing_goes_through_the_frame(household: HouseholdPresenter, frame: RecordingFrame) -> None:
    household.opened(MO_S_HOUSEHOLD)
    household.review()
    assert frame.went == [("survey", {"household_id": MO_S_HOUSEHOLD})]


def test_what_is_typed_during_a_save_is_kept_even_when_one_goes_on_to_the_next_household(
    commune: Commune, frame: RecordingFrame, texts: Texts, fields: MemberFields
) -> None:
    tasks = LateTasks()
    presenter = HouseholdPresenter(commune.registering, tasks, frame, commune.clock, texts, fields)
    presenter.opened(MO_S_HOUSEHOLD)
    tasks.run()
    presenter.left("phone", "0905999888")
    presenter.save()
    presenter.left("note", "nhà ở cuối thôn")
    presenter.leave()
    presenter.opened(None)
    presenter.left("note", "hộ mới")
    tasks.run()
    saved = commune.records.get(Household, MO_S_HOUSEHOLD)
    assert saved is not None
    assert (saved.phone, saved.note) == ("0905999888", "nhà ở cuối thôn")
    assert presenter.state.is_new
    assert presenter.state.fields["note"].text == "hộ mới"


def test_a_field_the_full_disk_refused_goes_with_the_next_one(
    commune: Commune, household: HouseholdPresenter, frame: RecordingFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very first field of a sheet, and one of a draft that is on disk already: neither is missing from the Save."""
    household.opened(MO_S_HOUSEHOLD)
    with monkeypatch.context() as full_disk:
        full_disk.setattr(commune.drafts, "open", _full)
        household.left("phone", "0905999888")
    household.left("note", "nhà ở cuối thôn")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(commune.drafts, "keep", _full)
        household.left("current_address", "Gò Ren")
    assert [getattr(problem, "code", "") for problem in frame.problems] == ["save.disk_full"] * 2
    household.save()
    saved = commune.records.get(Household, MO_S_HOUSEHOLD)
    assert saved is not None
    assert (saved.phone, saved.note, saved.current_address) == ("0905999888", "nhà ở cuối thôn", "Gò Ren")


def _full(*_: object) -> None:
    raise KnownProblem("save.disk_full", folder="D:")
