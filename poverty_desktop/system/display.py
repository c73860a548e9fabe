"""Whether a window can be seen on this machine."""

from __future__ import annotations

import os
import sys

from poverty_desktop.domain.problems import KnownProblem

_PLATFORM = "QT_QPA_PLATFORM"


def has_display() -> bool:
    """Also when the environment names the platform itself: whoever does that knows why."""
    return sys.platform != "linux" or any(os.environ.get(name) for name in (_PLATFORM, "DISPLAY", "WAYLAND_DISPLAY"))


def refuse_without_display() -> None:
    """Raises `KnownProblem("command.no_display")`: Qt itself would end the process with a core dump."""
    if not has_display():
        raise KnownProblem("command.no_display")


def draw_off_screen_without_display() -> None:
    """Proofs and benchmarks draw the real windows off screen where there is none to see them on."""
    if not has_display():
        os.environ[_PLATFORM] = "offscreen"
