"""Opening the file with a password, at the start and after a lock. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from poverty_desktop.gui.presenters.door import Door
from poverty_desktop.gui.presenters.frame import Backstage, Frame


@dataclass(frozen=True)
class UnlockState:
    busy: bool = False
    problem: Exception | None = None
    tries: int = 0  # rendering a new number empties the field


class UnlockView(Protocol):
    def render(self, state: UnlockState) -> None: ...


class UnlockPresenter:
    """After the door has opened, the person is where they were before the lock, else on the first screen."""

    def __init__(self, door: Door, tasks: Backstage, frame: Frame) -> None:
        self._door, self._tasks, self._frame = door, tasks, frame
        self._then: tuple[str, dict[str, Any]] = ("work", {})
        self.view: UnlockView | None = None
        self.state = UnlockState()

    def opened(self, then: tuple[str, dict[str, Any]] | None = None) -> None:
        self._then = then or ("work", {})
        self.state = UnlockState()
        self._show()

    def unlock(self, password: str) -> None:
        if password and not self.state.busy:
            self.state = replace(self.state, busy=True, problem=None)
            self._show()
            self._tasks.storage(lambda: self._door.open(password), self._entered, self._failed)

    def restore(self) -> None:
        """A copy instead of the file; also where the file does not open any more."""
        if not self.state.busy:
            self._frame.go("restore")

    def _entered(self, _: None) -> None:
        self.state = UnlockState()
        self._door.entered()
        place, facts = self._then
        self._frame.go(place, **facts)

    def _failed(self, problem: Exception) -> None:
        self.state = UnlockState(problem=problem, tries=self.state.tries + 1)
        self._show()

    def _show(self) -> None:
        if self.view is not None:
            self.view.render(self.state)
