"""Printing the receipt of a round. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.batch_handover import free_path
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.services.sync_receipts import ReceiptSheet


class Paper(Protocol):
    """What prints: knows HTML, PDF and the viewer of the system. Called on the window's thread."""

    def write(self, sheet: ReceiptSheet, path: Path) -> int:
        """Write the PDF and give its number of pages. Raises `KnownProblem("print.cannot_write")`."""
        ...

    def open(self, path: Path) -> None: ...

    @property
    def note(self) -> Callable[[str], None]:
        """The number of a printed receipt, into the access log. Called on the storage lane."""
        ...


class ReceiptPrinting:
    def __init__(
        self, backstage: Backstage, frame: Frame, read: Callable[[int], ReceiptSheet], paper: Paper, folder: Path, texts: Texts
    ) -> None:
        """`read` gives the receipt of a round, on the storage lane; prints go to `folder`, made if missing."""
        self._backstage, self._frame, self._read = backstage, frame, read
        self._paper, self._folder, self._texts = paper, folder, texts

    def print(self, round_id: int) -> None:
        self._backstage.storage(lambda: self._read(round_id), self._write, self._frame.problem)

    def _write(self, sheet: ReceiptSheet) -> None:
        path = free_path(self._folder / f"{self._texts('receiptdoc.file_name')}-{sheet.number.lower()}.pdf")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._paper.write(sheet, path)
        except OSError as error:
            self._frame.problem(KnownProblem("print.cannot_write", name=f"{path.name}: {error.strerror}"))
            return
        except KnownProblem as problem:
            self._frame.problem(problem)
            return
        self._backstage.storage(lambda: self._paper.note(sheet.number))
        words = self._texts("receiptdoc.printed", number=sheet.number, path=str(path))
        self._frame.tell("grey", words, self._texts("receiptdoc.open"), lambda: self._paper.open(path))
