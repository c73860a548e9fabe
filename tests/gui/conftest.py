"""What window tests share: the theme of the program, its words, and windows that are really in front."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.system.resources import load_texts
from tests.gui.windows import in_front


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    apply_theme(qapp)
    return qapp


@pytest.fixture
def texts() -> Texts:
    return load_texts("vi")


@pytest.fixture
def in_window(qtbot) -> Callable[..., QWidget]:
    """Puts widgets into one active window, so that focus and shortcuts are those of real use."""

    windows: list[QWidget] = []  # qtbot keeps weak references only

    def put(*widgets: QWidget) -> QWidget:
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        in_front(qtbot, window, 900, 500)
        return window

    return put
