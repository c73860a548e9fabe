"""What each answer gave to B1, where the points stand in the form (columns `points_…` of its choices sheet). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from poverty_desktop.forms import FormSession, QuestionState
from poverty_desktop.forms.definition import Choice
from poverty_desktop.forms.nodes import number_of
from poverty_desktop.forms.points import PREFIX, points_column


@dataclass(frozen=True)
class PointsGiven:
    """The points of the answer to one question; `answer` in the words of the form."""

    key: str
    question: str
    answer: str
    points: int


def points_given(session: FormSession) -> tuple[PointsGiven, ...]:
    """All answers whose points count in the place of this survey, the most points first; nothing while it is not known."""
    column = points_column(session)
    if not column:
        return ()
    found = [one for key in _scored_keys(session) for one in _of_question(session, key, f"{PREFIX}{column}")]
    return tuple(sorted(found, key=lambda one: -one.points))


def _scored_keys(session: FormSession) -> Iterator[str]:
    """The keys of the questions whose choices bear points, of each person where they are asked of people."""
    scored = {one.path for one in session.definition.questions() if any(map(_has_points, one.choices))}
    return (key for key in session.question_keys() if scored and _path(session, key) in scored) if scored else iter(())


def _path(session: FormSession, key: str) -> str:
    return session.question(key).path if "/" in key else key


def _has_points(choice: Choice) -> bool:
    return any(column.startswith(PREFIX) and text for column, text in choice.columns.items())


def _of_question(session: FormSession, key: str, column: str) -> Iterator[PointsGiven]:
    state = session.question(key)
    if not state.relevant or not state.value:
        return
    chosen = [one for one in session.definition.question(state.path).choices if one.value in state.value.split()]
    points = [number_of(one.columns.get(column, "")) for one in chosen]
    known = [int(one) for one in points if one == one // 1]
    if known:
        yield PointsGiven(key, state.label, _words(state), sum(known))


def _words(state: QuestionState) -> str:
    chosen = state.value.split()
    return ", ".join(label for value, label in state.choices if value in chosen)
