"""Write the questionnaires: `resources/forms/phieu_b.xlsx`, `phieu_b_demo.xlsx` (XLSForm) and their XForms (pyxform).

    python packaging/make_forms.py [--out DIR]

The XForms are committed, so a laptop needs no pyxform. tests/forms/test_shipped_forms.py proves that they are what this makes.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from phieu_b_b1 import POINT_COLUMNS  # noqa: E402
from phieu_b_choices import choices  # noqa: E402
from phieu_b_rows import EN, NOT_OFFICIAL, VI, Row, survey  # noqa: E402

from poverty_desktop.forms.release import convert  # noqa: E402
from poverty_desktop.forms.xform import TONE_NAMESPACE  # noqa: E402

VERSION = "2026112302"
STANDARD = "mdp_2022_2025"
TITLES = {
    "phieu_b": "Phiếu B - Rà soát hộ nghèo, hộ cận nghèo (chuẩn 2022-2025)",
    "phieu_b_demo": f"Phiếu B - {NOT_OFFICIAL[0]} ({NOT_OFFICIAL[1]})",
}
SURVEY_COLUMNS = [
    *("type", "name", f"label::{VI}", f"label::{EN}", f"hint::{VI}", f"hint::{EN}"),
    *(f"guidance_hint::{VI}", f"guidance_hint::{EN}", "relevant", "required"),
    *(f"required_message::{VI}", f"required_message::{EN}", "constraint"),
    *(f"constraint_message::{VI}", f"constraint_message::{EN}", "bind::pd:tone", "bind::pd:changes", "calculation"),
    *("read_only", "appearance", "default", "choice_filter"),
]
CHOICE_COLUMNS = ["list_name", "name", f"label::{VI}", f"label::{EN}", "activity", *POINT_COLUMNS]


def thresholds() -> dict[int, tuple[str, str]]:
    """The threshold of each indicator in the words of the standard, with the mark of what was not seen in a text."""
    file = ROOT / "resources" / "standards" / f"{STANDARD}.json"
    found = {}
    for one in json.loads(file.read_text(encoding="utf-8"))["standard"]["indicators"]:
        doubt = one["confidence"] == "uncertain" or "uncertain" in one.get("note", "")
        marks = (" [chưa đối chiếu đủ với văn bản]", " [not fully checked against the text]") if doubt else ("", "")
        found[one["no"]] = (f"{one['threshold_vi']}{marks[0]}", f"{one['threshold_en']}{marks[1]}")
    return found


def settings(form_id: str, demo: bool) -> Row:
    return {
        "form_title": TITLES[form_id],
        "form_id": form_id,
        "version": VERSION,
        "default_language": VI,
        "attribute::official": "no" if demo else "yes",
        "attribute::standard": STANDARD,
        "namespaces": f'pd="{TONE_NAMESPACE}"',
    }


def write_sheet(book: xlsxwriter.Workbook, name: str, columns: list[str], rows: list[Row]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True})
    marked = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#FFF2CC"})
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, marked if title.startswith("points_") else bold)
    for line, row in enumerate(rows, 1):
        unknown = set(row) - set(columns)
        assert not unknown, unknown
        for column, title in enumerate(columns):
            if row.get(title):
                sheet.write_string(line, column, row[title])
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(columns) - 1, 24)


def write_form(form_id: str, folder: Path) -> None:
    demo = form_id.endswith("_demo")
    path = folder / f"{form_id}.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": TITLES[form_id], "created": datetime(2026, 11, 23)})  # noqa: DTZ001 (Excel knows no zones)
    write_sheet(book, "survey", SURVEY_COLUMNS, survey(demo, thresholds()))
    write_sheet(book, "choices", CHOICE_COLUMNS, choices(demo))
    head = settings(form_id, demo)
    write_sheet(book, "settings", list(head), [head])
    book.close()
    path.with_suffix(".xml").write_bytes(convert(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "forms")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for form_id in TITLES:
        write_form(form_id, folder)
        print(folder / f"{form_id}.xlsx")


if __name__ == "__main__":
    main()
