"""The papers of surveys as one PDF: HTML made elsewhere, printed here, opened with the system's own viewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.printing import PaperStack
from poverty_desktop.services.survey_paper import SurveyPaper


class SurveyPrinter:
    """Implements `paper_presenter.Printer`. `html` words a paper; `note_print` writes the access log on the storage lane."""

    def __init__(
        self, html: Callable[[SurveyPaper], str], note_print: Callable[[Mapping[str, str | int]], None], texts: Texts
    ) -> None:
        self._html, self._note, self._texts = html, note_print, texts.in_language("vi")
        self._stack: PaperStack | None = None

    def begin(self, path: Path, title: str) -> None:
        self._stack = PaperStack(path, title=title)

    def add(self, paper: SurveyPaper) -> int:
        assert self._stack is not None

        def foot(page: int, pages: int) -> str:
            return self._texts("paper.foot", code=paper.household_code, page=page, pages=pages)

        return self._stack.add(self._html(paper), foot)

    def end(self) -> None:
        stack, self._stack = self._stack, None
        if stack is not None:
            stack.close()

    def open(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def note(self, facts: Mapping[str, str | int]) -> None:
        self._note(facts)
