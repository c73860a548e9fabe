"""`bench sync`: the yardstick's work from a real laptop to a real province, against the floor of the same run.

Laptop: workspace in SQLCipher, `Syncing`, its HTTP. Province: `server run` on SQLite behind uvicorn. All that passes goes through
a line of its own process that counts it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from poverty_desktop.bench import children
from poverty_desktop.bench.asked_child import AskedChild, asked_child
from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.sync_costs import Cost, add_cost, cost_of
from poverty_desktop.bench.sync_faults import CUTS, broken_lines, pulled, slow_line
from poverty_desktop.bench.sync_places import Place, code_of, differing, place_of, prepare, url_of

HOUSEHOLDS = 10_000
SLOW, BROKEN = 200, 1_000  # households of the slow line and of the cut ones
_EDITS = (1, 50)
_TWO_SIZES = 100  # households; fewer are pushed in one size only
_NOTES = (
    "bytes are TCP payload as they passed the line: HTTP with its headers, without TLS and without what TCP adds",
    "one household: a registration with 4 members, a survey with 60 answers, 1.5 deliveries, in 3 Saves; an edit: 3 answers",
    "a full round opens the connection and the session too; 'live' rounds have both from the round before",
    "floor: columns with zstd in one POST, executemany on the other end; no sign-in, history, encryption or conflicts",
)


def sync(households: int = HOUSEHOLDS, cuts: int = CUTS) -> Bench:
    """Pushes of a fifth of the households and of all of them, small rounds, a first pull, bad lines; `cuts` 0: no bad lines.

    Raises RuntimeError when a round does not end complete."""
    bench = Bench("sync", notes=list(_NOTES))
    for count in (households // 5, households) if households >= _TWO_SIZES else (households,):
        _of_size(bench, count, small=count == households)
    if cuts:
        slow_line(bench, min(SLOW, households))
        broken_lines(bench, min(BROKEN, households), cuts)
    return bench


def _of_size(bench: Bench, households: int, *, small: bool) -> None:
    with tempfile.TemporaryDirectory() as name, _floor(Path(name), households) as floor:
        folder = Path(name)
        prepare(folder, households)
        with place_of(folder) as place:
            place.laptop.ask("enrol", url=url_of(place.line), code=code_of(place.province))
            add_cost(bench, f"first push of {households} households", place.cost(), floor("push"))
            if not small:
                return
            _small_rounds(bench, place, floor)
            bare = floor("pull", path=str(folder / "pulled.sqlite"))
            place.province.admin("snapshots")  # as the thread of a running province does within a minute
            add_cost(bench, f"first pull of {households} households", pulled(folder, place), bare)
            place.cost()
        wrong = differing(folder / "laptop", folder / "fresh")
        bench.add("records lost, doubled or different on the fresh laptop", wrong, "records")
        bench.broken |= wrong > 0


def _small_rounds(bench: Bench, place: Place, floor: Callable[..., Cost]) -> None:
    place.cost()
    live = place.cost()
    add_cost(bench, "nothing changed, live", live, floor("still"))
    bench.add("nothing changed, live: up and down", live.bytes, "bytes")
    for seed, count in enumerate(_EDITS):
        place.laptop.ask("edit", count=count, seed=seed)
        cost, bare = place.cost(), floor("edit", count=count)
        what = "1 survey edited, live" if count == 1 else f"{count} surveys edited, live"
        add_cost(bench, what, cost, bare)
        bench.add(f"{what}: up and down", cost.bytes, "bytes", ("floor", bare.bytes))
    place.laptop.ask("reconnect")
    anew = place.cost()
    bench.add("nothing changed, new connection and session: up and down", anew.bytes, "bytes")
    bench.add("nothing changed, new connection and session: round trips", anew.trips, "round trips")


@contextmanager
def _floor(folder: Path, households: int) -> Iterator[Callable[..., Cost]]:
    """Asks the floor's client, over a line of its own that counts too."""
    command = [sys.executable, "-m", "poverty_desktop.bench.sync_floor", "serve", str(folder / "floor-server.sqlite")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=children.environment(None))
    assert server.stdout is not None
    try:
        port = json.loads(server.stdout.readline())
        with asked_child("counted_line", str(port)) as line, _filled(folder, households, line) as client:

            def ask(verb: str, **given: object) -> Cost:
                return cost_of(lambda: client.ask(verb, **given), line, server.pid)

            yield ask
    finally:
        server.terminate()
        server.communicate(timeout=20)


@contextmanager
def _filled(folder: Path, households: int, line: AskedChild) -> Iterator[AskedChild]:
    with asked_child("sync_floor", "client", str(folder / "floor-client.sqlite")) as client:
        client.ask("fill", count=households)
        client.ask("connect", port=line.ask("port"))
        yield client
