"""Messages in the page: one sentence, its tone by icon and word and colour, an act if there is one, and a way to dismiss it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.icons import icon
from poverty_desktop.gui.theme import GRID, ROW, TONE_INK, Tone


class MessageBar(QFrame):
    """One message. Object names: `message`, `message.text`, `message.action`, `message.dismiss`."""

    dismissed = Signal()

    def __init__(self, texts: Texts, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.tone = tone
        self.sentence = sentence
        self.setObjectName("message")
        self.setProperty("role", "message")
        self.setProperty("tone", tone)
        word = texts(f"components.tone_{tone}")
        self.setAccessibleName(f"{word}: {sentence}")
        line = QHBoxLayout(self)
        line.setContentsMargins(GRID + 4, GRID // 2, GRID // 2, GRID // 2)
        line.setSpacing(GRID)
        line.addWidget(_sign(tone), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(_label(f"<b>{word}.</b> ", sentence), 1)
        if action and do is not None:
            line.addWidget(_action(action, do))
        line.addWidget(self._dismiss(texts), 0, Qt.AlignmentFlag.AlignTop)

    def _dismiss(self, texts: Texts) -> QToolButton:
        button = QToolButton()
        button.setObjectName("message.dismiss")
        button.setProperty("role", "quiet")
        button.setIcon(icon("dismiss"))
        button.setMinimumSize(ROW, ROW)
        button.setToolTip(texts("components.dismiss"))
        button.setAccessibleName(texts("components.dismiss"))
        button.clicked.connect(self.dismissed)
        return button


class MessageList(QWidget):
    """The messages above a page, newest last; the same sentence stands there once. Takes no room when empty."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(3 * GRID, GRID, 3 * GRID, 0)
        self._rows.setSpacing(GRID)
        self.bars: list[MessageBar] = []
        self.hide()

    def tell(self, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> MessageBar:
        for bar in self.bars:
            if bar.sentence == sentence and bar.tone == tone:
                self._remove(bar)
                break
        bar = MessageBar(self._texts, tone, sentence, action, do)
        bar.dismissed.connect(lambda: self._remove(bar))
        self.bars.append(bar)
        self._rows.addWidget(bar)
        self.show()
        return bar

    def clear(self) -> None:
        for bar in list(self.bars):
            self._remove(bar)

    def _remove(self, bar: MessageBar) -> None:
        if bar in self.bars:
            self.bars.remove(bar)
            self._rows.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self.bars))


def _sign(tone: Tone) -> QLabel:
    sign = QLabel()
    sign.setPixmap(icon(tone, TONE_INK[tone]).pixmap(20, 20))
    sign.setFixedHeight(ROW)
    return sign


def _label(lead: str, sentence: str) -> QLabel:
    label = QLabel()
    label.setObjectName("message.text")
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setText(lead + sentence.replace("&", "&amp;").replace("<", "&lt;"))
    label.setWordWrap(True)
    label.setMinimumHeight(ROW)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _action(text: str, do: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("message.action")
    button.clicked.connect(lambda: do())
    return button
