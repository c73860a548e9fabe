"""Papers of the exchange: what prints them is put together here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poverty_desktop.app.application import Application
    from poverty_desktop.gui.presenters.receipt_printing import ReceiptPrinting
    from poverty_desktop.services.sync_receipts import ReceiptSheet


def receipt_printing(app: Application) -> ReceiptPrinting:
    """Prints receipts of the province beside the other papers, noted in the access log."""
    from poverty_desktop.domain.official_paper import paper_of
    from poverty_desktop.gui.presenters.receipt_printing import ReceiptPrinting
    from poverty_desktop.gui.receipt_paper import ReceiptPaper

    office = app.open_office

    def html(sheet: ReceiptSheet) -> str:
        from poverty_desktop.documents.sync_receipt import sync_receipt_html

        day = app.clock.today().isoformat()
        paper = paper_of(app.reference, office.commune_code, day=day, practice=office.practice)
        return sync_receipt_html(sheet, office.officer_name, paper, app.texts)

    def note(number: str) -> None:
        office.workspace.access_log.note(office.workspace.officer.id, "printed_receipt", number=number)

    paper = ReceiptPaper(html, note, app.texts)
    return ReceiptPrinting(app.tasks, app.shell, app.syncing.receipt, paper, app.documents_folder, app.texts)
