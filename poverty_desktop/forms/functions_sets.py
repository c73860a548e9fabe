"""Functions over many values: node-sets, lists of names, checklists (ODK XForms specification, "XPath Functions").

Answers that do not apply are no longer in the form and are left out; what is not a number is passed over by `sum`, `min` and
`max`, as JavaRosa does (XPath would make the whole NaN because one person has no age yet).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from poverty_desktop.forms.nodes import Value, number_of, text_of, texts_of

Item = TypeVar("Item")
_MODULUS = 2_147_483_647
_MULTIPLIER = 16_807
_LARGEST = 2**63


def _numbers(arguments: tuple[Value, ...]) -> list[float]:
    found = (number_of(text) for argument in arguments for text in _values(argument))
    return [number for number in found if not math.isnan(number)]


def _values(value: Value) -> Sequence[Value]:
    return texts_of(value) if isinstance(value, list) else (value,)


def total(nodes: Value) -> float:
    return math.fsum(_finite(_numbers((nodes,))))


def _finite(numbers: list[float]) -> list[float]:
    """fsum refuses opposite infinities; they have no sum."""
    return numbers if all(map(math.isfinite, numbers)) else [sum(numbers)]


def least(*arguments: Value) -> float:
    return min(_numbers(arguments), default=math.nan)


def greatest(*arguments: Value) -> float:
    return max(_numbers(arguments), default=math.nan)


def count(nodes: Value) -> float:
    return float(len(texts_of(nodes)))


def count_non_empty(nodes: Value) -> float:
    """XForms 1.0, 7.7.5; a group or a repeat counts when it is there (JavaRosa)."""
    found = nodes if isinstance(nodes, list) else []
    return float(sum(1 for node in found if node.relevant and (node.text or node.children)))


def checklist(low: Value, high: Value, *answers: Value) -> bool:
    """The answers that hold: above 0, as the specification says; "yes", as the guide to Collect says."""
    return _between(sum(1 for answer in answers for one in _values(answer) if _holds(one)), low, high)


def _holds(value: Value) -> bool:
    return number_of(value) > 0 or value == "yes"


def weighted_checklist(low: Value, high: Value, *pairs: Value) -> bool:
    """Pairs of an answer and its weight; two node-sets are paired node by node, as in JavaRosa."""
    held = [one for answer in pairs[::2] for one in _values(answer)]
    weights = [one for weight in pairs[1::2] for one in _values(weight)]
    counted = (number_of(weight) for answer, weight in zip(held, weights, strict=False) if _holds(answer))
    return _between(sum(weight for weight in counted if not math.isnan(weight)), low, high)


def _between(reached: float, low: Value, high: Value) -> bool:
    """-1 for a limit: none."""
    least_one, most = number_of(low), number_of(high)
    return (least_one == -1 or reached >= least_one) and (most == -1 or reached <= most)


def selected(value: Value, name: Value) -> bool:
    """Whether a list of names holds a name. Nothing is selected where nothing is asked for: selected('', '') (JavaRosa)."""
    names, wanted = text_of(value).split(), text_of(name).strip()
    return wanted in names or (not names and not wanted)


def selected_at(value: Value, index: Value) -> str:
    """0-based; empty where there is none."""
    names, place = text_of(value).split(), number_of(index)
    return names[int(place)] if 0 <= place < len(names) else ""


def count_selected(value: Value) -> float:
    return float(len(text_of(value).split()))


# --- randomize -----------------------------------------------------------------------------------------------------


class ParkMiller:
    """The generator that the specification names for a seeded `randomize`, as JavaRosa and Enketo run it."""

    def __init__(self, seed: int) -> None:
        state = math.fmod(seed, _MODULUS)
        self._state = int(state if state > 0 else state + _MODULUS - 1)

    def random(self) -> float:
        self._state = self._state * _MULTIPLIER % _MODULUS
        return (self._state - 1) / (_MODULUS - 1)


def seed_of(value: Value) -> int:
    """The whole number of a seed (JavaRosa): NaN from nothing is 0, any other text its hash, infinity the largest number."""
    number = number_of(value)
    if math.isnan(number):
        text = "" if isinstance(value, float) else text_of(value)
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True) if text else 0
    return int(max(-_LARGEST, min(number, _LARGEST - 1)))


def shuffled(items: Sequence[Item], random: ParkMiller | Random) -> list[Item]:
    """The "inside-out" variant of the Fisher-Yates shuffle, which the specification names."""
    found: list[Item] = []
    for place, item in enumerate(items):
        other = math.floor(random.random() * (place + 1))
        found.append(item)
        found[place], found[other] = found[other], item
    return found
