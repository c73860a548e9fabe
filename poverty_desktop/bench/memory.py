"""`bench memory`: what the window holds in memory with a large commune open, against a bare Qt window."""

from __future__ import annotations

import tempfile
from pathlib import Path

from poverty_desktop.bench.children import figures_of
from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.offices import PASSWORD, new_office, pulled_office

HOUSEHOLDS = 20_000
LIMIT = "bare Qt window"


def memory(households: int = HOUSEHOLDS) -> Bench:
    """Resident MiB of the process with the household list open: the large commune, and a small one to tell data from program."""
    bench = Bench("memory")
    with tempfile.TemporaryDirectory() as place:
        large, small = Path(place) / "large", Path(place) / "small"
        pulled_office(large, households).workspace.close()
        new_office(small, 8).workspace.close()
        bare = figures_of("first_paint", "bare")["memory_mib"]
        for name, folder in ((f"window with {households} households open", large), ("window with 8 households open", small)):
            found = figures_of("first_paint", "list", str(folder), password=PASSWORD)["memory_mib"]
            bench.add(name, found, "MiB", (LIMIT, bare))
    return bench
