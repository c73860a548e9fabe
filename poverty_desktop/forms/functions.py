"""The functions of XForms that need only their arguments (ODK XForms specification, "XPath Functions").

Functions that need more (the node, the form, the day) stand in `compiled.py`. `sum`, `min` and `max` pass over empty nodes as
ODK Collect does; the specification leaves that open.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from poverty_desktop.forms.nodes import EPOCH, Value, days_of, fraction_of, number_of, text_of, texts_of, truth_of

Function = Callable[..., Value]


def _numbers(arguments: tuple[Value, ...]) -> list[float]:
    return [number_of(text) for argument in arguments for text in texts_of(argument) if text != ""]


def _sum(nodes: Value) -> float:
    return sum(_numbers((nodes,)), 0.0)


def _min(*arguments: Value) -> float:
    numbers = _numbers(arguments)
    return math.nan if not numbers or any(map(math.isnan, numbers)) else min(numbers)


def _max(*arguments: Value) -> float:
    numbers = _numbers(arguments)
    return math.nan if not numbers or any(map(math.isnan, numbers)) else max(numbers)


def _count(nodes: Value) -> float:
    return float(len(texts_of(nodes)) if isinstance(nodes, list) else 1)


def _count_non_empty(nodes: Value) -> float:
    return float(sum(1 for text in texts_of(nodes) if text != ""))


def _int(value: Value) -> float:
    number = number_of(value)
    return number if math.isnan(number) or math.isinf(number) else float(math.trunc(number))


def _round(value: Value, places: Value = 0.0) -> float:
    number, digits = number_of(value), number_of(places)
    if not math.isfinite(number) or math.isnan(digits):
        return math.nan if math.isnan(digits) else number
    if digits == 0:
        return float(math.floor(number + 0.5))
    step = Decimal(1).scaleb(-int(digits))
    return float((Decimal(repr(number)) / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def _arithmetic(function: Callable[..., float]) -> Function:
    def run(*arguments: Value) -> Value:
        try:
            return float(function(*map(number_of, arguments)))
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan

    return run


def _substr(value: Value, start: Value, end: Value | None = None) -> str:
    text = text_of(value)
    first, last = number_of(start), math.inf if end is None else number_of(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    last = min(last, len(text)) if last >= 0 else max(0, len(text) + last)
    first = max(0, len(text) + first) if first < 0 else first
    return text[int(first) : int(last)]


def _substring(value: Value, start: Value, length: Value | None = None) -> str:
    """XPath 1.0: 1-based, both numbers rounded."""
    first = _round(start)
    last = first + (math.inf if length is None else _round(length))
    return "".join(letter for place, letter in enumerate(text_of(value), 1) if first <= place < last)


def _translate(value: Value, old: Value, new: Value) -> str:
    target = text_of(new)
    table = {letter: target[place] if place < len(target) else "" for place, letter in reversed([*enumerate(text_of(old))])}
    return "".join(table.get(letter, letter) for letter in text_of(value))


def _split(value: Value, mark: Value, side: int) -> str:
    before, found, after = text_of(value).partition(text_of(mark))
    return (before, after)[side] if found or not text_of(mark) else ""


def _regex(value: Value, pattern: Value) -> bool:
    """The whole value matches, as Collect has it."""
    return re.fullmatch(text_of(pattern), text_of(value)) is not None


def _selected_at(value: Value, index: Value) -> str:
    names, place = text_of(value).split(), number_of(index)
    return names[int(place)] if 0 <= place < len(names) else ""


def _date(value: Value) -> str:
    """A date's own day; a number of days since 1970; anything else is empty."""
    days = number_of(value)
    return "" if math.isnan(days) else (EPOCH + timedelta(days=math.floor(days))).isoformat()


def _decimal_time(value: Value) -> float:
    try:
        return fraction_of(time.fromisoformat(text_of(value)))
    except ValueError:
        return math.nan


_FORMATS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda day: f"{day:%Y}",
    "y": lambda day: f"{day:%y}",
    "m": lambda day: f"{day:%m}",
    "n": lambda day: str(day.month),
    "b": lambda day: f"T{day.month}",  # short month as Vietnamese forms print it
    "d": lambda day: f"{day:%d}",
    "e": lambda day: str(day.day),
    "a": lambda day: ("T2", "T3", "T4", "T5", "T6", "T7", "CN")[day.weekday()],
    "H": lambda day: f"{day:%H}",
    "h": lambda day: str(day.hour),
    "M": lambda day: f"{day:%M}",
    "S": lambda day: f"{day:%S}",
    "3": lambda day: f"{day.microsecond // 1000:03d}",
}


