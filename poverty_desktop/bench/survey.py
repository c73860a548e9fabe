"""`bench survey`: a form opened, answered and keyed: the engine alone, the whole screen, and papers into the file."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from poverty_desktop.bench.children import figures_of
from poverty_desktop.bench.figures import Bench, median_ms, percentile
from poverty_desktop.bench.large_form import TOTAL
from poverty_desktop.bench.offices import PASSWORD, new_office
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.system.resources import resource

RUNS, ANSWERS, FORMS = 20, 400, 50
MEMBERS = ("a", "b", "c", "d", "e")
TODAY = date(2026, 10, 15)
_ASKED = ("select_one", "integer", "decimal")


def survey(runs: int = RUNS, answers: int = ANSWERS, forms: int = FORMS) -> Bench:
    """Milliseconds; each figure against a limit of the same run, or the one the program promises ("promised")."""
    bench = Bench("survey")
    engine(bench, runs, answers)
    with tempfile.TemporaryDirectory() as place:
        screen(bench, Path(place) / "survey", answers)
        papers(bench, Path(place) / "papers", forms)
    return bench


def screen(bench: Bench, folder: Path, answers: int) -> None:
    """From key to repainted screen, in processes of their own."""
    large = figures_of("answered_form", "large", str(answers))
    new_office(folder, 1).workspace.close()
    found = figures_of("answered_form", "survey", str(answers), str(folder), password=PASSWORD)
    bench.add(f"form of {TOTAL} questions: answer to repainted screen, median", statistics.median(large["answers_ms"]), "ms")
    _promised(bench, f"form of {TOTAL} questions: answer to repainted screen, 95 %", percentile(large["answers_ms"], 0.95), 50)
    bench.add(f"form of {TOTAL} questions opened, first section painted", large["opened_ms"], "ms")
    bench.add(f"form of {TOTAL} questions keyed, memory", large["memory_mib"], "MiB", ("the same before", large["before_mib"]))
    who = f"phieu_b, {found['members']} members"
    bench.add(f"{who}: answer to repainted screen, median", statistics.median(found["answers_ms"]), "ms")
    _promised(bench, f"{who}: answer to repainted screen, 95 %", percentile(found["answers_ms"], 0.95), 16)
    _promised(bench, f"{who}: opened from its released form, painted", found["opened_ms"], 150)
    bare = percentile(found["bare_letters_ms"], 0.99)
    _promised(bench, "keystroke in a text field, 99 %", percentile(found["letters_ms"], 0.99), 2)
    typed = percentile(found["letters_ms"], 0.99)
    bench.add("keystroke in a text field, 99 %", typed, "ms", ("bare QLineEdit in the same run", bare))
    bench.add(f"{who} keyed, memory", found["memory_mib"], "MiB")


def _promised(bench: Bench, name: str, value: float, limit: float) -> None:
    bench.add(name, value, "ms", ("promised", limit))


def papers(bench: Bench, folder: Path, forms: int) -> None:
    """Whole papers keyed at once, without a repaint between the keys, and compared with the file."""
    new_office(folder, forms).workspace.close()
    found = figures_of("keying", str(folder), str(forms), "2026", password=PASSWORD)
    keys, coded = found["coded"]["keys"], found["coded"]["answers"]
    bench.add("papers keyed and finished", found["forms"], "papers", ("papers", forms))
    bench.add("answers keyed", found["answers"], "answers")
    bench.add("answers lost or in the wrong place", len(found["wrong"]), "answers")
    bench.add("keys for a coded answer, households of five", keys / max(coded, 1), "keys", ("promised", 1.3))
    bench.notes += found["wrong"][:20]
    bench.broken = bool(found["wrong"]) or found["forms"] < forms


def engine(bench: Bench, runs: int, answers: int) -> None:
    """The form without a screen; the limit of opening is reading the same XML, of one answer computing the form anew."""
    xml = resource("forms", "phieu_b.xml").read_bytes()
    form = FormDefinition.parse(xml)
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
