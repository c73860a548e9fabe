"""The day of the hand-over: one key a share, each mark committed at once; and the list to be signed as PDF. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.names import fold
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.support_fields import Said, SupportFields, read_day, shown_day
from poverty_desktop.services.ports import Settings, Tasks
from poverty_desktop.services.support_sheets import BatchSheet, LineSheet, ShareRow, SignatureList
from poverty_desktop.services.supporting import Supporting

RECEIPTS = ("pending", "signed", "fingerprint", "absent")
FOLDER_SETTING = "support.print_folder"


class Paper(Protocol):
    """What prints: knows HTML, PDF and the viewer of the system. Called on the window's thread."""

    def write(self, data: SignatureList, path: Path) -> int:
        """Write the PDF and give its number of pages. Raises `KnownProblem("print.cannot_write")`."""
        ...

    def open(self, path: Path) -> None: ...

    def note(self, user_facts: Mapping[str, str | int]) -> None:
        """Into the access log. Called on the storage lane."""
        ...


@dataclass(frozen=True)
class ReceiptRow:
    """One share on the list: words, and its receipt."""

    share_id: str
    number: int
    receiver: str
    village: str
    item: str
    quantity: str
    value: str
    receipt: str
    day: str = ""


@dataclass(frozen=True)
class HandoverState:
    rows: tuple[ReceiptRow, ...] = ()
    totals: str = ""
    day: str = ""  # as shown
    day_said: Said | None = None
    path: str = ""
    printed: str = ""  # where the last print lies
    problem: str = ""
    problem_row: str = ""


class BatchHandover:
    """Between the hand-over page and `Supporting.hand_over`. `changed` is called after each change of `state`."""

    def __init__(
        self,
        supporting: Supporting,
        settings: Settings,
        paper: Paper,
        folder: Path,
        tasks: Tasks,
        frame: Frame,
        fields: SupportFields,
        changed: Callable[[], None],
    ) -> None:
        self._supporting, self._settings, self._paper, self._folder = supporting, settings, paper, folder
        self._tasks, self._frame, self._fields, self._changed = tasks, frame, fields, changed
        self._batch_id = ""
        self._day = ""
        self.state = HandoverState()

    def show(self, sheet: BatchSheet) -> None:
        """The list as it is kept now."""
        fresh = sheet.batch.id != self._batch_id
        self._batch_id = sheet.batch.id
        if fresh:
            self._day = self._fields.today().isoformat()
            self.state = HandoverState(day=shown_day(self._day))
            name = f"{fold(self._fields.texts('batch.file_name')).replace(' ', '-')}-{sheet.batch.batch_no}.pdf"
            self._propose(name.replace("/", "-").replace("\\", "-"))
        rows = [(line, row) for line in sheet.lines for row in line.shares]
        shown = tuple(self._row(place, line, row) for place, (line, row) in enumerate(rows, start=1))
        self.state = replace(self.state, rows=shown, totals=self._totals(sheet))
        self._changed()

    def _propose(self, name: str) -> None:
        def read() -> str:
            folder = Path(self._settings.get(FOLDER_SETTING) or self._folder)
            return str(free_path(folder / name))

        self._tasks.storage(read, self._proposed)

    def _proposed(self, path: str) -> None:
        self.state = replace(self.state, path=path)
        self._changed()

    def _row(self, number: int, line: LineSheet, row: ShareRow) -> ReceiptRow:
        share, of = row.share, line.line
        return ReceiptRow(
            share.id,
            number,
            share.receiver_name or row.head_name or "—",
            row.village_name or "",
            of.item_name,
            f"{format_dong(share.quantity)} {of.unit}",
            format_dong(row.value),
            share.receipt,
            shown_day(share.received_on or ""),
        )

    def _totals(self, sheet: BatchSheet) -> str:
        counts = sheet.receipts
        parts = [self._fields.texts(f"support.count_{name}", count=counts[name]) for name in RECEIPTS if counts[name]]
        return " · ".join(parts)

    # --- marking -----------------------------------------------------------------------------------------------------

    def left_day(self, typed: str) -> None:
        try:
            self._day = read_day(typed, self._fields.today()) or self._fields.today().isoformat()
            self.state = replace(self.state, day=shown_day(self._day), day_said=None)
        except KnownProblem as problem:
            self.state = replace(self.state, day=typed, day_said=self._fields.problem(problem))
        self._changed()

    def mark(self, share_id: str, receipt: str) -> None:
        """Commit one receipt; what the list shows follows the commit."""
        if self.state.day_said is not None and receipt in ("signed", "fingerprint"):
            self._refused(share_id, KnownProblem("batch.day_first"))
            return
        batch_id, day = self._batch_id, self._day

        def work() -> BatchSheet:
            if receipt == "pending":
                saved = self._supporting.take_back(share_id)
            else:
                saved = self._supporting.hand_over(share_id, receipt, day)
            at.append(saved.at)
            return self._supporting.batch(batch_id)

        at: list[object] = []
        self._tasks.storage(work, lambda sheet: self._marked(sheet, at), lambda problem: self._refused(share_id, problem))

    def _marked(self, sheet: BatchSheet, at: list[object]) -> None:
        self._frame.saved(at[0])  # type: ignore[arg-type]
        if sheet.batch.id == self._batch_id:
            self.state = replace(self.state, problem="", problem_row="")
            self.show(sheet)

    def _refused(self, share_id: str, problem: Exception) -> None:
        if isinstance(problem, KnownProblem):
            self.state = replace(self.state, problem=self._fields.texts.problem(problem), problem_row=share_id)
            self._changed()
        else:
            self._frame.problem(problem)

    # --- printing ----------------------------------------------------------------------------------------------------

    def left_path(self, typed: str) -> None:
        if typed.strip():
            self.state = replace(self.state, path=typed.strip())

    def print(self) -> None:
        """Write the signature list to the path shown and say where it is."""
        batch_id = self._batch_id
        self._tasks.storage(lambda: self._supporting.signature_list(batch_id), self._write, self._frame.problem)

    def _write(self, data: SignatureList) -> None:
        path = Path(self.state.path)
        if path.suffix.lower() != ".pdf":
            path = path.with_name(f"{path.name}.pdf")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            pages = self._paper.write(data, path)
        except OSError:
            self._frame.problem(KnownProblem("print.cannot_write", name=path.name))
            return
        except KnownProblem as problem:
            self._frame.problem(problem)
            return
        self._tasks.storage(lambda: self._remember(path, data, pages))
        self.state = replace(self.state, printed=str(path), path=str(free_path(path)))
        words = self._fields.texts("batch.printed", rows=len(data.rows), pages=pages, path=str(path))
        self._frame.tell("grey", words, self._fields.texts("batch.open_print"), lambda: self._paper.open(path))
        self._changed()

    def _remember(self, path: Path, data: SignatureList, pages: int) -> None:
        self._settings.put(FOLDER_SETTING, str(path.parent))
        self._paper.note({"batch_no": data.batch.batch_no, "rows": len(data.rows), "pages": pages})


def free_path(path: Path) -> Path:
    """`path`, or with "-2", "-3" … where a file of that name lies there: an older print is never written over unasked."""
    stem = path.stem.rsplit("-lan-", 1)[0]
    tries = (path.with_name(f"{stem}-lan-{count}.pdf") for count in range(2, 1000))
    first = path.with_name(f"{stem}.pdf")
    return first if not first.exists() else next((one for one in tries if not one.exists()), first)
