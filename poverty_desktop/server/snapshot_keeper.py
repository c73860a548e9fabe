"""Keeps snapshots ready while the province serves, so that no laptop waits for one (sync.md 3.14)."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from poverty_desktop.server.province import Province
from poverty_desktop.server.snapshots import OLD_AFTER, make_ready

EVERY_SECONDS = 60  # between two looks at all streams
_log = logging.getLogger(__name__)


class SnapshotKeeper:
    """A thread beside the requests; `stop` ends it, after the stream that it is at."""

    def __init__(self, province: Province, behind: int = OLD_AFTER) -> None:
        self._province, self._behind = province, behind
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            self.look()

    def look(self) -> None:
        """Once over all streams. What was put back and not adopted yet is left alone."""
        try:
            if not self._province.restored():
                make_ready(self._province, self._behind)
        except SQLAlchemyError:  # the next look may find the database again
            _log.exception("no snapshots were made")
