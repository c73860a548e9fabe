"""Small forms and filled households, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.release import convert

TODAY = date(2026, 11, 23)
REVIEW_DAY = "2026-11-22"
Row = dict[str, str]


def workbook(
    survey: Sequence[Row], choices: Sequence[Row] = (), settings: Row | None = None, external: Sequence[Row] = ()
) -> bytes:
    """An XLSForm; the columns are those the rows name, in the order of their first use."""
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    head = {"form_id": "small", "form_title": "Small", "version": "1"} | (settings or {})
    sheets = {"survey": survey, "choices": choices, "settings": [head]} | ({"external_choices": external} if external else {})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        titles = list(dict.fromkeys(title for row in rows for title in row))
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title)
            for line, row in enumerate(rows, 1):
                if row.get(title):
                    sheet.write_string(line, column, row[title])
    book.close()
    return data.getvalue()


def small_form(survey: Sequence[Row], choices: Sequence[Row] = (), settings: Row | None = None) -> FormDefinition:
    return FormDefinition.parse(convert(workbook(survey, choices, settings)))


def q(kind: str, name: str, **columns: str) -> Row:
    label = {} if kind in ("calculate", "end_group", "end_repeat") else {"label": columns.pop("label", name)}
    return {"type": kind, "name": name, **label, **columns}


def born(age: int) -> str:
    """A full birth date that makes this age on the day of the review."""
    return f"{2026 - age}-05-01"


def household(form: FormDefinition, *members: Row, language: str = "vi", **house: str) -> FormSession:
    """A session with these members (m1, m2, …) and house answers, reviewed on REVIEW_DAY in a rural place."""
    answers = {"identification/surveyed_on": REVIEW_DAY, "identification/area_class": "rural"}
    for number, member in enumerate(members, 1):
        answers |= {f"roster/m{number}/{name}": text for name, text in member.items()}
    answers |= {f"house/{name}": text for name, text in house.items()}
    keys = {"roster": [f"m{number}" for number in range(1, len(members) + 1)]}
    return FormSession(form, answers, today=TODAY, language=language, repeat_keys=keys)
