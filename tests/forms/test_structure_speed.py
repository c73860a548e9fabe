"""A form of 600 questions in 4 levels of groups: an edit costs what depends on it, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import pytest

from poverty_desktop.forms import FormDefinition, FormSession
from tests.forms.making import TODAY
from tests.forms.test_structure_record import xform

LEVELS = (5, 4, 3, 2)
LEAVES = 5


def _tree(path: str, depth: int) -> Iterator[tuple[str, str, str]]:
    """Data, binds and body of a level."""
    if depth == len(LEVELS):
        for leaf in range(LEAVES):
            name = f"{path}/q{leaf}"
            expression = f' calculate="concat({path}/q2, {path}/q3)"' if leaf == 4 else ""
            expression += f' relevant="{path}/q0 != \'no\'" required="true()"' if leaf == 1 else ""
            control = f'<input ref="{name}"><label>{leaf}</label></input>' if leaf < 4 else ""
            yield f"<q{leaf}/>", f'<bind nodeset="{name}" type="string"{expression}/>', control
        return
    for number in range(LEVELS[depth]):
        inner = f"{path}/g{number}"
        data, binds, body = (list(part) for part in zip(*_tree(inner, depth + 1), strict=True))
        relevant = "" if number == 0 else f" relevant=\"{path}/g0{'/g0' * (3 - depth)}/q0 != 'none'\""
        yield (
            f"<g{number}>{''.join(data)}</g{number}>",
            f'<bind nodeset="{inner}"{relevant}/>{"".join(binds)}',
            f'<group ref="{inner}"><label>G</label>{"".join(body)}</group>',
        )


@pytest.fixture(scope="module")
def large() -> FormDefinition:
    data, binds, body = ("".join(part) for part in zip(*_tree("/data", 0), strict=True))
    form = FormDefinition.parse(xform(data, binds, body))
    assert sum(1 for _ in form.questions()) == 600
    return form


def best(times: int, act: object) -> float:
    assert callable(act)
    taken = []
    for _ in range(times):
        begun = perf_counter()
        act()
        taken.append(perf_counter() - begun)
    return min(taken)


def test_an_answer_runs_only_what_reads_it(large: FormDefinition) -> None:
    session = FormSession(large, {}, today=TODAY)
    session.sections()
    session.problems()
    before = session.computing.evaluations
    assert session.set("g3/g2/g1/g0/q2", "x") == {"g3/g2/g1/g0/q2", "g3/g2/g1/g0/q4"}
    assert session.computing.evaluations - before == 1
    section = session.sections()[0]
    session.set("g3/g2/g1/g0/q0", "no")
    assert session.sections()[0] is section  # what stands elsewhere was not made again
    assert session.computing.evaluations - before < 8


def test_sections_and_problems_of_a_large_form_cost_little_when_little_changed(large: FormDefinition) -> None:
    def whole() -> None:
        opened = FormSession(large, {}, today=TODAY)
        opened.sections()
        opened.problems()

    everything = best(3, whole)  # the measure of this machine
    session = FormSession(large, {}, today=TODAY)
    session.sections()
    session.problems()
    assert best(5, session.sections) < everything / 100
    flip = iter(range(10**6))
    assert best(9, lambda: session.set("g3/g2/g1/g0/q2", str(next(flip)))) < everything / 40
    assert best(9, lambda: (session.set("g1/g1/g1/g0/q0", ("no", "x")[next(flip) % 2]), session.sections())) < everything / 20
    assert best(5, session.problems) < everything / 20


def test_hiding_most_of_a_large_form_and_going_back_is_exact(large: FormDefinition) -> None:
    session = FormSession(large, {"g4/g3/g2/g1/q1": "x"}, today=TODAY)
    shown, moment = session.sections(), session.snapshot()
    told = session.set("g0/g0/g0/g0/q0", "none")
    assert len(told) > 480
    assert sum(len(section.keys) for section in session.sections()) < 100
    assert session.value("g4/g3/g2/g1/q1") == "x"
    session.restore(moment)
    assert session.sections() == shown
