"""The order of a form's computations: each after those that it reads from. A circle is refused with its path.

One circle has an end: a repeat whose count asks an answer of its own instances ("one more?" in the last one). JavaRosa accepts
it, since a count is no part of its order; here the count runs again whenever its instances say something else (`computing.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.references import Path

if TYPE_CHECKING:
    from poverty_desktop.forms.plan import Unit


def ordered(units: Mapping[tuple[Path, str], Unit]) -> tuple[list[Unit], Mapping[Path, frozenset[Path]]]:
    """The driving units; the repeats that count on themselves, with the answers that they ask in their instances. Raises
    KnownProblem "forms.circular" (path: "a → b → a")."""
    try:
        return _ordered(units, units), {}
    except KnownProblem:
        asked = {unit: _asked_inside(unit, units) for unit in units.values() if unit.aspect == "count"}
        if not any(asked.values()):
            raise
        others = {place: unit for place, unit in units.items() if not asked.get(unit)}
        return _ordered(units, others), {unit.path: paths for unit, paths in asked.items() if paths}


def _asked_inside(count: Unit, units: Mapping[tuple[Path, str], Unit]) -> frozenset[Path]:
    """The answers in its own instances that a count depends on, if it depends on itself. Where it asks only how many there are,
    nobody could ever end it."""
    seen, waiting = dict.fromkeys([count]), [count]
    itself = False
    while waiting:
        for needed in _needed(waiting.pop(), units):
            itself = itself or needed is count
            if needed not in seen:
                seen[needed] = None
                waiting.append(needed)
    inside = {one.path for unit in seen for one in unit.reads if one.path and one.path[: len(count.path)] == count.path}
    return frozenset(path for path in inside if itself and path != count.path and (path, "calculate") not in units)


def _ordered(starts: Mapping[tuple[Path, str], Unit], units: Mapping[tuple[Path, str], Unit]) -> list[Unit]:
    """All driving units of `starts`, each after those of `units` that it needs."""
    done: dict[Unit, None] = {}
    for start in starts.values():
        if start.drives and start not in done:
            _visit(start, units, done)
    return list(done)


def _visit(start: Unit, units: Mapping[tuple[Path, str], Unit], done: dict[Unit, None]) -> None:
    """Depth first without recursion: a chain of calculations may be as long as the form."""
    trail: dict[Unit, Iterator[Unit]] = {start: _needed(start, units)}
    while trail:
        unit, rest = next(reversed(trail.items()))
        needed = next((one for one in rest if one not in done), None)
        if needed is None:
            done[unit] = None
            del trail[unit]
        elif needed in trail:
            raise KnownProblem("forms.circular", path=_circle(list(trail), needed))
        else:
            trail[needed] = _needed(needed, units)


def _circle(trail: list[Unit], unit: Unit) -> str:
    circle = [*trail[trail.index(unit) :], unit]
    return " → ".join("/".join(one.path[1:]) for one in circle)


def _needed(unit: Unit, units: Mapping[tuple[Path, str], Unit]) -> Iterator[Unit]:
    """The driving units that decide what `unit` reads: the calculation of a path, the relevance of it and of all above, and how
    many instances the repeats on the way have; for the unit itself, how many instances it runs in."""
    for depth in range(1, len(unit.place) + 1):
        if (unit.place[:depth], "count") in units:
            yield units[unit.place[:depth], "count"]
    for reference in sorted(unit.reads, key=lambda one: one.path or ()):
        path = reference.path or ()
        for depth in range(1, len(path) + 1):
            for aspect in ("relevant", "count"):
                if (path[:depth], aspect) in units:
                    yield units[path[:depth], aspect]
        if (path, "calculate") in units:
            yield units[path, "calculate"]
