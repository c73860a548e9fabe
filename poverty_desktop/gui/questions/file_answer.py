"""A picture, sound, film or other file of a question: the survey keeps its name.

Ctrl+O opens the dialog; a name on paper can be typed. What is known of the file itself is said below, also that it is not there.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.keys import claims
from poverty_desktop.gui.questions.line_answer import LineAnswer
from poverty_desktop.gui.theme import GRID

_ENDINGS = {
    "image": "*.png *.jpg *.jpeg *.bmp *.webp *.heic",
    "audio": "*.mp3 *.m4a *.wav *.amr *.ogg *.aac",
    "video": "*.mp4 *.3gp *.mov *.avi *.mkv",
}


class FileAnswer(LineAnswer):
    """Editor of image, audio, video and file. `answered` bears the file's name."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._label, self._filter = texts, "", ""
        self._path: Path | None = None  # of the file that was chosen here
        self.dialog: QFileDialog | None = None
        self.below = QWidget(parent)
        self.button, self.told = QPushButton(texts("question.choose_file"), self.below), QLabel(self.below)
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button.clicked.connect(self.ask)
        self.told.setProperty("role", "soft")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout(self.below)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self.button)
        line.addWidget(self.told, 1)
        self.setPlaceholderText(texts("question.file_hint"))

    def show_state(self, state: FieldState) -> None:
        super().show_state(state)
        self._label = state.label
        endings = " ".join(f"*{one.strip()}" for one in state.accept.split(",") if one.strip().startswith("."))
        kind = _ENDINGS.get(state.kind, "")
        wanted = [f"{self._texts(f'question.files_{state.kind}')} ({endings or kind})"] if endings or kind else []
        self._filter = ";;".join([*wanted, f"{self._texts('question.files_all')} (*)"])
        self.button.setEnabled(state.writable)
        self.told.setText(self._know(state.value))

    def _know(self, name: str) -> str:
        """What can be said of the file without having kept it."""
        if not name:
            return self._texts("question.file_none")
        if self._path is None or self._path.name != name:
            return self._texts("question.file_unseen")
        if not self._path.is_file():
            return self._texts("question.file_gone", path=self._path.parent)
        size = self._texts("question.kilobytes", count=max(1, round(self._path.stat().st_size / 1024)))
        return self._texts("question.file_there", path=self._path.parent, size=size)

    def event(self, event: QEvent) -> bool:
        return claims(event, _opens) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _opens(event):
            self.ask()
        else:
            super().keyPressEvent(event)

    def ask(self) -> None:
        """Open the dialog; it comes back to this question."""
        if self.isReadOnly():
            return
        self.commit()
        self.dialog = dialog = QFileDialog(self, self._texts("question.file_dialog", label=self._label), "", self._filter)
        dialog.setObjectName("question.file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.finished.connect(lambda: QTimer.singleShot(0, self, lambda: self.setFocus(Qt.FocusReason.OtherFocusReason)))
        dialog.open()

    def _chosen(self, path: str) -> None:
        self._path = Path(path)
        self.answered.emit(self._path.name)


def _opens(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_O and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
