"""Geographic functions (ODK XForms specification, "XPath Functions": Geographic Functions).

A place is "latitude longitude altitude accuracy" in degrees and metres; a trace or shape joins places by ";". Earth is a ball
with the equatorial radius that JavaRosa takes; altitude does not count. A text that is no place gives NaN, so that a calculation
from an unfinished answer is empty. Blank places are passed over.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from poverty_desktop.forms.nodes import Value, texts_of

EARTH_RADIUS = 6_378_100.0  # metres
_DEGREE = EARTH_RADIUS * math.pi / 180  # metres on the equator

Place = tuple[float, float]


class NotAPlace(ValueError):
    pass


def places_of(value: Value) -> list[Place]:
    """(latitude, longitude) of each place in a value. Raises NotAPlace, also when there is none."""
    found = [_place(text) for text in _texts(value)]
    if not found:
        raise NotAPlace
    return found


def _texts(value: Value) -> Iterator[str]:
    for text in texts_of(value):
        yield from (part for part in text.split(";") if part.strip())


def _place(text: str) -> Place:
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        raise NotAPlace(text)
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except ValueError as error:
        raise NotAPlace(text) from error
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise NotAPlace(text)
    return latitude, longitude


def distance(*values: Value) -> float:
    """Metres along the places, in their order; 0 for a single one."""
    try:
        places = [place for value in values for place in places_of(value)]
    except NotAPlace:
        return math.nan
    return math.fsum(_between(one, other) for one, other in pairwise(places))


def _between(one: Place, other: Place) -> float:
    """The great circle, by haversines: equal to the law of cosines, and exact for neighbours too."""
    first, second = math.radians(one[0]), math.radians(other[0])
    turn = math.radians(other[1] - one[1])
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(turn / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, half)))


def inside(point: Value, shape: Value) -> bool:
    """`geofence`: whether a place lies within a shape, by counting the sides that a line from it crosses."""
    try:
        here, corners = places_of(point), places_of(shape)
    except NotAPlace:
        return False
    return len(here) == 1 and len(corners) > 2 and _crossings(here[0], corners) % 2 == 1


def _crossings(place: Place, corners: list[Place]) -> int:
    y, x = place
    sides = pairwise([*corners, corners[0]])
    return sum(1 for (y1, x1), (y2, x2) in sides if (y1 > y) != (y2 > y) and x < (x1 - x2) * (y - y2) / (y1 - y2) + x2)


def area(value: Value) -> float:
    """Square metres inside the places, by triangles from the first one, as JavaRosa reckons; 0 for fewer than three."""
    try:
        places = places_of(value)
    except NotAPlace:
        return math.nan
    latitude, longitude = places[0]
    flat = [((y - latitude) * _DEGREE, (x - longitude) * _DEGREE * math.cos(math.radians(y))) for y, x in places[1:]]
    return abs(math.fsum((y1 * x2 - x1 * y2) / 2 for (y1, x1), (y2, x2) in pairwise(flat)))
