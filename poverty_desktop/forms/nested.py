"""Answers as a file holds them, nested as the form is, and as the engine keeps them, flat by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.definition import FormDefinition, Group, Question


def flatten(definition: FormDefinition, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Answer keys and texts of a nested answer file; repeat instances get the keys "1", "2", …

    Raises KnownProblem "forms.unknown_question" (question, form) and "forms.wrong_shape" (question). The record's own data
    ("meta") are passed over: they are made anew.
    """
    top: list[Question | Group] = []
    for section in definition.sections:
        top += [section] if section.name else section.items  # questions outside of groups stand at the top of the file
    yield from _values(definition, top, {name: value for name, value in answers.items() if name != "meta"}, "")


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
            for place, one in enumerate(_shaped(key, [] if value is None else value, list), 1):
                yield f"{key}/{place}", ""  # it exists, also when nothing in it is answered
                yield from _values(definition, item.items, _shaped(key, one, dict), f"{key}/{place}/")
        else:
            yield from _values(definition, item.items, _shaped(key, {} if value is None else value, dict), f"{key}/")


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
        return " ".join(_text(key, one) for one in value)
    if isinstance(value, dict):
        raise KnownProblem("forms.wrong_shape", question=key)
    return f"{value:.15g}" if isinstance(value, float) else str(value)
