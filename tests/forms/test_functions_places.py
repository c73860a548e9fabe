"""ODK XForms specification, "XPath Functions", Geographic Functions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.forms.functions_places import EARTH_RADIUS
from poverty_desktop.forms.nodes import Node
from tests.forms.standing import Around, number, run, text

PLACES = st.tuples(st.floats(-89, 89), st.floats(-179, 179)).map(lambda place: f"{place[0]:.6f} {place[1]:.6f}")
DEGREE = math.pi * EARTH_RADIUS / 180


def with_places(*places: str) -> Around:
    around = Around()
    for place in places:
        around.data.attach(Node("point", around.data)).text = place
    return around


def test_distance_of_a_degree_along_a_meridian() -> None:
    """fn:distance: metres on a ball with the equatorial radius; altitude and accuracy do not count."""
    assert number("distance('10 106 5 3;11 106 900 4')") == pytest.approx(DEGREE)
    assert number("distance('0 0;0 180')") == pytest.approx(180 * DEGREE)
    step = DEGREE * 1e-5 * math.cos(math.radians(15.1))
    assert number("distance('15.1 108.7;15.1 108.70001')") == pytest.approx(step, rel=1e-6)


def test_distance_of_a_node_set_is_in_its_order() -> None:
    """fn:distance: node-sets of geopoints, blank ones passed over."""
    around = with_places("10 106 0 0", "", "11 106 0 0", "10 106 0 0")
    assert number("distance(/data/point)", around) == pytest.approx(2 * DEGREE)


@pytest.mark.parametrize("wrong", ["''", "'10'", "'10 x'", "'91 0;0 0'", "'0 181;0 0'", "/data/nobody", "'1 2 3 4 5'", "'nan 0'"])
def test_what_is_no_place_has_no_size(wrong: str) -> None:
    """fn:area, fn:distance: an unfinished answer gives nothing, not an error."""
    assert [text(f"distance({wrong})"), text(f"area({wrong})")] == ["NaN", "NaN"]


def test_area_of_a_known_field() -> None:
    """fn:area: a square of a thousandth of a degree on the equator, closed or not."""
    side = DEGREE / 1000
    assert number("area('0 0;0 0.001;0.001 0.001;0.001 0;0 0')") == pytest.approx(side * side, rel=1e-6)
    around = with_places("0 0", "0 0.001", "0.001 0.001", "0.001 0")
    assert number("area(/data/point)", around) == pytest.approx(side * side, rel=1e-6)
    assert number("enclosed-area(/data/point)", around) == number("area(/data/point)", around)


def test_fewer_than_three_places_enclose_nothing() -> None:
    """fn:area."""
    assert [number(f"area('{places}')") for places in ("1 1", "1 1;2 2")] == [0, 0]
    assert number("distance('1 1')") == 0


@pytest.mark.parametrize(
    ("place", "within"),
    [("10.5 106.5 0 0", True), ("10.5 107.5", False), ("10.9 106.05", False), ("", False), ("x", False), ("9 106.5", False)],
)
def test_geofence(place: str, within: bool) -> None:
    """fn:geofence: a shape with a corner cut off, closed as geoshapes are."""
    shape = "10 106;10 107;11 107;11 106.5;10 106"
    assert run(f"geofence('{place}', '{shape}')") is within
    assert run("geofence('10 106', '10 106;10 107')") is False
    assert run(f"geofence(/data/point, '{shape}')", with_places(place)) is within


@given(one=PLACES, other=PLACES)
def test_distance_is_the_same_both_ways(one: str, other: str) -> None:
    """fn:distance."""
    there = number(f"distance('{one};{other}')")
    assert there == pytest.approx(number(f"distance('{other};{one}')"))
    assert 0 <= there <= math.pi * EARTH_RADIUS + 1
    assert number(f"distance('{one};{one}')") == 0


@given(places=st.lists(PLACES, min_size=3, max_size=6))
def test_the_area_does_not_depend_on_the_way_round(places: list[str]) -> None:
    """fn:area."""
    closed = [*places, places[0]]
    assert number(f"area('{';'.join(closed)}')") == pytest.approx(number(f"area('{';'.join(closed[::-1])}')"), rel=1e-9, abs=1)
