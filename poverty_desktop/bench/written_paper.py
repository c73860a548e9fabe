"""A paper filled in at random, as it would lie beside the keyboard: every answer in paper order, with the keys that key it.

The keys follow the help of the form screen, never the screen itself: what arrives in another question than the paper's is found
by comparing the file with the paper.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from poverty_desktop.forms import FormSession, QuestionState
from poverty_desktop.gui.presenters.survey_fields import SILENT, numbered
from poverty_desktop.gui.presenters.typed_values import still_possible

ENTER, LEAVE = "\n", "\x0e"  # Enter; Ctrl+Enter, which leaves text of several lines
CODED = ("select_one", "select_multiple")
_WORDS = ("Đinh Thị Hường", "nhà cạnh suối", "không có đất lúa", "vay của họ hàng", "con học xa", "mái tôn dột")
Asked = Callable[[str], bool]


@dataclass(frozen=True)
class Written:
    """One answer of the paper. `keys` are those pressed while the cursor stands on it, its reason included."""

    key: str
    kind: str
    value: str
    keys: str
    reason: str = ""

    @property
    def coded(self) -> bool:
        return self.kind in CODED and bool(self.value)


def asked_in(session: FormSession, passed_by: frozenset[str]) -> Asked:
    """Whether a question is stopped at: asked of a person, and not answered by the register."""

    def asked(key: str) -> bool:
        question = session.question(key)
        return question.relevant and not question.readonly and question.kind not in SILENT and key not in passed_by

    return asked


def written(session: FormSession, dice: random.Random, asked: Asked) -> list[Written]:
    """Fill `session` from the question on which a new survey opens to the end of the paper."""
    first = next(section for section in session.sections() if section.relevant and section.items)
    stops = [key for key in first.keys if asked(key)]
    here: str | None = next((key for key in stops if not session.value(key)), stops[0])
    lines: list[Written] = []
    went_on = False  # the last digit went on by itself: an Enter right behind it counts for nothing
    while here is not None:
        line, went_on = _answer(session, session.question(here), dice, went_on)
        lines.append(line)
        here = _next(session, here, asked)
    return lines


def _next(session: FormSession, here: str, asked: Asked) -> str | None:
    keys = [key for section in session.sections() if section.relevant for key in section.keys]
    return next((key for key in keys[keys.index(here) + 1 :] if asked(key)), None)


def _answer(session: FormSession, question: QuestionState, dice: random.Random, went_on: bool) -> tuple[Written, bool]:
    if question.value or (not question.required and dice.random() < 0.5):
        return Written(question.key, question.kind, question.value, ENTER * (2 if went_on else 1)), False
    value, keys, goes_on = _drawn(question, dice)
    session.set(question.key, value)
    problem = session.question(question.key).problem
    reason = dice.choice(_WORDS) if problem is not None and problem.tone == "amber" else ""
    return Written(question.key, question.kind, value, keys + (reason + ENTER if reason else ""), reason), goes_on


def _drawn(question: QuestionState, dice: random.Random) -> tuple[str, str, bool]:
    """(answer, keys, whether its digit goes on by itself)."""
    options = numbered(question.choices)
    numbers = [option.number for option in options]
    if question.kind == "select_one":
        option = dice.choice(options)
        waits = still_possible(option.number, numbers)
        return option.value, option.number + (ENTER if waits else ""), not waits
    if question.kind == "select_multiple":
        some = [option for option in options if option.value not in ("none", "other")]
        chosen = sorted(dice.sample(range(len(some)), min(len(some), dice.randint(1, 2))))
        typed = [some[place].number for place in chosen]
        value = " ".join(some[place].value for place in chosen)
        return value, (" " if len(options) > 9 else "").join(typed) + ENTER, False
    if question.kind in ("integer", "decimal"):
        doubtful = question.kind == "decimal" and dice.random() < 0.1  # a house of 1,200 m²: asks for a reason
        value = "1200" if doubtful else str(dice.randint(8, 95))
        return value, value + ENTER, False
    words = dice.choice(_WORDS)
    return words, words + (LEAVE if "multiline" in question.appearance.split() else ENTER), False


def differences(paper: list[Written], stored: dict[str, str], known: dict[str, str]) -> Iterator[str]:
    """Where a file holds something else than the paper: lost, changed, or keyed where the paper has nothing. `known` are the
    answers that stood there before the first key."""
    wanted = known | {line.key: line.value for line in paper if line.value}
    for key in sorted({*wanted, *stored}):
        if stored.get(key, "") != wanted.get(key, ""):
            yield f"{key}: {wanted.get(key, '')!r} on paper, {stored.get(key, '')!r} in the file"