def _format_date(value: Value, pattern: Value) -> str:
    text = text_of(value) if isinstance(value, str | list) else _date(value)
    if math.isnan(days_of(text)):
        return ""
    moment = datetime.fromisoformat(text)

    def part(found: re.Match[str]) -> str:
        return _FORMATS[found[1]](moment) if found[1] in _FORMATS else found[0]

    return re.sub("%(.)", part, text_of(pattern))


def _checklist(least: Value, most: Value, *answers: Value) -> bool:
    return _between(sum(1 for answer in answers if number_of(answer) > 0), least, most)


def _weighted(least: Value, most: Value, *pairs: Value) -> bool:
    weights = zip(pairs[::2], pairs[1::2], strict=True)
    return _between(sum(number_of(weight) for answer, weight in weights if number_of(answer) > 0), least, most)


def _between(total: float, least: Value, most: Value) -> bool:
    low, high = number_of(least), number_of(most)
    return (low == -1 or total >= low) and (high == -1 or total <= high)


FUNCTIONS: dict[str, tuple[int, int | None, Function]] = {
    "string-length": (1, 1, lambda value: float(len(text_of(value)))),
    "concat": (1, None, lambda *values: "".join(text for value in values for text in texts_of(value))),
    "join": (1, None, lambda mark, *values: text_of(mark).join(text for value in values for text in texts_of(value))),
    "substr": (2, 3, _substr),
    "substring": (2, 3, _substring),
    "substring-before": (2, 2, lambda value, mark: _split(value, mark, 0)),
    "substring-after": (2, 2, lambda value, mark: _split(value, mark, 1)),
    "translate": (3, 3, _translate),
    "contains": (2, 2, lambda value, part: text_of(part) in text_of(value)),
    "starts-with": (2, 2, lambda value, part: text_of(value).startswith(text_of(part))),
    "ends-with": (2, 2, lambda value, part: text_of(value).endswith(text_of(part))),
    "regex": (2, 2, _regex),
    "boolean": (1, 1, truth_of),
    "not": (1, 1, lambda value: not truth_of(value)),
    "boolean-from-string": (1, 1, lambda value: text_of(value) in ("true", "1")),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
    "checklist": (2, None, _checklist),
    "weighted-checklist": (4, None, _weighted),
    "int": (1, 1, _int),
    "round": (1, 2, _round),
    "floor": (1, 1, _arithmetic(math.floor)),
    "ceiling": (1, 1, _arithmetic(math.ceil)),
    "pow": (2, 2, _arithmetic(math.pow)),
    "sqrt": (1, 1, _arithmetic(math.sqrt)),
    "abs": (1, 1, _arithmetic(abs)),
    "exp": (1, 1, _arithmetic(math.exp)),
    "log": (1, 1, _arithmetic(math.log)),
    "log10": (1, 1, _arithmetic(math.log10)),
    "pi": (0, 0, lambda: math.pi),
    "count": (1, 1, _count),
    "count-non-empty": (1, 1, _count_non_empty),
    "sum": (1, 1, _sum),
    "min": (1, None, _min),
    "max": (1, None, _max),
    "selected": (2, 2, lambda value, name: text_of(name).strip() in text_of(value).split()),
    "selected-at": (2, 2, _selected_at),
    "count-selected": (1, 1, lambda value: float(len(text_of(value).split()))),
    "date": (1, 1, _date),
    "format-date": (2, 2, _format_date),
    "format-date-time": (2, 2, _format_date),
    "decimal-date-time": (1, 1, number_of),
    "decimal-time": (1, 1, _decimal_time),
}

# Functions that `compiled.py` builds in: least and most arguments.
BUILT_IN: dict[str, tuple[int, int | None]] = {
    "if": (3, 3),
    "coalesce": (1, None),
    "once": (1, 1),
    "position": (0, 1),
    "last": (0, 0),
    "current": (0, 0),
    "instance": (1, 1),
    "pulldata": (4, 4),
    "indexed-repeat": (3, 7),
    "jr-choice-name": (2, 2),
    "string": (0, 1),
    "number": (0, 1),
    "normalize-space": (0, 1),
    "today": (0, 0),
    "now": (0, 0),
}

ARITIES: dict[str, tuple[int, int | None]] = {
    **{name: (least, most) for name, (least, most, _) in FUNCTIONS.items()},
    **BUILT_IN,
}
