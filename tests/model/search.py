"""Random scenarios by seed, and the shortest one that still breaks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.model.world import VERBS, Broken, Verb, World


def scenario(seed: int, length: int = 40) -> list[Verb]:
    chance = random.Random(seed)
    weights = {name: weight * chance.choice((1, 1, 3) if weight else (0,)) for name, weight in VERBS.items()}
    names = chance.choices(list(weights), list(weights.values()), k=length)
    return [(name, chance.randrange(12), chance.randrange(12), chance.randrange(12)) for name in names]


def broken_by(verbs: Sequence[Verb], new_world: Callable[[], World] = World) -> str | None:
    """What the scenario breaks, or None."""
    world = new_world()
    try:
        for verb in verbs:
            world.do(verb)
        world.check_end()
    except Broken as broken:
        return str(broken)
    except Exception as error:  # noqa: BLE001 - a crash of the core is a finding like any other
        return f"crash {error!r}"
    return None


def shrunk(verbs: Sequence[Verb]) -> list[Verb]:
    """Drop verbs, then lower numbers, as long as it still breaks."""
    current, before = _lowered(_dropped(list(verbs))), list(verbs)
    while current != before:
        current, before = _lowered(_dropped(current)), current
    return current


def _dropped(current: list[Verb]) -> list[Verb]:
    size = max(1, len(current) // 2)
    while size:
        place = 0
        while place < len(current):
            shorter = current[:place] + current[place + size :]
            if broken_by(shorter):
                current = shorter
            else:
                place += size
        size //= 2
    return current


def _lowered(current: list[Verb]) -> list[Verb]:
    for place, (name, *numbers) in enumerate(current):
        for index in range(3):
            for value in range(numbers[index]):
                lower = [*numbers[:index], value, *numbers[index + 1 :]]
                tried = [*current[:place], (name, *lower), *current[place + 1 :]]
                if broken_by(tried):
                    numbers = lower
                    current = tried
                    break
    return current
