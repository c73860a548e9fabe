"""The primary instance of an XForm: templates of repeats, instances that a new record begins with, and the record's own data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from poverty_desktop.forms.controls import local
from poverty_desktop.forms.definition import Group, Question

JR = "{http://openrosa.org/javarosa}"


def template_of(parent: Element, name: str) -> Element:
    """The element that says how an instance looks: the one marked jr:template, else the first."""
    same = [child for child in parent if local(child) == name]
    return next((child for child in same if child.get(f"{JR}template") is not None), same[0])


def initial_instances(parent: Element, name: str) -> tuple[Mapping[str, str], ...]:
    """The instances that the form itself fills in (ODK XForms specification, "Default Values in Repeats").

    One instance that says no more than the template is what converters write for every repeat: no answer of anybody.
    """
    template = template_of(parent, name)
    real = [child for child in parent if local(child) == name and child.get(f"{JR}template") is None]
    filled = [dict(_leaves(child, "")) for child in real]
    if len(real) < 2 and all(one == dict(_leaves(template, "")) for one in filled):
        return ()
    return tuple(filled)


def _leaves(parent: Element, above: str) -> Iterator[tuple[str, str]]:
    for child in parent:
        if len(child):
            yield from _leaves(child, f"{above}{local(child)}/")
        elif (child.text or "").strip():
            yield f"{above}{local(child)}", (child.text or "").strip()


def read_meta(element: Element, full: str, question: Callable[[str, str | None], Question]) -> Group:
    """The meta block as a group of hidden questions; attributes are questions named "@create"."""
    items: list[Question | Group] = [
        replace(question(f"{full}/@{name}", text), meta=True) for name, text in element.attrib.items() if not name.startswith("{")
    ]
    for child in element:
        path = f"{full}/{local(child)}"
        if len(child) or child.attrib:
            items.append(read_meta(child, path, question))
        else:
            items.append(replace(question(path, child.text), meta=True))
    path = full.split("/", 2)[2]
    return Group(path=path, name=path.rpartition("/")[2], items=tuple(items), meta=True)
