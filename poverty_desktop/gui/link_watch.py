"""Tells when this machine gets a link, as the system sees it. A hint only: it says nothing about the province (sync.md 3.18)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QNetworkInformation

Reach = QNetworkInformation.Reachability
_UP = (Reach.Site, Reach.Online)


class LinkWatch(QObject):
    """`presenters.sync_runner.Links` over Qt. Where the system tells nothing, nothing is ever heard."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: Callable[[], None] = lambda: None
        self._up = False

    def listen(self, heard: Callable[[], None]) -> bool:
        loaded = QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability)
        source = QNetworkInformation.instance() if loaded else None
        if source is None:
            return False
        self._heard, self._up = heard, source.reachability() in _UP
        source.reachabilityChanged.connect(self.changed)
        return True

    @Slot(Reach)
    def changed(self, reach: Reach) -> None:
        """From no link to one: not from one to another, and not what the system cannot tell."""
        was, self._up = self._up, reach in _UP
        if self._up and not was:
            self._heard()
