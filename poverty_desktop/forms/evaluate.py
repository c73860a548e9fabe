"""`forms evaluate`: a form and an answer file in, what the engine makes of them out, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import FormDefinition, Group, Question
from poverty_desktop.forms.session import FormSession
from poverty_desktop.forms.state import FormProblem


def evaluate(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    *,
    today: date,
    texts: Texts,
    sets: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """The JSON of `forms evaluate`. Paths are those of a person: "/data/roster[2]/age".

    `answers` is nested as the form is, repeats as lists: {"house": {"floor_area": 24}, "roster": [{"full_name": "…"}]};
    select-many as a list or as names with blanks. `sets` are applied one by one, in order. Answers of questions that do not
    apply come out empty. Raises KnownProblem "forms.unknown_question" (question, form) and "forms.wrong_shape" (question).
    """
    flat = dict(flatten(definition, answers))
    session = FormSession(definition, flat, today=today, language=texts.language)
    for path, value in sets:
        try:
            session.set(session.key_of(path) if path.startswith("/") else path, value)
        except KeyError:
            raise KnownProblem("forms.unknown_question", question=path, form=definition.form_id) from None
    return picture(session, texts)


def picture(session: FormSession, texts: Texts) -> dict[str, Any]:
    """What a session says now, in the shape of `forms evaluate`."""
    definition = session.definition
    states = [session.question(key) for key in session.question_keys()]
    paths = {state.key: session.path_of(state.key) for state in states}
    problems = [_problem(problem, paths[problem.key], texts) for problem in session.problems()]
    return {
        "form": {"id": definition.form_id, "version": definition.version, "hash": definition.hash},
        "answers": nest(session),
        "relevant": {session.path_of(key): session.relevant(key) for key in session.places()},
        "problems": problems,
        "choices": {paths[state.key]: [value for value, _ in state.choices] for state in states if _chooses(state.kind)},
        "labels": {paths[state.key]: state.label for state in states if state.label},
    }


def _chooses(kind: str) -> bool:
    return kind in ("select_one", "select_multiple")


def _problem(problem: FormProblem, path: str, texts: Texts) -> dict[str, str]:
    return {"path": path, "kind": problem.kind, "message": problem.sentence(texts)}


def flatten(definition: FormDefinition, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Answer keys and texts of a nested answer file; repeat instances get the keys "1", "2", …"""
    top: list[Question | Group] = []
    for section in definition.sections:
        top += [section] if section.name else section.items  # questions outside of groups stand at the top of the file
    yield from _values(definition, top, answers, "")


def _values(
    definition: FormDefinition, items: Sequence[Question | Group], answers: Mapping[str, Any], above: str
) -> Iterator[tuple[str, str]]:
    by_name = {item.name: item for item in items}
    for name, value in answers.items():
        key = f"{above}{name}"
        item = by_name.get(name)
        if item is None:
            raise KnownProblem("forms.unknown_question", question=key, form=definition.form_id)
        if isinstance(item, Question):
            yield key, _text(key, value)
        elif item.repeat:
            for place, one in enumerate(_shaped(key, value, list), 1):
                yield from _values(definition, item.items, _shaped(key, one, dict), f"{key}/{place}/")
        else:
            yield from _values(definition, item.items, _shaped(key, value, dict), f"{key}/")


def _shaped(key: str, value: Any, wanted: type) -> Any:
    if not isinstance(value, wanted):
        raise KnownProblem("forms.wrong_shape", question=key)
    return value


def _text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    if isinstance(value, dict):
        raise KnownProblem("forms.wrong_shape", question=key)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def nest(session: FormSession) -> dict[str, Any]:
    """All values as the form nests them, computed ones filled in, repeats as lists."""

    def branch(items: Iterable[Question | Group], above: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in items:
            key = f"{above}{item.name}"
            if isinstance(item, Question):
                found[item.name] = session.value(key) if session.relevant(key) else ""
            elif item.repeat:
                found[item.name] = [branch(item.items, f"{key}/{one}/") for one in session.instances(key)]
            elif item.name:
                found[item.name] = branch(item.items, f"{key}/")
            else:
                found |= branch(item.items, above)
        return found

    return branch(session.definition.sections, "")
