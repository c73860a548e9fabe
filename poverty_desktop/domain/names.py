"""Text as it is stored and as it is searched."""

from __future__ import annotations

import unicodedata

_ETH_LOOKALIKES = str.maketrans({"\u00d0": "\u0110", "\u0189": "\u0110", "\u00f0": "\u0111"})


def nfc(text: str) -> str:
    """Text as every boundary stores it: composed (NFC), the look-alikes of Đ mended, no blank at the ends or doubled.

    Unikey, old Excel files and Qt all deliver decomposed text or U+00D0 for Đ now and then; two spellings of one name would
    be a false conflict (sync.md 3.3).
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_ETH_LOOKALIKES)).split())


def fold(text: str) -> str:
    """Text as it is searched: lower case, no diacritics, đ as d, single blanks. "Đinh Thị Hường" -> "dinh thi huong"."""
    plain = unicodedata.normalize("NFD", nfc(text).casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def village_title(kind: str, name: str) -> str:
    """A village as a line shows it: "Thôn Gò Ren"; a name that already says its kind is left as it is."""
    words = name if fold(name).startswith(fold(kind)) else f"{kind} {name}"
    return words[:1].upper() + words[1:]
