"""A synthetic commune: deterministic, invented households that look like an upland ward's, for practice and for proofs.

Every person, number and address is invented. Only the code of the unit is real. The same seed gives the same people; record ids
are fresh each time, as on any laptop.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from poverty_desktop.domain.names import nfc

SEED = 20261122
PRACTICE_COMMUNE = "23302"  # Phường Đăk BLa: a ward with villages, so that both area classes are met
PRACTICE_YEAR = 2026  # the review that is practised
OPENING_DAY = "2026-01-01"
OPENING_DECISION = "MẪU-01/QĐ-UBND"
OPENING_DECIDED_ON = "2025-12-25"
FORMER_DECISION = "MẪU-01/QĐ-UBND năm 2023"

_KINH = ("Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Bùi", "Đỗ", "Huỳnh")
_MIDDLE = {1: ("Văn", "Đức", "Hữu", "Minh", "Quang", "Xuân"), 2: ("Thị", "Thị", "Ngọc", "Thu", "Kim", "Hồng")}
_GIVEN = {
    1: ("Hùng", "Dũng", "Tuấn", "Sơn", "Cường", "Thắng", "Bình", "Hải", "Phúc", "Nghĩa", "Khánh", "Vượng"),
    2: ("Hoa", "Lan", "Hương", "Thủy", "Nga", "Hằng", "Yến", "Tuyết", "Liên", "Huệ", "Phượng", "Vân"),
}
_UPLAND_GIVEN = {
    1: ("Thiu", "Blưk", "Hyưh", "Đêng", "Ngưk", "Brôl", "Khưn", "Triêu", "Dênh", "Xung"),
    2: ("Blôi", "Hlơn", "Yưn", "Pral", "Mlênh", "Hrang", "Chươn", "Đưk", "Lênh", "Xuy"),
}
# (ethnic code, weight, how a name is made): the groups that live in the upland of the province
_GROUPS = (("01", 35), ("13", 30), ("14", 20), ("19", 10), ("10", 5))
_HRE = ("Đinh", "Phạm")
_GIA_RAI = ("Rơ Châm", "Ksor", "Siu", "Rơ Mah")


@dataclass
class PracticeHousehold:
    """One invented household: fields of Household and of its members (head first), and its class history."""

    fields: dict[str, Any]
    members: list[dict[str, Any]]
    village: int  # place in `PracticeCommune.villages`
    classes: list[dict[str, Any]] = field(default_factory=list)  # fields of ClassRecord without household_id


@dataclass
class PracticeCommune:
    villages: list[dict[str, Any]]
    households: list[PracticeHousehold]


def practice_commune(commune_code: str = PRACTICE_COMMUNE, *, households: int = 300, seed: int = SEED) -> PracticeCommune:
    """The whole invented ward. Half of its villages are rural: the merger of 2025 put rural villages into wards."""
    dice = random.Random(seed)
    villages = list(_villages(commune_code))
    per_village = -(-households // len(villages))
    made = [_household(dice, commune_code, number, number // per_village) for number in range(households)]
    return PracticeCommune(villages, made)


def _villages(commune_code: str) -> Iterator[dict[str, Any]]:
    for number in range(1, 9):
        urban = number <= 4
        kind = "tổ dân phố" if urban else "làng"
        yield {
            "commune_code": commune_code,
            "name": f"{kind.capitalize()} {number if urban else number - 4}",
            "kind": kind,
            "area_class": "urban" if urban else "rural",
            "position": number,
            "valid_from": OPENING_DAY,
        }


def _household(dice: random.Random, commune_code: str, number: int, village: int) -> PracticeHousehold:
    group = dice.choices([code for code, _ in _GROUPS], [weight for _, weight in _GROUPS])[0]
    members = _members(dice, group)
    fields = {
        "commune_code": commune_code,
        "household_code": f"{village + 1:02d}-{number + 1:04d}",
        "permanent_address": f"Nhà số {dice.randint(1, 180)} (mẫu)",
        "phone": f"09{dice.randrange(10**8):08d}" if dice.random() < 0.7 else None,
        "has_merit_member": dice.random() < 0.04,
        "no_labour_capacity": len(members) == 1 and dice.random() < 0.5,
    }
    return PracticeHousehold(fields, members, village, _classes(dice, len(members)))


def _members(dice: random.Random, group: str) -> list[dict[str, Any]]:
    family = _family_name(dice, group)
    head_sex = 1 if dice.random() < 0.75 else 2
    head_year = dice.randint(1948, 1998)
    members = [_person(dice, group, family, head_sex, head_year, relation=1)]
    if dice.random() < 0.8:
        members.append(_person(dice, group, _family_name(dice, group), 3 - head_sex, head_year + dice.randint(-4, 6), relation=2))
    for _ in range(dice.choices((0, 1, 2, 3, 4), (10, 20, 35, 25, 10))[0]):
        year = min(2025, head_year + dice.randint(19, 38))
        members.append(_person(dice, group, family, dice.choice((1, 2)), year, relation=3))
    if dice.random() < 0.2:
        members.append(_person(dice, group, family, 2, max(1930, head_year - dice.randint(20, 30)), relation=4))
    for position, member in enumerate(members):
        member["position"] = position
    return members


def _family_name(dice: random.Random, group: str) -> str:
    """Family names as the groups bear them; Ba na and Xơ-Đăng use A for men and Y for women instead (see `_full_name`)."""
    if group == "19":
        return dice.choice(_HRE)
    return dice.choice(_GIA_RAI) if group == "10" else dice.choice(_KINH)


def _full_name(dice: random.Random, group: str, family: str, sex: int) -> str:
    if group in ("13", "14"):
        return f"{'A' if sex == 1 else 'Y'} {dice.choice(_UPLAND_GIVEN[sex])}"
    if group == "10":
        return f"{family} {dice.choice(_UPLAND_GIVEN[sex])}"
    return f"{family} {dice.choice(_MIDDLE[sex])} {dice.choice(_GIVEN[sex])}"


def _person(dice: random.Random, group: str, family: str, sex: int, year: int, *, relation: int) -> dict[str, Any]:
    known = dice.random() < 0.8  # many lists carry the year of birth only
    birth = f"{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}" if known else str(year)
    century_digit = sex - 1 + (2 if year >= 2000 else 0)
    return {
        "full_name": nfc(_full_name(dice, group, family, sex)),
        "relation_to_head": relation,
        "sex": sex,
        "birth_date": birth,
        "personal_id_number": f"062{century_digit}{year % 100:02d}{dice.randrange(10**6):06d}" if known else None,
        "ethnic_group": group,
        "activity_status": _activity(2026 - year, dice),
    }


def _activity(age: int, dice: random.Random) -> int:
    """Codes of reference.json: 1 employed, 2 not employed, 3 studying, 4 below school age, 5 unable to work, 6 elderly."""
    if age < 6:
        return 4
    if age < 18:
        return 3
    return 6 if age > 65 else dice.choices((1, 2, 5), (85, 10, 5))[0]


def _classes(dice: random.Random, member_count: int) -> list[dict[str, Any]]:
    """Opening classes of 2026; some that left poverty before, so that a relapse can be told from a new case (7.2, column 6)."""
    opening = {
        "effective_on": OPENING_DAY,
        "decided_on": OPENING_DECIDED_ON,
        "decision_no": OPENING_DECISION,
        "origin": "opening",
        "member_count": member_count,
    }
    chance = dice.random()
    if chance < 0.16:
        return [{**opening, "household_class": "poor"}]
    if chance < 0.26:
        return [{**opening, "household_class": "near_poor"}]
    if chance < 0.32:
        former = {"effective_on": "2024-01-01", "decided_on": "2023-12-20", "decision_no": FORMER_DECISION, "origin": "opening"}
        return [{**former, "household_class": "poor", "member_count": member_count}, {**opening, "household_class": "not_poor"}]
    return []
