"""What only the whole form shows: faults that pyxform finds when it converts, and that the engine finds in the XForm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.checks.book import Book, Row
from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.forms.session import FormSession
from poverty_desktop.forms.sheets import FormFault

ANY_DAY = date(2026, 1, 1)  # the form is only opened, nothing is kept
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet")
_VALUE = re.compile(r"the '([\w ]+)' value")
_QUOTED = re.compile(r"\$\{([^}]+)\}|'([^']+)'|named '([^']+)'")
_PARAMETER = re.compile(
    r"(max-pixels|quality|location-[a-z-]+|track-changes-reasons|track-changes|identify-user|randomize|seed|rows|capture-accuracy"
    r"|warning-accuracy|allow-mock-accuracy|incremental)"
)
# What pyxform says (English) -> the sentence of the catalogue and the column it is about.
_SENTENCES = (
    (re.compile(r"not user-visible so it can't be used as a calculation trigger"), "forms_check.hidden_trigger", "trigger"),
    (re.compile(r"same instance id|Instance names must be unique"), "forms_check.doubled_instance", "type"),
    (re.compile(r"This section has not been included"), "forms_check.include", "type"),
    (re.compile(r"Audits must always be named"), "forms_check.audit_name", "name"),
    (re.compile(r"Choice filter not supported|Badly formatted table list"), "forms_check.table_list", "choice_filter"),
    (re.compile(r"'trigger' value is invalid"), "forms_check.trigger", "trigger"),
    (re.compile(r"'save_to' value|'entities' sheet|[Ee]ntit"), "forms_check.entities", "save_to"),
    (re.compile(r"specify choices for this 'or other'"), "forms_check.or_other", "type"),
)


def pyxform_fault(book: Book, reason: str) -> FormFault:
    """The fault that pyxform's sentence tells, in the words of the catalogue where they are known, else quoted."""
    found, sheet = _ROW.search(reason), _SHEET.search(reason)
    sentence = " ".join(_ROW.sub("", reason).split())
    number = int(found[1]) if found else 0
    for pattern, key, column in _SENTENCES:
        if pattern.search(reason):
            return _at(book, sheet[1] if sheet else "survey", number, column, key, sentence)
    parameter = _PARAMETER.search(reason)
    if parameter or "'parameters' value" in reason:
        wanted = parameter[1] if parameter else ""
        return _at(
            book, "survey", number or _row_with(book, "parameters", wanted), "parameters", "forms_check.parameters", sentence
        )
    value = _VALUE.search(reason)
    return _at(book, sheet[1] if sheet else "survey", number, value[1] if value else "", "forms.fault_conversion", sentence)


def _at(book: Book, sheet: str, number: int, column: str, key: str, sentence: str) -> FormFault:
    rows = book.table(sheet).rows
    number = number or _row_named(book, column, sentence)
    row = next((row for row in rows if row.number == number), None)
    if row is None:
        return FormFault(sheet, number, "", key, {"reason": sentence})
    return row.fault(column, key, reason=sentence) if column else row.fault("type", key, reason=sentence)


def _row_with(book: Book, column: str, text: str) -> int:
    return next((row.number for row in book.survey.rows if text in row.text(column) and row.text(column)), 0)


def _row_named(book: Book, column: str, sentence: str) -> int:
    """The first row whose own column holds, or whose name is, a word that the sentence quotes."""
    for groups in _QUOTED.findall(sentence):
        word = next(filter(None, groups))
        for row in book.survey.rows:
            if word == row.text("name") or (column and word in row.text(column)):
                return row.number
    return 0


def engine_faults(book: Book | None, xml: bytes, files: Mapping[str, bytes]) -> Iterator[FormFault]:
    """The first thing that the engine cannot run; nothing when the form opens."""
    try:
        definition = FormDefinition.parse(xml)
        FormSession(definition, {}, today=ANY_DAY, files=files).problems()
    except KnownProblem as problem:
        yield _engine_fault(book, problem)


def _engine_fault(book: Book | None, problem: KnownProblem) -> FormFault:
    facts = {fact: str(value) for fact, value in problem.facts.items()}
    key = f"problem.{problem.code}"
    if book is None:
        return FormFault("XForm", 0, "", key, facts)
    path = facts.get("path", "").split(" → ")[0].strip("/")
    row = _row_of(book, path)
    if row is None:
        return FormFault("survey", 0, "", key, facts)
    return row.fault(_column_of(row, problem.code, facts), key, **facts)


def _row_of(book: Book, path: str) -> Row | None:
    """The row of a path; a path that stands in no row (a part that pyxform made) is that of the nearest name above."""
    placed = dict(_paths(book))
    steps = path.split("/")
    for start in (0, 1):  # with and without the root
        for length in range(len(steps), start, -1):
            if "/".join(steps[start:length]) in placed:
                return placed["/".join(steps[start:length])]
    return next((row for row in book.survey.rows if row.text("name") == steps[-1]), None)


def _paths(book: Book) -> Iterator[tuple[str, Row]]:
    above: list[str] = []
    for row in book.survey.rows:
        if row.edge == "end":
            above = above[:-1]
        elif row.text("name"):
            yield "/".join([*above, row.text("name")]), row
            if row.edge == "begin":
                above.append(row.text("name"))


def _column_of(row: Row, code: str, facts: Mapping[str, str]) -> str:
    if facts.get("element") == "search()":
        return "appearance"
    if code in ("forms.unsupported", "forms.no_such_node"):
        return "type"
    order = ("calculation", "relevant", "repeat_count", "choice_filter", "constraint", "required", "read_only", "default")
    return next((name for name in order if row.text(name)), "type")
