"""Reading and showing what support screens hold: whole dong, quantities, days, kinds, sources. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from poverty_desktop.domain.dates import format_vietnamese, parse_typed
from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.reference import CodedItem, Reference, is_certain
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Tone

_WHOLE = re.compile(r"\d+|\d{1,3}(?:[., \u00a0]\d{3})+")
FAR = date(2100, 12, 31)  # a planned day may lie ahead


@dataclass(frozen=True)
class Said:
    """What is to be said of one field or cell."""

    tone: Tone
    sentence: str


@dataclass(frozen=True)
class RowView:
    """One line of a grid as the screen shows it: stored texts by column key, what is said of cells, cells that are closed."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Option:
    """An entry of a coded list; `number` is its place, which digits choose."""

    code: str
    label: str
    number: str


def whole(text: str) -> int | None:
    """ "240.000.000", "240 000 000" or "240000000" as a number; None for anything else ("1,5", letters)."""
    found = text.strip()
    return int(re.sub(r"\D", "", found)) if _WHOLE.fullmatch(found) else None


def canonical(text: str) -> str:
    """Digits alone where a whole number was typed, else the text as it is: a draft accepts anything."""
    amount = whole(text)
    return text if amount is None else str(amount)


def shown_number(text: str) -> str:
    return format_dong(int(text)) if text.isdigit() else text


def shown_day(text: str) -> str:
    return format_vietnamese(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text


def read_day(text: str, latest: date) -> str:
    """A typed day as ISO. Raises `KnownProblem` "date.*", also when day or month is missing; "" stays ""."""
    if not text.strip():
        return ""
    iso = parse_typed(text, latest)
    if len(iso) != len("2026-11-10"):
        raise KnownProblem("batch.day_not_whole", typed=text.strip())
    return iso


class SupportFields:
    """The coded lists of support in the language of the window, and sentences put together from amounts."""

    def __init__(self, reference: Reference, texts: Texts, today: Callable[[], date]) -> None:
        self.reference, self.texts, self.today = reference, texts, today
        self.kinds = self._options(reference.support_kinds)
        self.sources = self._options(reference.funding_sources)
        self.programmes = self._options(reference.programmes)

    def _options(self, items: Sequence[CodedItem]) -> tuple[Option, ...]:
        named = enumerate(items, start=1)
        return tuple(Option(item.key, item.name(self.texts.language), str(number)) for number, item in named)

    def source(self, key: str) -> str:
        """The short name of a source, for heads of columns and sums; an unknown key as it is."""
        name = f"batch.source_{key}"
        return self.texts(name) if self.texts.has(name) else key

    def unit_of(self, kind: str) -> str:
        found = self.reference.kind(kind)
        return found.unit_default if found else ""

    def project_words(self, programme_key: str, project_no: str) -> str:
        """The name of a project where it is known, with the mark of how sure it is."""
        programme = self.reference.programme(programme_key)
        project = next((one for one in programme.projects if one.no == project_no), None) if programme else None
        if project is None:
            return ""
        mark = "" if is_certain(project.confidence) else f" ({self.texts(f'domain.confidence.{project.confidence}')})"
        return self.texts("batch.project_words", no=project_no, name=f"{project.vi}{mark}")

    def class_words(self, key: str | None) -> str:
        if key is None:
            return self.texts("batch.class_unknown")
        return self.texts(f"batch.class_{key}")

    def dong(self, amount: int) -> str:
        return self.texts("batch.dong", amount=format_dong(amount))

    def by_source(self, funding: Mapping[str, int]) -> str:
        """ "Ngân sách trung ương 240.000.000 · Ngân sách tỉnh 60.000.000"; empty with one source or none."""
        if len(funding) < 2:
            return ""
        return " · ".join(f"{self.source(key)} {format_dong(amount)}" for key, amount in funding.items())

    def problem(self, problem: KnownProblem, tone: Tone = "red") -> Said:
        return Said(tone, self.texts.problem(problem))
