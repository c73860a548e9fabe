"""What was typed while a form was being opened or saved. No Qt."""

from __future__ import annotations

from collections.abc import Callable

Late = list[Callable[[], None]]
"""Acts in their order; each opening of a form begins a list of its own."""


def run_late(late: Late) -> None:
    """Do now what waited; what comes up meanwhile waits again."""
    acts = late[:]
    late.clear()
    for act in acts:
        act()
