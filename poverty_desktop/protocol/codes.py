"""The one-time code as an officer gets it: the secret part, and by which letters the province's key is known (sync.md 3.19).

Whoever reads a code out loud or types it also hands over whom to trust: the first contact is with the province that made the
code, or there is none.
"""

from __future__ import annotations

import hashlib

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for another when read out or written by hand
SECRET_LENGTH = 10
KEY_LENGTH = 16  # letters of the fingerprint: 78 bits, so that nobody finds another key with the same


def full_code(secret: str, province_key: bytes) -> str:
    """ "ABCDE-FGHJK-…": what is written on the paper."""
    marks = fingerprint(province_key)
    groups = [secret[:5], secret[5:], *(marks[place : place + 4] for place in range(0, KEY_LENGTH, 4))]
    return "-".join(groups)


def fingerprint(province_key: bytes) -> str:
    """The letters that stand for a key."""
    number = int.from_bytes(hashlib.sha256(b"qlx province\n" + province_key).digest(), "big")
    letters = []
    for _ in range(KEY_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def secret_of(typed: str) -> str:
    """The part that is sent: blanks, hyphens and letter case do not matter to whoever types it."""
    return _letters(typed)[:SECRET_LENGTH]


def names_key(typed: str, province_key: bytes) -> bool:
    """Whether the code was made by the province of this key; a code without its last letters names nobody."""
    return _letters(typed)[SECRET_LENGTH:] == fingerprint(province_key)


def _letters(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())
