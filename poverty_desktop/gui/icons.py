"""Icons by qtawesome, imported when the first icon is asked for: after the first paint, never before."""

from __future__ import annotations

from PySide6.QtGui import QIcon

from poverty_desktop.gui import theme

NAMES: dict[str, str] = {
    "work": "mdi6.view-dashboard-outline",
    "households": "mdi6.home-group",
    "review": "mdi6.clipboard-text-outline",
    "support": "mdi6.hand-heart-outline",
    "reports": "mdi6.file-chart-outline",
    "sync": "mdi6.sync",
    "lock": "mdi6.lock-outline",
    "help": "mdi6.help-circle-outline",
    "back": "mdi6.arrow-left",
    "search": "mdi6.magnify",
    "add": "mdi6.plus",
    "print": "mdi6.printer-outline",
    "save": "mdi6.content-save-outline",
    "dismiss": "mdi6.close",
    "red": "mdi6.alert-octagon",
    "amber": "mdi6.alert",
    "grey": "mdi6.information-outline",
    "done": "mdi6.check-circle",
    "draft": "mdi6.pencil-outline",
    "conflict": "mdi6.source-branch",
    "waiting": "mdi6.upload-outline",
    "calendar": "mdi6.calendar-clock",
    "handover": "mdi6.draw-pen",
    "practice": "mdi6.school-outline",
}


def icon(name: str, colour: str = theme.INK_SOFT) -> QIcon:
    """The icon of a word of `NAMES` in one colour."""
    import qtawesome

    return QIcon(qtawesome.icon(NAMES[name], color=colour))
