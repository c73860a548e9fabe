"""`bench sync` on bad lines: slow, cut at random bytes, and dying again and again."""

from __future__ import annotations

import random
import statistics
import tempfile
from pathlib import Path

from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.sync_costs import Cost, add_cost
from poverty_desktop.bench.sync_places import (
    Place,
    code_of,
    copied_place,
    differing,
    enrolled_place,
    fresh_laptop,
    place_of,
    url_of,
)
from poverty_desktop.bench.yardstick import SEED

UP, DOWN, DELAY = 8_000, 16_000, 0.15  # 64 and 128 kbit/s; 300 ms there and back
CUTS, DEATHS = 20, 10
_MOST_ROUNDS = 60


def slow_line(bench: Bench, households: int) -> None:
    """The first push over the simulated 2G link, against what its bytes take at the speed of the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        enrolled_place(folder, households)
        with place_of(folder) as place:
            place.laptop.ask("moved", url=url_of(place.line))
            place.line.ask("be", up=UP, down=DOWN, delay=DELAY)
            cost = place.cost()
        about = f"2G, first push of {households} households"
        bench.add(f"{about}: wall", cost.wall, "s", ("bytes at the speed of the line", cost.up / UP + cost.down / DOWN))
        add_cost(bench, about, cost)


def broken_lines(bench: Bench, households: int, cuts: int) -> None:
    """Each cut and the dying line on copies of one laptop with work and one empty province; compared at the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        enrolled_place(folder / "prepared", households)
        whole = _broken(folder, None, None)[0]
        chance, resent, wrong = random.Random(SEED), [], 0
        for _ in range(cuts):
            cost, differ = _broken(folder, chance.randrange(1, whole.up), None)
            resent.append(max(0.0, (cost.up - whole.up) / whole.up * 100))
            wrong += differ
        dying, differ = _broken(folder, None, max(1, whole.up // DEATHS))
        _tell(bench, households, whole, resent, dying, wrong + differ)


def _tell(bench: Bench, households: int, whole: Cost, resent: list[float], dying: Cost, wrong: int) -> None:
    about = f"first push of {households} households"
    bench.add(f"{about}, uncut: up", whole.up, "bytes")
    bench.add(f"{len(resent)} random cuts: resent a cut, mean", statistics.mean(resent), "%")
    bench.add(f"{len(resent)} random cuts: resent a cut, worst", max(resent), "%")
    bench.add("line that dies after every 10 % of the bytes: up", dying.up, "bytes", ("uncut", whole.up))
    bench.add("line that dies after every 10 % of the bytes: rounds", dying.told["rounds"], "rounds")
    bench.add("records lost, doubled or different after all cuts", wrong, "records")
    bench.broken |= wrong > 0


def _broken(folder: Path, cut_at: int | None, every: int | None) -> tuple[Cost, int]:
    """One push to its end over a line that breaks; how many records a fresh laptop has otherwise."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        here = copied_place(folder / "prepared", Path(name) / "place")
        with place_of(here) as place:
            place.laptop.ask("moved", url=url_of(place.line))
            place.line.ask("be", cut_at=cut_at, every=every)
            cost = place.cost(rounds=_MOST_ROUNDS)
            place.line.ask("be")
            pulled(here, place)
            place.laptop.ask("round")
        return cost, differing(here / "laptop", here / "fresh")


def pulled(here: Path, place: Place) -> Cost:
    """The first pull of a fresh laptop, which is left in `fresh`."""
    fresh_laptop(here / "fresh")
    with place.another(here / "fresh") as other:
        other.laptop.ask("enrol", url=url_of(place.line), code=code_of(place.province))
        return other.cost()
