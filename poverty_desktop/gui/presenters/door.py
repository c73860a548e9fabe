"""The door to the workspace, as first run and unlocking see it. `app` implements it. All calls but `entered` run on the storage
lane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from poverty_desktop.services.keeping import CopyHeld

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class NewLaptop:
    """What the first run asked for."""

    language: str
    practice: bool
    commune_code: str
    commune_name: str
    officer_name: str
    password: str
    joins: bool = False  # a server was named: its records are fetched, so practice invents none of its own


class Door(Protocol):
    def create(self, wanted: NewLaptop, progress: Progress) -> None:
        """Make the workspace and open it. `progress(done, whole)` counts the households of a practice commune; it is called
        on the storage lane. Raises `KnownProblem("workspace.…")`."""
        ...

    def open(self, password: str) -> None:
        """Raises `KnownProblem("workspace.wrong_password" | "workspace.damaged" | …)`."""
        ...

    def copies(self, password: str) -> list[CopyHeld]:
        """The copies of the workspace with what each holds, newest first. Raises `KnownProblem("workspace.wrong_password")`."""
        ...

    def restore(self, name: str, password: str) -> str:
        """Put this copy back and open it; gives the folder where what was there lies now. Raises as `open`, and when the copy is
        damaged: nothing is changed then."""
        ...

    def entered(self) -> None:
        """On the GUI thread, after `create`, `open` or `restore` came back: dress the window for this officer."""
        ...
