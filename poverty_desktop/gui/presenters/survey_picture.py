"""Draws the frozen state of the survey screen from a sheet: pure, no Qt, no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import GroupState, QuestionState, RepeatState, SectionState
from poverty_desktop.gui.presenters.survey_state import (
    FieldState,
    GridRow,
    GridState,
    HeadingState,
    MissingState,
    Option,
    Progress,
    RowState,
    SectionMark,
    Tone,
)
from poverty_desktop.gui.presenters.typed_values import to_shown
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet

SILENT = ("note", "calculate", "hidden")
REGISTER_FACTS = ("province", "commune", "village", "household_code")
HEADER_COLUMNS = ("full_name", "sex", "age", "age_basis", "birth_date", "relation_to_head")
"""Roster questions, by name, that stand at the head of a row when the register answers them."""


def is_asked(question: QuestionState) -> bool:
    """Whether a person answers this question here."""
    return question.kind not in SILENT and not question.readonly and not _of_register(question)


def section_marks(sheet: SurveySheet, sections: tuple[SectionState, ...]) -> tuple[SectionMark, ...]:
    return tuple(_mark(sheet, section) for section in sections if section.relevant)


def _mark(sheet: SurveySheet, section: SectionState) -> SectionMark:
    asked = [one for one in questions_of(sheet, section) if is_asked(one)]
    answered = sum(1 for one in asked if one.value)
    return SectionMark(section.path, short(section.label or sheet.form.title), _progress(asked, answered), answered, len(asked))


def short(label: str) -> str:
    """The words of a section without what a demonstration form adds after a dash; the paper itself shows them whole."""
    return label.split(" — ")[0]


def _progress(asked: list[QuestionState], answered: int) -> Progress:
    if not asked:
        return "computed"
    if any(one.problem and one.problem.tone == "red" for one in asked):
        return "problem"
    if not answered:
        return "empty"
    return "begun" if any(one.missing for one in asked) else "done"


def questions_of(sheet: SurveySheet, section: SectionState) -> Iterator[QuestionState]:
    for key in section.keys:
        yield sheet.session.question(key)


def rows_of(sheet: SurveySheet, section: SectionState, texts: Texts) -> tuple[RowState, ...]:
    """The rows of one section in paper order."""
    return tuple(_rows(sheet, section.items, texts))


def _rows(sheet: SurveySheet, items: tuple[str | GroupState | RepeatState, ...], texts: Texts) -> Iterator[RowState]:
    for item in items:
        if isinstance(item, str):
            yield field_state(sheet, sheet.session.question(item), texts)
        elif isinstance(item, RepeatState):
            yield _grid(sheet, item, texts)
        else:
            if item.label:
                yield HeadingState(item.key, item.label)
            yield from _rows(sheet, item.items, texts)


def field_state(sheet: SurveySheet, question: QuestionState, texts: Texts) -> FieldState:
    problem = question.problem if question.relevant else None
    reason = sheet.draft.notes.get("doubts", {}).get(question.key, "")
    doubt = problem is not None and problem.tone == "amber"
    options = numbered(question.choices)
    return FieldState(
        key=question.key,
        kind=question.kind,
        label=question.label,
        hint=question.hint,
        guidance=question.guidance,
        multiline="multiline" in question.appearance,
        options=options,
        value=question.value,
        shown=shown(question.kind, question.value, options),
        required=question.required,
        readonly=question.readonly or sheet.locked or question.kind in SILENT or _of_register(question),
        relevant=question.relevant,
        problem=problem.sentence(texts) if problem else "",
        tone=problem.tone if problem else "grey",
        wants_reason=doubt,
        reason=reason if doubt else "",
    )


def _of_register(question: QuestionState) -> bool:
    """Whether the register answers this question: it is corrected there and Enter passes it by."""
    return bool(question.value) and question.path.rsplit("/", 1)[-1] in REGISTER_FACTS


def numbered(choices: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    """Choices with the number that is typed for them: the code itself where all codes are numbers, else the place."""
    own = all(value.isascii() and value.isdigit() for value, _ in choices)
    return tuple(Option(value, label, value if own else str(place)) for place, (value, label) in enumerate(choices, start=1))


def shown(kind: str, value: str, options: tuple[Option, ...]) -> str:
    """The answer in words."""
    if kind in ("select_one", "select_multiple"):
        chosen = value.split() if kind == "select_multiple" else [value]
        return ", ".join(option.label for option in options if option.value in chosen) or value
    return to_shown(kind, value)


def _grid(sheet: SurveySheet, repeat: RepeatState, texts: Texts) -> GridState:
    paths = [path for path in paths_of(sheet) if path.startswith(f"{repeat.path}/") and _asked(sheet, path)]
    names = [path.removeprefix(f"{repeat.path}/") for path in paths]
    cells = tuple(
        tuple(field_state(sheet, sheet.session.question(f"{instance.key}/{name}"), texts) for name in names)
        for instance in repeat.instances
    )
    words = [sheet.form.question(path).label.plain(sheet.session.language) for path in paths]
    rows = tuple(GridRow(one.instance, *_person(sheet, one.key, one.label, texts)) for one in repeat.instances)
    return GridState(repeat.key, repeat.label, tuple(zip(names, words, strict=True)), rows, cells)


def _asked(sheet: SurveySheet, path: str) -> bool:
    """Whether a column is a question for people: what the register answers stands at the head of the row. The columns of a
    grid are always the same, so that they do not jump while one types; what does not apply shows as such."""
    question = sheet.form.question(path)
    return question.kind not in SILENT and question.name not in HEADER_COLUMNS


def _person(sheet: SurveySheet, key: str, label: str, texts: Texts) -> tuple[str, str]:
    """(name, "Nữ · 34 tuổi") of one instance, as far as the form has them."""
    below = [path.removeprefix(ROSTER) for path in paths_of(sheet) if path.startswith(f"{ROSTER}/")]
    known = {path.rsplit("/", 1)[-1]: key + path for path in below}
    name = sheet.session.value(known["full_name"]) if "full_name" in known else ""
    sex = sheet.session.question(known["sex"]) if "sex" in known else None
    age = sheet.session.value(known["age"]) if "age" in known else ""
    sex_word = shown(sex.kind, sex.value, numbered(sex.choices)) if sex else ""
    relation = sheet.session.question(known["relation_to_head"]) if "relation_to_head" in known else None
    relation_word = shown(relation.kind, relation.value, numbered(relation.choices)) if relation else ""
    parts = [sex_word, texts("survey.years", age=age) if age else texts("survey.age_unknown"), relation_word]
    return name or label or texts("survey.no_name"), " · ".join(part for part in parts if part)


def to_mend(sheet: SurveySheet, sections: tuple[SectionState, ...], texts: Texts) -> tuple[MissingState, ...]:
    """What stands in the way of finishing, in paper order: red problems and empty answers, then doubts without a reason."""
    place = {key: short(section.label) for section in sections for key in section.keys}
    doubts: Mapping[str, str] = sheet.draft.notes.get("doubts", {})
    found: dict[str, tuple[str, Tone]] = {
        problem.key: (texts("survey.missing_answer") if problem.kind == "required" else problem.sentence(texts), problem.tone)
        for problem in sheet.session.problems()
        if problem.tone == "red" or not doubts.get(problem.key)
    }
    for key in sheet.session.missing():
        if sheet.session.question(key).readonly:
            found[key] = (texts("survey.missing_in_register"), "red")
        else:
            found.setdefault(key, (texts("survey.missing_answer"), "red"))
    order = {key: number for number, key in enumerate(place)}
    ordered = sorted(found, key=lambda key: order.get(key, len(order)))
    return tuple(MissingState(key, place.get(key, ""), full_label(sheet, key), *found[key]) for key in ordered)


def full_label(sheet: SurveySheet, key: str) -> str:
    """The question, and for a person's question the name before it."""
    question = sheet.session.question(key)
    name = f"{ROSTER}/full_name"
    if question.path == key or name not in paths_of(sheet):
        return question.label
    return f"{sheet.session.value('/'.join((*key.split('/')[:2], 'full_name')))}: {question.label}"


def paths_of(sheet: SurveySheet) -> list[str]:
    return [question.path for question in sheet.form.questions()]


def notices(sheet: SurveySheet, texts: Texts) -> tuple[str, ...]:
    """What has to be known of the whole paper before it is typed."""
    told = [
        texts("survey.locked") if sheet.locked else "",
        texts("survey.joined", names=", ".join(sheet.joined)) if sheet.joined else "",
        texts("survey.left", names=", ".join(sheet.left)) if sheet.left else "",
        texts("survey.reopened") if sheet.survey and sheet.survey.state == "finished" and not sheet.locked else "",
    ]
    return tuple(sentence for sentence in told if sentence)
