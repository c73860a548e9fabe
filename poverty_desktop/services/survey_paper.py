"""A survey as it stands on paper: sections, questions with their choices, the roster as a grid; blank, prefilled or filled. Pure.

The order is that of the form, which is that of the screen. A blank paper shows every question, also those that an answer would
open; a filled one only what was asked. Reasons for doubtful answers and the officer's notes stand below what they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from poverty_desktop.forms import FormSession, Group, Question
from poverty_desktop.services.answer_words import answer_numbers, answer_words, chosen, legend, numbered
from poverty_desktop.services.last_year import answers_then
from poverty_desktop.services.survey_sheet import SurveySheet

_SILENT = ("calculate", "hidden", "note")
_HEAD = ("full_name", "sex", "age", "birth_date", "relation_to_head")
"""Questions of a roster, by name, that stand in the first column of a line when the register answers them."""
_OF_RESULT = ("age_basis",)
EMPTY_LINES = 2
"""Lines of a roster left for people whom the register does not know yet."""


@dataclass(frozen=True)
class PaperQuestion:
    """`options` are (number, label, chosen) of a choice; `answer` the words of any other kind; `before` last year's answer."""

    label: str
    hint: str
    options: tuple[tuple[str, str, bool], ...]
    answer: str
    before: str
    remarks: tuple[tuple[str, str], ...] = ()  # ("reason" | "note", words)


@dataclass(frozen=True)
class PaperNote:
    """Words of the form without an answer, or the heading of a group inside a section."""

    words: str
    heading: bool


@dataclass(frozen=True)
class PaperGrid:
    """A repeat. `legends` say what the numbers in a column mean; a cell is (answer, last year's answer, asked of this line)."""

    columns: tuple[str, ...]
    legends: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str, tuple[tuple[str, str, bool], ...]], ...]  # (name, detail, cells)
    remarks: tuple[tuple[str, str, str], ...]  # (name and question, "reason" | "note", words)


PaperRow = PaperQuestion | PaperNote | PaperGrid


@dataclass(frozen=True)
class PaperSection:
    title: str
    hint: str
    rows: tuple[PaperRow, ...]


@dataclass(frozen=True)
class SurveyPaper:
    """One household's paper. `code` is the text of its QR code. `filled`: the answers of the finished survey stand in it."""

    code: str
    title: str
    year: int
    standard: str
    official: bool
    filled: bool
    with_last_year: int | None  # the year whose answers stand in grey
    household_code: str
    head_name: str
    village: str
    household_class: str | None
    sections: tuple[PaperSection, ...]


def survey_paper(sheet: SurveySheet, code: str, *, filled: bool, with_last: bool) -> SurveyPaper:
    """`with_last`: last year's answers in grey, as far as there are any."""
    then = answers_then(sheet) if with_last else {}
    drawing = _Drawing(sheet, then, filled)
    return SurveyPaper(
        code=code,
        title=sheet.form.title,
        year=sheet.round.year,
        standard=sheet.standard.name(sheet.session.language),
        official=sheet.form.official,
        filled=filled,
        with_last_year=sheet.last.year if sheet.last and then else None,
        household_code=sheet.line.household_code or "",
        head_name=sheet.line.head_name or "",
        village=sheet.line.village_name or "",
        household_class=sheet.survey.household_class if filled and sheet.survey else None,
        sections=tuple(drawing.sections()),
    )


