"""The receipt of an exchange ("Biên nhận dữ liệu") as HTML for Qt's rich text: number, counts, hash, signed by the province."""

from __future__ import annotations

from datetime import datetime
from html import escape

from poverty_desktop.documents.signature_list import TABLE_POINTS, TEXT_POINTS, heading
from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.official_paper import OfficialPaper
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.sync_receipts import ReceiptSheet, SignedPacket

_OUTCOMES = ("applied", "merged", "conflict", "held", "quarantined", "duplicate")


def sync_receipt_html(sheet: ReceiptSheet, officer: str, paper: OfficialPaper, texts: Texts) -> str:
    """The whole document. Vietnamese whatever language `texts` speaks: it is an official paper."""
    words = texts.in_language("vi")
    parts = [heading(paper), _titles(sheet, paper, words), _facts(sheet, officer, words), _counts(sheet, words)]
    parts += [_packets(sheet, words), _proof(sheet, words)]
    return f'<html><body style="font-size:{TEXT_POINTS}pt">{"".join(parts)}</body></html>'


def _titles(sheet: ReceiptSheet, paper: OfficialPaper, words: Texts) -> str:
    lines = [f"<b>{escape(words('receiptdoc.practice'))}</b>"] if paper.practice else []
    lines.append(f'<b style="font-size:14pt">{escape(words("receiptdoc.title"))}</b>')
    lines.append(f"<b>{escape(words('receiptdoc.number', number=sheet.number))}</b>")
    return "".join(f'<p align="center" style="margin:4px">{line}</p>' for line in lines)


def _facts(sheet: ReceiptSheet, officer: str, words: Texts) -> str:
    facts = {"moment": _moment(sheet.at), "server": sheet.server, "officer": officer, "device": sheet.device}
    names = ("signed", "server", "officer", "device")
    return "".join(f'<p style="margin:4px">{escape(words(f"receiptdoc.{name}", **facts))}</p>' for name in names)


def _counts(sheet: ReceiptSheet, words: Texts) -> str:
    rows = [(words(f"receiptdoc.outcome.{name}"), sheet.counts[name]) for name in _OUTCOMES if sheet.counts.get(name)]
    rows.append((words("receiptdoc.total"), sum(sheet.counts.values())))
    return _table(("outcome", "count"), [(escape(label), format_dong(count)) for label, count in rows], ("left", "right"), words)


def _packets(sheet: ReceiptSheet, words: Texts) -> str:
    rows = [_packet(packet) for packet in sheet.packets]
    return _table(("received", "last", "packet"), rows, ("left", "right", "left"), words)


def _packet(packet: SignedPacket) -> tuple[str, ...]:
    return _moment(packet.received), format_dong(packet.last), _grouped(packet.id)


def _proof(sheet: ReceiptSheet, words: Texts) -> str:
    lines = (
        words("receiptdoc.hash", hash=_grouped(sheet.hash)),
        words("receiptdoc.key", mark=_grouped(sheet.key)),
        words("receiptdoc.meaning"),
    )
    return "".join(f'<p style="margin:6px 4px">{escape(line)}</p>' for line in lines)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]], aligns: tuple[str, ...], words: Texts) -> str:
    head = "".join(f"<th>{escape(words(f'receiptdoc.col.{name}'))}</th>" for name in heads)
    body = "".join(
        "<tr>" + "".join(f'<td align="{align}">{cell}</td>' for align, cell in zip(aligns, row, strict=True)) + "</tr>"
        for row in rows
    )
    style = f'style="border-collapse:collapse;border-style:solid;font-size:{TABLE_POINTS}pt"'
    frame = f'width="100%" border="1" cellspacing="0" cellpadding="4" {style}'
    return f'<p style="font-size:6pt">&nbsp;</p><table {frame}><thead><tr>{head}</tr></thead>{body}</table>'


def _moment(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone().strftime("%H:%M:%S ngày %d/%m/%Y")


def _grouped(marks: str) -> str:
    """In fours, so that two people can compare them and a line can end between them."""
    return " ".join(marks[place : place + 4] for place in range(0, len(marks), 4))
