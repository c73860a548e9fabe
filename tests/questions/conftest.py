"""The gallery in a real window, in front."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.system.resources import load_texts
from tests.questions.gallery import Room, gallery, open_room


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    apply_theme(qapp)
    return qapp


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts("vi")


@pytest.fixture(scope="session")
def form() -> FormDefinition:
    return gallery()


@pytest.fixture
def room(qtbot, qapp: QApplication, form: FormDefinition, texts: Texts) -> Iterator[Room]:
    room = open_room(form, texts)
    qtbot.addWidget(room.shell)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is room.shell)
    yield room
    room.shell.close()
