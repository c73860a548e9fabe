"""The quiet sign of one record: where what was saved of it is. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Backstage

KEPT_ASIDE = "kept_aside"


@dataclass(frozen=True)
class PlaceView:
    """`name` names the shape; "": nothing is known, and nothing is shown."""

    name: str = ""
    label: str = ""
    hint: str = ""


def place_view(texts: Texts, name: str) -> PlaceView:
    return PlaceView(name, texts(f"sync.state.{name}"), texts(f"sync.state.{name}_hint")) if name else PlaceView()


class PlaceShown(Protocol):
    def show_place(self, place: PlaceView) -> None: ...


class RecordPlace:
    """Asks anew for another record, after its Save, and after a round."""

    def __init__(self, backstage: Backstage, where: Callable[[str], str], texts: Texts) -> None:
        """`where` gives the place of a record by its id, on the storage lane; "" where nothing of it was saved."""
        self._backstage, self._where, self._texts = backstage, where, texts
        self.view: PlaceShown | None = None
        self._record, self._unsaved = "", False
        self._running = False

    def look(self, record_id: str, *, unsaved: bool) -> None:
        """The record on screen; `unsaved` while something of it is only in its draft, which nobody but this laptop has."""
        if (record_id, unsaved) != (self._record, self._unsaved):
            self._record, self._unsaved = record_id, unsaved
            self.refresh()

    def refresh(self) -> None:
        record = self._record
        if not record or self._unsaved:
            self._show(place_view(self._texts, "on_laptop") if record else PlaceView())
            return
        self._backstage.storage(lambda: self._where(record), lambda name: self._came(record, name))

    def heard(self, running: bool) -> None:
        """Of the runner of rounds: when one has ended, the place may be another."""
        ended = self._running and not running
        self._running = running
        if ended and self.view is not None:
            self.refresh()

    def _came(self, record: str, name: str) -> None:
        if record == self._record and not self._unsaved:
            self._show(place_view(self._texts, name))

    def _show(self, place: PlaceView) -> None:
        if self.view is not None:
            self.view.show_place(place)
