"""The receipt of an exchange on paper: HTML made elsewhere, printed to PDF here, opened with the system's own viewer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.printing import print_pdf
from poverty_desktop.services.sync_receipts import ReceiptSheet


class ReceiptPaper:
    """Implements `receipt_printing.Paper`. `html` words the receipt; `note` writes the access log on the storage lane."""

    def __init__(self, html: Callable[[ReceiptSheet], str], note: Callable[[str], None], texts: Texts) -> None:
        self._html, self.note, self._texts = html, note, texts.in_language("vi")

    def write(self, sheet: ReceiptSheet, path: Path) -> int:
        def label(page: int, pages: int) -> str:
            return self._texts("supportdoc.page", page=page, pages=pages)

        return print_pdf(self._html(sheet), path, label, title=self._texts("receiptdoc.number", number=sheet.number))

    def open(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
