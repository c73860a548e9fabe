"""What works on the laptop and fails on a phone is known (ODK XForms specification, "XPath Axes"; JavaRosa's functions)."""

from __future__ import annotations

import pytest

from poverty_desktop.forms.phones import beyond_phones
from poverty_desktop.forms.release import examine
from tests.forms.making import q, workbook


@pytest.mark.parametrize(
    ("expression", "signs"),
    [
        ("sum(/data/roster/age) + count(../x)", []),
        ("child::a = parent::b/self::c", []),
        ("count(//age)", ["//"]),
        ("count(/data/a | /data/b)", ["|"]),
        ("ancestor::data/preceding-sibling::a", ["ancestor::", "preceding-sibling::"]),
        ("substring(., 1, 2)", ["substring()"]),
        ("/data/roster[last()]/floor", ["last()"]),
        ("floor(1.5) + ceiling(2.5) * floor(3)", ["ceiling()", "floor()"]),
        ("string() = name(..)", ["name()", "string()"]),
        ("string(.) = number(..)", []),
        ("concat('//', 'ancestor::x')", []),
    ],
)
def test_signs_a_phone_does_not_know_are_named(expression: str, signs: list[str]) -> None:
    assert beyond_phones(expression) == signs


def test_the_check_of_a_form_warns_of_them_with_the_cell() -> None:
    """Issue 3: `forms check` warns of what a phone would not show."""
    form = workbook([q("integer", "a"), q("calculate", "b", calculation="floor(${a} div 2)")])
    (told,) = (fault for fault in examine(form) if fault.key == "forms_check.phone_lacks")
    assert (told.level, told.row, told.facts["sign"]) == ("warning", 3, "floor()")
