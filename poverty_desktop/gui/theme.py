"""How the program looks: Qt's Fusion style, our own palette, one small style sheet, fonts by name.

Numbers: an 8-pixel grid (`GRID`), 11-point text, rows and targets of 32 pixels (`ROW`). Neutral greys, one accent (teal);
amber and red only for the two tones that need an act. The same on every laptop: nothing is taken from the system's theme.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

Tone = Literal["red", "amber", "grey"]
"""red stops, amber asks for a reason, grey informs (design.md section 5)."""

GRID: Final = 8
ROW: Final = 32
UI_POINTS: Final = 11
TITLE, SMALL_TITLE = 16, 11  # points
NARROW: Final = 900
"""A window narrower than this (logical pixels) folds the side bar into icons."""
SMALLEST: Final = (640, 480)
"""The smallest window: a little less than 1024x768 at 150 %."""

INK: Final = "#1f2933"
INK_SOFT: Final = "#52606d"
LINE: Final = "#cbd2d9"
LINE_STRONG: Final = "#8592a0"
PAPER: Final = "#ffffff"
GROUND: Final = "#f4f6f8"
SHADE: Final = "#e8ecf0"
ACCENT: Final = "#0f766e"
ACCENT_DARK: Final = "#0b5a54"
ACCENT_SOFT: Final = "#d5efec"
RED: Final = "#b42318"
RED_SOFT: Final = "#fdecea"
AMBER: Final = "#8a5300"
AMBER_SOFT: Final = "#fff3d6"

TONE_INK: Final[dict[Tone, str]] = {"red": RED, "amber": AMBER, "grey": INK_SOFT}
TONE_GROUND: Final[dict[Tone, str]] = {"red": RED_SOFT, "amber": AMBER_SOFT, "grey": SHADE}


def ui_font_family() -> str:
    """The family every window is set in."""
    return "Segoe UI" if sys.platform == "win32" else "Noto Sans"


def print_font_family() -> str:
    """The family every print is set in: Times New Roman, or Liberation Serif, which has the same metrics."""
    return "Times New Roman" if sys.platform == "win32" else "Liberation Serif"


def ui_font(points: float = UI_POINTS, *, bold: bool = False) -> QFont:
    font = QFont(ui_font_family())
    font.setPointSizeF(points)
    font.setBold(bold)
    return font


def is_installed(family: str) -> bool:
    """Whether Qt draws `family` itself and not something in its place."""
    return QFontInfo(QFont(family)).family().startswith(family)


def numbers_font(points: float) -> QFont:
    """The window's font with figures of one width, for columns and counts."""
    font = ui_font(points, bold=True)
    if hasattr(font, "setFeature"):
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


STYLE_ARGUMENTS: Final = ("-style", "fusion")
"""For a new QApplication: Qt then makes the style itself. The first call of `setStyle` costs 6 ms for the classes behind it."""


def apply_theme(app: QApplication, *, styled: bool = False) -> None:
    """Dress `app`. Safe to call again; windows that are already open follow. `styled`: it was made with `STYLE_ARGUMENTS`."""
    if not styled:
        app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setFont(ui_font())
    app.setStyleSheet(STYLE_SHEET)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at the dynamic properties (`tone`, `role`) of `widget`; before its first it needs none."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, colour in {
        role.Window: GROUND,
        role.WindowText: INK,
        role.Base: PAPER,
        role.AlternateBase: GROUND,
        role.Text: INK,
        role.PlaceholderText: INK_SOFT,
        role.Button: PAPER,
        role.ButtonText: INK,
        role.ToolTipBase: INK,
        role.ToolTipText: PAPER,
        role.Highlight: ACCENT,
        role.HighlightedText: PAPER,
        role.Link: ACCENT,
        role.Accent: ACCENT,
    }.items():
        palette.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor("#8592a0"))
    return palette


