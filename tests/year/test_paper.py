"""The paper of a survey: what the village team writes on, in the order of the screen, with a code that leads back to it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from poverty_desktop.documents.survey_form import survey_form_html
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.domain.survey_code import survey_code
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession
from poverty_desktop.gui.printing import PaperStack, print_pdf
from poverty_desktop.services.survey_paper import PaperGrid, PaperQuestion, SurveyPaper, survey_paper
from poverty_desktop.services.survey_papers import PaperOrder, SurveyPapers
from poverty_desktop.system.released_forms import DEMONSTRATION
from tests.forms.making import TODAY, q, small_form
from tests.review.answers import GOOD_HOUSE, rural_five
from tests.review.conftest import MO, MO_S, RURAL, TOWN_S, URBAN, Commune, an_id
from tests.year.conftest import last_year


def papers(commune: Commune) -> SurveyPapers:
    return SurveyPapers(commune.lists, commune.reviewing.reading, commune.reviewing.current_round)


def finished(commune: Commune, doubt: str = "", note: str = "") -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, rural_five(GOOD_HOUSE | ({"floor_area": "1200"} if doubt else {}), 120))
    if note:
        commune.reviewing.note(sheet.draft.id, "house/toilet", note)
    commune.reviewing.finish(sheet.draft.id, {"house/floor_area": doubt} if doubt else None)


def questions(paper: SurveyPaper) -> dict[str, PaperQuestion]:
    rows = (row for section in paper.sections for row in section.rows if isinstance(row, PaperQuestion))
    return {row.label: row for row in rows}


def roster(paper: SurveyPaper) -> PaperGrid:
    return next(row for section in paper.sections for row in section.rows if isinstance(row, PaperGrid))


def printed(paper: SurveyPaper, texts: Texts, path: Path, *, practice: bool = False) -> str:
    """The words of the PDF, page by page."""

    def foot(page: int, pages: int) -> str:
        return texts("paper.foot", code=paper.household_code, page=page, pages=pages)

    print_pdf(survey_form_html(paper, texts, practice=practice), path, foot)
    return words_of(path)


def words_of(path: Path) -> str:
    return " ".join(subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout.split())


def codes_on(path: Path, folder: Path) -> list[str]:
    """What a reader sees on the rendered pages, at a third of an office printer's resolution."""
    subprocess.run(["pdftoppm", "-r", "100", "-gray", "-png", str(path), str(folder / "page")], check=True)
    found = []
    for page in sorted(folder.glob("page*.png")):
        image = QImage(str(page)).convertToFormat(QImage.Format.Format_Grayscale8)
        pixels = memoryview(image.constBits()).cast("B", (image.height(), image.bytesPerLine()))
        found += [code.text for code in zxingcpp.read_barcodes(pixels)]
    return found


def test_the_code_is_read_from_the_printed_page(qapp: QApplication, commune: Commune, texts: Texts, tmp_path: Path) -> None:
    paper = papers(commune).paper(MO_S, "blank")
    printed(paper, texts, tmp_path / "phieu.pdf")
    assert codes_on(tmp_path / "phieu.pdf", tmp_path) == [survey_code(commune.reviewing.current_round(), MO_S)]


def test_the_code_holds_nothing_of_a_person(commune: Commune) -> None:
    assert not [one for one in ("0001", "1987", "Mơ") if one in papers(commune).paper(MO_S, "blank").code]


def test_a_blank_paper_has_every_question_in_the_order_of_the_screen(commune: Commune) -> None:
    blank = papers(commune).paper(MO_S, "blank")
    labels = list(questions(blank))
    assert (
        labels.index("Nguồn nước sinh hoạt chính") < labels.index("Loại nhà tiêu") < labels.index("Nguyên nhân nghèo, cận nghèo")
    )
    assert "Nguyên nhân khác (ghi rõ)" in labels  # opened by an answer that is not there yet
    assert [name for name, _, _ in roster(blank).lines][:2] == ["Hồ Thị Mơ", "Đinh Văn Hrê"]


def test_the_numbers_on_paper_are_those_typed_on_the_screen(commune: Commune) -> None:
    """Where a filter shows some of the choices only, the screen numbers those from 1: so does the paper, group by group."""
    sheet = commune.reviewing.open(MO_S)
    key = f"roster/{MO}"
    sheet.session.set(f"{key}/can_work", "yes")
    legend = dict(roster(papers(commune).paper(MO_S, "blank")).legends)["Chi tiết việc làm"]
    for activity in ("employed", "not_employed"):
        sheet.session.set(f"{key}/activity", activity)
        choices = sheet.session.question(f"{key}/employment").choices
        assert "; ".join(f"{place} {label}" for place, (_, label) in enumerate(choices, 1)) in legend


def test_a_blank_paper_holds_only_what_the_register_says(commune: Commune) -> None:
    finished(commune)
    blank = papers(commune).paper(TOWN_S, "blank")
    answered = {label for label, one in questions(blank).items() if one.answer}
    assert answered <= {"Tỉnh", "Xã, phường, đặc khu", "Thôn, làng, tổ dân phố", "Mã hộ"}
    assert all(not answer for _, _, cells in roster(blank).lines for answer, _, _ in cells)
    assert commune.drafts.all() == []


