"""Bad input, each kind through the part an officer or a script meets: one sentence in Vietnamese that says what
happened, what was kept and what to do, and nothing lost. The details of each stand with the tests of its area."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from tests.attacks.conftest import Desk
from tests.bad_input.conftest import Said
from tests.forms.making import q, workbook
from tests.gui.keyboard import CONTROL
from tests.sync.cutter import Cutter
from tests.sync.impostor import Impostor, Reply
from tests.sync.laptops import Laptop, RunningProvince

Run = Callable[..., Said]
Key = Qt.Key
VIETNAMESE = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


def one_sentence(text: str, *words: str) -> None:
    """One paragraph, in Vietnamese, with these words in it and nothing for programmers."""
    assert text.strip().count("\n") == 0, text
    assert set(text.lower()) & set(VIETNAMESE), text
    assert "Traceback" not in text
    assert "Error" not in text
    assert [word for word in words if word not in text] == [], text


def nothing_was_sent(folder: Path) -> None:
    laptop = Laptop.at(folder)
    try:
        assert laptop.workspace.info()["counts"]["household"] == 1
        assert laptop.syncing.state(1).standing.waiting >= 2  # the household and its head
        assert laptop.workspace.verify().ok
    finally:
        laptop.close()


def test_an_xlsform_with_a_broken_expression_names_the_cell(run: Run, tmp_path: Path) -> None:
    form = tmp_path / "mau.xlsx"
    before = workbook([q("integer", "tuoi"), q("text", "ten", relevant="${tuoi} > (3")])
    form.write_bytes(before)
    code, out, _ = run("forms", "check", form)
    assert code == 1
    one_sentence(out, "survey!", "3")
    assert form.read_bytes() == before


def test_an_answer_file_with_an_unknown_question_names_it(run: Run, tmp_path: Path) -> None:
    form, answers = tmp_path / "mau.xlsx", tmp_path / "tra-loi.json"
    form.write_bytes(workbook([q("integer", "tuoi")]))
    answers.write_text(json.dumps({"tuoi": "3", "chieu_cao": "120"}))
    code, out, err = run("forms", "evaluate", form, "--answers", answers)
    assert (code, out) == (1, "")
    one_sentence(err, "chieu_cao", "Chưa có gì bị thay đổi", "hãy")


def test_a_wrong_server_address_keeps_everything(run: Run, kept_laptop: Path) -> None:
    code, out, err = run("sync", "--workspace", kept_laptop, "--server", "http://127.0.0.1:1", "--enrol", "ABCD-EFGH")
    assert (code, out) == (1, "")
    one_sentence(err, "http://127.0.0.1:1", "không thay đổi", "hãy")
    nothing_was_sent(kept_laptop)


@pytest.fixture
def portal() -> Iterator[Impostor]:
    made = Impostor(Reply("<html><title>Đăng nhập Wi-Fi</title></html>"))
    yield made
    made.close()


def test_an_html_page_in_place_of_the_server_is_told_apart(run: Run, kept_laptop: Path, portal: Impostor) -> None:
    code, out, err = run("sync", "--workspace", kept_laptop, "--server", portal.url, "--enrol", "ABCD-EFGH")
    assert (code, out) == (1, "")
    one_sentence(err, "không phải máy chủ của tỉnh", "Không có gì được gửi", "hãy")
    nothing_was_sent(kept_laptop)


def test_a_server_that_stops_in_mid_answer_is_a_cut(run: Run, kept_laptop: Path, province: RunningProvince) -> None:
    cutter = Cutter(province.port)
    try:
        laptop = Laptop.at(kept_laptop)
        laptop.syncing.enrol(cutter.url, province.code())
        laptop.close()
        cutter.cut_after("down", 700)
        code, _, err = run("sync", "--workspace", kept_laptop)
        assert code == 1
        one_sentence(err, "Mạng đứt", "không bị gửi hai lần", "hãy thử lại")
        nothing_was_sent(kept_laptop)
        cutter.heal()
        assert run("sync", "--workspace", kept_laptop)[0] == 0
    finally:
        cutter.close()


def red_messages(desk: Desk) -> list[str]:
    return [bar.sentence for bar in desk.shell.current.messages.bars if bar.tone == "red"]


def test_a_full_disk_at_save_keeps_the_typing_until_there_is_room(desk: Desk) -> None:
    desk.go("household", household_id=desk.home)
    database = desk.application.open_office.workspace.database
    pages: list[int] = []
    desk.application.tasks.storage(lambda: pages.append(database.value("PRAGMA page_count")))
    desk.settle()
    desk.application.tasks.storage(lambda: database.value(f"PRAGMA max_page_count = {pages[0]}"))
    note = desk.sees("household.note")
    assert isinstance(note, QLineEdit)
    note.setFocus()
    note.insert("Nhà ở cuối thôn. " * 1500)  # more than the pages that are free
    desk.press(Key.Key_S, CONTROL)
    desk.settle()
    told = set(red_messages(desk))
    assert len(told) == 1
    one_sentence(told.pop(), "đã đầy", "mọi thứ đã lưu trước đó vẫn còn", "Hãy")
    assert note.text().startswith("Nhà ở cuối thôn.")
    desk.application.tasks.storage(lambda: database.value("PRAGMA max_page_count = 1000000"))
    desk.press(Key.Key_S, CONTROL)
    desk.settle()
    desk.close()
    found = desk.on_disk()
    assert found.household.note == ("Nhà ở cuối thôn. " * 1500).strip()
    assert found.drafts == []


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        ("personal_id_number", "05119000A777", ("chỉ gồm chữ số", "05119000A777", "vẫn được giữ")),
        ("birth_date", "01/01/2031", ("tương lai", "vẫn được giữ")),
    ],
)
def test_what_cannot_be_of_a_member_is_said_beside_the_cell_and_stays_typed(
    desk: Desk, column: str, typed: str, words: tuple[str, ...]
) -> None:
    desk.go("household", household_id=desk.home)
    desk.stand_on("household.phone")
    desk.type("0905999888")
    grid = desk.shell.current.grid
    grid.stand_on(0, column)
    desk.type(typed)
    desk.press(Key.Key_Return)
    grid.stand_on(0, column)
    sentences = [label.text() for label in grid.findChildren(QLabel) if label.isVisible() and label.text()]
    one_sentence(next(one for one in sentences if words[0] in one), *words)
    desk.press(Key.Key_S, CONTROL)
    desk.close()
    found = desk.on_disk()
    assert found.typed(column) in ([typed], ["2031-01-01"])
    assert found.typed("phone") == ["0905999888"]
