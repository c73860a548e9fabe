"""`forms evaluate`: a form and an answer file in, what the engine makes of them out, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import CHOOSING, FormDefinition, Group, Question
from poverty_desktop.forms.finding import split_step
from poverty_desktop.forms.nested import flatten
from poverty_desktop.forms.session import FormSession
from poverty_desktop.forms.state import FormProblem


def evaluate(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    *,
    today: date,
    texts: Texts,
    sets: Sequence[tuple[str, str]] = (),
    language: str | None = None,
    now: datetime | None = None,
    seed: int | None = None,
    metadata: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """The JSON of `forms evaluate`. Paths are those of a person: "/data/roster[2]/age".

    `answers` is nested as the form is, repeats as lists: {"house": {"floor_area": 24}, "roster": [{"full_name": "…"}]};
    select-many as a list or as names with blanks. `sets` are applied one by one, in order, as a person would: the next instance
    of a repeat is added where the form lets a person add one. `language` is one of the form's, by code or name (that of `texts`
    without it). Answers of questions that do not apply come out empty.

    Raises KnownProblem "forms.unknown_question" (question, form), "forms.wrong_shape" (question), "forms.may_not_add" (path),
    "forms.no_such_language" (language, languages), "forms.unreadable_list" (file, reason).
    """
    session = FormSession(
        definition,
        dict(flatten(definition, answers)),
        today=today,
        language=_language(definition, language) or texts.language,
        now=now,
        seed=seed,
        metadata=metadata,
        files=files,
    )
    for path, value in sets:
        answer(session, path, value)
    return picture(session, texts)


def _language(definition: FormDefinition, wanted: str | None) -> str | None:
    found = definition.language(wanted) if wanted else None
    if wanted and not found and definition.languages and wanted not in ("vi", "en"):
        names = ", ".join(definition.language_names.values())
        raise KnownProblem("forms.no_such_language", language=wanted, languages=names)
    return found or wanted


# --- answering one by one ----------------------------------------------------------------------------------------------


def answer(session: FormSession, path: str, value: str) -> None:
    """Answer one question, adding the repeat instances on its way that a person could add.

    `path` is a path with positions, from the root or from the first group, or an answer key.
    """
    key = path if path in session.question_keys() else _key(session, path)
    try:
        session.set(key, value)
    except KeyError:
        raise _unknown(session, path) from None


def _key(session: FormSession, path: str) -> str:
    root = f"/{session.definition.plan.root}"
    steps = (path if path.startswith("/") else f"{root}/{path}").strip("/").split("/")
    for depth in range(2, len(steps)):
        _make_way(session, "/" + "/".join(steps[:depth]), path)
    try:
        return session.key_of("/".join(steps))
    except KeyError:
        raise _unknown(session, path) from None


def _make_way(session: FormSession, to: str, path: str) -> None:
    """Add the instance at the end of `to`, when it is the next one and a person may add it."""
    try:
        session.key_of(to)
        return
    except KeyError:
        above, _, step = to.rpartition("/")
    try:
        name, wanted = split_step(step)
        place = f"{session.key_of(above)}/{name}".lstrip("/")
        present = session.instances(place)
    except (KeyError, ValueError):
        raise _unknown(session, path) from None
    if wanted != len(present) + 1:
        raise _unknown(session, path)
    if not session.may_add(place):
        raise KnownProblem("forms.may_not_add", path=to)
    session.add(place, next(key for number in range(wanted, wanted + len(present) + 1) if (key := str(number)) not in present))


def _unknown(session: FormSession, path: str) -> KnownProblem:
    return KnownProblem("forms.unknown_question", question=path, form=session.definition.form_id)


# --- the picture -------------------------------------------------------------------------------------------------------


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
        "choices": {paths[state.key]: [value for value, _ in state.choices] for state in states if state.kind in CHOOSING},
        "labels": {session.path_of(key): label for key in session.places() if (label := session.label(key))},
    }


def _problem(problem: FormProblem, path: str, texts: Texts) -> dict[str, str]:
    return {"path": path, "kind": problem.kind, "message": problem.sentence(texts)}


def nest(session: FormSession) -> dict[str, Any]:
    """All values as the form nests them, computed ones filled in, repeats as lists; the name of the record when it has one."""

    def branch(items: Iterable[Question | Group], above: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in items:
            key = f"{above}{item.name}"
            if isinstance(item, Question):
                found[item.name] = session.value(key) if session.relevant(key) else ""
            elif item.repeat:
                found[item.name] = [branch(item.items, f"{key}/{one}/") for one in session.instances(key)]
            elif item.name and not item.meta:
                found[item.name] = branch(item.items, f"{key}/")
            elif not item.meta:
                found |= branch(item.items, above)
        return found

    name = session.instance_name()
    return branch(session.definition.sections, "") | ({"meta": {"instanceName": name}} if name else {})
