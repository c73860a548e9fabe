"""The household list and its search index: one line a household, kept current in the transaction of the change.

`household_line` holds what a list shows and the folded text to be searched; `household_search` is an FTS5 index over that
text (external content, so that it can be checked against it). đ is folded to d before FTS5 folds the rest (stack.md section 2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from poverty_desktop.domain.names import fold

SEARCHED = ("names", "code", "ids", "village", "phone")
_COLUMNS = (
    "household_id", "living", "sort", "village_id", "village_name", "household_code", "head_name", "personal_id_tail",
    "member_count", "household_class", *SEARCHED,
)  # fmt: skip
_HOUSEHOLD = """
SELECT h.id AS household_id, h.deleted = 0 AND h.presence = 'present' AS living, h.village_id, h.household_code, h.phone,
       v.name AS village_name, v.position AS village_position,
       (SELECT c.household_class FROM class_record c WHERE c.household_id = h.id AND c.deleted = 0
         ORDER BY c.effective_on DESC, c.decided_on DESC, c.id DESC LIMIT 1) AS household_class
  FROM household h LEFT JOIN village v ON v.id = h.village_id AND v.deleted = 0
 WHERE h.id = ?"""
_MEMBERS = """
SELECT full_name, relation_to_head, personal_id_number FROM household_member
 WHERE household_id = ? AND deleted = 0 AND presence = 'present' ORDER BY position, id"""
_INSERT = f"INSERT INTO household_line ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE household_line SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE household_id = ?"
_SEARCH = f"rowid, {', '.join(SEARCHED)}"
_MARKS = ", ".join("?" * (len(SEARCHED) + 1))

_LETTER_MARKS = {"\u0306": "{", "\u0302": "|", "\u031b": "}"}  # after z: a < ă < â, o < ô < ơ
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền, hỏi, ngã, sắc, nặng


class HouseholdIndex:
    """Writes lines and index inside its caller's transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def households_of(self, village_id: str) -> set[str]:
        found = self._connection.execute("SELECT id FROM household WHERE village_id = ?", (village_id,))
        return {row[0] for row in found}

    def refresh(self, household_ids: Iterable[str]) -> None:
        for household_id in household_ids:
            fresh = self.line(household_id)
            if fresh is not None:
                self._put(household_id, fresh)

    def line(self, household_id: str) -> dict[str, Any] | None:
        """The line as the records say it must be; None while the household itself has not arrived."""
        cursor = self._connection.execute(_HOUSEHOLD, (household_id,))
        row = cursor.fetchone()
        if row is None:
            return None
        household = dict(zip((column[0] for column in cursor.description), row, strict=True))
        return _line(household, self._connection.execute(_MEMBERS, (household_id,)).fetchall())

    def stored(self, household_id: str) -> tuple[int, dict[str, Any]] | None:
        """Key and line as they stand."""
        row = self._connection.execute(
            f"SELECT key, {', '.join(_COLUMNS)} FROM household_line WHERE household_id = ?", (household_id,)
        ).fetchone()
        return None if row is None else (row[0], dict(zip(_COLUMNS, row[1:], strict=True)))

    def _put(self, household_id: str, fresh: Mapping[str, Any]) -> None:
        values = [fresh[name] for name in _COLUMNS]
        stored = self.stored(household_id)
        if stored is None:
            key = self._connection.execute(_INSERT, values).lastrowid
            self._index(key, fresh)
            return
        key, old = stored
        if old == fresh:
            return
        self._connection.execute(_UPDATE, [*values, household_id])
        if any(old[name] != fresh[name] for name in SEARCHED):
            self._unindex(key, old)
            self._index(key, fresh)

    def _index(self, key: int, line: Mapping[str, Any]) -> None:
        self._connection.execute(
            f"INSERT INTO household_search ({_SEARCH}) VALUES ({_MARKS})", [key, *(line[name] for name in SEARCHED)]
        )

    def _unindex(self, key: int, line: Mapping[str, Any]) -> None:
        self._connection.execute(
            f"INSERT INTO household_search (household_search, {_SEARCH}) VALUES ('delete', {_MARKS})",
            [key, *(line[name] for name in SEARCHED)],
        )


def _line(household: Mapping[str, Any], members: list[tuple[Any, ...]]) -> dict[str, Any]:
    head = next((member for member in members if member[1] == 1), (None, 1, None))
    shown = head[0] or (members[0][0] if members else None) or ""
    village = household["village_name"] or ""
    return {
        **{name: household[name] for name in ("household_id", "living", "village_id", "village_name", "household_code")},
        "sort": f"{household['village_position'] or 0:06}|{sort_key(village)}|{name_key(shown)}",
        "head_name": head[0],
        "personal_id_tail": head[2][-4:] if head[2] else None,
        "member_count": len(members),
        "household_class": household["household_class"],
        **(_searched(household, members) if household["living"] else dict.fromkeys(SEARCHED, "")),
    }


def _searched(household: Mapping[str, Any], members: list[tuple[Any, ...]]) -> dict[str, str]:
    """The words a living household is found by."""
    return {
        "names": "\n".join(fold(member[0]) for member in members if member[0]),
        "code": fold(household["household_code"] or ""),
        "ids": " ".join(member[2] for member in members if member[2]),
        "village": fold(household["village_name"] or ""),
        "phone": "".join(letter for letter in household["phone"] or "" if letter.isdigit()),
    }


def name_key(full_name: str) -> str:
    """Order of Vietnamese name lists: given name (the last word) first, then the rest."""
    words = full_name.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


def sort_key(text: str) -> str:
    """Order of the Vietnamese alphabet: a ă â … d đ …, and the five tones within equal letters."""
    letters: list[str] = []
    tones: list[str] = []
    for mark in unicodedata.normalize("NFD", text.casefold().replace("đ", "d{")):
        if mark in _TONES:
            tones.append(f"{len(letters):02}{_TONES[mark]}")
        else:
            letters.append(_LETTER_MARKS.get(mark, mark))
    return f"{''.join(letters)}\t{''.join(tones)}"
