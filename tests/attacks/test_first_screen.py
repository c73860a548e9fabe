"""The first screen of a commune whose households have no class yet."""

from __future__ import annotations

from tests.attacks.conftest import Desk


def test_a_village_without_any_class_stands_on_the_first_screen_while_the_round_is_open(desk: Desk) -> None:
    desk.go("review")  # begins the round
    desk.go("work")
    found = []
    desk.application.tasks.storage(lambda: desk.application.open_office.overview.work(), found.append)
    desk.settle()
    assert [(village.households, village.to_review) for village in found[0].work.villages] == [(1, 0)]
