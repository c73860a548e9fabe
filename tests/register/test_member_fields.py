"""What an officer types about a member, and what is kept of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.gui.presenters.member_fields import MemberFields, read_card, read_date
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts

FIELDS = MemberFields(load_reference(), load_texts("vi"))


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("relation_to_head", "2", 2),
        ("relation_to_head", "10", 10),
        ("relation_to_head", "con", 3),
        ("relation_to_head", "dâu", 8),
        ("relation_to_head", "hàng xóm", "hàng xóm"),
        ("sex", "1", 1),
        ("sex", "nữ", 2),
        ("birth_date", "1987", "1987"),
        ("birth_date", "05/1987", "1987-05"),
        ("birth_date", "02/05/1987", "1987-05-02"),
        ("birth_date", "02051987", "1987-05-02"),
        ("birth_date", "2099", "2099"),  # the rules say that it lies in the future; nothing typed is lost
        ("birth_date", "30/02/1987", "30/02/1987"),
        ("personal_id_number", "051 187 000 123", "051187000123"),
        ("personal_id_number", "05118700O123", "05118700O123"),
        ("ethnic_group", "14", "14"),
        ("ethnic_group", "1", "01"),
        ("ethnic_group", "ca dong", "14"),
        ("ethnic_group", "hre", "19"),
        ("ethnic_group", "H're", "19"),
        ("activity_status", "3", 3),
        ("has_merit_member", "2", False),
        ("full_name", "  Đinh   Văn Đông ", "Đinh Văn Đông"),
        ("sex", "", None),
    ],
)
def test_typed_text_becomes_the_value_of_the_record(name: str, typed: str, kept: object) -> None:
    assert FIELDS.read(name, typed) == kept


@given(st.sampled_from(sorted(FIELDS.choices)), st.data())
def test_a_coded_value_that_is_shown_and_read_again_is_the_same(name: str, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from([one.code for one in FIELDS.choices[name]]))
    assert FIELDS.read(name, FIELDS.show(name, code)) == code


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_birth_date_that_is_shown_and_read_again_keeps_its_precision(day: date, length: int) -> None:
    stored = str(day)[:length]
    assert read_date(FIELDS.show("birth_date", stored)) == stored


def test_a_citizen_card_fills_a_member() -> None:
    card = "051187000123|212345678|Hồ Thị Mơ|02051987|Nữ|Thôn Gò Ren, Sơn Hà, Quảng Ngãi|15082021"
    assert read_card(card) == {
        "personal_id_number": "051187000123",
        "full_name": "Hồ Thị Mơ",
        "birth_date": "1987-05-02",
        "sex": 2,
        "id_issued_on": "2021-08-15",
        "address": "Thôn Gò Ren, Sơn Hà, Quảng Ngãi",
    }


@pytest.mark.parametrize("text", ["Hồ Thị Mơ", "a|b", "1|2|3|4|5|6", ""])
def test_ordinary_typing_is_never_taken_for_a_card(text: str) -> None:
    assert read_card(text) is None
