"""`bench survey`: opening Phieu B for a household of five, and one answer recomputed."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

from poverty_desktop.bench.figures import Bench, median_ms, percentile
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.system.resources import resource

RUNS, ANSWERS = 20, 400
MEMBERS = ("a", "b", "c", "d", "e")
TODAY = date(2026, 10, 15)
_ASKED = ("select_one", "integer", "decimal")


def survey(runs: int = RUNS, answers: int = ANSWERS) -> Bench:
    """Milliseconds; the limit of opening is reading the same XML, that of one answer computing the whole form anew."""
    xml = resource("forms", "phieu_b.xml").read_bytes()
    form = FormDefinition.parse(xml)
    bench = Bench("survey")
    read = median_ms(lambda: ElementTree.fromstring(xml), runs)
    bench.add("phieu_b parsed, first opening", median_ms(lambda: _parsed(xml), runs), "ms", ("ElementTree of the same XML", read))
    anew = median_ms(lambda: _session(form), runs)
    bench.add("session of a household of five, form parsed", anew, "ms", ("ElementTree of the same XML", read))
    session = _session(form)
    bench.add("expressions computed on opening", session.computing.evaluations, "expressions")
    taken, evaluated = _answer(session, answers)
    whole = session.computing
    before = whole.evaluations
    whole.everything()
    bench.add("one answer recomputed, median", statistics.median(taken), "ms", ("session made anew", anew))
    bench.add("one answer recomputed, 95 %", percentile(taken, 0.95), "ms", ("session made anew", anew))
    limit = ("all expressions", whole.evaluations - before)
    bench.add("expressions run for one answer, median", statistics.median(evaluated), "expressions", limit)
    bench.add("expressions run for one answer, 95 %", percentile(evaluated, 0.95), "expressions", limit)
    return bench


def _parsed(xml: bytes) -> object:
    return FormDefinition.parse(xml).plan


def _session(form: FormDefinition) -> FormSession:
    """Five living people on the roster, rural, nothing answered yet."""
    answers: dict[str, str | None] = {"identification/area_class": "rural", "identification/surveyed_on": TODAY.isoformat()}
    for place, member in enumerate(MEMBERS):
        answers |= {
            f"roster/{member}/birth_date": f"{1984 + 9 * place}-05-02",
            f"roster/{member}/sex": "1",
            f"roster/{member}/age": str(42 - 9 * place),
        }
    return FormSession(form, answers, today=TODAY, repeat_keys={"roster": MEMBERS})


def _answer(session: FormSession, answers: int) -> tuple[list[float], list[int]]:
    """Milliseconds and expressions of answers to questions that apply, drawn evenly (seeded)."""
    dice = random.Random(2026)
    taken: list[float] = []
    evaluated: list[int] = []
    while len(taken) < answers:
        keys = [key for key in session.question_keys() if _may_answer(session, key)]
        key = dice.choice(keys)
        state = session.question(key)
        drawn = [one for one, _ in state.choices] if state.kind == "select_one" else [str(number) for number in range(1, 91)]
        value = dice.choice([one for one in drawn if one != session.value(key)])
        before = session.computing.evaluations
        taken.append(_timed(lambda key=key, value=value: session.set(key, value)))  # type: ignore[misc]
        evaluated.append(session.computing.evaluations - before)
    return taken, evaluated


def _may_answer(session: FormSession, key: str) -> bool:
    state = session.question(key)
    return state.relevant and not state.readonly and state.kind in _ASKED


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
