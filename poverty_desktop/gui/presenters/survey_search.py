"""F6: where a question stands, and which ones are meant by a typed number of the paper or by words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from poverty_desktop.domain.names import fold
from poverty_desktop.gui.presenters.survey_picture import FormPicture, full_label, plain

_CALLED = r"^\s*(?:(?:câu|question|q)\.?\s*)?"
_OWN = re.compile(_CALLED + r"((?:[A-ZĐ]{1,2}\.?)?\d+(?:\.\d+)*[a-zđ]?)\s*[.):](?:\s|$)", re.IGNORECASE)
_CODED = re.compile(_CALLED + r"([A-ZĐ]{1,2}\.?\d+(?:\.\d+)*[a-zđ]?|\d+(?:\.\d+)+[a-zđ]?)\s", re.IGNORECASE)
_NUMBER = re.compile(r"^[a-z]{0,2}\.?\d+(?:\.\d+)*\.?[a-z]?$")


@dataclass(frozen=True)
class Place:
    """One question that can be gone to. `number` is that of the paper, or section and place ("3.4") where it bears none."""

    key: str
    number: str
    words: str
    folded: str

    @property
    def line(self) -> str:
        return f"{self.number}  {self.words}"


def own_number(label: str) -> str:
    """The number with which a question begins on the paper: "12" of "12. Nguồn nước", "B1.3" of "B1.3 Tường"; "" for none."""
    words = plain(label)
    match = _OWN.match(words) or _CODED.match(words)
    return match.group(1) if match else ""


def places(picture: FormPicture) -> list[Place]:
    """Every question that can be answered now, in paper order; cells of one column of a grid share their number."""
    found = []
    for order, section in enumerate(picture.sections, start=1):
        title = picture.title(section)
        number = own_number(title) or str(order)
        paths = {question: place for place, question in enumerate(_paths(picture, section.keys), start=1)}
        for key in picture.writable(section):
            question = picture.session.question(key)
            at = own_number(question.label) or f"{number}.{paths[question.path]}"
            words = f"{title}: {full_label(picture, key)}"
            found.append(Place(key, at, words, fold(words)))
    return found


def _paths(picture: FormPicture, keys: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(picture.session.question(key).path for key in keys)


def matching(listed: Iterable[Place], typed: str) -> list[Place]:
    """The places meant: of a number first that very question, then those below it; else all that hold every word."""
    wanted = fold(typed).strip()
    if _NUMBER.match(wanted):
        ranked = [(_nearness(place, wanted.rstrip(".")), place) for place in listed]
    else:
        words = wanted.split()
        ranked = [(_distance(place, words), place) for place in listed]
    return [place for rank, place in sorted(ranked, key=lambda one: one[0]) if rank < _NOT]


_NOT = 9


def _nearness(place: Place, wanted: str) -> int:
    number = place.number.lower()
    if number == wanted:
        return 0
    if number.startswith(f"{wanted}."):
        return 1
    if number.startswith(wanted):
        return 2
    return 3 if wanted in place.folded else _NOT


def _distance(place: Place, words: list[str]) -> int:
    if not all(word in place.folded for word in words):
        return _NOT
    starts = place.folded.replace(":", " ").split()
    return 0 if all(any(one.startswith(word) for one in starts) for word in words) else 1
