"""The actions of an XForm: `<setvalue>` (ODK XForms specification, "Events and Actions").

A value that is set once, when a record or an instance of a repeat begins, is the default of its question; what is set at other
events is an `Action`. A laptop at an office desk has no place and no microphone of its own: `setgeopoint` and `recordaudio`
set nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.controls import bare_path, local
from poverty_desktop.forms.definition import Action
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression

_SAME = {"xforms-ready": "odk-instance-first-load", "jr-insert": "odk-new-repeat"}
FIRST = frozenset({"odk-instance-first-load", "odk-new-repeat"})
LATER = frozenset({"odk-instance-load", "xforms-value-changed"})
_SURELY = re.compile(r"[(/$\[]")
_EV = "{http://www.w3.org/2001/xml-events}event"


def quoted(text: str) -> str:
    """A constant as an XPath expression; XPath 1.0 cannot hold both kinds of quotes in one literal."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    return "concat(" + """, "'", """.join(f"'{part}'" for part in text.split("'")) + ")"


def read_actions(found: Iterable[tuple[str, Element]], root: str) -> Iterator[Action]:
    """The actions that set a value; `found` names the control or repeat that each stands in. Raises KnownProblem
    "forms.unsupported" for an event or an action that is not one of the specification."""
    for source, element in found:
        target = _below(bare_path(element.get("ref", "")), root)
        events = {_SAME.get(event, event) for event in (element.get("event") or element.get(_EV) or "").split()}
        if local(element) in ("setgeopoint", "setlocation", "recordaudio"):
            continue
        if local(element) != "setvalue" or not events <= FIRST | LATER:
            raise KnownProblem("forms.unsupported", element=" ".join([local(element), *sorted(events)]), path=target)
        value = _expression(element.get("value", "")) or quoted((element.text or "").strip())
        yield Action(frozenset(events), _below(source, root), target, value.strip())


def _expression(value: str) -> str:
    """pyxform takes a constant with a lonely hyphen, "Trà Bồng - thôn 1", for a subtraction: such words are meant as words."""
    try:
        parse_expression(value or "''")
    except BrokenExpression:
        return value if _SURELY.search(value) else quoted(value)
    return value


def _below(path: str, root: str) -> str:
    return path.removeprefix(f"/{root}").removeprefix("/")
