"""The signature list on paper: HTML made elsewhere, printed to PDF here, opened with the system's own viewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.printing import print_pdf
from poverty_desktop.services.support_sheets import SignatureList


class SignaturePaper:
    """Implements `batch_handover.Paper`. `html` words the list; `note_print` writes the access log on the storage lane."""

    def __init__(
        self, html: Callable[[SignatureList], str], note_print: Callable[[Mapping[str, str | int]], None], texts: Texts
    ) -> None:
        self._html, self._note, self._texts = html, note_print, texts.in_language("vi")

    def write(self, data: SignatureList, path: Path) -> int:
        def label(page: int, pages: int) -> str:
            return self._texts("supportdoc.page", page=page, pages=pages)

        return print_pdf(self._html(data), path, label, title=data.batch.name)

    def open(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def note(self, user_facts: Mapping[str, str | int]) -> None:
        self._note(user_facts)
