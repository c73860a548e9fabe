"""Random questionnaires and random edits, for properties that every form must have.

A form is written as XForm XML in the way pyxform writes it: answers of the same instance by relative paths, others by absolute
ones. An expression only reads what stands before it, so that no form is circular.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from poverty_desktop.forms import FormDefinition, FormSession
from tests.forms.making import TODAY

VALUES = ("", "0", "1", "2", "3", "a", "b", "c", "a b", "7.5", "x", "2026-11-22")
TYPES = {"integer": "int", "text": "string", "select": "string", "calculate": "string", "pick": "string", "hidden": "string"}
NAMES = ("a", "b", "c")


@dataclass
class Spot:
    """One item of a form: a question, a group, a repeat, a counted repeat or one that asks for one more."""

    kind: str
    name: str
    path: tuple[str, ...]
    repeats: tuple[tuple[str, ...], ...]  # the repeats it stands in, from outside
    items: list[Spot] = field(default_factory=list)
    bind: dict[str, str] = field(default_factory=dict)
    default: str = ""
    dynamic: str = ""
    label: str = ""
    nodeset: str = ""
    actions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def full(self) -> str:
        return "/" + "/".join(self.path)


def refer(source: Spot, target: Spot) -> str:
    """The path of an answer as pyxform writes it: relative where both stand in the same instance of a repeat."""
    shared = [repeat for repeat in target.repeats if repeat in source.repeats]
    if not shared:
        return target.full
    depth = len(shared[-1])
    return "../" * (len(source.path) - depth) + "/".join(target.path[depth:])


@dataclass(frozen=True)
class RandomForm:
    """Shows its XML when a property fails, no more."""

    xml: bytes

    @property
    def definition(self) -> FormDefinition:
        return FormDefinition.parse(self.xml)


@st.composite
def forms(draw: st.DrawFn, size: int = 14) -> RandomForm:
    """A form with groups, nested and counted repeats, relevance, calculations, filters, defaults and actions."""
    spots: list[Spot] = []
    top = _items(draw, ("data",), (), 0, spots, draw(st.integers(3, size)))
    for place, spot in enumerate(spots):
        _fill(draw, spot, [one for one in spots[:place] if not one.items])
    return RandomForm(written(top, spots))


def _items(
    draw: st.DrawFn, above: tuple[str, ...], repeats: tuple[tuple[str, ...], ...], depth: int, spots: list[Spot], size: int
) -> list[Spot]:
    kinds = ["integer", "integer", "text", "select", "calculate", "calculate", "pick", "hidden"]
    kinds += ["group", "repeat", "repeat", "counted", "more"] if depth < 3 else []
    found: list[Spot] = []
    for _ in range(draw(st.integers(1, max(1, size if depth == 0 else 4)))):
        kind = draw(st.sampled_from(kinds))
        name = f"{kind[0]}{len(spots)}"
        spot = Spot(kind, name, (*above, name), repeats)
        spots.append(spot)
        found.append(spot)
        if kind in ("group", "repeat", "counted", "more"):
            inner = (*repeats, spot.path) if kind != "group" else repeats
            spot.items = _items(draw, spot.path, inner, depth + 1, spots, size)
    return found


def _fill(draw: st.DrawFn, spot: Spot, before: list[Spot]) -> None:
    """Expressions that read what stands before."""
    if before and draw(st.integers(0, 3)) == 0:
        spot.bind["relevant"] = draw(conditions(spot, before))
    if spot.kind == "calculate":
        spot.bind["calculate"] = draw(calculations(spot, before))
    elif spot.kind == "counted":
        path = refer(spot, draw(st.sampled_from(before))) if before else "2"
        spot.bind["count"] = f"if({path} > 3, 3, {path})"  # a date is twenty thousand days
    elif spot.kind == "more":
        asked = next((one.name for one in spot.items if one.kind in ("text", "integer", "select")), "")
        spot.bind["count"] = f"1 + count({refer(spot, spot)}[{asked} = 'a'])" if asked else "1"
    elif spot.kind == "pick":
        inside = [one for one in before if one.kind in ("text", "integer") and one.repeats]
        spot.nodeset = _rows(draw(st.sampled_from(inside))) if inside else "instance('l')/root/item"
    elif not spot.items:
        _ask(draw, spot, before)


def _rows(target: Spot) -> str:
    rows, column = "/" + "/".join(target.path[:-1]), target.name
    return f"{rows}[./{column} != '']|{column}"


def _ask(draw: st.DrawFn, spot: Spot, before: list[Spot]) -> None:
    if draw(st.integers(0, 4)) == 0:
        spot.bind["required"] = "true()" if not before or draw(st.booleans()) else draw(conditions(spot, before))
    if draw(st.integers(0, 4)) == 0:
        spot.bind["constraint"] = ". != 'b'" if not before else f". != {refer(spot, draw(st.sampled_from(before)))}"
    if draw(st.integers(0, 4)) == 0:
        spot.default = draw(st.sampled_from(NAMES))
    elif before and draw(st.integers(0, 4)) == 0:
        spot.dynamic = draw(calculations(spot, before))
    if spot.kind == "select":
        test = f"[f = {_current(spot, draw(st.sampled_from(before)))}]" if before and draw(st.booleans()) else ""
        spot.nodeset = f"instance('l')/root/item{test}"
    if before and draw(st.integers(0, 2)) == 0:
        spot.label = refer(spot, draw(st.sampled_from(before)))
    sources = [one for one in before if one.kind in ("text", "integer", "select", "calculate")]
    if spot.kind != "select" and sources and draw(st.integers(0, 3)) == 0:
        source = draw(st.sampled_from(sources))
        source.actions.append((spot.full, draw(calculations(spot, [source]))))


def _current(source: Spot, target: Spot) -> str:
    path = refer(source, target)
    return path if path.startswith("/") else f"current()/{path}"


@st.composite
def conditions(draw: st.DrawFn, spot: Spot, before: list[Spot]) -> str:
    path = refer(spot, draw(st.sampled_from(before)))
    return draw(st.sampled_from((f"{path} != ''", f"{path} > 1", f"selected({path}, 'a')", f"not({path} = 'b')")))


@st.composite
def calculations(draw: st.DrawFn, spot: Spot, before: list[Spot]) -> str:
    if not before:
        return draw(st.sampled_from(("1 + 1", "'a'", "today()")))
    one, other = (draw(st.sampled_from(before)) for _ in range(2))
    path, second = refer(spot, one), refer(spot, other)
    kinds = [f"{path} + 1", f"concat({path}, {second})", f"sum({one.full})", f"join('-', {one.full})", f"once({path})"]
    kinds += [f"if({path} = 'a', 1, {second})", f"coalesce({path}, {second})", f"count-non-empty({one.full})"]
    kinds += [f"{one.full} + 1", f"concat({one.full}, {second})"]  # as older forms write answers of the same instance
    if one.repeats:
        repeat = "/" + "/".join(one.repeats[-1])
        kinds += [f"count({repeat})", f"count({one.full}[. = {_current(spot, other)}])"]
        kinds.append(f"indexed-repeat({one.full}, {repeat}, 1)")
    if spot.repeats:
        kinds.append(f"position({'/'.join(['..'] * (len(spot.path) - len(spot.repeats[-1])))})")
    return draw(st.sampled_from(kinds))


# --- writing -----------------------------------------------------------------------------------------------------------


def written(top: list[Spot], spots: list[Spot]) -> bytes:
    """The XForm of the items."""
    columns = zip(NAMES, "121", strict=True)
    rows = "".join(f"<item><name>{name}</name><label>L{name}</label><f>{f}</f></item>" for name, f in columns)
    binds = "".join(_bind(spot) for spot in spots)
    first = "".join(_setvalue(spot.full, spot.dynamic, "odk-instance-first-load") for spot in spots if spot.dynamic)
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>r</h:title><model>'
        f'<instance><data id="r" version="1">{"".join(map(_data, top))}</data></instance>'
        f'<instance id="l"><root>{rows}</root></instance>{binds}{first}</model></h:head>'
        f"<h:body>{''.join(map(_body, top))}</h:body></h:html>"
    ).encode()


def _data(spot: Spot) -> str:
    return f"<{spot.name}>{escape(spot.default)}{''.join(map(_data, spot.items))}</{spot.name}>"


def _bind(spot: Spot) -> str:
    kept = {name: text for name, text in spot.bind.items() if name != "count"}
    more = "".join(f" {name}={quoteattr(text)}" for name, text in kept.items())
    return f'<bind nodeset="{spot.full}" type="{TYPES.get(spot.kind, "string")}"{more}/>'


def _setvalue(target: str, value: str, event: str) -> str:
    return f'<setvalue ref="{target}" event="{event}" value={quoteattr(value)}/>'


def _body(spot: Spot) -> str:
    if spot.items:
        inner = "".join(map(_body, spot.items))
        if spot.kind == "group":
            return f'<group ref="{spot.full}"><label>{spot.name}</label>{inner}</group>'
        count = f" jr:count={quoteattr(spot.bind['count'])}" if spot.kind == "counted" else ""
        return f'<group ref="{spot.full}"><label>{spot.name}</label><repeat nodeset="{spot.full}"{count}>{inner}</repeat></group>'
    if spot.kind in ("hidden", "calculate"):
        return ""
    output = f"<output value={quoteattr(spot.label)}/>" if spot.label else ""
    actions = "".join(_setvalue(target, value, "xforms-value-changed") for target, value in spot.actions)
    inner = f"<label>{spot.name} {output}</label>{actions}"
    if spot.nodeset:
        nodeset, _, column = spot.nodeset.partition("|")
        value, label = (column, column) if column else ("name", "label")
        rows = f'<itemset nodeset={quoteattr(nodeset)}><value ref="{value}"/><label ref="{label}"/></itemset>'
        return f'<select1 ref="{spot.full}">{inner}{rows}</select1>'
    return f'<input ref="{spot.full}">{inner}</input>'


# --- editing -----------------------------------------------------------------------------------------------------------


def begin(form: FormDefinition, answers: dict[str, str] | None = None) -> FormSession:
    return FormSession(form, answers or {}, today=TODAY, seed=1)


def edit(draw: st.DrawFn, session: FormSession) -> frozenset[str]:
    """One thing a person does: answers a question, adds an instance or takes one away."""
    places = [place for place in session.repeats() if session.may_add(place)]
    what = draw(st.integers(0, 5))
    if places and what <= 1:
        place = draw(st.sampled_from(places))
        present = session.instances(place)
        if present and what == 0 and draw(st.booleans()):
            return session.remove(place, draw(st.sampled_from(present)))
        return session.add(place, str(max(map(int, present), default=0) + 1))
    keys = session.question_keys()
    return session.set(draw(st.sampled_from(keys)), draw(st.sampled_from(VALUES))) if keys else frozenset()


def everything(session: FormSession) -> dict[str, object]:
    """All that a session says."""
    return dict(_everything(session))


def _everything(session: FormSession) -> Iterator[tuple[str, object]]:
    for key in session.question_keys():
        yield key, session.question(key)
    yield "sections", session.sections()
    yield "problems", session.problems()
    yield "relevant", {key: session.relevant(key) for key in session.places()}
    yield "repeats", {place: (session.instances(place), session.may_add(place)) for place in session.repeats()}
    yield "calculated", session.calculated()
