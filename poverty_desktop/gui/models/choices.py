"""Choosing from a coded list by typing: digits mean the code, letters the words. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poverty_desktop.domain.names import fold, nfc


@dataclass(frozen=True)
class Choice:
    """One entry. `code` is what is stored; `number` is what the paper prints before it ("" = the code, when it is digits)."""

    code: str
    label: str
    number: str = ""
    hint: str = ""  # told apart by it when two labels are alike ("huyện Sơn Tây cũ")

    @property
    def digits(self) -> str:
        return self.number or (self.code if self.code.isdigit() else "")

    @property
    def line(self) -> str:
        """As it stands in the list: "2 · Vợ/chồng"."""
        words = f"{self.label} ({self.hint})" if self.hint else self.label
        return f"{self.digits} · {words}" if self.digits else words


def matching(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that `typed` may mean, best first: exact code, code begun, label begun, a word begun, initials, inside.
    Of two that differ in their marks only, the one spelled as typed comes first."""
    wanted = fold(typed)
    if not wanted:
        return list(choices)
    spelled = nfc(typed).casefold()
    ranked = [
        (rank, spelled not in choice.line.casefold(), place, choice)
        for place, choice in enumerate(choices)
        if (rank := _rank(choice, wanted)) is not None
    ]
    return [found[-1] for found in sorted(ranked, key=lambda found: found[:3])]


def _rank(choice: Choice, wanted: str) -> int | None:
    if wanted.isdigit():
        return _digit_rank(choice.digits, wanted)
    label = fold(choice.label)
    if fold(choice.line) == wanted or label == wanted:
        return 0
    words = label.replace("/", " ").replace("-", " ").split()
    tests = (
        label.startswith(wanted),
        f" {wanted}" in " " + " ".join(words),
        "".join(word[0] for word in words).startswith(wanted),
        wanted in fold(choice.line),
    )
    return next((rank for rank, holds in enumerate(tests, start=1) if holds), None)


def _digit_rank(digits: str, wanted: str) -> int | None:
    plain, asked = digits.lstrip("0") or digits, wanted.lstrip("0") or wanted
    if not digits:
        return None
    if plain == asked:
        return 0
    return 1 if plain.startswith(asked) or digits.startswith(wanted) else None


def settles(choices: Sequence[Choice], typed: str) -> Choice | None:
    """The one choice that is meant without doubt: an exact code that no other code continues, or the only match."""
    found = matching(choices, typed)
    return found[0] if typed.strip() and len(found) == 1 else None
