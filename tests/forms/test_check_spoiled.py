"""Whatever is in the cells: the check tells it or the form can be filled in. Never a traceback (issue 3, "Done when")."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forms.samples import Sample, mill

Sheets = dict[str, list[list[str]]]
GOOD: Sheets = {
    "survey": [
        [
            "type",
            "name",
            "label",
            "relevant",
            "constraint",
            "calculation",
            "repeat_count",
            "choice_filter",
            "default",
            "parameters",
        ],
        ["select_one yn", "poor", "Poor?", "", "", "", "", "", "", ""],
        ["integer", "n", "How many?", "${poor} = 'yes'", ". < 9", "", "", "", "2", ""],
        ["begin_repeat", "members", "Member", "${n} > 0", "", "", "${n}", "", "", ""],
        ["text", "name", "Name", "", "regex(., '[A-Z].*')", "", "", "", "", ""],
        ["select_one kin", "kin", "Kin of ${name}", "", "", "", "", "side = ${poor}", "", ""],
        ["calculate", "place", "", "", "", "position(..)", "", "", "", ""],
        ["end_repeat", "", "", "", "", "", "", "", "", ""],
        ["begin_group", "end_part", "End", "count(${members}) > 1", "", "", "", "", "", ""],
        ["range", "scale", "Scale", "", "", "", "", "", "", "start=1 end=5 step=1"],
        ["note", "told", "${place} of ${n}", "", "", "", "", "", "", ""],
        ["end_group", "", "", "", "", "", "", "", "", ""],
        ["calculate", "all_names", "", "", "", "join(', ', ${name})", "", "", "", ""],
    ],
    "choices": [
        ["list_name", "name", "label", "side"],
        ["yn", "yes", "Yes", ""],
        ["yn", "no", "No", ""],
        ["kin", "child", "Child", "yes"],
        ["kin", "other", "Other", "no"],
    ],
}
WORDS = [
    "",
    "1",
    "-1",
    "0.5",
    "yes",
    "Có",
    "a b",
    "tuổi",
    "${n}",
    "${name}",
    "${nobody}",
    "${n",
    "$(n)",
    "n",
    "text",
    "integer",
    "rank kin",
]
WORDS += [
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "select_one none",
    "select_multiple kin",
    "select_one ${name}",
    "geopoint",
]
WORDS += [
    "calculate",
    "image",
    "audit",
    "range",
    "1 +",
    ". > 3",
    "..",
    "//*",
    "sum(${place})",
    "indexed-repeat(${name}, ${members}, 1)",
    "members",
]
WORDS += [
    "once(random())",
    "if(${n}, 1",
    "regex(., '[')",
    "pulldata('f', 'a', 'b', ${n})",
    "today() + 1",
    "jr:choice-name(${poor}, '${poor}')",
]
WORDS += [
    "round(1 div 0, 99)",
    "instance('kin')/root/item[name = 'child']/label",
    "start=a end=2",
    "max-pixels=x",
    "\u00e1\u0323",
    "search('f')",
]
WORDS += [
    "current()/../n",
    "999999999999999999999",
    "date('2027-13-45')",
    "substr(., 'x')",
    "count(..)",
    "field-list",
    "_x000D_",
    "meta",
    "data",
]
EDITS = st.lists(
    st.tuples(st.sampled_from(sorted(GOOD)), st.integers(0, 12), st.integers(0, 9), st.sampled_from(WORDS)),
    min_size=1,
    max_size=4,
)


def spoiled(edits: Sequence[tuple[str, int, int, str]]) -> bytes:
    sheets = {name: [list(row) for row in rows] for name, rows in GOOD.items()}
    for name, row, column, word in edits:
        rows = sheets[name]
        rows[row % len(rows)][column % len(rows[0])] = word
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
    book.close()
    return data.getvalue()


def test_the_form_that_is_spoiled_below_is_good() -> None:
    assert mill(Sample("good", spoiled([]))).outcome == "supported"


@settings(max_examples=60)
@given(EDITS)
def test_any_text_in_any_cell_is_told_or_works(edits: list[tuple[str, int, int, str]]) -> None:
    mill(Sample("spoiled", spoiled(edits)))