def test_last_year_s_answers_stand_in_grey_when_wanted(
    qapp: QApplication, commune: Commune, texts: Texts, tmp_path: Path
) -> None:
    last_year(commune)
    assert questions(papers(commune).paper(MO_S, "blank"))["Diện tích nhà ở (m²)"].before == ""
    words = printed(papers(commune).paper(MO_S, "with_last"), texts, tmp_path / "phieu.pdf")
    assert "năm trước: 60" in words
    assert "năm 2025" in words


def test_a_filled_paper_bears_reasons_and_notes(qapp: QApplication, commune: Commune, texts: Texts, tmp_path: Path) -> None:
    finished(commune, doubt="Nhà dài của cả họ", note="Nhà tiêu dùng chung với hàng xóm")
    words = printed(papers(commune).paper(MO_S, "filled"), texts, tmp_path / "phieu.pdf")
    assert "Lý do giữ câu trả lời: Nhà dài của cả họ" in words
    assert "Ghi chú: Nhà tiêu dùng chung với hàng xóm" in words
    assert "Kết quả của phiếu: Hộ cận nghèo" in words
    assert "Mã hộ 21289-0001 · tờ 1/" in words


def test_only_a_finished_survey_is_printed_filled(commune: Commune) -> None:
    with pytest.raises(KnownProblem, match=r"paper\.not_finished"):
        papers(commune).paper(MO_S, "filled")


def test_a_demonstration_form_and_practice_say_so(qapp: QApplication, texts: Texts, tmp_path: Path) -> None:
    words = printed(papers(Commune(form=DEMONSTRATION)).paper(MO_S, "blank"), texts, tmp_path / "phieu.pdf", practice=True)
    assert "PHIẾU TRÌNH DIỄN – KHÔNG CHÍNH THỨC" in words
    assert "THỰC HÀNH" in words


def test_a_village_or_all_that_are_missing_are_printed_in_the_order_of_the_list(commune: Commune) -> None:
    commune.records.put(Household(id=an_id(40), commune_code="21289", village_id=RURAL, household_code="21289-0003"))
    finished(commune)
    found = papers(commune)
    assert found.households(PaperOrder("household", "blank", household_id=MO_S)) == [MO_S]
    assert set(found.households(PaperOrder("village", "blank", village_id=RURAL))) == {MO_S, an_id(40)}
    assert found.households(PaperOrder("village", "filled", village_id=RURAL)) == [MO_S]
    with pytest.raises(KnownProblem, match=r"paper\.nothing"):
        found.households(PaperOrder("village", "filled", village_id=URBAN))


def test_each_household_of_a_pile_has_page_numbers_and_a_code_of_its_own(
    qapp: QApplication, commune: Commune, texts: Texts, tmp_path: Path
) -> None:
    stack = PaperStack(tmp_path / "chong.pdf")
    for household in (MO_S, TOWN_S):
        paper = papers(commune).paper(household, "blank")
        stack.add(
            survey_form_html(paper, texts, practice=False),
            lambda page, pages, code=paper.household_code: f"{code} {page}/{pages}",
        )
    stack.close()
    words = words_of(tmp_path / "chong.pdf")
    assert "21289-0001 1/" in words
    assert "21289-0002 1/" in words
    current = commune.reviewing.current_round()
    assert codes_on(tmp_path / "chong.pdf", tmp_path) == [survey_code(current, one) for one in (MO_S, TOWN_S)]


def test_what_a_person_wrote_is_printed_as_it_was_written(
    qapp: QApplication, commune: Commune, texts: Texts, tmp_path: Path
) -> None:
    finished(commune, note="<b>nhà</b> & <img src=x>")
    assert "Ghi chú: <b>nhà</b> & <img src=x>" in printed(papers(commune).paper(MO_S, "filled"), texts, tmp_path / "phieu.pdf")


def test_repeats_in_repeats_stand_behind_their_line(commune: Commune) -> None:
    """Any form can be printed, not only Phieu B."""
    loans = [q("begin_repeat", "loans", label="Khoản vay"), q("integer", "sum", label="Số tiền"), q("end_repeat", "")]
    people = [q("begin_repeat", "people", label="Người"), q("text", "full_name", label="Tên"), *loans, q("end_repeat", "")]
    form = small_form([q("text", "before", label="Trước"), *people, q("text", "after", label="Sau")])
    sheet = commune.reviewing.reading.blank(MO_S)
    answers = {"people/a/full_name": "An", "people/a/loans/x/sum": "5000000", "people/b/full_name": "Bình"}
    filled = replace(sheet, form=form, session=FormSession(form, answers, today=TODAY))
    rows = [row for section in survey_paper(filled, "", filled=True, with_last=False).sections for row in section.rows]
    assert [row.label for row in rows if isinstance(row, PaperQuestion)] == ["Trước", "Sau"]
    grids = [row for row in rows if isinstance(row, PaperGrid)]
    assert [[name for name, _, _ in grid.lines] for grid in grids] == [["An", "Bình"], [""]]
    assert grids[1].lines[0][2] == (("5000000", "", True),)
    empty = replace(sheet, form=form, session=FormSession(form, {}, today=TODAY, repeat_keys={"people": []}))
    blank = survey_paper(empty, "", filled=False, with_last=False)
    assert sum(isinstance(row, PaperGrid) for section in blank.sections for row in section.rows) == 2
