"""What can be said of a person's numbers without asking anybody: the personal identification number."""

from __future__ import annotations

from dataclasses import dataclass, field

PERSONAL_ID_LENGTH = 12
LAST_PROVINCE_CODE = 96  # general statistics codes of provinces before July 2025: 001..096; above 100 stand countries of birth
FIRST_COUNTRY_CODE = 101


@dataclass(frozen=True)
class IdProblem:
    """What is wrong ("red") or doubtful ("amber") with a personal identification number."""

    tone: str
    code: str
    facts: dict[str, object] = field(default_factory=dict)


def check_personal_id(number: str, sex: int | None = None, birth_date: str | None = None) -> list[IdProblem]:
    """Problems of a number of the citizen's card: 12 digits (red), then plausibility of its parts (amber).

    The parts (Decree 137/2015/NĐ-CP Art. 13; general knowledge, the text was not seen here, hence only amber): 3 digits
    province of birth registration, 1 digit century and sex (0/1 = man/woman born 1900-1999, 2/3 = 2000-2099), 2 digits year.
    """
    if not (number.isascii() and number.isdigit()):
        return [IdProblem("red", "member.id_not_digits", {"number": number})]
    if len(number) != PERSONAL_ID_LENGTH:
        return [IdProblem("red", "member.id_length", {"count": len(number)})]
    doubts = [_province_doubt(number), _sex_doubt(number, sex), _year_doubt(number, birth_date)]
    return [doubt for doubt in doubts if doubt is not None]


def year_in_id(number: str) -> int:
    """The year of birth that a 12-digit number carries."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_in_id(number: str) -> int:
    """The sex (1 man, 2 woman) that a 12-digit number carries."""
    return int(number[3]) % 2 + 1


def _province_doubt(number: str) -> IdProblem | None:
    province = int(number[:3])
    if 0 < province <= LAST_PROVINCE_CODE or province >= FIRST_COUNTRY_CODE:
        return None
    return IdProblem("amber", "member.id_province", {"digits": number[:3]})


def _sex_doubt(number: str, sex: int | None) -> IdProblem | None:
    if sex is None or sex == sex_in_id(number):
        return None
    return IdProblem("amber", "member.id_sex", {"digit": number[3]})


def _year_doubt(number: str, birth_date: str | None) -> IdProblem | None:
    if not birth_date or not birth_date[:4].isdigit() or int(birth_date[:4]) == year_in_id(number):
        return None
    return IdProblem("amber", "member.id_year", {"year": year_in_id(number), "birth_year": birth_date[:4]})
