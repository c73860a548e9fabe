"""HTML to an A4 PDF through Qt's own text layout: embedded font, repeated table heads, page numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.page_breaks import frame_is_cut, keep_rows_whole

FAMILIES = (
    "Times New Roman",
    "Liberation Serif",
    "DejaVu Serif",
)  # official papers: Times (Decree 30/2020); metrics twins elsewhere
BODY_POINTS = 13
_DPI = 300
_FOOTER_POINTS = 11
_FOOTER_MM = 8.0
_RULE = 3.0  # device units: the line Qt leaves out where a framed table ends with the page

PageLabel = Callable[[int, int], str]


def paper_family() -> str:
    """The first of `FAMILIES` that is installed. Never Qt's default, which changes with the machine."""
    installed = set(QFontDatabase.families())
    return next((family for family in FAMILIES if family in installed), FAMILIES[1])


def print_pdf(html: str, path: Path, page_label: PageLabel | None = None, *, title: str = "", landscape: bool = False) -> int:
    """Write `html` to `path` and give the number of pages. `page_label(page, pages)` words the foot of each page.

    Raises `KnownProblem("print.cannot_write")` when the file cannot be opened. GUI thread only (fonts).
    """
    stack = PaperStack(path, title=title, landscape=landscape)
    try:
        return stack.add(html, page_label)
    finally:
        stack.close()


class PaperStack:
    """Several documents in one PDF, each with page numbers of its own. Closed early, it holds what was added. GUI thread only."""

    def __init__(self, path: Path, *, title: str = "", landscape: bool = False) -> None:
        """Raises `KnownProblem("print.cannot_write")` when the file cannot be opened."""
        self._writer = _writer(path, title, landscape)
        self._painter = QPainter()
        self.pages = 0
        if not self._painter.begin(self._writer):
            raise KnownProblem("print.cannot_write", name=path.name)

    def add(self, html: str, page_label: PageLabel | None = None) -> int:
        """One more document, from a fresh page on; gives its number of pages."""
        if self.pages:
            self._writer.newPage()
        added = _paint(self._painter, self._writer, html, page_label or (lambda page, pages: f"{page}/{pages}"))
        self.pages += added
        return added

    def close(self) -> None:
        self._painter.end()


def _writer(path: Path, title: str, landscape: bool) -> QPdfWriter:
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    writer.setTitle(title)
    turn = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    margins = QMarginsF(20, 15, 15, 12)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turn, margins, QPageLayout.Unit.Millimeter))
    return writer


def _document(writer: QPdfWriter, html: str, height: float) -> QTextDocument:
    """The laid-out document. The order of calls matters: paint device, font, text, page size (else 13 pt came out at 4 pt)."""
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDefaultFont(QFont(paper_family(), BODY_POINTS))
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setPageSize(QSizeF(writer.width(), height))
    return document


def _paint(painter: QPainter, writer: QPdfWriter, html: str, page_label: PageLabel) -> int:
    foot = _FOOTER_MM / 25.4 * writer.resolution()
    width, height = float(writer.width()), writer.height() - foot
    document = _document(writer, html, height)
    keep_rows_whole(document, height, writer.logicalDpiY() / QGuiApplication.primaryScreen().logicalDotsPerInchY())
    pages = document.pageCount()
    for page in range(pages):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, -page * height)
        document.drawContents(painter, QRectF(0, page * height, width, height))
        painter.restore()
        if frame_is_cut(document, (page + 1) * height):
            painter.fillRect(QRectF(0, height - _RULE, width, _RULE), Qt.GlobalColor.darkGray)
        painter.setFont(QFont(paper_family(), _FOOTER_POINTS))
        painter.drawText(QRectF(0, height, width, foot), Qt.AlignmentFlag.AlignCenter, page_label(page + 1, pages))
    return pages
