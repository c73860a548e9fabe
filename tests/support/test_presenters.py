"""What the support screens say and keep, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.money import format_dong
from poverty_desktop.gui.presenters.batch_handover import free_path
from poverty_desktop.gui.presenters.support_batch_presenter import SupportBatchPresenter
from poverty_desktop.gui.presenters.support_fields import whole
from tests.gui.fakes import RecordingFrame

from .conftest import Commune, an_id

PAPER = {"name": "Bò cái", "programme_key": "ntp_poverty_2021_2025", "decided_on": "2026-11-10"}
COWS = {
    "support_kind": "production_animal",
    "item_name": "Bò cái",
    "unit": "con",
    "quantity": 18,
    "funding": {"central_budget": 240_000_000, "provincial_budget": 60_000_000},
}
CHICKS = {**COWS, "item_name": "Gà", "quantity": 300, "funding": {"commune_budget": 9_000_001}}


@pytest.fixture
def frame() -> RecordingFrame:
    return RecordingFrame()


def opened(commune: Commune, frame: RecordingFrame) -> SupportBatchPresenter:
    presenter = commune.batch_presenter(frame)
    presenter.opened(commune.supporting.create(PAPER, [COWS, CHICKS]))
    return presenter


@given(st.integers(min_value=0, max_value=10**13))
def test_a_sum_is_read_as_it_is_written(amount: int) -> None:
    assert whole(format_dong(amount)) == whole(str(amount)) == amount


@pytest.mark.parametrize("typed", ["1,5", "1.5", "12a", "-3", "1.00.000", ""])
def test_what_is_no_whole_number_is_never_made_one(typed: str) -> None:
    assert whole(typed) is None


def test_two_cows_of_eighteen_are_left_with_their_money(commune: Commune, frame: RecordingFrame) -> None:
    presenter = opened(commune, frame)
    for place, quantity in enumerate(("9", "7")):
        presenter.shares.left_cell(f"r{place}", "household", an_id(100 + place))
        presenter.shares.left_cell(f"r{place}", "quantity", quantity)
    assert presenter.state.shares.remaining.startswith("Còn 2 con, 33.333.33")


def test_each_cell_that_is_left_is_kept_and_said_so(commune: Commune, frame: RecordingFrame) -> None:
    presenter = opened(commune, frame)
    presenter.shares.left_cell("r", "household", an_id(100))
    presenter.shares.left_cell("r", "quantity", "2")
    assert len(frame.saves) == 2
    assert commune.shares() == []


def test_another_line_takes_up_its_own_shares(commune: Commune, frame: RecordingFrame) -> None:
    presenter = opened(commune, frame)
    presenter.shares.left_cell("r", "household", an_id(100))
    presenter.shares.left_cell("r", "quantity", "2")
    presenter.choose_line(presenter.state.lines[1][0])
    assert [share.quantity for share in commune.shares()] == [2]
    assert presenter.state.shares.sources == ("commune_budget",)
    assert presenter.state.shares.remaining == "Còn 300 con, 9.000.001 đồng"


def test_shares_in_excess_hold_the_officer_before_the_hand_over(commune: Commune, frame: RecordingFrame) -> None:
    presenter = opened(commune, frame)
    presenter.shares.left_cell("r", "household", an_id(100))
    presenter.shares.left_cell("r", "quantity", "19")
    presenter.go_to("handover")
    assert presenter.state.mode == "shares"
    assert [problem.code for problem in frame.problems] == ["support.share_exceeds_line"]  # type: ignore[attr-defined]


def test_only_the_class_on_the_decision_date_is_filled_in(commune: Commune, frame: RecordingFrame) -> None:
    presenter = opened(commune, frame)
    presenter.shares.fill(None, "poor")
    assert len([row for row in presenter.state.shares.rows if row.values.get("household")]) == 10
    presenter.shares.fill(an_id(2), "poor")
    assert frame.told[-1][1].startswith("Không có thêm hộ nào")


def test_a_receipt_is_not_marked_on_a_day_that_cannot_be(commune: Commune, frame: RecordingFrame) -> None:
    presenter = opened(commune, frame)
    presenter.shares.left_cell("r", "household", an_id(100))
    presenter.shares.left_cell("r", "quantity", "2")
    presenter.go_to("handover")
    presenter.handover.left_day("31/12/2027")
    presenter.handover.mark(commune.shares()[0].id, "signed")
    assert commune.shares()[0].receipt == "pending"
    presenter.handover.left_day("20/11/2026")
    presenter.handover.mark(commune.shares()[0].id, "signed")
    assert commune.shares()[0].received_on == "2026-11-20"


def test_the_way_back_from_elsewhere_leads_to_the_batch_the_form_became(commune: Commune, frame: RecordingFrame) -> None:
    presenter = commune.batch_presenter(frame)
    presenter.opened(new="form 1")
    for name, text in PAPER.items():
        presenter.paper.left(name, text)
    line = presenter.state.paper.lines[0].id
    for key, text in (("support_kind", "production_animal"), ("item_name", "Bò"), ("quantity", "3")):
        presenter.paper.left_cell(line, key, text)
    presenter.save()
    presenter.opened(new="form 1")
    assert presenter.state.mode == "shares"
    presenter.opened(new="form 2")
    assert presenter.state.paper.values.get("name") is None


def test_an_older_print_is_never_written_over(tmp_path: Path) -> None:
    wanted = tmp_path / "danh-sach.pdf"
    wanted.touch()
    assert free_path(wanted).name == "danh-sach-lan-2.pdf"
    free_path(wanted).touch()
    assert free_path(wanted).name == "danh-sach-lan-3.pdf"
