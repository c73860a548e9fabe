"""The work that synchronising is measured on: households as rich as those that other programs were measured with.

One household is a registration (household and 4 members), one survey with 60 answers and 1 or 2 deliveries: 7.5 records in as
many fields as the yardstick has, with answers that hang together as in a real village. All people are invented; a seed makes
the same work anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SEED = 20261122
ANSWERS = [f"part{(n - 1) // 10 + 1}/q{n:02d}" for n in range(1, 61)]
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Lò", "Vàng", "Giàng", "Sùng", "Lý", "Nông")
_MIDDLE = (("Văn", "Đức", "Hữu", "Minh", "Quang", "Seo", "Thành"), ("Thị", "Thị", "Thị", "Ngọc", "Thu", "Thanh", "Mai"))
_GIVEN = (
    ("Hùng", "Dũng", "Tuấn", "Sơn", "Cường", "Thắng", "Bình", "Hải", "Páo", "Chứ", "Tỏa", "Quân", "Khánh", "Lâm", "Phúc"),
    ("Hoa", "Lan", "Hương", "Thủy", "Nga", "Hằng", "Mỷ", "Sua", "Dợ", "Yến", "Tuyết", "Liên", "Huệ", "Phượng", "Nhung"),
)
_HAMLET = ("Nà Lùng", "Pác Khuổi", "Bản Mạ", "Khuổi Sao", "Tà Xùa", "Nậm Chày", "Phiêng Luông", "Lũng Cẩm", "Nà Hin", "Pá Hu")
_NOTES = ("", "", "", "", "", "Nhà dột, cần hỗ trợ mái tôn", "Chủ hộ đi làm xa, vợ trả lời thay", "Có người ốm nặng trong nhà",
          "Hộ mới tách từ bố mẹ", "Thiếu nước sinh hoạt mùa khô")  # fmt: skip
_WORDS = ("", "", "", "Thiếu vốn", "Thiếu đất sản xuất", "Vay vốn chăn nuôi", "Học nghề", "Nước suối", "Xe máy cũ hỏng")
_POORNESS = ("poor", "near_poor", "not_poor")


@dataclass(frozen=True)
class Made:
    """A record to be created. `refers` names fields that hold the id of a record of this household, by its place in it."""

    entity: str
    fields: dict[str, Any]
    refers: dict[str, int]


Registration = list[Made]
"""One Save of an officer."""


def households(count: int, commune_code: str, ids: dict[str, str], seed: int = SEED) -> Iterator[list[Registration]]:
    """The Saves of each household. `ids`: village, round, batch and line, which all refer to."""
    chance = random.Random(seed)
    for number in range(count):
        yield _Household(chance, number, commune_code, ids).saves()


def edited_answers(chance: random.Random, answers: dict[str, Any]) -> dict[str, Any]:
    """Three answers as an officer corrects them: two choices and a number. Each differs from what stands there."""
    keys = [*chance.sample(ANSWERS[:30], 2), chance.choice(ANSWERS[42:48])]
    return {key: str((int(answers[key]) + chance.randint(1, 4)) % 5) for key in keys[:2]} | {
        keys[2]: str(int(answers[keys[2]]) + 1)
    }


class _Household:
    def __init__(self, chance: random.Random, number: int, commune_code: str, ids: dict[str, str]) -> None:
        self._chance, self._number, self._commune, self._ids = chance, number, commune_code, ids
        self._poor = chance.random()  # correlates the answers, as in a real village
        self._names: list[str] = []

    def saves(self) -> list[Registration]:
        registration = [self._household(), *(self._member(place) for place in range(4))]
        deliveries = [self._delivery() for _ in range(1 + self._number % 2)]
        return [registration, [self._survey()], deliveries]

    def _household(self) -> Made:
        r = self._chance
        address = f"Số {r.randint(1, 140)}, bản {_HAMLET[self._number // 90 % len(_HAMLET)]}"
        fields = {
            "commune_code": self._commune,
            "village_id": self._ids["village"],
            "household_code": f"{self._commune}-{self._number:05d}",
            "permanent_address": address,
            "current_address": f"{address}, xã {'ABC'[self._number // 90 % 3]}",
            "phone": f"0{r.choice((32, 33, 86, 96, 97))}{r.randrange(10**7):07d}" if r.random() < 0.8 else None,
            "has_merit_member": r.random() < 0.05,
            "no_labour_capacity": r.random() < 0.1,
            "presence": "present",
            "joined_on": f"20{r.randint(10, 25)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
            "joined_reason": r.choice(("move_in", "split", None)),
            "note": r.choice(_NOTES) or None,
        }
        return Made("household", fields, {})

    def _member(self, place: int) -> Made:
        r = self._chance
        sex = r.choice((1, 2)) if place else 1 if r.random() < 0.78 else 2
        year = r.randint(1950, 1998) if place < 2 else r.randint(1996, 2025)
        words = (_FAMILY[self._number % 15], r.choice(_MIDDLE[sex - 1]), r.choice(_GIVEN[sex - 1]))
        self._names.append(" ".join(words))
        fields = {
            "position": place,
            "full_name": self._names[-1],
            "relation_to_head": (1, 2, 3, 3)[place] if r.random() < 0.9 else 4,
            "sex": sex,
            "birth_date": f"{year}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
            "personal_id_number": f"008{sex - 1 + 2 * (year >= 2000)}{year % 100:02d}{r.randrange(10**6):06d}",
            "id_issued_on": f"202{r.randint(1, 5)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
            "ethnic_group": f"{r.choices((1, 2, 3, 6, 8), (25, 20, 25, 10, 10))[0]:02d}",
            "activity_status": r.randint(1, 6),
            "presence": "present",
            "note": r.choice(_NOTES) or None,
        }
        return Made("household_member", fields, {"household_id": 0})

    def _survey(self) -> Made:
        r = self._chance
        fields = {
            "round_id": self._ids["round"],
            "state": "finished",
            "surveyed_on": f"2026-{r.randint(9, 11):02d}-{r.randint(1, 28):02d}",
            "enumerator": f"cb{self._number // 90 % 24:03d}",
            "form_id": "phieu_b",
            "form_version": "1",
            "form_hash": "0" * 64,
            "standard_id": "2022-2025",
            "area_class": "rural",
            "answers": {key: self._answer(place) for place, key in enumerate(ANSWERS, start=1)},
            "household_class": _POORNESS[0 if self._poor > 0.7 else 1 if self._poor > 0.5 else 2],
        }
        return Made("survey", fields, {"household_id": 0})

    def _answer(self, place: int) -> str:
        """30 choices skewed by poverty, 12 of yes or no, 12 numbers, 6 texts."""
        r = self._chance
        if place <= 30:
            return str(min(4, max(0, int(r.gauss(1 + 2.2 * self._poor + (place % 5 - 2) * 0.4, 0.9)))))
        if place <= 42:
            return "yes" if r.random() < 0.15 + 0.6 * self._poor * ((place % 3) / 2) else "no"
        if place <= 54:
            return str(0 if r.random() < 0.45 else r.choice((1, 2, 3, 5, 8)) * (1 if place < 49 else 50))
        return r.choice(_WORDS if place < 59 else _NOTES)

    def _delivery(self) -> Made:
        r = self._chance
        fields = {
            "line_id": self._ids["line"],
            "batch_id": self._ids["batch"],
            "receiver_name": r.choice(self._names[:2]),
            "position": self._number,
            "quantity": r.choice((1, 2, 5, 10, 15, 20, 30)),
            "funding": {"state": r.choice((300_000, 500_000, 600_000, 1_000_000))},
            "class_on_decision": _POORNESS[0 if self._poor > 0.7 else 1],
            "receipt": r.choice(("signed", "signed", "fingerprint", "pending")),
            "received_on": f"2026-{r.randint(1, 11):02d}-{r.randint(1, 28):02d}",
            "receipt_note": "Nhận thay" if r.random() < 0.15 else None,
        }
        return Made("household_share", fields, {"household_id": 0})
