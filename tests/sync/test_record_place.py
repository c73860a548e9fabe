"""The quiet sign: four states and one more, in total and per record, by word and shape as well as colour."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from poverty_desktop.gui.components.badge import LOOKS
from poverty_desktop.gui.components.place_sign import PlaceSign
from poverty_desktop.gui.presenters.record_place import PlaceView, RecordPlace, place_view
from poverty_desktop.gui.presenters.sync_presenter import PLACES
from poverty_desktop.services.record_places import RecordPlaces
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


def places_of(laptop: Laptop) -> RecordPlaces:
    return RecordPlaces(laptop.records, laptop.syncing.place_of, laptop.workspace.custody.kept_aside)


def test_each_state_has_a_shape_and_a_word_of_its_own() -> None:
    assert len({LOOKS[name][0] for name in STATES}) == len(STATES)
    for language in ("vi", "en"):
        views = [place_view(load_texts(language), name) for name in STATES]
        assert len({view.label for view in views}) == len({view.hint for view in views}) == len(STATES)


def test_a_household_is_where_the_worst_of_its_parts_is(province: RunningProvince, new_laptop: Callable[..., Laptop]) -> None:
    (laptop,) = enrolled(province, new_laptop, "a")
    household_id, member_id = laptop.add_household()
    assert places_of(laptop).of_household(household_id) == "on_laptop"
    laptop.synced()
    assert places_of(laptop).of_household(household_id) == "in_province"
    laptop.edit("household_member", member_id, full_name="Hồ Thị Mới")
    assert places_of(laptop).of_household(household_id) == "on_laptop"


def test_what_the_province_keeps_aside_is_never_told_as_in_the_province(aside: tuple[Laptop, str, str]) -> None:
    laptop, household_id, _ = aside
    assert places_of(laptop).of_household(household_id) == "kept_aside"


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