class _Drawing:
    """Walks the form with the answers of one sheet."""

    def __init__(self, sheet: SurveySheet, then: Mapping[str, str], filled: bool) -> None:
        self.sheet, self.then, self.filled = sheet, then, filled
        self.session: FormSession = sheet.session
        self.language = sheet.session.language
        self.reasons: Mapping[str, str] = sheet.draft.notes.get("doubts", {}) if filled else {}
        self.notes: Mapping[str, str] = sheet.draft.notes.get("field_notes", {}) if filled else {}

    def sections(self) -> Iterator[PaperSection]:
        words = {one.path: one for one in self.session.sections()}
        for section in self.sheet.form.sections:
            if section.path not in words or (self.filled and not words[section.path].relevant):
                continue
            above = section.path if section.name else ""  # questions outside of groups make a section without a name
            rows = self._grid(section, above) if section.repeat else tuple(self._rows(section, above))
            if rows:
                yield PaperSection(words[section.path].label, words[section.path].hint, rows)

    def _rows(self, group: Group, above: str) -> Iterator[PaperRow]:
        for item in group.items:
            key = f"{above}/{item.name}" if above else item.name
            repeats = isinstance(item, Group) and item.repeat  # its place alone has no node
            if self.filled and not repeats and not self.session.relevant(key):
                continue
            if isinstance(item, Question):
                yield from self._question(item, key)
            elif item.repeat:
                yield from self._grid(item, key)
            else:
                inner = tuple(self._rows(item, key))
                label = item.label.plain(self.language)
                yield from (PaperNote(label, heading=True), *inner) if label and inner else inner

    def _question(self, question: Question, key: str) -> Iterator[PaperRow]:
        state = self.session.question(key)
        if question.kind == "note":
            said = state.relevant and (self.filled or len(question.label.choose(self.language)) == 1)  # no answers in it yet
            yield from (PaperNote(state.label, heading=False),) if said else ()
        elif question.kind not in _SILENT and state.label and not (question.calculate and not self.filled):
            yield PaperQuestion(
                label=state.label,
                hint="" if self.filled else state.hint,
                options=self._options(question, state.value),
                answer="" if question.choices else answer_words(question, state.value, self.language),
                before=self._before(question, key),
                remarks=tuple(self._remarks(key)),
            )

    def _options(self, question: Question, value: str) -> tuple[tuple[str, str, bool], ...]:
        here = chosen(question.kind, value)
        return tuple((one.number, one.label, one.value in here) for one in numbered(question, self.language))

    def _before(self, question: Question, key: str) -> str:
        text = self.then.get(key, "")
        return answer_words(question, text, self.language) if text else ""

    def _remarks(self, key: str) -> Iterator[tuple[str, str]]:
        if self.reasons.get(key):
            yield "reason", self.reasons[key]
        if self.notes.get(key):
            yield "note", self.notes[key]

    # --- repeats -------------------------------------------------------------------------------------------------

    def _grid(self, repeat: Group, key: str, instances: tuple[str, ...] | None = None) -> tuple[PaperRow, ...]:
        """A repeat, and behind it the repeats inside it, one for each line of the outer one. `key` names its place."""
        here = self.session.instances(key) if instances is None else instances
        asked = [one for one in _direct(repeat) if self._is_column(one)]
        below = [one.path.removeprefix(f"{repeat.path}/") for one in asked]
        lines = tuple(self._line(repeat, f"{key}/{one}", asked, below) for one in here)
        spare = () if self.filled else ((("", "", (("", "", True),) * len(asked)),) * EMPTY_LINES)
        legends = tuple((self._label(one), legend(one, self.language, asked)) for one in asked if one.choices)
        remarks = tuple(self._grid_remarks(repeat, key, here, asked, below))
        labels = tuple(self._label(one) for one in asked)
        grid = (PaperGrid(labels, legends, (*lines, *spare), remarks),) if asked and (here or not self.filled) else ()
        return (*grid, *self._inner_grids(repeat, key, here))

    def _inner_grids(self, repeat: Group, key: str, instances: tuple[str, ...]) -> Iterator[PaperRow]:
        for inner in _repeats(repeat):
            below, label = inner.path.removeprefix(f"{repeat.path}/"), inner.label.plain(self.language)
            for instance in instances:
                whose = self._name(repeat, f"{key}/{instance}")
                rows = self._grid(inner, f"{key}/{instance}/{below}")
                yield from (PaperNote(": ".join(part for part in (whose, label) if part), heading=True), *rows) if rows else ()
            if not instances and not self.filled:
                yield from (PaperNote(label, heading=True), *self._grid(inner, f"{key}/{below}", ()))

    def _is_column(self, question: Question) -> bool:
        known = question.name in (*_HEAD, *_OF_RESULT) and bool(question.readonly or question.calculate)
        return question.kind not in _SILENT and bool(question.label) and not known and not question.calculate

    def _label(self, question: Question) -> str:
        return question.label.plain(self.language)

    def _line(
        self, repeat: Group, key: str, asked: list[Question], below: list[str]
    ) -> tuple[str, str, tuple[tuple[str, str, bool], ...]]:
        cells = tuple(self._cell(one, f"{key}/{name}") for one, name in zip(asked, below, strict=True))
        return self._name(repeat, key), self._detail(repeat, key), cells

    def _cell(self, question: Question, key: str) -> tuple[str, str, bool]:
        answer = answer_numbers(question, self.session.value(key), self.language)
        before = answer_numbers(question, self.then.get(key, ""), self.language)
        relevant = self.session.relevant(key)
        return answer if relevant else "", before, relevant or not self.filled

    def _name(self, repeat: Group, key: str) -> str:
        has = any(one.path == f"{repeat.path}/full_name" for one in _direct(repeat))
        return self.session.value(f"{key}/full_name") if has else ""

    def _detail(self, repeat: Group, key: str) -> str:
        """What the register says beside the name: sex, day of birth, relation to the head."""
        found = []
        for one in _direct(repeat):
            name = one.path.removeprefix(f"{repeat.path}/")
            if one.name in _HEAD and one.name not in ("full_name", "age") and self.session.value(f"{key}/{name}"):
                text = answer_words(one, self.session.value(f"{key}/{name}"), self.language, numbers=False)
                found.append(_day(text) if one.name == "birth_date" else text)
        return " · ".join(found)

    def _grid_remarks(
        self, repeat: Group, key: str, instances: tuple[str, ...], asked: list[Question], below: list[str]
    ) -> Iterator[tuple[str, str, str]]:
        for instance in instances:
            for one, name in zip(asked, below, strict=True):
                for kind, words in self._remarks(f"{key}/{instance}/{name}"):
                    who = self._name(repeat, f"{key}/{instance}")
                    yield ": ".join(part for part in (who, self._label(one)) if part), kind, words


def _day(text: str) -> str:
    """A partial ISO day as text, in the order of the country; anything else as it is."""
    return "/".join(reversed(text.split("-"))) if text[:4].isdigit() else text


def _direct(repeat: Group) -> Iterator[Question]:
    """The questions of a repeat, without those of the repeats inside it."""
    for item in repeat.items:
        if isinstance(item, Question):
            yield item
        elif not item.repeat:
            yield from _direct(item)


def _repeats(group: Group) -> Iterator[Group]:
    """The repeats right inside a group."""
    for item in group.items:
        if isinstance(item, Group):
            yield from (item,) if item.repeat else _repeats(item)
