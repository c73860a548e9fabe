"""What an officer types about a household and its members, turned into what the records keep, and back for reading. No Qt.

A draft accepts anything: what cannot be understood stays as it was typed, and the rules speak about it beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from poverty_desktop.domain.dates import format_vietnamese, is_partial_date, parse_typed
from poverty_desktop.domain.names import fold, nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.reference import CodedItem, Reference
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.household_sheet import current, household_key, member_key
from poverty_desktop.services.ports import Draft

MEMBER_COLUMNS: tuple[str, ...] = (
    "full_name",
    "relation_to_head",
    "sex",
    "birth_date",
    "personal_id_number",
    "ethnic_group",
    "activity_status",
)
_ID_SEPARATORS = re.compile(r"[\s.\-]+")
_CARD_PIPES = 6


@dataclass(frozen=True)
class Choice:
    """One option of a coded field: the code that is kept, the number that chooses it, its words and other names."""

    code: Any
    number: str
    label: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> list[str]:
        return [fold(name) for name in (self.label, *self.others)]


class MemberFields:
    """Reads and shows the fields of households and members in one language. `choices` holds the options of coded fields."""

    def __init__(self, reference: Reference, texts: Texts) -> None:
        self._reference = reference
        yes_no = (Choice(True, "1", texts("household.yes")), Choice(False, "2", texts("household.no")))
        language = texts.language
        self.choices: dict[str, Sequence[Choice]] = {
            "relation_to_head": coded(reference.relations, language),
            "sex": coded(reference.sexes, language),
            "activity_status": coded(reference.activity_statuses, language),
            "ethnic_group": tuple(Choice(one.code, one.code, one.name, one.aliases) for one in reference.ethnic_groups),
            "has_merit_member": yes_no,
            "no_labour_capacity": yes_no,
        }
        self._readers: dict[str, Callable[[str], Any]] = {
            "birth_date": read_date,
            "joined_on": read_date,
            "personal_id_number": read_personal_id,
            "ethnic_group": self._read_ethnic_group,
        }

    def read(self, name: str, typed: str) -> Any:
        """The value of the record; None for an empty cell; the text itself where it was not understood."""
        text = nfc(typed)
        if not text:
            return None
        if name in self._readers:
            return self._readers[name](text)
        return choose(text, self.choices[name]) if name in self.choices else text

    def show(self, name: str, value: Any) -> str:
        """The text of a field as the screen keeps it: a coded field by the number that chooses it, a date as people write it."""
        if value is None:
            return ""
        if name in self.choices:
            return next((one.number for one in self.choices[name] if one.code == value), str(value))
        return show_date(value) if name in ("birth_date", "joined_on") else str(value)

    def _read_ethnic_group(self, typed: str) -> str:
        """By code, name or alias ("ca dong" is 14), else by first letters."""
        found = self._reference.find_ethnic_group(typed)
        return found.code if found else str(choose(typed, self.choices["ethnic_group"]))


def coded(items: Sequence[CodedItem], language: str) -> tuple[Choice, ...]:
    """The options of a code list; what is no official entry bears a star."""
    return tuple(
        Choice(one.code, str(one.code), one.name(language) + ("" if one.official else " *"))
        for one in items
        if one.code is not None
    )


def choose(typed: str, choices: Sequence[Choice]) -> Any:
    """The code meant by a number, a whole name, the first letters of a name, of a word or words in it; else the text as typed."""
    wanted = fold(typed)
    if any(one.code == typed for one in choices):
        return typed
    by_number = next((one.code for one in choices if one.number and one.number.lstrip("0") == wanted.lstrip("0")), None)
    if by_number is not None:
        return by_number
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name == wanted,
        lambda name: name.startswith(wanted),
        lambda name: any(word.startswith(wanted) for word in re.split(r"[\s/,(-]+", name)),
        lambda name: f" {wanted}" in name,
    )
    for fits in tests:
        for one in choices:
            if any(fits(name) for name in one.spellings):
                return one.code
    return typed


def read_date(typed: str) -> str:
    """The partial ISO date, in the future too (the rules speak then); what is no date stays as typed."""
    try:
        return parse_typed(typed, date.max)
    except KnownProblem:
        return typed


def show_date(value: str) -> str:
    return format_vietnamese(value) if is_partial_date(value) else value


def read_personal_id(typed: str) -> str:
    """The number without the blanks and dots people set between the groups of digits."""
    bare = _ID_SEPARATORS.sub("", typed)
    return bare if bare.isdigit() else typed


def read_card(text: str) -> dict[str, Any] | None:
    """The fields of a member from a citizen card's QR text "id|old id|name|ddmmyyyy|sex|address|ddmmyyyy"; None if it is none.

    Only text with exactly six bars counts, so that slow typing is never taken for a scanner. "address" is the household's.
    """
    parts = [nfc(part) for part in text.split("|")]
    if len(parts) != _CARD_PIPES + 1:
        return None
    number, _, name, born, sex, address, issued = parts
    found = {
        "personal_id_number": number,
        "full_name": name,
        "birth_date": read_date(born),
        "sex": {"nam": 1, "nu": 2}.get(fold(sex)),
        "id_issued_on": read_date(issued),
        "address": address,
    }
    return {key: value for key, value in found.items() if value}


def in_row(draft: Draft, member_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values under their draft keys; the address on a card is the household's, if it has none yet."""
    found = {member_key(member_id, name): value for name, value in values.items() if name != "address"}
    if values.get("address") and not current(draft, household_key("permanent_address")):
        found[household_key("permanent_address")] = values["address"]
    return found
