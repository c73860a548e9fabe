"""A release in words: its differences to the version before, and its table of points as the second officer reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from poverty_desktop.domain.dates import format_vietnamese
from poverty_desktop.domain.records import FormRelease
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.points import point_table

LONGEST = 160  # letters of an expression or a label; the whole of it stands in the workbook


def release_line(release: FormRelease, name_of: Callable[[str | None], str], texts: Texts) -> str:
    """One line of the list: hash, form, version, state, standard, who made and who checked it."""
    return texts(
        "form_release.line",
        hash=release.form_hash[:12],
        form=release.form_id,
        version=release.version,
        state=state_words(release, texts),
        standard=release.standard_id or "–",
        made=name_of(release.made_by),
        made_at=_day(release.made_at),
        checked=name_of(release.checked_by) if release.checked_by else "–",
        checked_at=_day(release.checked_at),
    )


def state_words(release: FormRelease, texts: Texts) -> str:
    return texts(f"form_release.state.{release.state}")


def release_lines(release: FormRelease, form: FormDefinition, texts: Texts) -> list[str]:
    """What the second officer has to see: the form, the points as the form will use them, the differences."""
    lines = [texts("form_release.examined", form=release.form_id, version=release.version, title=release.title)]
    lines.append(texts("form_release.hash", hash=release.form_hash))
    used = texts("form_release.for_standard", standard=release.standard_id) if release.standard_id else ""
    lines.append(used or texts("form_release.for_no_standard"))
    if not release.official:
        lines.append(texts("form_release.not_official"))
    table = point_table(form)
    if table:
        lines += [texts("form_release.points", count=len(table["rows"]), hash=table["hash"][:12]), *point_lines(table, texts)]
    else:
        lines.append(texts("form_release.no_points"))
    changes = difference_words(release.differences, texts)
    if not changes:
        return lines  # a first version, or the same again
    return [*lines, texts("form_release.differences_before", count=len(changes)), *(f"- {one}" for one in changes)]


def _day(instant: str | None) -> str:
    return format_vietnamese(instant[:10]) if instant else ""


def difference_words(differences: Iterable[Mapping[str, Any]], texts: Texts) -> list[str]:
    """One sentence each, in the language of `texts`."""
    return [_sentence(one, texts) for one in differences]


def _sentence(difference: Mapping[str, Any], texts: Texts) -> str:
    key = f"form_release.diff.{difference['kind']}"
    if difference["kind"] == "moved" and "from" in difference:
        key = "form_release.diff.renamed"
    part = texts(f"form_release.part.{difference['part']}") if "part" in difference else ""
    facts = {
        "question": question_words(difference, texts),
        "from_": difference.get("from", ""),
        "part": part,
        "language": f" ({difference['language']})" if difference.get("language") else "",  # a form in one language names none
        "before": _short(difference.get("before"), texts),
        "after": _short(difference.get("after"), texts),
        "choice": _choice(difference, texts),
        "column": difference.get("column", ""),
    }
    return texts(key, **facts)


def question_words(row: Mapping[str, Any], texts: Texts) -> str:
    """By name and label: `toilet “Loại nhà tiêu”`."""
    path = row.get("path") or row.get("question") or ""
    label = _in(row.get("label", {}), texts)
    return f"{path} “{_cut(label)}”" if label else str(path)


def point_lines(table: Mapping[str, Any], texts: Texts) -> list[str]:
    """The whole table, question by question; a number below zero is marked."""
    lines: list[str] = []
    last = ""
    for row in table.get("rows", []):
        if row["question"] != last:
            lines.append(question_words(row, texts))
            last = row["question"]
        points = " · ".join(f"{column} {_points(row['points'].get(column), texts)}" for column in table["columns"])
        lines.append(f"  {row['choice']} “{_cut(_in(row['choice_label'], texts))}”: {points}")
    return lines


def _points(number: int | None, texts: Texts) -> str:
    if number is None:
        return "–"
    return texts("form_release.below_zero", points=number) if number < 0 else str(number)


def _choice(difference: Mapping[str, Any], texts: Texts) -> str:
    label = _in(difference.get("choice_label", {}), texts)
    return f"{difference.get('choice', '')} “{_cut(label)}”" if label else str(difference.get("choice", ""))


def _in(words: Mapping[str, str], texts: Texts) -> str:
    return words.get(texts.language) or next(iter(words.values()), "")


def _short(text: object, texts: Texts) -> str:
    return _cut(" ".join(str(text).split())) if text else texts("form_release.nothing")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
