"""How hard a password is to guess, in a word. Length counts most; nobody is made to type a `$`."""

from __future__ import annotations

from typing import Literal

from poverty_desktop.domain.names import fold

Strength = Literal["short", "common", "fair", "good"]
LEAST = 8
_COMMON = ("12345678", "123456789", "1234567890", "matkhau", "password", "quangngai", "giamngheo", "abcd1234", "qwertyui")


def strength(password: str) -> Strength:
    """ "short" and "common" are refused; "fair" is taken with advice."""
    if len(password) < LEAST:
        return "short"
    plain = fold(password).replace(" ", "")
    if len(set(plain)) < 4 or any(plain.startswith(word) and len(plain) <= len(word) + 2 for word in _COMMON):
        return "common"
    kinds = sum((any(map(str.isalpha, password)), any(map(str.isdigit, password)), not password.isalnum()))
    return "good" if len(password) >= 14 or (len(password) >= 10 and kinds >= 2) else "fair"