STYLE_SHEET: Final = f"""
* {{ font-family: "{ui_font_family()}"; }}
QToolTip {{ background: {INK}; color: {PAPER}; border: 0; padding: 4px 8px; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox {{
    background: {PAPER}; border: 1px solid {LINE_STRONG}; border-radius: 4px; padding: 3px 7px; min-height: 24px;
    selection-background-color: {ACCENT}; selection-color: {PAPER}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {{
    border: 2px solid {ACCENT}; padding: 2px 6px; }}
QLineEdit[tone="red"], QComboBox[tone="red"], QPlainTextEdit[tone="red"] {{ border-color: {RED}; background: {RED_SOFT}; }}
QLineEdit[tone="amber"], QComboBox[tone="amber"], QPlainTextEdit[tone="amber"] {{
    border-color: {AMBER}; background: {AMBER_SOFT}; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{
    width: 0; height: 0; border-left: 4px solid {PAPER}; border-right: 4px solid {PAPER}; border-top: 5px solid {INK_SOFT}; }}
QLineEdit:read-only, QLineEdit:disabled {{ background: {GROUND}; color: {INK_SOFT}; }}
QPushButton {{
    background: {PAPER}; border: 1px solid {LINE_STRONG}; border-radius: 4px; padding: 3px 15px; min-height: 24px; }}
QPushButton:hover {{ background: {SHADE}; }}
QPushButton:pressed {{ background: {LINE}; }}
QPushButton:focus {{ border: 2px solid {ACCENT}; padding: 2px 14px; }}
QPushButton:disabled {{ color: {LINE_STRONG}; border-color: {LINE}; background: {GROUND}; }}
QPushButton[role="main"] {{ background: {ACCENT}; border-color: {ACCENT}; color: {PAPER}; font-weight: 600; }}
QPushButton[role="main"]:hover {{ background: {ACCENT_DARK}; }}
QPushButton[role="main"]:focus {{ border: 2px solid {INK}; }}
QPushButton[role="main"]:disabled {{ background: {LINE}; border-color: {LINE}; color: {PAPER}; }}
QPushButton[role="danger"] {{ border-color: {RED}; color: {RED}; }}
QPushButton[role="link"] {{
    background: transparent; border: 1px solid transparent; color: {ACCENT}; padding: 3px 7px; text-align: left; }}
QPushButton[role="link"]:hover {{ color: {ACCENT_DARK}; background: {SHADE}; }}
QPushButton[role="link"]:focus {{ border: 2px solid {ACCENT}; padding: 2px 6px; }}
QTableView, QListView, QTreeView {{
    background: {PAPER}; border: 1px solid {LINE}; gridline-color: {SHADE}; outline: 0;
    selection-background-color: {ACCENT_SOFT}; selection-color: {INK}; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 2px solid {ACCENT}; }}
QListView::item {{ min-height: {ROW}px; padding: 0 8px; }}
QTableView::item {{ padding: 0 8px; }}
QTableView::item:focus {{ border: 2px solid {ACCENT}; }}
QHeaderView::section {{
    background: {GROUND}; color: {INK_SOFT}; border: 0; border-bottom: 1px solid {LINE}; border-right: 1px solid {SHADE};
    padding: 5px 8px; font-weight: 600; }}
QRadioButton, QCheckBox {{ min-height: {ROW}px; spacing: 8px; padding: 0 4px; border: 2px solid transparent;
    border-radius: 4px; }}
QRadioButton:focus, QCheckBox:focus {{ border-color: {ACCENT}; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget[role="page"] {{ background: transparent; }}
QTabBar::tab {{ padding: 6px 16px; border: 0; border-bottom: 3px solid transparent; color: {INK_SOFT}; }}
QTabBar::tab:selected {{ color: {ACCENT}; border-bottom-color: {ACCENT}; font-weight: 600; }}
QTabBar::tab:focus {{ background: {ACCENT_SOFT}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {LINE}; }}
QLabel[role="title"] {{ font-size: {TITLE}pt; font-weight: 600; }}
QLabel[role="title-small"] {{ font-size: {SMALL_TITLE}pt; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: 12pt; font-weight: 600; }}
QLabel[role="label"] {{ font-weight: 600; }}
QLabel[role="soft"] {{ color: {INK_SOFT}; }}
QLabel[role="figure"] {{ font-size: 15pt; font-weight: 600; color: {ACCENT_DARK}; }}
QLabel[tone="red"] {{ color: {RED}; }}
QLabel[tone="amber"] {{ color: {AMBER}; }}
QLabel[tone="grey"] {{ color: {INK_SOFT}; }}
QFrame[role="card"] {{ background: {PAPER}; border: 1px solid {LINE}; border-radius: 6px; }}
QFrame[role="sidebar"] {{ background: {PAPER}; border: 0; border-right: 1px solid {LINE}; }}
QFrame[role="titleline"] {{ background: {PAPER}; border: 0; border-bottom: 1px solid {LINE}; }}
QFrame[role="statusline"] {{ background: {PAPER}; border: 0; border-top: 1px solid {LINE}; }}
QFrame[role="message"] {{ border-radius: 4px; border: 1px solid {LINE_STRONG}; background: {SHADE}; }}
QFrame[role="message"][tone="red"] {{ background: {RED_SOFT}; border-color: {RED}; }}
QFrame[role="message"][tone="amber"] {{ background: {AMBER_SOFT}; border-color: {AMBER}; }}
QProgressBar {{ background: {SHADE}; border: 0; border-radius: 4px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 4px; }}
QLabel[role="practice"] {{ background: {AMBER_SOFT}; color: {AMBER}; font-weight: 600; padding: 4px 16px; }}
QToolButton[role="nav"] {{
    border: 2px solid transparent; border-left: 4px solid transparent; border-radius: 0; padding: 4px 8px; text-align: left;
    color: {INK_SOFT}; background: transparent; }}
QToolButton[role="nav"]:hover {{ background: {GROUND}; color: {INK}; }}
QToolButton[role="nav"]:checked {{
    background: {ACCENT_SOFT}; border-left-color: {ACCENT}; color: {ACCENT_DARK}; font-weight: 600; }}
QToolButton[role="nav"]:focus {{ border: 2px solid {ACCENT}; border-left: 4px solid {ACCENT}; }}
QToolButton[role="quiet"] {{ border: 2px solid transparent; border-radius: 4px; padding: 2px 8px; background: transparent; }}
QToolButton[role="quiet"]:hover {{ background: {SHADE}; }}
QToolButton[role="quiet"]:focus {{ border-color: {ACCENT}; }}
"""
