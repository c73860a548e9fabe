"""Putting a copy back from the window: the copies with what each holds, and one of them chosen. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, Protocol

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.door import Door
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.gui.presenters.sync_words import moment, number, size
from poverty_desktop.services.keeping import CopyHeld


@dataclass(frozen=True)
class RestoreState:
    """`lines`: a copy each, in words, None while nobody looked; `selected` is a place in them, -1 for none."""

    busy: Literal["", "looking", "restoring"] = ""
    lines: tuple[str, ...] | None = None
    selected: int = -1
    possible: bool = False  # whether the selected one can be put back
    problem: Exception | None = None
    tries: int = 0  # rendering a new number empties the field


class RestoreView(Protocol):
    def render(self, state: RestoreState) -> None: ...


class RestorePresenter:
    """The password is kept only from looking until one copy was put back, and never in the state."""

    def __init__(self, door: Door, tasks: Backstage, frame: Frame, texts: Texts) -> None:
        self._door, self._tasks, self._frame, self._texts = door, tasks, frame, texts
        self._password = ""
        self._copies: list[CopyHeld] = []
        self.view: RestoreView | None = None
        self.state = RestoreState()

    def opened(self) -> None:
        self._password, self._copies = "", []
        self._show(RestoreState())

    def look(self, password: str) -> None:
        """What each copy holds; needs an officer's password, for copies are as secret as the file."""
        if password and not self.state.busy:
            self._password = password
            self._show(replace(self.state, busy="looking", problem=None))
            self._tasks.storage(lambda: self._door.copies(password), self._found, self._refused)

    def select(self, place: int) -> None:
        if 0 <= place < len(self._copies):
            self._show(replace(self.state, selected=place, possible=not self._copies[place].problem, problem=None))

    def restore(self) -> None:
        if self.state.busy or not self.state.possible:
            return
        copy, password = self._copies[self.state.selected], self._password
        self._show(replace(self.state, busy="restoring", problem=None))
        done = partial(self._restored, copy)
        self._tasks.storage(lambda: self._door.restore(copy.name, password), done, self._failed)

    def back(self) -> None:
        if not self.state.busy:
            self.opened()
            self._frame.go("unlock")

    # --- inside -------------------------------------------------------------------------------------------------------

    def _found(self, copies: list[CopyHeld]) -> None:
        self._copies = copies
        whole = next((place for place, copy in enumerate(copies) if not copy.problem and not copy.replaced), -1)
        lines = tuple(self._line(copy) for copy in copies)
        self._show(RestoreState(lines=lines, selected=whole, possible=whole >= 0))

    def _refused(self, problem: Exception) -> None:
        self._password = ""
        self._show(RestoreState(problem=problem, tries=self.state.tries + 1))

    def _failed(self, problem: Exception) -> None:
        self._show(replace(self.state, busy="", problem=problem))

    def _restored(self, copy: CopyHeld, replaced: str) -> None:
        self.opened()
        self._door.entered()
        self._frame.go("work")
        self._frame.tell("grey", self._texts("workspace.restored", copy=moment(copy.at) or copy.name, replaced=replaced))

    def _line(self, copy: CopyHeld) -> str:
        texts = self._texts
        when = moment(copy.at) or copy.name
        title = texts("restore.replaced" if copy.replaced else "restore.copy", moment=when, size=size(copy.bytes))
        if copy.problem:
            key = "restore.other_password" if copy.problem == "workspace.wrong_password" else "restore.unreadable"
            return f"{title}\n{texts(key)}"
        counts = {name: number(getattr(copy, name)) for name in ("households", "people", "surveys")}
        held = texts("restore.held", **counts, last=moment(copy.last_change) or texts("restore.nothing"))
        waiting = f" {texts('restore.waiting', count=number(copy.waiting))}" if copy.waiting else ""
        return f"{title}\n{held}{waiting}"

    def _show(self, state: RestoreState) -> None:
        self.state = state
        if self.view is not None:
            self.view.render(state)
