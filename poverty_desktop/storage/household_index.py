"""The household list and its search index: one line a household, kept current in the transaction of the change.

`household_line` holds what a list shows and the folded text to be searched; `household_search` is an FTS5 index over that
text (external content, so that it can be checked against it). đ is folded to d before FTS5 folds the rest (stack.md section 2).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from poverty_desktop.domain.names import fold

SEARCHED = ("names", "code", "ids", "village", "phone")
_COLUMNS = (
    "household_id", "living", "sort", "village_id", "village_name", "household_code", "head_name", "personal_id_tail",
    "member_count", "household_class", *SEARCHED,
)  # fmt: skip
_ASKED = "(SELECT value FROM json_each(?))"  # ids as a JSON list: one statement for many
_HOUSEHOLDS = f"""
SELECT h.id AS household_id, h.deleted = 0 AND h.presence = 'present' AS living, h.village_id, h.household_code, h.phone,
       v.name AS village_name, v.position AS village_position,
       (SELECT c.household_class FROM class_record c WHERE c.household_id = h.id AND c.deleted = 0
         ORDER BY c.effective_on DESC, c.decided_on DESC, c.id DESC LIMIT 1) AS household_class
  FROM household h LEFT JOIN village v ON v.id = h.village_id AND v.deleted = 0
 WHERE h.id IN {_ASKED}"""
_MEMBERS = f"""
SELECT household_id, full_name, relation_to_head, personal_id_number FROM household_member
 WHERE household_id IN {_ASKED} AND deleted = 0 AND presence = 'present' ORDER BY household_id, position, id"""
_STORED = f"SELECT household_id, key, {', '.join(_COLUMNS)} FROM household_line WHERE household_id IN {_ASKED}"
_AT_ONCE = 1000  # households
_INSERT = f"INSERT INTO household_line (key, {', '.join(_COLUMNS)}) VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"
_UPDATE = f"UPDATE household_line SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE household_id = ?"
_SEARCH = f"rowid, {', '.join(SEARCHED)}"
_MARKS = ", ".join("?" * (len(SEARCHED) + 1))
_INDEX = f"INSERT INTO household_search ({_SEARCH}) VALUES ({_MARKS})"
_UNINDEX = f"INSERT INTO household_search (household_search, {_SEARCH}) VALUES ('delete', {_MARKS})"

Line = dict[str, Any]

_LETTER_MARKS = {"\u0306": "{", "\u0302": "|", "\u031b": "}"}  # after z: a < ă < â, o < ô < ơ
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền, hỏi, ngã, sắc, nặng


class HouseholdIndex:
    """Writes lines and index inside its caller's transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._words = _Words()

    def households_of(self, village_id: str) -> set[str]:
        found = self._connection.execute("SELECT id FROM household WHERE village_id = ?", (village_id,))
        return {row[0] for row in found}

    def refresh(self, household_ids: Iterable[str]) -> None:
        for ids in _some(sorted(household_ids)):
            self._put(self.lines(ids), self.stored(ids))

    def lines(self, household_ids: Sequence[str]) -> dict[str, Line]:
        """The lines as the records say they must be; none while the household itself has not arrived."""
        asked = (json.dumps(household_ids),)
        members: dict[str, list[tuple[Any, ...]]] = {}
        for household_id, *member in self._connection.execute(_MEMBERS, asked):
            members.setdefault(household_id, []).append(tuple(member))
        cursor = self._connection.execute(_HOUSEHOLDS, asked)
        names = [column[0] for column in cursor.description]
        households = (dict(zip(names, row, strict=True)) for row in cursor)
        return {one["household_id"]: self._words.line(one, members.get(one["household_id"], [])) for one in households}

    def stored(self, household_ids: Sequence[str]) -> dict[str, tuple[int, Line]]:
        """Keys and lines as they stand."""
        rows = self._connection.execute(_STORED, (json.dumps(household_ids),))
        return {row[0]: (row[1], dict(zip(_COLUMNS, row[2:], strict=True))) for row in rows}

    def faults(self) -> Iterator[str]:
        """The households whose lines are not as they must be."""
        for ids in _some([row[0] for row in self._connection.execute("SELECT id FROM household").fetchall()]):
            lines, stored = self.lines(ids), self.stored(ids)
            yield from (one for one in ids if one not in stored or stored[one][1] != lines.get(one))

    def _put(self, lines: Mapping[str, Line], stored: Mapping[str, tuple[int, Line]]) -> None:
        fresh = [line for household_id, line in lines.items() if household_id not in stored]
        (last,) = self._connection.execute("SELECT coalesce(max(key), 0) FROM household_line").fetchone()
        made = list(enumerate(fresh, last + 1))
        changed = [(*stored[key], line) for key, line in lines.items() if key in stored and stored[key][1] != line]
        searched = [(key, old, line) for key, old, line in changed if _searched_in(old) != _searched_in(line)]
        many = self._connection.executemany
        many(_INSERT, [(key, *(line[name] for name in _COLUMNS)) for key, line in made])
        many(_UPDATE, [(*(line[name] for name in _COLUMNS), line["household_id"]) for _, _, line in changed])
        many(_UNINDEX, [(key, *_searched_in(old)) for key, old, _ in searched])
        many(_INDEX, [(key, *_searched_in(line)) for key, line in (*made, *((key, line) for key, _, line in searched))])


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _searched_in(line: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line[name] for name in SEARCHED)


class _Words(dict[str, str]):
    """Words as they are searched: a commune's names are made of some hundred syllables, so each is folded once.

    A blank parts what Unicode composes, so a text is folded word by word.
    """

    def __missing__(self, word: str) -> str:
        folded = self[word] = fold(word)
        return folded

    def fold(self, text: str) -> str:
        return " ".join([self[word] for word in text.split()])

    def line(self, household: Mapping[str, Any], members: list[tuple[Any, ...]]) -> Line:
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
            **(self._searched(household, members) if household["living"] else dict.fromkeys(SEARCHED, "")),
        }

    def _searched(self, household: Mapping[str, Any], members: list[tuple[Any, ...]]) -> dict[str, str]:
        """The words a living household is found by."""
        return {
            "names": "\n".join([self.fold(member[0]) for member in members if member[0]]),
            "code": self.fold(household["household_code"] or ""),
            "ids": " ".join([member[2] for member in members if member[2]]),
            "village": self.fold(household["village_name"] or ""),
            "phone": "".join([letter for letter in household["phone"] or "" if letter.isdigit()]),
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
