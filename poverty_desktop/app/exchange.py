"""The exchange of the open office with the province: who runs its rounds, and when one is looked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from poverty_desktop.gui.presenters.sync_runner import Links, SyncRunner
    from poverty_desktop.gui.shell import Shell
    from poverty_desktop.gui.task_runner import TaskRunner
    from poverty_desktop.services.syncing import Syncing

LOOK_MILLISECONDS = 15_000


class Exchange(QObject):
    """Taken over with the file, begun when the officer is in, ended when the file is left."""

    def __init__(self, parent: QObject, tasks: TaskRunner, shell: Shell, links: Links | None) -> None:
        super().__init__(parent)
        self._tasks, self._shell, self._links = tasks, shell, links
        self._syncing: Syncing | None = None
        self.runner: SyncRunner | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)

    def take_over(self, make: Callable[[Callable[[], bool]], Syncing]) -> None:
        """`make` gets whether the file is still that of this exchange: its calls end when the office is left, also while a round
        is on its way."""
        made: list[Syncing] = []
        made.append(make(lambda: not made or self._syncing is made[0]))
        self._syncing = made[0]

    @property
    def syncing(self) -> Syncing:
        if self._syncing is None:
            raise RuntimeError("the workspace is locked")
        return self._syncing

    def begin(self) -> None:
        from poverty_desktop.gui.presenters.sync_runner import SyncRunner

        runner = self.runner = SyncRunner(self._tasks, self._shell, self.syncing)
        if self._links is not None:
            runner.hear(self._links)
        runner.refresh()
        self._timer.start()

    def end(self) -> None:
        """A round on its way ends after its packet or page; the connection is closed behind it."""
        self._timer.stop()
        runner, self.runner = self.runner, None
        syncing, self._syncing = self._syncing, None
        if runner is not None:
            runner.close()
        if syncing is not None:
            self._tasks.network(syncing.close)

    def _look(self) -> None:
        """Every now and then: what waits, and a round when one is due."""
        if self.runner is not None:
            self.runner.refresh()
            self.runner.tick()
