"""The order of a form's computations: each after those that it reads from. A circle is refused with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.references import Path

if TYPE_CHECKING:
    from poverty_desktop.forms.plan import Unit


def ordered(units: Mapping[tuple[Path, str], Unit]) -> list[Unit]:
    """The driving units. Raises KnownProblem "forms.circular" (path: "a → b → a")."""
    done: dict[Unit, None] = {}
    for start in units.values():
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
