"""`packaging/dev.py soak --processes`: kills real laptops and a real province, and prints the figures as JSON.

    python -m tests.soak --kills 1000 [--seed N] [--minutes N] [--postgresql] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soak.soak import Asked, Soak


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end with fewer kills after so many minutes")
    parser.add_argument("--postgresql", action="store_true", help="the province on a PostgreSQL of its own")
    parser.add_argument("--keep", type=Path, help="an empty folder for all files, which stay there")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", file=sys.stderr, flush=True)
    with _folder(asked.keep) as folder, _database(asked.postgresql) as url:
        say = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
        figures = Soak(Asked(asked.kills, asked.seed, folder, url, asked.minutes, say=say)).run()
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    return 1 if figures["broken"] else 0


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@contextmanager
def _database(wanted: bool) -> Iterator[str | None]:
    if not wanted:
        yield None
        return
    from tests.server.conftest import Cluster

    folder = Path(tempfile.mkdtemp(prefix="qlx-pg-"))
    cluster = Cluster(folder)
    try:
        yield cluster.new_database()
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
