"""F6 by a number of the paper or by words."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.names import fold
from poverty_desktop.gui.presenters.survey_search import Place, matching, own_number


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("12. Nguồn nước chính", "12"),
        ("B1.3 Tường làm bằng gì?", "B1.3"),
        ("Câu 7: Có vay vốn không?", "7"),
        ("**A2.** Có vay vốn không?", "A2"),
        ("3.4.1 Loại nhà tiêu", "3.4.1"),
        ("12 tháng qua hộ có vay vốn không?", ""),
        ("Diện tích nhà ở (m²)", ""),
        ("", ""),
    ],
)
def test_the_number_is_the_one_the_question_bears_on_paper(label: str, number: str) -> None:
    assert own_number(label) == number


PLACES = [
    Place(key, number, words, fold(words))
    for key, number, words in (
        ("a", "1", "Nhà ở: Diện tích 12 m²"),
        ("b", "1.2", "Nhà ở: Tường"),
        ("c", "12", "Nước: Nguồn nước chính"),
        ("d", "12.1", "Nước: Cách lọc nước"),
        ("e", "B1.3", "Tài sản: Đất ruộng"),
    )
]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("12", ["c", "d", "a"]),
        ("1", ["a", "b", "c", "d"]),
        ("b1.3", ["e"]),
        ("nuoc loc", ["d"]),
        ("dat ruong", ["e"]),
        ("ĐẤT", ["e"]),
        ("", ["a", "b", "c", "d", "e"]),
        ("voi rong", []),
    ],
)
def test_a_number_goes_to_that_question_first_and_words_need_no_diacritics(typed: str, keys: list[str]) -> None:
    assert [place.key for place in matching(PLACES, typed)] == keys
