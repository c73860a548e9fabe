"""The quiet sign: four states and one more, in total and per record, by word and shape as well as colour."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from poverty_desktop.domain.records import HouseholdMember
from poverty_desktop.gui.components.badge import LOOKS
from poverty_desktop.gui.components.place_sign import PlaceSign
from poverty_desktop.gui.presenters.list_places import ListPlaces
from poverty_desktop.gui.presenters.record_place import PlaceView, RecordPlace, place_view
from poverty_desktop.gui.presenters.sync_presenter import PLACES
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.record_places import RecordPlaces
from poverty_desktop.system.resources import load_texts
from tests.gui.fakes import ImmediateTasks, LateTasks
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.sync_window import Window
from tests.sync.test_kept_aside import aside
from tests.sync.test_rounds import enrolled

__all__ = ["aside"]
STATES = (*PLACES, "kept_aside")


class Seen:
    def __init__(self) -> None:
        self.places: list[PlaceView] = []

    def show_place(self, place: PlaceView) -> None:
        self.places.append(place)


def household(laptop: Laptop, record_id: str) -> str:
    return RecordPlaces(laptop.workspace.database).of("household", [record_id])[record_id]


def test_each_state_has_a_shape_and_a_word_of_its_own() -> None:
    assert len({LOOKS[name][0] for name in STATES}) == len(STATES)
    for language in ("vi", "en"):
        views = [place_view(load_texts(language), name) for name in STATES]
        assert len({view.label for view in views}) == len({view.hint for view in views}) == len(STATES)


def test_a_household_is_where_the_worst_of_its_parts_is(province: RunningProvince, new_laptop: Callable[..., Laptop]) -> None:
    (laptop,) = enrolled(province, new_laptop, "a")
    household_id, member_id = laptop.add_household()
    assert household(laptop, household_id) == "on_laptop"
    laptop.synced()
    assert household(laptop, household_id) == "in_province"
    laptop.edit("household_member", member_id, full_name="Hồ Thị Mới")
    assert household(laptop, household_id) == "on_laptop"


def test_what_the_province_keeps_aside_is_never_told_as_in_the_province(aside: tuple[Laptop, str, str]) -> None:
    laptop, household_id, _ = aside
    assert household(laptop, household_id) == "kept_aside"


def test_a_list_is_told_in_one_question_each_record_with_what_belongs_to_it(
    province: RunningProvince, new_laptop: Callable[..., Laptop]
) -> None:
    (laptop,) = enrolled(province, new_laptop, "a")
    sent, edited, left = (laptop.add_household()[0] for _ in range(3))
    members = {one.household_id: one.id for one in laptop.records.select(HouseholdMember)}
    laptop.synced()
    laptop.edit("household_member", members[edited], full_name="Hồ Thị Mới")
    gone = Change("d", "household_member", members[left], 1)  # a deletion that nobody has heard of yet
    laptop.records.save(Save(laptop.records.new_group(), "u", laptop.records.base(), [gone]))
    asked = RecordPlaces(laptop.workspace.database).of("household", [sent, edited, left, "nobody saved this"])
    assert asked == {sent: "in_province", edited: "on_laptop", left: "on_laptop"}


def test_a_support_batch_is_where_its_shares_are(new_laptop: Callable[..., Laptop]) -> None:
    laptop = new_laptop()
    group = laptop.records.new_group()
    batch, line, share, survey = (op_id(group, number) for number in (1, 2, 3, 9))
    made = [
        Change(
            "c",
            "support_batch",
            batch,
            1,
            {"commune_code": "21139", "batch_no": "1", "name": "Bò", "programme_key": "p", "decided_on": "2026-01-01"},
        ),
        Change(
            "c",
            "support_line",
            line,
            2,
            {"batch_id": batch, "support_kind": "k", "item_name": "Bò", "unit": "con", "quantity": 1},
        ),
        Change("c", "household_share", share, 3, {"batch_id": batch, "line_id": line, "household_id": survey}),
    ]
    laptop.records.save(Save(group, "u", laptop.records.base(), made))
    places = RecordPlaces(laptop.workspace.database)
    assert places.of("support_batch", [batch]) == {batch: "on_laptop"}
    assert places.of("survey", [survey]) == {}  # nothing of it was saved, so nothing is said


def test_the_signs_of_a_list_are_those_of_the_lines_in_it_now() -> None:
    tasks, shown = LateTasks(), []
    places = ListPlaces(tasks, lambda ids: dict.fromkeys(ids, "safe"), load_texts("vi"))
    places.view = type(
        "View", (), {"show_places": lambda self, found: shown.append({one: view.name for one, view in found.items()})}
    )()
    places.look(["a", "b"])
    places.look(["c"])
    tasks.run()
    places.heard(running=True)
    places.heard(running=False)
    tasks.run()
    assert shown == [{"c": "safe"}, {"c": "safe"}]


def test_a_half_typed_form_is_on_this_laptop_and_after_its_save_is_asked_for_again() -> None:
    seen, asked = Seen(), []
    place = RecordPlace(ImmediateTasks(), lambda record: asked.append(record) or "in_province", load_texts("vi"))
    place.view = seen
    for unsaved in (False, True, True, False):
        place.look("hộ", unsaved=unsaved)
    assert [view.name for view in seen.places] == ["in_province", "on_laptop", "in_province"]
    assert asked == ["hộ", "hộ"]
    place.heard(running=True)
    assert len(asked) == 2
    place.heard(running=False)
    assert len(asked) == 3


def test_an_answer_for_the_record_before_is_not_shown_beside_the_next() -> None:
    seen, tasks = Seen(), LateTasks()
    place = RecordPlace(tasks, {"a": "safe", "b": "handed_on"}.__getitem__, load_texts("vi"))
    place.view = seen
    place.look("a", unsaved=False)
    place.look("b", unsaved=False)
    tasks.run()
    assert [view.name for view in seen.places] == ["handed_on"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_exchange_shows_the_four_signs(new_laptop: Callable[..., Laptop], window: Callable[..., Window], language) -> None:
    laptop = new_laptop()
    laptop.add_household()
    shown = window(laptop, language)
    shown.go("sync")
    shown.picture("sync-signs")
    signs = [shown.find(PlaceSign, f"sync.sign.{name}") for name in PLACES]
    assert [sign.place.name for sign in signs] == list(PLACES)
    assert all(sign.isVisible() and sign.width() >= sign.sizeHint().width() for sign in signs)
    assert all(sign.accessibleName() for sign in signs)
