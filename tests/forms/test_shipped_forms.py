"""The committed forms are what the generator and pyxform make, and say what the law and the reference data say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest
from python_calamine import CalamineWorkbook

from poverty_desktop.forms import INDICATORS, FormDefinition
from poverty_desktop.forms.release import check, convert_with_warnings
from poverty_desktop.system.resources import resource, resources_root

FORMS = ("phieu_b", "phieu_b_demo")
REPOSITORY = resources_root().parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    command = [sys.executable, str(REPOSITORY / "packaging" / "make_forms.py"), "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def cells(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.mark.parametrize("form", FORMS)
def test_the_committed_workbook_is_what_the_generator_writes_cell_by_cell(generated: Path, form: str) -> None:
    assert cells(resource("forms", f"{form}.xlsx")) == cells(generated / f"{form}.xlsx")


@pytest.mark.parametrize("form", FORMS)
def test_the_committed_xform_is_what_pyxform_makes_of_the_workbook(form: str) -> None:
    xml, warnings = convert_with_warnings(resource("forms", f"{form}.xlsx"))
    assert canonicalize(xml.decode()) == canonicalize(resource("forms", f"{form}.xml").read_text(encoding="utf-8"))
    assert warnings == []


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_workbook_has_no_fault(form: str) -> None:
    assert check(resource("forms", f"{form}.xlsx")) == []


@pytest.mark.parametrize("form", FORMS)
def test_every_word_of_the_form_stands_in_vietnamese_and_english(form: str) -> None:
    definition = FormDefinition.parse(resource("forms", f"{form}.xml").read_bytes())
    assert definition.languages == ("vi", "en")
    for question in definition.questions():
        words = [question.label, question.hint, question.guidance, question.constraint_message]
        words += [choice.label for choice in question.choices]
        for word in words:
            assert not word or all(word.parts.get(language) for language in ("vi", "en")), question.path
        if question.kind not in ("calculate", "hidden"):
            assert question.label, question.path


def test_each_indicator_carries_its_threshold_and_the_mark_of_what_is_uncertain(phieu_b: FormDefinition) -> None:
    standard = json.loads(resource("standards", "mdp_2022_2025.json").read_text(encoding="utf-8"))["standard"]
    for number, indicator in zip(INDICATORS, standard["indicators"], strict=True):
        question = phieu_b.question(f"indicators/deprived_{number}")
        assert question.guidance.plain("vi").startswith(indicator["threshold_vi"])
        assert question.guidance.plain("en").startswith(indicator["threshold_en"])
        assert question.label.plain("vi").startswith(f"{number}. {indicator['vi']}")
        doubt = indicator["confidence"] == "uncertain" or "uncertain" in indicator.get("note", "")
        assert ("chưa đối chiếu" in question.guidance.plain("vi")) == doubt


def test_the_lists_of_the_form_are_those_of_the_reference_data(phieu_b: FormDefinition) -> None:
    causes = json.loads(resource("reference", "causes.json").read_text(encoding="utf-8"))["causes_of_poverty"]["items"]
    kinds = json.loads(resource("reference", "support.json").read_text(encoding="utf-8"))["support_kinds"]["items"]
    assert [one.value for one in phieu_b.question("result/causes").choices] == [item["key"] for item in causes]
    assert [one.value for one in phieu_b.question("result/needs").choices] == [item["key"] for item in kinds]


def test_sections_stand_as_on_paper(phieu_b: FormDefinition) -> None:
    shown = [section.path for section in phieu_b.sections if section.path]
    assert shown == ["identification", "roster", "house", "indicators", "b1", "result"]


def test_the_two_forms_differ_only_in_b1_and_in_saying_so(phieu_b: FormDefinition, phieu_b_demo: FormDefinition) -> None:
    def paths(form: FormDefinition) -> set[str]:
        found = {question.path for question in form.questions() if "demo_" not in question.path}
        return {path for path in found if not path.startswith("b1/") or path in ("b1/b1_score", "b1/b1_source")}

    assert paths(phieu_b) == paths(phieu_b_demo)
    assert (phieu_b.official, phieu_b_demo.official) == (True, False)
    assert phieu_b.hash != phieu_b_demo.hash


def test_filling_a_form_in_needs_neither_pyxform_nor_a_workbook_reader() -> None:
    code = (
        "import sys; from poverty_desktop.forms import FormDefinition; from poverty_desktop.system.resources import resource; "
        "FormDefinition.parse(resource('forms', 'phieu_b.xml').read_bytes()); "
        "print([name for name in ('pyxform', 'python_calamine', 'openpyxl', 'xlsxwriter') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
