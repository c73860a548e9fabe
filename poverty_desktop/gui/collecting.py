"""Circles of dead objects are collected on the thread of the windows, and only there.

Python runs its collector on whichever thread happens to make the next object. A window that was dropped (the file was locked)
hangs together in circles: taken down from the storage lane while the windows are built or painted, it brings the process down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MILLISECONDS = 1000


class Collector(QObject):
    """While one lives, Python's own collector is off, and its rounds are made between two turns of the event loop."""

    _living = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MILLISECONDS)
        Collector._living += 1
        gc.disable()

    def look(self) -> None:
        """The round that is due by Python's own counts, if one is."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(len(counts)) if counts[generation] > limits[generation]]
        if due:
            gc.collect(max(due))

    def end(self) -> None:
        """Leave it to Python again: there is no other thread any more. Once."""
        self._timer.stop()
        Collector._living -= 1
        if not Collector._living:
            gc.enable()
