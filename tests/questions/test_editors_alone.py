"""What an editor does apart from its form: files that are there or not, questions that change or go while they are answered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import Range
from poverty_desktop.gui.presenters.survey_state import FieldState, Option, SurveyState
from poverty_desktop.gui.questions.editors import editor_kind
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.file_answer import FileAnswer
from poverty_desktop.gui.questions.section_page import SectionPage
from tests.gui.keyboard import CONTROL, press, type_text
from tests.gui.windows import in_front

ENTER = Qt.Key.Key_Return


def question(key: str, kind: str = "text", **more: object) -> FieldState:
    plain = FieldState(key, kind, f"Câu {key}", "", "", False, (), "", "", False, False)
    return replace(plain, **more)


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"o{number}", f"Mục {number}", str(number)) for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("kind", "more", "editor"),
    [
        ("text", {}, "line"),
        ("text", {"multiline": True}, "lines"),
        ("geotrace", {}, "lines"),
        ("integer", {"range": Range(Decimal(1), Decimal(5), Decimal(1))}, "range"),
        ("select_one", {"options": options(5)}, "options"),
        ("select_one", {"options": options(5), "appearance": "minimal"}, "choice_line"),
        ("select_multiple", {"options": options(1000)}, "choice_line"),
        ("select_one", {"options": options(2), "appearance": "label"}, "head"),
        ("rank", {"options": options(3)}, "rank"),
        ("acknowledge", {}, "acknowledge"),
        ("video", {}, "file"),
        ("calculate", {}, "reading"),
        ("text", {"readonly": True}, "reading"),
    ],
)
def test_each_kind_and_appearance_has_its_editor(kind: str, more: dict[str, object], editor: str) -> None:
    assert editor_kind(question("q", kind, **more)) == editor


@pytest.fixture
def page(qtbot, qapp: QApplication, texts: Texts) -> SectionPage:
    page = SectionPage(texts)
    in_front(qtbot, page, 900, 500)
    return page


def show(page: SectionPage, *rows: FieldState, focus: str = "", asked: int = 0) -> None:
    page.show_section(SurveyState(ready=True, section_label="Phần", rows=rows, focus=(focus, asked)))


def here() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget else ""


def test_a_question_that_may_be_written_again_gets_its_line_back(page: SectionPage) -> None:
    show(page, question("a", value="x", shown="x", readonly=True), question("b"))
    show(page, question("a", value="x", shown="x"), question("b"), focus="a", asked=1)
    assert here() == "question.a"
    page.grab()
    shown = [field for field in page.findChildren(QuestionField) if field.isVisible()]
    assert [field.key for field in sorted(shown, key=lambda field: field.y())] == ["a", "b"]


def test_enter_in_a_question_that_its_own_answer_takes_away_goes_on_to_the_next(page: SectionPage) -> None:
    rows = [question(key) for key in "abc"]
    show(page, *rows, focus="b", asked=1)
    page.answered.connect(lambda key, text: show(page, rows[0], rows[2], focus="b", asked=1))
    type_text(page, "x")
    press(page, ENTER)
    assert here() == "question.c"


def test_a_question_that_an_answer_opens_is_the_next(page: SectionPage) -> None:
    rows = [question(key) for key in "abc"]
    show(page, rows[0], rows[2], focus="a", asked=1)
    page.answered.connect(lambda key, text: show(page, *rows, focus="a", asked=1))
    type_text(page, "x")
    press(page, ENTER)
    assert here() == "question.b"


def file_line(page: SectionPage, value: str = "") -> FileAnswer:
    show(page, question("photo", "image", value=value, shown=value), focus="photo", asked=len(value) + 1)
    line = QApplication.focusWidget()
    assert isinstance(line, FileAnswer)
    return line


def test_ctrl_o_chooses_a_file_and_the_survey_keeps_its_name(page: SectionPage, tmp_path: Path, qtbot) -> None:
    picture = tmp_path / "nhà Mơ.png"
    picture.write_bytes(b"0" * 3000)
    line = file_line(page)
    answers: list[tuple[str, str]] = []
    page.answered.connect(lambda key, text: answers.append((key, text)))
    press(page, Qt.Key.Key_O, CONTROL)
    dialog = line.dialog
    assert isinstance(dialog, QFileDialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.fileSelected.emit(str(picture))
    dialog.reject()
    assert answers == [("photo", "nhà Mơ.png")]
    show(page, question("photo", "image", value="nhà Mơ.png", shown="nhà Mơ.png"))
    assert "Có trên máy này" in line.told.text()
    assert "3 KB" in line.told.text()
    qtbot.waitUntil(lambda: line.window().focusWidget() is line)


def test_a_file_that_is_gone_or_was_never_seen_is_called_so(page: SectionPage, tmp_path: Path) -> None:
    line = file_line(page)
    assert "Chưa có tệp" in line.told.text()
    line._chosen(str(tmp_path / "mat.png"))
    show(page, question("photo", "image", value="mat.png", shown="mat.png"))
    assert "Không còn thấy" in line.told.text()
    show(page, question("photo", "image", value="khac.png", shown="khac.png"))
    assert "chưa thấy tệp này" in line.told.text()


def test_a_problem_is_told_by_its_sign_and_its_word(page: SectionPage) -> None:
    for tone, words in (("red", "✖ Cần sửa: Sai."), ("amber", "▲ Cần xem lại: Sai."), ("grey", "● Lưu ý: Sai.")):
        show(page, question("a", problem="Sai.", tone=tone))
        assert page.findChildren(QuestionField)[0].problem == words


def test_a_thousand_options_make_no_widgets(page: SectionPage) -> None:
    show(page, question("village", "select_one", options=options(1000)), focus="village", asked=1)
    before = len(page.findChildren(object))
    type_text(page, "muc 9")
    assert len(page.findChildren(object)) <= before + 10
