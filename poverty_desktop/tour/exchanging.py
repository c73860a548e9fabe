"""The exchange with the province: connecting, sending, a second laptop, and a clash that a person settles."""

from __future__ import annotations

from PySide6.QtCore import Qt

from poverty_desktop.practice.local_province import LocalProvince
from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE
from poverty_desktop.tour.beginning import OFFICERS, to_server_step
from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.registering import HOUSEHOLDS
from poverty_desktop.tour.report import TourReport

Key = Qt.Key
COMMUNE = "Phường Đăk BLa"
BIRTH_COLUMN = 3
CLASH_CODE = HOUSEHOLDS[1][0][1]
BIRTHS = {"first": "1978", "second": "15/03/1979"}


def connect(report: TourReport, laptop: Laptop, province: LocalProvince) -> None:
    with report.step("sync: the laptop is connected with a one-time code and sends its commune") as figures:
        laptop.go("sync")
        laptop.picture("sync-not-connected")
        laptop.hand.go_to("sync.address")
        laptop.enter(province.url, province.code_for(PRACTICE_COMMUNE, COMMUNE, OFFICERS[laptop.name]))
        laptop.hand.press(Key.Key_Return)
        _until_all_is_in_the_province(laptop)
        figures.update(_standing(laptop))
        laptop.picture("sync-first-round")


def send(report: TourReport, laptop: Laptop) -> None:
    with report.step("sync: the day's work is sent and the province signs for it") as figures:
        laptop.go("sync")
        laptop.picture("sync-waiting")
        synchronise(laptop)
        figures.update(_standing(laptop))
        figures["receipt"] = laptop.words("sync.receipt")
        laptop.picture("sync-receipt")


def second_laptop(report: TourReport, first: Laptop, second: Laptop, province: LocalProvince) -> None:
    with report.step("second laptop: first run with the code of the province, everything is fetched") as figures:
        second.switch_on()
        to_server_step(second)
        second.enter(province.url, province.code_for(PRACTICE_COMMUNE, COMMUNE, OFFICERS[second.name]))
        second.wait_for("sync")
        wait_until(lambda: not second.hand.sees("sync.address") and "1" in second.words("sync.rounds"), "the first round", 90)
        second.settle()
        second.picture("second-laptop-fetched")
        counts = [_counts(laptop) for laptop in (first, second)]
        figures["first"], figures["second"] = counts
        if counts[0] != counts[1]:
            raise AssertionError(f"the laptops differ: {counts}")
        second.go("households")
        second.picture("second-laptop-households")


def clash_offline(report: TourReport, first: Laptop, second: Laptop) -> None:
    """The province is switched off while both officers correct the same birth date."""
    with report.step("offline: both laptops correct the same birth date, differently") as figures:
        for laptop in (first, second):
            laptop.hand.come_forward()
            _correct_birth(laptop, BIRTHS[laptop.name])
            figures[laptop.name] = BIRTHS[laptop.name]
        second.go("sync")
        second.hand.press(Key.Key_F9)
        wait_until(lambda: second.hand.sees("message"), "the sentence that there is no link")
        figures["without a link"] = second.words("message.text")
        second.picture("sync-without-link")


def settle_clash(report: TourReport, first: Laptop, second: Laptop) -> None:
    with report.step("clash: both send; the later one is told, nothing is overwritten") as figures:
        for laptop in (first, second):
            laptop.hand.come_forward()
            laptop.go("sync")
            synchronise(laptop)
        wait_until(lambda: second.hand.sees("sync.conflicts"), "the clash on the second laptop")
        second.hand.go_to("sync.conflicts")
        second.hand.press(Key.Key_Space)
        second.wait_for("conflicts")
        wait_until(lambda: second.hand.sees("conflicts.current"), "both values")
        second.picture("clash-both-values")
        figures["current"], figures["other"] = second.words("conflicts.current"), second.words("conflicts.other")
    with report.step("clash: settled by a person with a reason, and the same on both laptops") as figures:
        second.hand.press(Key.Key_2)
        wait_until(lambda: second.focus == "conflicts.reason", "the reason asked for")
        second.hand.type("Theo căn cước công dân")
        second.picture("clash-chosen")
        second.hand.control(Key.Key_Return)
        wait_until(lambda: second.hand.sees("empty"), "no clash left")
        second.picture("clash-settled")
        second.go("sync")
        synchronise(second)
        first.hand.come_forward()
        first.go("sync")
        synchronise(first)
        shown = [_birth_of_head(laptop) for laptop in (first, second)]
        figures["first"], figures["second"] = shown
        if shown[0] != shown[1] or shown[0] != BIRTHS["second"]:
            raise AssertionError(f"the laptops show {shown}")
        first.hand.come_forward()
        first.picture("clash-settled-on-the-first-laptop")


# --- parts


def synchronise(laptop: Laptop) -> None:
    """F9, then until the round is over and nothing waits."""
    rounds = laptop.words("sync.rounds")
    laptop.hand.press(Key.Key_F9)
    wait_until(lambda: laptop.words("sync.rounds") != rounds, "one more round in the log", 60)
    _until_all_is_in_the_province(laptop)


def _until_all_is_in_the_province(laptop: Laptop) -> None:
    wait_until(lambda: laptop.hand.sees("sync.place.on_laptop"), "what is where", 60)
    wait_until(
        lambda: laptop.words("sync.place.on_laptop") == "0" == laptop.words("sync.place.handed_on"),
        "nothing waiting on this laptop",
        60,
    )
    laptop.settle()


def _standing(laptop: Laptop) -> dict[str, str]:
    """The four states as the screen counts them, and the log line of the newest round."""
    names = ("on_laptop", "handed_on", "in_province", "safe")
    return {name: laptop.words(f"sync.place.{name}") for name in names} | {"rounds": laptop.words("sync.rounds")}


def _counts(laptop: Laptop) -> dict[str, int]:
    laptop.hand.come_forward()
    laptop.go("work")
    laptop.settle()
    found: list[dict[str, int]] = []
    workspace = laptop.application.open_office.workspace
    laptop.application.tasks.storage(lambda: dict(workspace.info()["counts"]), found.append)
    wait_until(lambda: bool(found), "the counts read")
    return {name: count for name, count in found[0].items() if name not in ("draft", "sync_op")}


def _correct_birth(laptop: Laptop, birth: str) -> None:
    _open_household(laptop)
    laptop.hand.press(Key.Key_F6)
    wait_until(lambda: laptop.focus == "household.members.table", "the cursor in the members")
    laptop.hand.press(Key.Key_Right, times=BIRTH_COLUMN)
    laptop.enter(birth)
    laptop.settle()
    laptop.picture(f"clash-typed-{laptop.name}")
    laptop.hand.control(Key.Key_S)
    laptop.settle()


def _open_household(laptop: Laptop) -> None:
    laptop.go("households")
    laptop.search("households.search", CLASH_CODE, "households.table")
    laptop.hand.press(Key.Key_Return)
    laptop.wait_for("household")
    laptop.settle()


def _birth_of_head(laptop: Laptop) -> str:
    laptop.hand.come_forward()
    _open_household(laptop)
    return laptop.cell("household.members.table", 0, BIRTH_COLUMN)
