"""All functions of expressions in one table (ODK XForms specification, "XPath Functions").

`FUNCTIONS` need only their arguments; `ASKING` need what surrounds the form too (the day, the language) and get it first; those
of `BUILT_IN` need the node or decide which arguments to run, and are made in `special.py` and `special_nodes.py`. Each entry:
least and most arguments. Functions that JavaRosa adds to the specification (`date-time`, `version`, `property`) and those of
XPath 1.0 that the specification leaves out are here too.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from poverty_desktop.forms import functions_dates as dates
from poverty_desktop.forms import functions_numbers as numbers
from poverty_desktop.forms import functions_places as places
from poverty_desktop.forms import functions_sets as sets
from poverty_desktop.forms import functions_text as texts
from poverty_desktop.forms.functions_numbers import reckoned
from poverty_desktop.forms.nodes import Value, text_of, truth_of

Function = Callable[..., Value]
Arity = tuple[int, int | None]

FUNCTIONS: dict[str, tuple[int, int | None, Function]] = {
    # String functions
    "concat": (0, None, texts.concat),
    "join": (1, None, texts.join),
    "substr": (2, 3, texts.substr),
    "substring": (2, 3, texts.substring),
    "substring-before": (2, 2, texts.substring_before),
    "substring-after": (2, 2, texts.substring_after),
    "translate": (3, 3, texts.translate),
    "contains": (2, 2, lambda value, part: text_of(part) in text_of(value)),
    "starts-with": (2, 2, lambda value, part: text_of(value).startswith(text_of(part))),
    "ends-with": (2, 2, lambda value, part: text_of(value).endswith(text_of(part))),
    "regex": (2, 2, texts.regex),
    "digest": (2, 3, texts.digest),
    "base64-decode": (1, 1, texts.base64_decode),
    # Boolean functions
    "boolean": (1, 1, truth_of),
    "not": (1, 1, lambda value: not truth_of(value)),
    "boolean-from-string": (1, 1, lambda value: text_of(value) in ("true", "1")),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
    "checklist": (2, None, sets.checklist),
    "weighted-checklist": (2, None, sets.weighted_checklist),
    # Number functions
    "int": (1, 1, numbers.whole),
    "round": (1, 2, numbers.rounded),
    "floor": (1, 1, reckoned(numbers.floor)),
    "ceiling": (1, 1, reckoned(numbers.ceiling)),
    "pow": (2, 2, reckoned(numbers.power)),
    "sqrt": (1, 1, reckoned(math.sqrt)),
    "abs": (1, 1, reckoned(abs)),
    "exp": (1, 1, reckoned(math.exp)),
    "exp10": (1, 1, reckoned(numbers.power_of_ten)),
    "log": (1, 1, reckoned(numbers.logarithm(math.log))),
    "log10": (1, 1, reckoned(numbers.logarithm(math.log10))),
    "sin": (1, 1, reckoned(math.sin)),
    "cos": (1, 1, reckoned(math.cos)),
    "tan": (1, 1, reckoned(math.tan)),
    "asin": (1, 1, reckoned(math.asin)),
    "acos": (1, 1, reckoned(math.acos)),
    "atan": (1, 1, reckoned(math.atan)),
    "atan2": (2, 2, reckoned(math.atan2)),
    "pi": (0, 0, lambda: math.pi),
    # Node-set functions
    "count": (1, 1, sets.count),
    "count-non-empty": (1, 1, sets.count_non_empty),
    "sum": (1, 1, sets.total),
    "min": (1, None, sets.least),
    "max": (1, None, sets.greatest),
    # Select functions
    "selected": (2, 2, sets.selected),
    "is-selected": (2, 2, sets.selected),
    "selected-at": (2, 2, sets.selected_at),
    "count-selected": (1, 1, sets.count_selected),
    # Geographic functions
    "area": (1, 1, places.area),
    "enclosed-area": (1, 1, places.area),
    "distance": (1, None, places.distance),
    "geofence": (2, 2, places.inside),
    # Dates
    "decimal-date-time": (1, 1, dates.decimal_date_time),
}

ASKING: dict[str, tuple[int, int | None, Function]] = {
    "today": (0, 0, dates.today),
    "now": (0, 0, dates.now),
    "date": (1, 1, dates.to_date),
    "date-time": (1, 1, dates.to_date_time),
    "decimal-time": (1, 1, dates.decimal_time),
    "format-date": (2, 2, dates.format_date),
    "format-date-time": (2, 2, dates.format_date),
    "version": (0, 0, lambda around: around.version),
    "property": (1, 1, lambda around, name: around.properties.get(text_of(name), "")),
    "jr-itext": (1, 1, lambda around, identifier: around.itext(text_of(identifier))),
}

BUILT_IN: dict[str, Arity] = {
    "if": (3, 3),
    "coalesce": (1, None),
    "once": (1, 1),
    "random": (0, 0),
    "uuid": (0, 1),
    "randomize": (1, 2),
    "position": (0, 1),
    "last": (0, 0),
    "current": (0, 0),
    "instance": (1, 1),
    "pulldata": (4, 4),
    "indexed-repeat": (3, 7),
    "jr-choice-name": (2, 2),
    "string": (0, 1),
    "string-length": (0, 1),
    "number": (0, 1),
    "normalize-space": (0, 1),
    "name": (0, 1),
    "local-name": (0, 1),
}

VOLATILE = frozenset({"random", "uuid", "randomize", "now", "today"})
"""Functions whose result does not follow from answers alone."""

NODE_SET_ARGUMENT = frozenset({"count", "count-non-empty", "sum", "randomize"})
"""Functions whose first argument must be a path (XPath 1.0, 4.1; a form that gives them a value is refused when it is read)."""

ARITIES: dict[str, Arity] = {
    **{name: (least, most) for table in (FUNCTIONS, ASKING) for name, (least, most, _) in table.items()},
    **BUILT_IN,
}
