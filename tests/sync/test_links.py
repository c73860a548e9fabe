"""A link that appears leads to a round by itself; the officer can say no, and the waits of the exchange stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QCheckBox

from poverty_desktop.gui.link_watch import LinkWatch
from poverty_desktop.gui.presenters.sync_runner import SyncRunner
from poverty_desktop.protocol.backoff import LINK_SPREAD_SECONDS, Retry, after_link
from tests.gui.fakes import ImmediateTasks, RecordingFrame
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.test_rounds import enrolled

Reach = QNetworkInformation.Reachability
NewLaptop = Callable[..., Laptop]


class FakeLinks:
    """A system that tells of links when asked to."""

    def __init__(self) -> None:
        self.appears: Callable[[], None] = lambda: None

    def listen(self, heard: Callable[[], None]) -> bool:
        self.appears = heard
        return True


@pytest.fixture
def waiting(province: RunningProvince, new_laptop: NewLaptop) -> Laptop:
    """A laptop with work to send, whose next try by itself is ten minutes away."""
    (laptop,) = enrolled(province, new_laptop, "a")
    laptop.synced()
    laptop.add_household()
    laptop.store.keep_retry(Retry(5, laptop.clock.monotonic() + 600))
    laptop.syncing._chance = lambda: 0.0
    laptop.syncing._spread = True
    return laptop


def runner_of(laptop: Laptop, links: FakeLinks) -> SyncRunner:
    runner = SyncRunner(ImmediateTasks(), RecordingFrame(), laptop.syncing)
    runner.hear(links)
    return runner


def test_a_link_that_appears_leads_to_a_round_by_itself(waiting: Laptop) -> None:
    links = FakeLinks()
    runner_of(waiting, links)
    assert not waiting.syncing.due()
    links.appears()
    assert waiting.syncing.state().standing.waiting == 0


def test_an_officer_who_does_not_want_that_is_obeyed(waiting: Laptop) -> None:
    links = FakeLinks()
    runner_of(waiting, links).follow_link(False)
    links.appears()
    assert waiting.syncing.state().standing.waiting == 2
    assert not waiting.syncing.state().follows_link


def test_a_line_that_comes_and_goes_is_not_tried_each_time(waiting: Laptop) -> None:
    links = FakeLinks()
    runner_of(waiting, links)
    links.appears()
    waiting.store.keep_retry(Retry(6, waiting.clock.monotonic() + 600))
    links.appears()
    assert not waiting.syncing.due()


def test_what_the_province_asked_for_stands_and_failures_still_count() -> None:
    asked = Retry(2, 500.0, asked=True)
    assert after_link(asked, 100.0, lambda: 0.0) == asked
    soon = after_link(Retry(7, 900.0), 100.0, lambda: 0.5)
    assert (soon.attempt, soon.remaining(100.0)) == (7, LINK_SPREAD_SECONDS / 2)
    assert after_link(Retry(1, 101.0), 100.0, lambda: 0.5) == Retry(1, 101.0)  # it comes sooner already


def test_only_a_link_where_there_was_none_is_heard(qapp) -> None:
    heard: list[int] = []
    watch = LinkWatch(qapp)
    tells = watch.listen(lambda: heard.append(1))
    assert tells is (QNetworkInformation.instance() is not None)  # where the system tells nothing, nothing changes
    watch._heard, watch._up = lambda: heard.append(1), False
    for reach in (Reach.Unknown, Reach.Local, Reach.Online, Reach.Site, Reach.Disconnected, Reach.Online):
        watch.changed(reach)
    assert len(heard) == 2
    watch.deleteLater()


def test_the_choice_stands_on_the_screen_only_where_the_system_tells_of_links(waiting: Laptop, window) -> None:
    shown = window(waiting)
    shown.go("sync")
    box = shown.find(QCheckBox, "sync.follow_link")
    assert not box.isVisible()
    shown.runner.hear(FakeLinks())
    shown.runner.refresh()
    shown.settle()
    assert box.isVisible()
    assert box.isChecked()
    box.click()
    shown.settle()
    assert not waiting.syncing.state().follows_link
