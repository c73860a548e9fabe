"""What of an expression works here but not on a phone.

ODK Collect and KoboToolbox's Collect run JavaRosa: of the axes it knows child, parent and self (ODK XForms specification, "XPath
Axes"), and of the functions of XPath 1.0 it lacks some. A form that uses them opens on the laptop and fails in the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from poverty_desktop.forms.axes import AXES
from poverty_desktop.forms.xpath import parse_expression

_MISSING = frozenset({"substring", "floor", "ceiling", "last", "name", "local-name"})
_OF_THE_NODE = frozenset({"string", "number"})  # need their argument there
_KNOWN_AXES = frozenset({"child", "parent", "self"})


def beyond_phones(expression: str) -> list[str]:
    """The functions ("substring()"), axes ("ancestor::") and signs ("//") that a phone refuses, each once, in alphabetical order.

    Raises BrokenExpression.
    """
    return sorted({sign for token in parse_expression(expression).iter() for sign in _signs(token)})


def _signs(token: Any) -> Iterator[str]:
    symbol = token.symbol
    if symbol in ("//", "|"):
        yield symbol
    elif symbol in AXES and token.label == "axis" and symbol not in _KNOWN_AXES:
        yield f"{symbol}::"
    elif token.label == "function" and (symbol in _MISSING or (symbol in _OF_THE_NODE and not len(token))):
        yield f"{symbol}()"
