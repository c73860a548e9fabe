"""The soak of real processes, short; `packaging/dev.py soak --processes` kills a thousand times."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.soak.soak import Asked, Soak

KILLS = 15


def test_laptops_and_a_province_that_are_killed_lose_and_double_nothing(tmp_path: Path) -> None:
    """Another seed each time; what it did is printed."""
    figures = Soak(Asked(KILLS, int.from_bytes(os.urandom(4), "big"), tmp_path, longest=0.6)).run()
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    assert figures["broken"] == []
    assert figures["kills"] >= KILLS
    assert figures["operations called saved"] > 20
    assert (figures["lost"], figures["doubled"]) == (0, 0)
