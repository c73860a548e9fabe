"""A survey paper (Phiếu B) as HTML for Qt's rich text: blank, with last year's answers in grey, or filled.

No official sheet of Circular 07/2021/TT-BLĐTBXH (Annexes III, IV) was seen: the paper says so, bears the form's own title and no
invented heading or column number. `documents/survey_form.py` knows no font and no page: that is `gui/printing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from poverty_desktop.documents.qr_code import qr_image
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.survey_paper import (
    PaperGrid,
    PaperNote,
    PaperQuestion,
    PaperSection,
    SurveyPaper,
)

TEXT_POINTS = 12
GRID_POINTS = 9
SMALL_POINTS = 9
QR_MILLIMETRES = 30.0
GREY = "#8a8a8a"
_BOX, _TICKED = "□", "■"
_LINE, _SHORT_LINE = "…" * 18, "…" * 9
_NAME_SHARE = 22  # per cent of a grid's width for the name


def survey_form_html(paper: SurveyPaper, texts: Texts, *, practice: bool) -> str:
    """The whole paper. Vietnamese whatever language `texts` speaks: it goes to the household. `practice`: made-up data."""
    words = texts.in_language("vi")
    parts = [_head(paper, words, practice=practice), *(_section(one, words, paper) for one in paper.sections), _signatures(words)]
    return f'<html><body style="font-size:{TEXT_POINTS}pt">{"".join(parts)}</body></html>'


def _head(paper: SurveyPaper, words: Texts, *, practice: bool) -> str:
    lines = [f"<b>{escape(words('paper.practice'))}</b>"] if practice else []
    lines += [f"<b>{escape(words('paper.not_official'))}</b>"] if not paper.official else []
    lines.append(f'<b style="font-size:14pt">{escape(paper.title)}</b>')
    lines.append(escape(words("paper.round", year=paper.year, standard=paper.standard)))
    household = words("paper.household", code=paper.household_code or "……", head=paper.head_name or "……", village=paper.village)
    lines.append(f"<b>{escape(household)}</b>")
    if paper.filled:
        class_word = words(f"review.class_{paper.household_class}") if paper.household_class else words("review.class_undecided")
        lines.append(escape(words("paper.result", class_word=class_word)))
    if paper.with_last_year is not None:
        lines.append(f'<span style="color:{GREY}">{escape(words("paper.last_year", year=paper.with_last_year))}</span>')
    lines.append(f'<i style="font-size:{SMALL_POINTS}pt">{escape(words("paper.source"))}</i>')
    return (
        '<table width="100%" cellspacing="0" cellpadding="2"><tr>'
        f'<td width="78%" valign="top">{"<br>".join(lines)}</td>'
        f'<td width="22%" align="right" valign="top">{qr_image(paper.code, QR_MILLIMETRES)}</td></tr></table>'
    )


def _section(section: PaperSection, words: Texts, paper: SurveyPaper) -> str:
    hint = f'<br><i style="font-size:{SMALL_POINTS}pt">{escape(section.hint)}</i>' if section.hint and not paper.filled else ""
    parts = [f'<p style="margin-top:8px;margin-bottom:2px"><b>{escape(section.title)}</b>{hint}</p>']
    table: list[str] = []
    for row in section.rows:
        if isinstance(row, PaperGrid):
            parts += [*_table(table), _grid(row, words)]
            table = []
        else:
            table += _question(row, words) if isinstance(row, PaperQuestion) else _note(row)
    return "".join([*parts, *_table(table)])


def _table(rows: list[str]) -> list[str]:
    """The questions gathered so far."""
    return [f'<table width="100%" border="0" cellspacing="0" cellpadding="2">{"".join(rows)}</table>'] if rows else []


def _note(note: PaperNote) -> list[str]:
    style = "font-weight:bold" if note.heading else f"font-style:italic;font-size:{SMALL_POINTS}pt"
    return [f'<tr><td colspan="2"><span style="{style}">{escape(note.words)}</span></td></tr>']


def _question(question: PaperQuestion, words: Texts) -> Iterator[str]:
    hint = f'<br><i style="font-size:{SMALL_POINTS}pt">{escape(question.hint)}</i>' if question.hint else ""
    line = _SHORT_LINE if question.before else _LINE
    answer = _options(question) if question.options else f"<b>{escape(question.answer)}</b>" if question.answer else line
    if question.before:
        answer += f' <span style="color:{GREY}">({escape(words("paper.before", answer=question.before))})</span>'
    answer += "".join(f"<br>{_remark(words(f'paper.{kind}', words=said))}" for kind, said in question.remarks)
    yield f'<tr><td width="42%" valign="top">{escape(question.label)}{hint}</td><td width="58%" valign="top">{answer}</td></tr>'


def _remark(said: str) -> str:
    return f'<i style="font-size:{SMALL_POINTS + 1}pt">{escape(said)}</i>'


def _options(question: PaperQuestion) -> str:
    """Every choice with the number that is typed for it; a full box for what was chosen."""
    return " &nbsp; ".join(
        f"<b>{_TICKED}&nbsp;{number}&nbsp;{_unbroken(label)}</b>" if chosen else f"{_BOX}&nbsp;{number}&nbsp;{_unbroken(label)}"
        for number, label, chosen in question.options
    )


def _unbroken(label: str) -> str:
    """Short words stay on one line with their box."""
    return escape(label).replace(" ", "&nbsp;") if len(label) < 24 else escape(label)


def _grid(grid: PaperGrid, words: Texts) -> str:
    share = (100 - _NAME_SHARE) // max(1, len(grid.columns))
    name_share = 100 - share * len(grid.columns)
    heads = "".join(f'<th width="{share}%">{escape(one)}</th>' for one in grid.columns)
    lines = "".join(_line(*line) for line in grid.lines)
    table = (
        f'<table width="100%" border="1" cellspacing="0" cellpadding="3" style="font-size:{GRID_POINTS}pt">'
        f'<thead style="font-size:{GRID_POINTS - 1}pt"><tr>'
        f'<th width="{name_share}%">{escape(words("paper.person"))}</th>{heads}</tr></thead>{lines}</table>'
    )
    legends = "<br>".join(f"<b>{escape(label)}:</b> {escape(listed)}" for label, listed in grid.legends)
    below = f'<p style="font-size:{SMALL_POINTS}pt;margin-top:3px">{legends}</p>' if legends else ""
    said = (_remark(f"{where}. {words(f'paper.{kind}', words=what)}") for where, kind, what in grid.remarks)
    remarks = "".join(f'<p style="margin:2px">{one}</p>' for one in said)
    return table + below + remarks


def _line(name: str, detail: str, cells: tuple[tuple[str, str, bool], ...]) -> str:
    small = f"font-size:{SMALL_POINTS - 1}pt"
    who = f'<b>{escape(name)}</b><br><span style="{small}">{escape(detail)}</span>' if name else "<br><br>"
    return f"<tr><td>{who}</td>{''.join(_cell(*cell) for cell in cells)}</tr>"


def _cell(answer: str, before: str, asked: bool) -> str:
    text = f'<b style="font-size:{TEXT_POINTS - 1}pt">{escape(answer)}</b>' if asked else "–"
    text += f' <span style="color:{GREY}">({escape(before)})</span>' if before else ""
    return f'<td align="center" valign="middle">{text}</td>'


def _signatures(words: Texts) -> str:
    cells = "".join(
        f'<td width="50%" align="center"><b>{escape(words(f"paper.{who}"))}</b><br><i>{escape(words("supportdoc.sign"))}</i></td>'
        for who in ("respondent", "reviewer")
    )
    return f'<p style="font-size:6pt">&nbsp;</p><table width="100%" cellspacing="0" cellpadding="2"><tr>{cells}</tr></table>'
