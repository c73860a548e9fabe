"""What the second officer holds against the printed table: choices, areas, regions in words, a mark where a number is missing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from poverty_desktop.forms import FormDefinition, release
from poverty_desktop.gui.components.point_table import PointTable
from poverty_desktop.gui.models.line_model import BADGE_ROLE
from poverty_desktop.services.point_sheet import point_sheet
from poverty_desktop.services.release_words import point_lines, points_line
from poverty_desktop.system.resources import load_texts
from poverty_desktop.tour.clipping import cut_words
from tests.release.workbooks import REGIONS, filled

URBAN = "points_urban"
TEXTS = load_texts("vi")


def form_of(source: bytes) -> FormDefinition:
    """Converted without the check that would refuse what is missing: a release may come from another laptop."""
    return FormDefinition.parse(release.convert(source))


@pytest.fixture(scope="module")
def by_region() -> FormDefinition:
    """The third number is missing, the first choice has none at all."""
    points = {1: None, 2: None, 3: None, 6: -5}
    return form_of(filled(("toilet",), (URBAN, *REGIONS), lambda number: points.get(number, number)))


def test_the_columns_are_the_area_classes_and_regions_in_the_words_of_the_form(by_region: FormDefinition) -> None:
    sheet = point_sheet(by_region, TEXTS)
    assert sheet.heads == ("Nông thôn · Bắc Trung Bộ và Duyên hải miền Trung", "Nông thôn · Tây Nguyên", "Thành thị")
    assert not any("points_" in line.words for line in sheet.lines)
    assert load_texts("en").language == "en"
    assert point_sheet(by_region, load_texts("en")).heads[-1] == "Urban"


def test_a_choice_without_any_points_stands_in_the_table_and_every_empty_cell_is_marked(by_region: FormDefinition) -> None:
    sheet = point_sheet(by_region, TEXTS)
    question, first, second, *_ = sheet.lines
    toilet = next(one for one in by_region.questions() if one.name == "toilet")
    assert (question.words, question.cells) == (toilet.label.plain("vi"), ())
    assert first.words == toilet.choices[0].label.plain("vi")
    assert [cell.mark for cell in first.cells] == ["missing"] * 3
    assert "below_zero" in [cell.mark for cell in second.cells]
    assert (sheet.choices, sheet.missing) == (len(toilet.choices), 3)
    assert "CÒN 3 Ô" in points_line(sheet, TEXTS)
    assert f"{toilet.choices[0].label.plain('vi')} — " in point_lines(sheet)[1]


def test_a_form_without_points_has_no_table(phieu_b: FormDefinition) -> None:
    sheet = point_sheet(phieu_b, TEXTS)
    assert (sheet.lines, sheet.heads) == ((), ())
    assert "nhập từ phiếu giấy" in points_line(sheet, TEXTS)


def test_the_table_shows_questions_across_marks_by_badge_and_cuts_no_words(by_region: FormDefinition, qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table = PointTable("points", "Bảng điểm B1", "Câu hỏi và lựa chọn")
    QVBoxLayout(window).addWidget(table)
    window.resize(560, 600)
    table.show_sheet(point_sheet(by_region, TEXTS))
    with qtbot.waitExposed(window):
        window.show()
    assert (table.columnSpan(0, 0), table.columnSpan(1, 0)) == (4, 1)
    cell = table.points.index(1, 1)
    assert (cell.data(), cell.data(BADGE_ROLE)) == ("chưa có", "missing")
    assert "Nông thôn" in cell.data(Qt.ItemDataRole.AccessibleTextRole)
    assert cut_words(window) == []


def test_another_release_takes_the_columns_of_its_own(by_region: FormDefinition, phieu_b_demo: FormDefinition, qtbot) -> None:
    table = PointTable("points", "Bảng điểm B1", "Câu hỏi và lựa chọn")
    qtbot.addWidget(table)
    for form in (by_region, phieu_b_demo, by_region):
        sheet = point_sheet(form, TEXTS)
        table.show_sheet(sheet)
        head = [table.points.headerData(column, Qt.Orientation.Horizontal) for column in range(table.points.columnCount())]
        assert head[1:] == list(sheet.heads)
        assert table.points.rowCount() == len(sheet.lines)

