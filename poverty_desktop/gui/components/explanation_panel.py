"""Why poor, beside the form or in a line below it: the class by word and shape, B1 against the cut-off, the deprivations."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.explanation_blocks import blocks_of
from poverty_desktop.gui.components.explanation_sheet import ExplanationSheet
from poverty_desktop.gui.presenters.explanation_state import ExplanationState
from poverty_desktop.gui.theme import AMBER, AMBER_SOFT, LINE, SHADE


class ExplanationPanel(QScrollArea):
    """The panel at the right of the form. Its words are its accessible description; arrows scroll it when it has the focus."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("survey.explanation")
        self.setAccessibleName(texts("survey.explanation"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._state: ExplanationState | None = None
        self.sheet = ExplanationSheet()
        self.setWidget(self.sheet)

    def show_state(self, state: ExplanationState | None) -> None:
        if state is None or state == self._state:
            return
        self._state = state
        blocks = blocks_of(state, self._texts)
        self.sheet.show_blocks(blocks)
        self.setAccessibleDescription(". ".join(block.spoken.rstrip(".") for block in blocks[1:] if block.spoken))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()


class ExplanationBand(QLabel):
    """The same in a line or two, below the form, where there is no room for the panel."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("survey.explanation")
        self.setAccessibleName(texts("survey.explanation"))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self._tried = False
        self._dress(tried=False)

    def _dress(self, *, tried: bool) -> None:
        self._tried = tried
        self.setStyleSheet(f"background:{AMBER_SOFT if tried else SHADE}; border-top:1px solid {LINE}; padding:4px 8px;")

    def show_state(self, state: ExplanationState | None, *, short: bool) -> None:
        """`short` names the deprivations by their numbers only."""
        if state is None:
            return
        if bool(state.tried.title) != self._tried:
            self._dress(tried=bool(state.tried.title))
        deprived = [line.number if short else f"{line.number} {line.name}" for line in state.lines if line.state == "deprived"]
        b1 = "–" if state.b1 is None else state.b1
        parts = [
            f"<b>{escape(state.class_word)}</b>",
            escape(self._texts("survey.band_b1", b1=b1, cutoff="–" if state.cutoff is None else state.cutoff)),
            escape(self._texts("survey.band_b2", b2=state.b2)) + (f" ({escape(', '.join(deprived))})" if deprived else ""),
            *(escape(line.spoken) for line in state.tried.lines),
            escape(state.undecided),
            f"<b style='color:{AMBER}'>{escape(state.official)}</b>" if state.official else "",
        ]
        self.setText(" &nbsp;·&nbsp; ".join(part for part in parts if part))
        self.setToolTip("\n".join(f"{line.number} {line.name}: {line.state_word} {line.reason}".rstrip() for line in state.lines))
