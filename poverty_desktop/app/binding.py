"""How a screen and its presenter are tied, and let go of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poverty_desktop.gui.screen import Screen


def bound(screen: Screen, presenter: Any) -> Screen:
    """Tie a screen to its presenter, which shows through its `view` or calls its `show`, and make its one `bind()`. Results that
    come when the window has let go of the screen find nobody."""
    if hasattr(presenter, "view"):
        presenter.view = screen
        screen.forgotten.connect(lambda: setattr(presenter, "view", None))
    else:
        presenter.show = screen.render
        screen.forgotten.connect(lambda: unheard(presenter))
    screen.bind()
    return screen


def unheard(presenter: Any) -> None:
    """What `presenter` has to show from now on goes nowhere."""
    presenter.show = lambda state: None
