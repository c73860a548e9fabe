"""Places as coordinates: "15.1234, 108.7921" or 15°07'24"N 108°47'31"E, and as a form keeps them: "lat lon alt acc".

Decimal commas are understood where blanks or semicolons part the numbers. A line or an area has one point a line; the form keeps
its points joined by ";", an area with its first point again at the end. What is no place on earth stays as it was typed, and the
form's own rule speaks about it.
"""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
_SIDES = {"n": 1, "b": 1, "s": -1, "e": 1, "d": 1, "đ": 1, "w": -1, "t": -1}  # English and Vietnamese: Bắc, Đông, Tây
_TOKEN = re.compile(rf"({_NUMBER})([nbsedđwt]?)", re.IGNORECASE)
_DEGREES = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*'\s*)?(?:(\d+(?:[.,]\d+)?)\s*\"\s*)?([nbsedđwt]?)", re.IGNORECASE
)
_SIGNS = str.maketrans({"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"'})
_KEPT = re.compile(r"-?\d+(\.\d+)?( -?\d+(\.\d+)?){1,3}")


def point_lexical(text: str) -> str:
    """ "lat lon alt acc" in degrees and metres, or the text as it was typed when it is no place."""
    numbers = _degrees(text) if "°" in text.translate(_SIGNS) else _decimals(text)
    if not 2 <= len(numbers) <= 4 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return text
    return " ".join(format(number, "f") for number in (*numbers, Decimal(0), Decimal(0))[: max(4, len(numbers))])


def _decimals(text: str) -> list[Decimal]:
    tokens = [token.rstrip(",") for token in re.split(r"[;\s]+", text) if token.strip(",")]
    if len(tokens) == 1 and "." in text:  # "15,12" alone is one number with a decimal comma
        tokens = text.split(",")
    found = [_TOKEN.fullmatch(token.strip()) for token in tokens]
    return [_decimal(one[1]) * _side(one[2]) for one in found if one] if all(found) else []


def _degrees(text: str) -> list[Decimal]:
    plain = text.translate(_SIGNS).replace("''", '"')
    found = list(_DEGREES.finditer(plain))
    if _DEGREES.sub("", plain).strip(" ,;"):
        return []
    parts = [[_decimal(part or "0") for part in one.groups()[:3]] for one in found]
    if any(minute >= 60 or second >= 60 for _, minute, second in parts):
        return []
    exact = [degree + minute / 60 + second / 3600 for degree, minute, second in parts]
    return [round(number, 7).normalize() * _side(one[4]) for number, one in zip(exact, found, strict=True)]


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _side(letter: str) -> int:
    return _SIDES.get(letter.lower(), 1)


def point_shown(value: str) -> str:
    """ "15.1234, 108.7921"; height and accuracy follow when they are known."""
    if not _KEPT.fullmatch(value):
        return value
    numbers = value.split(" ")
    while len(numbers) > 2 and not Decimal(numbers[-1]):
        numbers.pop()
    return ", ".join(numbers)


def points_lexical(text: str, *, closed: bool) -> str:
    """One point a line, joined by ";"; `closed`: an area, which ends where it began."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    points = [point_lexical(line) for line in lines]
    if not points or not all(_KEPT.fullmatch(point) for point in points):
        return "\n".join(lines)
    if closed and len(points) > 2 and points[0] != points[-1]:
        points.append(points[0])
    return ";".join(points)


def points_shown(value: str) -> str:
    """One point a line."""
    points = [point.strip() for point in value.split(";") if point.strip()]
    if not points or not all(_KEPT.fullmatch(point) for point in points):
        return value
    return "\n".join(point_shown(point) for point in points)
