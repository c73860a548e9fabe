"""A field whose text a presenter reads: it says once, when it is left, what was typed or chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from poverty_desktop.gui.components.choice_edit import ChoiceEdit
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.theme import ROW, Tone


class TypedField(Field):
    """`left(name, text)`: the code for a choice, the text as typed for anything else. `name` is the object name's last word."""

    left = Signal(str, str)

    def __init__(self, area: str, name: str, label: str, choices: Sequence[Choice] | None = None, hint: str = "") -> None:
        self.line: QLineEdit = QLineEdit() if choices is None else ChoiceEdit(choices)
        super().__init__(f"{area}.{name}", label, self.line, hint)
        self.name = name
        self.line.setMinimumHeight(ROW)
        self.line.installEventFilter(self)
        if isinstance(self.line, ChoiceEdit):
            self.line.chosen.connect(lambda code: self.left.emit(name, code))
        else:
            self.line.editingFinished.connect(self.commit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A line that is left shows its beginning again."""
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self.line, self._show_beginning)
        return super().eventFilter(watched, event)

    def _show_beginning(self) -> None:
        if not self.line.hasFocus():
            self.line.setCursorPosition(0)

    def commit(self) -> None:
        """Take what is typed now, as leaving the field would."""
        if isinstance(self.line, ChoiceEdit):
            self.line.take()
        elif self.line.isModified():
            self.line.setModified(False)
            self.left.emit(self.name, self.line.text())

    def show_text(self, text: str, tone: Tone | None = None, sentence: str = "") -> None:
        """Emits nothing; what is being typed right now is left alone."""
        if not self.line.isModified():
            if isinstance(self.line, ChoiceEdit):
                if self.line.value() != text:
                    self.line.set_value(text)
            elif self.line.text() != text:
                self.line.setText(text)
                self.line.setCursorPosition(0)
        self.say(tone, sentence)

    def show_hint(self, hint: str) -> None:
        self._hint = hint
