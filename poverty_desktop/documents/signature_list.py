"""The list to be signed at a hand-over ("Danh sách ký nhận") as HTML for Qt's rich text; the paper, not the screen, is the proof.

Only the subset of HTML that `QTextDocument` knows is used: tables, `thead` (repeated on each page), sizes in points. The font
family is the printer's business (`gui/printing.py`).
"""

from __future__ import annotations

from html import escape

from poverty_desktop.domain.dates import format_vietnamese
from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.official_paper import MOTTO, NATION, OfficialPaper
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.support_sheets import SignatureList, SignatureRow

TEXT_POINTS = 13  # Decree 30/2020/NĐ-CP: body text 13-14 points
TABLE_POINTS = 12
_COLUMNS = (
    ("order", 5),
    ("receiver", 21),
    ("village", 13),
    ("item", 19),
    ("quantity", 10),
    ("value", 14),
    ("signature", 18),
)


def signature_list_html(data: SignatureList, paper: OfficialPaper, texts: Texts) -> str:
    """The whole document. Vietnamese whatever language `texts` speaks: it is an official paper."""
    words = texts.in_language("vi")
    parts = [heading(paper), _titles(data, paper, words), _table(data, words), _signatures(paper, words)]
    return f'<html><body style="font-size:{TEXT_POINTS}pt">{"".join(parts)}</body></html>'


def heading(paper: OfficialPaper) -> str:
    """Who issues the paper, beside the nation's motto with place and day."""
    left = f"{escape(paper.superior)}<br><b>{escape(paper.issuer)}</b>"
    right = f"<b>{NATION}</b><br><b><u>{MOTTO}</u></b><br><i>{escape(paper.place_and_day)}</i>"
    return (
        '<table width="100%" cellspacing="0" cellpadding="2"><tr>'
        f'<td width="42%" align="center" style="font-size:{TABLE_POINTS}pt">{left}</td>'
        f'<td width="58%" align="center" style="font-size:{TABLE_POINTS}pt">{right}</td></tr></table>'
    )


def _titles(data: SignatureList, paper: OfficialPaper, words: Texts) -> str:
    batch = data.batch
    lines = [f"<b>{escape(words('supportdoc.practice'))}</b>"] if paper.practice else []
    lines.append(f'<b style="font-size:14pt">{escape(words("supportdoc.title"))}</b>')
    lines.append(f"<b>{escape(words('supportdoc.subtitle', name=batch.name, batch_no=batch.batch_no))}</b>")
    basis = words(
        "supportdoc.basis",
        decision_no=batch.decision_no or "……",
        decided_on=format_vietnamese(batch.decided_on),
        programme=data.programme_name,
    )
    lines.append(f"<i>{escape(basis)}</i>")
    below = [words("supportdoc.handover", day=format_vietnamese(batch.handover_on) or "……", place=batch.handover_place or "……")]
    below += [words("supportdoc.supplier", supplier=batch.supplier)] if batch.supplier else []
    centred = "".join(f'<p align="center" style="margin:4px">{line}</p>' for line in lines)
    return centred + "".join(f'<p style="margin:4px">{escape(line)}</p>' for line in below)


def _table(data: SignatureList, words: Texts) -> str:
    heads = "".join(f'<th width="{width}%">{escape(words(f"supportdoc.col.{name}"))}</th>' for name, width in _COLUMNS)
    body = "".join(_row(number, row, words) for number, row in enumerate(data.rows, 1))
    total = (
        f'<tr><td colspan="5"><b>{escape(words("supportdoc.total", count=len(data.rows)))}</b></td>'
        f'<td align="right"><b>{format_dong(data.value)}</b></td><td></td></tr>'
    )
    style = f'style="border-collapse:collapse;border-style:solid;font-size:{TABLE_POINTS}pt"'
    frame = f'width="100%" border="1" cellspacing="0" cellpadding="4" {style}'
    return f"<table {frame}><thead><tr>{heads}</tr></thead>{body}{total}</table>"


def _row(number: int, row: SignatureRow, words: Texts) -> str:
    """One share; two blank lines leave room for a signature or a fingerprint."""
    item = f"{row.item} ({row.specification})" if row.specification else row.item
    receipt = "&nbsp;<br>&nbsp;" if row.receipt == "pending" else escape(words(f"supportdoc.receipt.{row.receipt}"))
    note = f"<br><i>{escape(row.note)}</i>" if row.note else ""
    cells = (
        ("center", str(number)),
        ("left", escape(row.receiver)),
        ("left", escape(row.village)),
        ("left", escape(item)),
        ("right", f"{format_dong(row.quantity)} {escape(row.unit)}"),
        ("right", format_dong(row.value)),
        ("center", receipt + note),
    )
    return "<tr>" + "".join(f'<td align="{align}" valign="middle">{text}</td>' for align, text in cells) + "</tr>"


def _signatures(paper: OfficialPaper, words: Texts) -> str:
    chair, office = paper.chair_block
    sign, seal = escape(words("supportdoc.sign")), escape(words("supportdoc.sign_and_seal"))
    room = "<br>" * 5
    blocks = (
        f"<b>{escape(words('supportdoc.giver'))}</b><br><i>{sign}</i>{room}<b>{escape(paper.maker_name)}</b>",
        f"<b>{escape(words('supportdoc.witness'))}</b><br><i>{sign}</i>",
        f"<b>{escape(chair)}</b><br><b>{office}</b><br><i>{seal}</i>{room}<b>{escape(paper.chair_name)}</b>",
    )
    cells = "".join(f'<td width="33%" align="center" style="font-size:{TABLE_POINTS}pt">{block}</td>' for block in blocks)
    return f'<p style="font-size:6pt">&nbsp;</p><table width="100%" cellspacing="0" cellpadding="2"><tr>{cells}</tr></table>'
