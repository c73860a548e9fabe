"""The code printed on a survey paper: which household, which review. Read back by a scanner that types like a keyboard.

`PD1:<review, 11 digits>:<household, 39 digits>:<check, 2 digits>`. Beside the prefix only digits and colons stand in it: no Telex
or VNI key turns a digit or a colon into another letter where no vowel stands before it, so the text arrives whole while Unikey
is on. It holds no name, no household code and no number of a person: the digits are the random id of the record.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:  # the record classes cost a third of a second, which no window needs
    from poverty_desktop.domain.records import ReviewRound

PREFIX = "PD1:"
LENGTH = 58
_SHAPE = re.compile(r"PD1:(\d{5})(\d{6}):(\d{39}):(\d{2})")


@dataclass(frozen=True)
class SurveyCode:
    """What a code says: commune (five digits), the review, the household (UUID text)."""

    commune_code: str
    review: str
    household_id: str


def review_number(review_round: ReviewRound) -> str:
    """Six digits that stand for a review: the same on two laptops that each began a record of it."""
    named = f"{review_round.commune_code}|{review_round.year}|{review_round.kind}|{review_round.standard_id}"
    return f"{int(hashlib.sha256(named.encode()).hexdigest(), 16) % 1_000_000:06}"


def survey_code(review_round: ReviewRound, household_id: str) -> str:
    """The text of the code."""
    head = f"{PREFIX}{review_round.commune_code:0>5}{review_number(review_round)}:{UUID(household_id).int:039}"
    return f"{head}:{_check(head)}"


def read_code(text: str) -> SurveyCode | None:
    """What a scanned text says; None when it is no such code or was read wrongly (ISO/IEC 7064 MOD 97-10)."""
    found = _SHAPE.fullmatch(text.strip().upper())
    if found is None or _check(text.strip().upper()[:-3]) != found[4] or int(found[3]) >= 2**128:
        return None
    return SurveyCode(found[1], found[2], str(UUID(int=int(found[3]))))


def may_become_code(text: str) -> bool:
    """Whether more letters could make a code of this beginning. `text` in capitals."""
    digits = re.sub(r"\d", "0", text[len(PREFIX) :])
    return len(text) <= LENGTH and (PREFIX + _MODEL).startswith(text[: len(PREFIX)] + digits)


_MODEL = f"{'0' * 11}:{'0' * 39}:{'0' * 2}"


def _check(head: str) -> str:
    """The two digits that find every single wrong digit and every swap of neighbours."""
    digits = int("".join(letter for letter in head[len(PREFIX) :] if letter.isdigit()))
    return f"{98 - digits * 100 % 97:02}"
