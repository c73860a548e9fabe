"""The section of the indicators: each reason stands in the block of its indicator, the state by word and shape."""

from __future__ import annotations

import pytest

from poverty_desktop.gui.presenters.survey_state import FieldState
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, Commune, Desk


@pytest.fixture
def rows(commune: Commune, desk: Desk) -> dict[str, str]:
    answers = {key: text for key, text in rural_five(POOR_HOUSE, 120).items() if key != "house/uses_internet"}
    commune.reviewing.keep(commune.reviewing.open(MO_S).draft.id, answers)
    desk.presenter.open(MO_S)
    desk.presenter.go_to_section("indicators")
    return {row.key.rpartition("/")[2]: row.shown for row in desk.state.rows if isinstance(row, FieldState)}


def test_every_state_has_its_own_word_and_shape(rows: dict[str, str]) -> None:
    assert rows["deprived_9"] == "■ Thiếu hụt\nNước sông, suối, ao, hồ"
    assert rows["deprived_1"] == "□ Không thiếu hụt"
    assert rows["deprived_5"] == "– Không áp dụng"
    assert rows["deprived_11"] == "? Chưa hỏi"


def test_no_reason_is_a_row_of_its_own(rows: dict[str, str]) -> None:
    assert not [key for key in rows if key.startswith("because_")]
    assert "Đinh Văn Đông" in rows["deprived_2"]
    assert rows["b2_score"] == "50"
