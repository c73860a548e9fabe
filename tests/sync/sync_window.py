"""The real shell with the screens of synchronising, the real task runner, and one laptop behind them."""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtWidgets import QLabel

from poverty_desktop.gui.presenters.attention_presenter import AttentionPresenter
from poverty_desktop.gui.presenters.conflicts_presenter import ConflictsPresenter
from poverty_desktop.gui.presenters.sync_presenter import SyncPresenter
from poverty_desktop.gui.presenters.sync_runner import SyncRunner
from poverty_desktop.gui.screens.attention_screen import AttentionScreen
from poverty_desktop.gui.screens.conflicts_screen import ConflictsScreen
from poverty_desktop.gui.screens.sync_screen import SyncScreen
from poverty_desktop.gui.shell import Shell
from poverty_desktop.gui.task_runner import TaskRunner
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeSettings
from tests.gui.windows import come_to_rest
from tests.sync.laptops import Laptop

SIZES = {"": (1366, 768), "-small": (683, 512)}


class Window:
    """`went` names the places gone to that are not of the exchange."""

    def __init__(self, qtbot: Any, laptop: Laptop, language: Any = "vi") -> None:
        self.texts = load_texts(language)
        self.laptop = laptop
        self.qtbot = qtbot
        self.bugs: list[BaseException] = []
        screens = {"sync": self._sync, "conflicts": self._conflicts, "attention": self._attention}
        self.shell = Shell(self.texts, screens, FakeSettings())
        self.tasks = TaskRunner(self.shell.problem, self.bugs.append)
        laptop.call = self.tasks.storage_call
        self.runner = SyncRunner(self.tasks, self.shell, laptop.syncing)
        qtbot.addWidget(self.shell)
        self.shell.resize(1366, 768)
        self.shell.show()
        self.shell.dress()

    def _sync(self) -> SyncScreen:
        presenter = SyncPresenter(self.runner, self.shell, self.texts)
        return _bound(SyncScreen(presenter, self.texts), presenter)

    def _conflicts(self) -> ConflictsScreen:
        presenter = ConflictsPresenter(self.tasks, self.shell, self.laptop.syncing, self.texts)
        return _bound(ConflictsScreen(presenter, self.texts), presenter)

    def _attention(self) -> AttentionScreen:
        attending = self.laptop.syncing.attending
        presenter = AttentionPresenter(self.tasks, self.shell, attending, self.texts, self.runner.refresh)
        return _bound(AttentionScreen(presenter, self.texts), presenter)

    def go(self, place: str) -> None:
        self.shell.go(place)
        self.settle()

    def close(self) -> None:
        self.tasks.close()
        self.laptop.call = lambda work: work()

    def settle(self) -> None:
        """Everything asked for has come back."""
        self.tasks.settle()
        assert not self.bugs, self.bugs

    def find(self, kind: Any, name: str) -> Any:
        return self.shell.findChild(kind, name)

    def words(self) -> str:
        return "\n".join(label.text() for label in self.shell.findChildren(QLabel) if label.isVisible())

    def reads(self, words: str) -> None:
        """Wait until the words stand on the screen."""
        self.qtbot.waitUntil(lambda: words in self.words(), timeout=3000)

    def picture(self, name: str) -> None:
        """In both sizes an office has, where somebody wants to look at it."""
        come_to_rest(self.tasks)
        folder = os.environ.get("SYNC_PICTURES")
        if folder:
            for suffix, size in SIZES.items():
                self.shell.resize(*size)
                come_to_rest(self.tasks)
                self.shell.grab().save(f"{folder}/{name}-{self.texts.language}{suffix}.png")
            self.shell.resize(*SIZES[""])
            come_to_rest(self.tasks)


def _bound(screen: Any, presenter: Any) -> Any:
    presenter.view = screen
    screen.bind()
    return screen
