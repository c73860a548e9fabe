"""The quiet signs of the records of a list: where what was saved of each is. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Backstage
from poverty_desktop.gui.presenters.record_place import PlaceView, place_view


class PlacesShown(Protocol):
    def show_places(self, places: Mapping[str, PlaceView]) -> None: ...


class ListPlaces:
    """Asked for what is loaded, behind the lines themselves, so that no key waits for it; asked anew after a round."""

    def __init__(self, backstage: Backstage, where: Callable[[Sequence[str]], Mapping[str, str]], texts: Texts) -> None:
        """`where` gives the places of records by their ids, on the storage lane."""
        self._backstage, self._where, self._texts = backstage, where, texts
        self.view: PlacesShown | None = None
        self._ids: tuple[str, ...] = ()
        self._running = False

    def look(self, ids: Sequence[str]) -> None:
        """The records that stand in the list now."""
        self._ids = tuple(ids)
        self.refresh()

    def refresh(self) -> None:
        asked = self._ids
        if asked and self.view is not None:
            self._backstage.storage(lambda: self._where(asked), lambda found: self._came(asked, found))

    def heard(self, running: bool) -> None:
        """Of the runner of rounds: when one has ended, places may be others."""
        ended = self._running and not running
        self._running = running
        if ended:
            self.refresh()

    def _came(self, asked: tuple[str, ...], found: Mapping[str, str]) -> None:
        if asked == self._ids and self.view is not None:
            self.view.show_places({one: place_view(self._texts, name) for one, name in found.items()})
