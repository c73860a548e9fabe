"""In the lists a household without a class says so, by word and by shape; no cell is left empty for it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from poverty_desktop.gui.models import case_model, household_model
from poverty_desktop.services.ports import HouseholdLine
from poverty_desktop.system.resources import load_texts

TEXTS = load_texts("vi")


def line(household_class: str | None, state: str | None = None, result: str | None = None) -> HouseholdLine:
    return HouseholdLine("1", "21289-0001", "Hồ Thị Mơ", "2", "Gò Ren", 5, household_class, state, result, None)


def shown(model: object, column: str, columns: tuple[str, ...], badge: int) -> tuple[object, object]:
    index = model.index(0, columns.index(column))  # type: ignore[attr-defined]
    return index.data(int(Qt.ItemDataRole.DisplayRole)), index.data(badge)


def test_the_households() -> None:
    model = household_model.HouseholdModel(TEXTS)
    for household_class, words, badge in ((None, "Chưa xếp loại", "none"), ("poor", "Hộ nghèo", "poor")):
        model.show_lines((line(household_class),), 1, "")
        assert shown(model, "class", household_model.COLUMNS, int(household_model.BADGE_ROLE)) == (words, badge)


def test_the_review() -> None:
    model = case_model.CaseModel(TEXTS)
    expected = {
        (None, None, None): ("–", None),
        (None, "finished", None): ("Chưa xếp loại", "none"),
        ("poor", "finished", "near_poor"): ("Hộ cận nghèo", "near_poor"),
    }
    for facts, result in expected.items():
        model.show_lines((line(*facts),), 1)
        assert shown(model, "result", case_model.COLUMNS, case_model.BADGE_ROLE) == result
    assert shown(model, "before", case_model.COLUMNS, case_model.BADGE_ROLE) == ("Hộ nghèo", "poor")
