"""The window lets go of its screens when the file is locked: what comes back later from the background must find nobody, or it
would reach for widgets that are gone."""

from __future__ import annotations

import pytest
from shiboken6 import isValid

from poverty_desktop.app import Application
from poverty_desktop.app.screens import SCREENS
from tests.gui.test_every_screen import application, folder, go

__all__ = ["application", "folder"]
PLACES = [place for place in SCREENS if place not in ("first_run", "unlock")]


@pytest.mark.parametrize("application", ["vi"], indirect=True)
@pytest.mark.parametrize("place", PLACES)
def test_an_answer_that_comes_after_the_lock_finds_nobody(application: Application, place: str, qtbot) -> None:
    go(application, place)
    screen = application.shell.current
    presenters = [screen._presenter, getattr(screen, "_papers", None)]
    application.shell.forget()
    application.shell.go("work")
    qtbot.waitUntil(lambda: not isValid(screen))
    for one in presenters:
        show = getattr(one, "show", None)
        if show is not None:
            show(one.state)  # raises where the screen is still listened to: its widgets are deleted
        assert getattr(one, "view", None) is None
