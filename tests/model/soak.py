"""Search for hours with new seeds; each finding is shrunk and kept as a regression test (`packaging/dev.py soak --hours N`).

    python -m tests.model.soak --hours 4 [--seed N]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.model.search import broken_by, scenario, shrunk

FOUND = Path(__file__).parent / "found.json"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(5), "big"))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    end, tried, found = time.monotonic() + asked.hours * 3600, 0, 0
    while time.monotonic() < end:
        verbs = scenario(asked.seed + tried, (30, 60, 120)[tried % 3])
        if broken_by(verbs):
            found += 1
            _keep(asked.seed + tried, shrunk(verbs))
        tried += 1
        if tried % 2000 == 0:
            print(f"{tried} scenarios, {found} broken", flush=True)
    print(f"{tried} scenarios, {found} broken", flush=True)
    return 1 if found else 0


def _keep(seed: int, verbs: list[tuple[str, int, int, int]]) -> None:
    kept = json.loads(FOUND.read_text("utf-8"))
    kept[f"seed {seed}"] = verbs
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in kept.items())
    FOUND.write_text("{\n" + rows + "\n}\n", "utf-8")
    print(f"seed {seed}: {broken_by(verbs)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
