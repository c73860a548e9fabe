"""Keeps table rows whole on paper. Qt breaks a row between its lines; on a list to be signed that is unreadable.

A row that would cross the foot of a page is pushed to the next one by making the row above as tall as the room left: Qt moves a
row whose first lines do not fit, and repeats the table's head. A table of one row moves as a whole.
"""

from __future__ import annotations

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat, QTextTable

_SLIVER = 12.0  # device units (1 mm at 300 dpi) left below the stretched row: less than a line, so no row can begin there


def keep_rows_whole(document: QTextDocument, page_height: float, units_per_pixel: float) -> None:
    """Stretch rows until none is broken. `units_per_pixel`: device units a pixel of the screen, in which Qt counts padding."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _keep(document, frame, page_height, units_per_pixel)


def frame_is_cut(document: QTextDocument, foot: float) -> bool:
    """Whether a table with a frame goes on below this foot of a page (device units from the top of the document)."""
    layout = document.documentLayout()
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    framed = [layout.frameBoundingRect(table) for table in tables if table.format().toTableFormat().border() > 0]
    return any(rect.top() < foot < rect.bottom() for rect in framed)


def _keep(document: QTextDocument, table: QTextTable, page_height: float, units_per_pixel: float) -> None:
    head = table.format().toTableFormat().headerRowCount()
    for row in range(head, table.rows()):
        top, bottom = _extent(document, table, row)
        if int(top // page_height) == int((bottom - 1) // page_height):
            continue
        if table.rows() == 1:
            layout = table.format().toTableFormat()
            layout.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            table.setFormat(layout)
        elif row > head:
            room = (top // page_height + 1) * page_height - top
            _stretch(table, row - 1, (room - _SLIVER) / units_per_pixel)


def _extent(document: QTextDocument, table: QTextTable, row: int) -> tuple[float, float]:
    """Top and bottom of a row's text in device units from the top of the document, the cells' padding above included."""
    layout = document.documentLayout()
    tops, bottoms = [], []
    for column in range(table.columns()):
        cell = table.cellAt(row, column)
        tops.append(layout.blockBoundingRect(cell.firstCursorPosition().block()).top())
        bottoms.append(layout.blockBoundingRect(cell.lastCursorPosition().block()).bottom())
    return min(tops), max(bottoms)


def _stretch(table: QTextTable, row: int, pixels: float) -> None:
    padding = table.format().toTableFormat().cellPadding()
    cursor = QTextCursor(table.document())
    cursor.beginEditBlock()
    for column in range(table.columns()):
        cell = table.cellAt(row, column)
        style = cell.format().toTableCellFormat()
        style.setBottomPadding(max(padding, pixels))
        cell.setFormat(style)
    cursor.endEditBlock()
