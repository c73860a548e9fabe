"""A field of a form: the label above, the editor, and below it what is wrong or what may help. One factory sets object name,
accessible name and buddy, so that no field is without them."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from poverty_desktop.gui.theme import GRID, Tone, restyle


class Field(QWidget):
    """`Field("first_run.name", "Họ và tên", QLineEdit())`. Object names: the editor `name`, the words below `<name>.problem`."""

    def __init__(self, name: str, label: str, editor: QWidget, hint: str = "", width: int = 0) -> None:
        super().__init__()
        self.editor = editor
        self._label_text, self._hint = label, hint
        self.label = QLabel(label)
        self.label.setProperty("role", "label")
        self.label.setBuddy(editor)
        editor.setObjectName(name)
        editor.setAccessibleName(label.replace("&", ""))
        if width:
            editor.setMaximumWidth(width)
        self.problem = QLabel()
        self.problem.setObjectName(f"{name}.problem")
        self.problem.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for widget in (self.label, editor, self.problem):
            column.addWidget(widget)
        self.setFocusProxy(editor)
        self.say(None)

    def say(self, tone: Tone | None, sentence: str = "") -> None:
        """What is wrong, beside the field; None gives the hint its place back."""
        words = sentence if tone else self._hint
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self.editor.setAccessibleDescription(words)
        for widget, value in ((self.problem, tone or "grey"), (self.editor, tone or "")):
            if widget.property("tone") != value:
                widget.setProperty("tone", value)
                restyle(widget)
