"""Eighteen cows for ten households from two sources, by the keyboard alone, in the real window."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from poverty_desktop.domain.money import add_up
from tests.gui.keyboard import CONTROL, press, type_text

from .conftest import Desk, an_id

Key = Qt.Key
CENTRAL, PROVINCIAL = 240_000_007, 60_000_002
PAPER = ("Bò cái sinh sản", "1", "3.1", "45/QĐ-UBND", "10/11/2026", "HTX Sơn Hà", "25/11/2026", "Nhà văn hoá Gò Ren", "", "", "")


def new_batch(desk: Desk, name: str = PAPER[0]) -> None:
    desk.shell.go("support")
    press(desk.shell, Key.Key_N, CONTROL)
    desk.type(name, *PAPER[1:])
    desk.type("1", "Bò cái", "từ 200 kg", "", "18", "240.000.007", "60000002")
    press(desk.shell, Key.Key_S, CONTROL)


def give_out(desk: Desk) -> None:
    press(desk.shell, Key.Key_G, CONTROL)
    desk.type("2", "2", "2", "2", "2", "2", "2", "2", "1", "1")
    press(desk.shell, Key.Key_S, CONTROL)


@pytest.fixture
def given(desk: Desk) -> Desk:
    new_batch(desk)
    give_out(desk)
    return desk


def test_eighteen_cows_from_two_sources_add_up_to_the_last_dong(given: Desk) -> None:
    shares = given.commune.shares()
    assert sum(share.quantity for share in shares) == 18
    assert add_up([share.funding for share in shares]) == {"central_budget": CENTRAL, "provincial_budget": PROVINCIAL}
    assert given.words("batch.remaining") == "Đã chia hết 18 con và toàn bộ tiền"


def test_what_is_left_is_said_while_one_types(desk: Desk) -> None:
    new_batch(desk)
    press(desk.shell, Key.Key_G, CONTROL)
    desk.type("9", "7")
    left = "Còn 2 con, 33.333.334 đồng (NS trung ương 26.666.667 · NS tỉnh 6.666.667)"
    assert desk.words("batch.remaining") == left


def test_a_household_is_found_without_diacritics(desk: Desk) -> None:
    new_batch(desk)
    desk.type("ho thi mo")
    assert desk.cell("batch.shares.table", 0, 0) == "Hồ Thị Mơ · H-03"
    assert desk.cell("batch.shares.table", 0, 3) == "Gò Ren"


def test_a_text_that_means_several_households_is_kept_and_said(desk: Desk) -> None:
    desk.shell.go("support")
    new_batch(desk)
    desk.shell.current._presenter.shares.left_cell("fresh", "household", "Dinh")
    row = next(one for one in desk.shell.current._presenter.state.shares.rows if one.id == "fresh")
    assert row.values["household"] == "Dinh"
    assert row.said["household"].tone == "red"


def test_a_share_that_exceeds_its_line_is_said_beside_it_and_stays_typed(desk: Desk) -> None:
    new_batch(desk)
    press(desk.shell, Key.Key_G, CONTROL)
    desk.type("18", "3")
    press(desk.shell, Key.Key_S, CONTROL)
    assert desk.cell("batch.shares.table", 1, 1) == "3"
    assert desk.words("batch.remaining") == "Quá 3 con so với dòng hỗ trợ: hãy giảm số lượng"
    assert any("quá 3 con" in bar.sentence for bar in desk.shell.current.messages.bars)
    press(desk.shell, Key.Key_Up)
    assert "quá 3" in desk.words("batch.shares.problem")
    assert desk.commune.shares() == []


def test_a_second_support_of_the_same_kind_names_the_earlier_batch_whatever_cell_of_its_line_one_stands_in(given: Desk) -> None:
    new_batch(given, "Bò đợt hai")
    given.type("ho thi mo")
    grid = given.shell.current.shares.grid
    for column in ("household", "quantity", "class"):
        grid.stand_on(0, column)
        said = given.words("batch.shares.problem")
        assert "Bò cái sinh sản" in said
        assert "45/QĐ-UBND" in said


def test_the_grid_of_shares_of_two_sources_needs_no_scrolling_at_1366(given: Desk) -> None:
    table = given.shell.current.shares.grid.table
    given.shell.resize(1366, 768)
    given.shell.show()
    assert table.horizontalHeader().length() <= table.viewport().width()


def test_receipts_are_keyed_one_key_a_household_and_committed_at_once(given: Desk) -> None:
    press(given.shell, Key.Key_B, CONTROL)
    type_text(given.shell, "k12v")
    press(given.shell, Key.Key_D, CONTROL)
    receipts = [share.receipt for share in given.commune.shares()]
    assert receipts[:6] == ["signed", "signed", "fingerprint", "absent", "absent", "pending"]
    assert given.words("batch.totals") == "5 chờ ký · 2 đã ký · 1 điểm chỉ · 2 vắng"
    assert given.shell.status_line.saved.text().startswith("✓ Đã lưu")


def test_backspace_takes_a_receipt_back(given: Desk) -> None:
    press(given.shell, Key.Key_B, CONTROL)
    type_text(given.shell, "1")
    press(given.shell, Key.Key_Up)
    press(given.shell, Key.Key_Backspace)
    assert given.commune.shares()[0].receipt == "pending"


def test_the_double_d_of_telex_marks_two_households(given: Desk) -> None:
    press(given.shell, Key.Key_B, CONTROL)
    type_text(given.shell, "d")
    press(given.shell, Key.Key_Backspace)
    type_text(given.shell, "đ")
    assert [share.receipt for share in given.commune.shares()][:3] == ["fingerprint", "fingerprint", "pending"]


def test_the_signature_list_is_printed_with_all_names(given: Desk, tmp_path: Path) -> None:
    press(given.shell, Key.Key_P, CONTROL)
    files = list(tmp_path.glob("*.pdf"))
    assert [file.name for file in files] == ["danh-sach-ky-nhan-dot-01-2026.pdf"]
    text = subprocess.run(["pdftotext", "-layout", str(files[0]), "-"], capture_output=True, text=True, check=True).stdout
    assert all(share.receiver_name in " ".join(text.split()) for share in given.commune.shares())
    assert given.commune.printed == [{"batch_no": "01/2026", "rows": 10, "pages": given.commune.printed[0]["pages"]}]
    press(given.shell, Key.Key_P, CONTROL)
    assert len(list(tmp_path.glob("*.pdf"))) == 2


def test_a_half_typed_batch_is_there_again_after_a_restart(desk: Desk) -> None:
    desk.shell.go("support")
    press(desk.shell, Key.Key_N, CONTROL)
    desk.type("Gà thả vườn", "2")
    desk.shell.forget()
    desk.shell.go("support_batch", new=True)
    assert desk.find("batch.name").text() == "Gà thả vườn"
    assert desk.find("batch.programme_key").value() == "ntp_ethnic_2021_2030"


def test_half_typed_shares_are_there_again_after_a_restart(desk: Desk) -> None:
    new_batch(desk)
    batch_id = desk.commune.supporting.batches()[0].id
    press(desk.shell, Key.Key_G, CONTROL)
    desk.type("18", "3")
    desk.shell.forget()
    desk.shell.go("support_batch", batch_id=batch_id)
    assert [desk.cell("batch.shares.table", row, 1) for row in (0, 1)] == ["18", "3"]


def test_a_share_that_was_received_cannot_change(given: Desk) -> None:
    press(given.shell, Key.Key_B, CONTROL)
    type_text(given.shell, "1")
    press(given.shell, Key.Key_B, CONTROL)
    assert not given.shell.current.shares.model.is_editable(0, 1)
    assert given.shell.current.shares.model.is_editable(1, 1)


def test_what_is_missing_in_a_batch_is_said_beside_its_field(desk: Desk) -> None:
    desk.shell.go("support")
    press(desk.shell, Key.Key_N, CONTROL)
    press(desk.shell, Key.Key_S, CONTROL)
    assert desk.words("batch.name.problem") == "Chưa ghi tên đợt."
    assert desk.commune.supporting.batches() == []


def test_the_list_tells_what_is_still_to_hand_over_and_enter_opens(given: Desk) -> None:
    given.shell.go("support")
    assert given.cell("support.table", 0, 4) == "300.000.009"
    assert given.cell("support.table", 0, 5) == "10 chờ ký"
    press(given.shell, Key.Key_Return)
    assert given.shell.current.title_text == "Đợt 01/2026 · Bò cái sinh sản"


def test_a_household_that_was_not_poor_on_the_day_needs_a_reason_before_the_hand_over(desk: Desk) -> None:
    new_batch(desk)
    desk.type("nguyen van kha")
    desk.find("batch.shares").stand_on(0, "quantity")
    desk.type("1")
    press(desk.shell, Key.Key_B, CONTROL)
    type_text(desk.shell, "1")
    assert desk.commune.shares()[0].receipt == "pending"
    assert "lý do" in desk.words("batch.handover.problem")
    press(desk.shell, Key.Key_B, CONTROL)
    desk.find("batch.shares").stand_on(0, "reason")
    desk.type("Họp thôn thống nhất")
    press(desk.shell, Key.Key_B, CONTROL)
    type_text(desk.shell, "1")
    assert desk.commune.shares()[0].receipt == "signed"
    assert desk.commune.shares()[0].household_id == an_id(110)
