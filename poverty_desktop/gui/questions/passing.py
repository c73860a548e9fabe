"""What happens in a row happens in what holds it: the signals of rows, from inside out."""

from __future__ import annotations

from PySide6.QtCore import QObject

OF_A_QUESTION = ("answered", "reasoned", "moved", "numbered")
OF_ROWS = (*OF_A_QUESTION, "walked", "wanted")


def pass_on(inner: QObject, outer: QObject, signals: tuple[str, ...] = OF_ROWS) -> None:
    """Both have all of these signals, with the same facts."""
    for name in signals:
        getattr(inner, name).connect(getattr(outer, name))
