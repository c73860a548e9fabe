"""String functions (ODK XForms specification, "XPath Functions": String Functions; boolean tests on text)."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from random import Random
from uuid import UUID

from elementpath import ElementPathError
from elementpath.regex import RegexError, translate_pattern

from poverty_desktop.forms.nodes import Value, number_of, text_of, texts_of

_SPACE = re.compile(r"[ \t\r\n]+")
_LONGEST_ID = 4096
ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
ENCODINGS: dict[str, Callable[[bytes], str]] = {"base64": lambda data: base64.b64encode(data).decode(), "hex": bytes.hex}


def concat(*values: Value) -> str:
    return "".join(text for value in values for text in texts_of(value))


def join(mark: Value, *values: Value) -> str:
    return text_of(mark).join(text for value in values for text in texts_of(value))


def substr(value: Value, start: Value, end: Value | None = None) -> str:
    """0-based, the end not included; negative places count from the end, as in JavaRosa. A place that is no number: nothing."""
    text = text_of(value)
    first, last = number_of(start), math.inf if end is None else number_of(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    return text[_place(first, len(text)) : _place(last, len(text))]


def _place(number: float, length: int) -> int:
    """A 0-based place within a text: whole, counted from the end when negative."""
    whole = math.trunc(max(-length, min(number, length)))
    return length + whole if whole < 0 else whole


def substring(value: Value, start: Value, length: Value | None = None) -> str:
    """XPath 1.0, 4.2: 1-based, both numbers rounded."""
    first = _rounded(number_of(start))
    last = first + (math.inf if length is None else _rounded(number_of(length)))
    return "".join(letter for place, letter in enumerate(text_of(value), 1) if first <= place < last)


def _rounded(number: float) -> float:
    return math.floor(number + 0.5) if math.isfinite(number) else number


def substring_before(value: Value, mark: Value) -> str:
    text, sign = text_of(value), text_of(mark)
    return text[: max(text.find(sign), 0)]


def substring_after(value: Value, mark: Value) -> str:
    text, sign = text_of(value), text_of(mark)
    place = text.find(sign)
    return "" if place < 0 else text[place + len(sign) :]


def translate(value: Value, old: Value, new: Value) -> str:
    """XPath 1.0, 4.2: the first of equal letters counts; letters without a partner go."""
    target = text_of(new)
    table = {letter: target[place] if place < len(target) else "" for place, letter in reversed([*enumerate(text_of(old))])}
    return "".join(table.get(letter, letter) for letter in text_of(value))


def normalize_space(value: Value) -> str:
    """XPath 1.0, 4.2: blanks, tabs and line ends of XML only; a non-breaking blank stays."""
    return _SPACE.sub(" ", text_of(value)).strip(" ")


# --- regular expressions -------------------------------------------------------------------------------------------

_CLASS = re.compile(r"\\([pP])\{(\w+)\}|\\.|[\[\]]", re.DOTALL)
_POSIX = {"Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "0-9a-zA-Z", "Upper": "A-Z", "Lower": "a-z", "XDigit": "0-9a-fA-F"}
_POSIX |= {"Punct": r"!-/:-@\[-`{-~", "Space": r"\s", "Blank": r" \t"}
_JAVA = {"IsAlphabetic": "L", "IsLetter": "L", "IsDigit": "Nd", "IsUppercase": "Lu", "IsLowercase": "Ll"}


def regex(value: Value, pattern: Value) -> bool:
    """Whether the whole value matches, as in JavaRosa. A pattern that is none matches nothing."""
    compiled = compiled_pattern(text_of(pattern))
    return compiled is not None and compiled.fullmatch(text_of(value)) is not None


@lru_cache(maxsize=256)
def compiled_pattern(pattern: str) -> re.Pattern[str] | None:
    r"""A pattern as Collect knows it, with Java's classes of letters (\p{L}, \p{Alpha}). None when it is no pattern."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # brackets within brackets are plain signs
            return re.compile(_spelled(pattern))
    except (re.error, RegexError, ElementPathError, OverflowError, RecursionError):
        return None


def _spelled(pattern: str) -> str:
    """The pattern with its classes written out, in brackets where they do not stand in brackets already."""
    inside = False

    def part(found: re.Match[str]) -> str:
        nonlocal inside
        if found[1] and not (inside and found[1] == "P"):  # a class without some letters within brackets is not known
            members = _members(found[2])
            return members if inside else f"[{'^' * (found[1] == 'P')}{members}]"
        if found[0] in "[]":
            inside = found[0] == "["
        return found[0]

    return _CLASS.sub(part, pattern)


def _members(name: str) -> str:
    category = _JAVA.get(name, name.removeprefix("Is"))
    return _POSIX.get(name) or translate_pattern(rf"\p{{{category}}}", anchors=True)[1:-1]


def uuid(random: Random) -> str:
    """RFC 4122, version 4."""
    return str(UUID(int=random.getrandbits(128), version=4))


def identifier(random: Random, length: Value) -> str:
    """`uuid` with a length: so many capital letters and digits, as in JavaRosa."""
    wanted = number_of(length)
    if math.isnan(wanted):
        return ""
    return "".join(random.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=int(max(0, min(wanted, _LONGEST_ID)))))


def digest(value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    """XForms 1.1, 7.8.3. An algorithm or encoding that is not of that list gives nothing; literal ones are refused when read."""
    name, encode = ALGORITHMS.get(text_of(algorithm)), ENCODINGS.get(text_of(encoding))
    if name is None or encode is None:
        return ""
    return encode(hashlib.new(name, text_of(value).encode(), usedforsecurity=False).digest())


def base64_decode(value: Value) -> str:
    """The text (UTF-8) of a Base64 text; nothing when it is none."""
    packed = _SPACE.sub("", text_of(value))
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode(errors="replace")
    except ValueError:
        return ""
