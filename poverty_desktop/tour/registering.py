"""Two households typed into the register."""

from __future__ import annotations

from PySide6.QtCore import Qt

from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport

Key = Qt.Key
# village by letters without marks, code, phone, addresses, note, merit, no labour; then the members' rows
HOUSEHOLDS = (
    (
        ("to dan pho 1", "DB-0301", "0905123456", "Số 12 Trần Phú", "", "", "2", "2"),
        (
            ("Đinh Thị Hường", "1", "2", "02/05/1987", "062187004512", "hre", "1"),
            ("Phạm Văn Đức", "2", "1", "1985", "062085004513", "kinh", "1"),
            ("Phạm Đinh Thu Hà", "3", "2", "09/2015", "", "hre", "3"),
        ),
    ),
    (
        ("lang 2", "DB-0302", "0988654321", "Làng 2, gần suối", "", "Nhà dột, hẹn quay lại", "2", "2"),
        (
            ("A Đêng", "1", "1", "1979", "062079004514", "xo dang", "1"),
            ("Y Hlơn", "2", "2", "14061982", "062182004515", "ca dong", "1"),
            ("Y Mlênh", "3", "2", "20/11/2012", "062312004516", "ca dong", "3"),
        ),
    ),
)


def two_households(report: TourReport, laptop: Laptop) -> None:
    with report.step("register: two households with their members, typed") as figures:
        laptop.go("households")
        laptop.picture("household-list")
        for number, (fields, members) in enumerate(HOUSEHOLDS, start=1):
            laptop.hand.control(Key.Key_N)
            laptop.wait_for("household")
            wait_until(lambda: laptop.focus == "household.village_id", "the first field")
            laptop.enter(*fields)
            _type_members(laptop, members)
            laptop.picture(f"household-{number}-typed")
            laptop.hand.control(Key.Key_S)
            wait_until(lambda: "Đã lưu" in laptop.saved_sign(), "the sign that it was saved")
        figures["households"] = len(HOUSEHOLDS)
        figures["members"] = sum(len(members) for _, members in HOUSEHOLDS)
    with report.step("register: found again without diacritics") as figures:
        laptop.go("households")
        laptop.search("households.search", "dinh huong", "households.table", lines=_found(laptop, "dinh huong"))
        figures["found"] = laptop.cell("households.table", 0, 1)
        laptop.picture("household-found")
        if figures["found"] != HOUSEHOLDS[0][1][0][0]:
            raise AssertionError(f"the search shows {figures['found']}")


def _found(laptop: Laptop, text: str) -> int:
    """How many lines the search gives; asked by typing it once before."""
    laptop.hand.go_to("households.search")
    laptop.hand.control(Key.Key_A)
    laptop.hand.type(text)
    wait_until(lambda: laptop.hand.sees("households.table") and laptop.rows("households.table") < 20, "fewer lines")
    return laptop.rows("households.table")


def _type_members(laptop: Laptop, members: tuple[tuple[str, ...], ...]) -> None:
    """As in a spreadsheet: Enter to the next cell, and from the last cell to the next member."""
    laptop.hand.press(Key.Key_F6)
    wait_until(lambda: laptop.focus == "household.members.table", "the cursor in the members")
    for member in members:
        laptop.enter(*member)
    laptop.settle()
