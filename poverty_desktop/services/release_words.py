"""A release in words: its differences to the version before, and its table of points as the second officer reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from poverty_desktop.domain.dates import format_vietnamese
from poverty_desktop.domain.records import FormRelease
from poverty_desktop.domain.release_rules import contents
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.services.point_sheet import PointSheet, column_words, point_sheet

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
    facts, sheet = release_facts(release, texts), point_sheet(form, texts)
    return [*facts, points_line(sheet, texts), *point_lines(sheet), *difference_lines(release, form, texts)]


def release_page(
    release: FormRelease,
    form: FormDefinition,
    name_of: Callable[[str | None], str],
    standard_name: Callable[[str], str],
    texts: Texts,
) -> list[str]:
    """The same for the eye of the second officer in a window: what decides first, what only a machine reads last."""
    title = texts("form_release.examined", form=release.form_id, version=release.version, title=release.title)
    warned = [] if release.official else [texts("form_release.not_official")]
    used = [_used(release, texts, standard_name), people_line(release, name_of, texts)]
    hashed = texts("form_release.hash", hash=release.form_hash)
    return [title, *warned, *difference_lines(release, form, texts), *used, *_list_lines(release, texts), hashed]


def people_line(release: FormRelease, name_of: Callable[[str | None], str], texts: Texts) -> str:
    """Who made it and when, who checked it and when."""
    made = texts("form_release.made_by", name=name_of(release.made_by), day=_day(release.made_at))
    if not release.checked_by:
        return f"{made} {texts('form_release.not_checked')}"
    return f"{made} {texts('form_release.checked_by', name=name_of(release.checked_by), day=_day(release.checked_at))}"


def _used(release: FormRelease, texts: Texts, standard_name: Callable[[str], str] = str) -> str:
    if not release.standard_id:
        return texts("form_release.for_no_standard")
    return texts("form_release.for_standard", standard=standard_name(release.standard_id))


def release_facts(release: FormRelease, texts: Texts) -> list[str]:
    """Which form it is, and what it is used for."""
    lines = [texts("form_release.examined", form=release.form_id, version=release.version, title=release.title)]
    lines.append(texts("form_release.hash", hash=release.form_hash))
    lines.append(_used(release, texts))
    if not release.official:
        lines.append(texts("form_release.not_official"))
    return [*lines, *_list_lines(release, texts)]


def _list_lines(release: FormRelease, texts: Texts) -> list[str]:
    """The lists that go with the form; another content has another hash."""
    if not release.files:
        return []
    sizes = {name: len(data) for name, data in sorted(contents(release.files).items())}
    hashes = {name: release.files[name]["sha256"][:12] for name in sizes}
    told = (texts("form_release.list", file=name, size=size, hash=hashes[name]) for name, size in sizes.items())
    return [texts("form_release.lists", count=len(sizes)), *told]


def points_line(sheet: PointSheet, texts: Texts) -> str:
    """How large the table of points is and what is missing in it, or that there is none."""
    if not sheet.lines:
        return texts("form_release.no_points")
    line = texts("form_release.points", count=sheet.choices, hash=sheet.hash[:12])
    return f"{line} {texts('form_release.points_missing', count=sheet.missing)}" if sheet.missing else line


def difference_lines(release: FormRelease, form: FormDefinition, texts: Texts) -> list[str]:
    """The differences to the version before; none for a first version, or the same again."""
    changes = difference_words(release.differences, texts, lambda column: column_words(form, column, texts))
    head = texts("form_release.differences_before", count=len(changes))
    return [head, *(f"- {one}" for one in changes)] if changes else []


def _day(instant: str | None) -> str:
    return format_vietnamese(instant[:10]) if instant else ""


def difference_words(differences: Iterable[Mapping[str, Any]], texts: Texts, column: Callable[[str], str] = str) -> list[str]:
    """One sentence each, in the language of `texts`; `column` gives the words of a column of points."""
    return [_sentence(one, texts, column) for one in differences]


def _sentence(difference: Mapping[str, Any], texts: Texts, column: Callable[[str], str]) -> str:
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
        "column": column(difference["column"]) if "column" in difference else "",
    }
    return texts(key, **facts)


def question_words(row: Mapping[str, Any], texts: Texts) -> str:
    """By name and label: `toilet “Loại nhà tiêu”`."""
    path = row.get("path") or row.get("question") or ""
    label = _in(row.get("label", {}), texts)
    return f"{path} “{_cut(label)}”" if label else str(path)


def point_lines(sheet: PointSheet) -> list[str]:
    """The whole table as text, question by question."""
    lines: list[str] = []
    for line in sheet.lines:
        points = " · ".join(f"{head}: {cell.words}" for head, cell in zip(sheet.heads, line.cells, strict=False))
        lines.append(f"  {_cut(line.words)} — {points}" if points else _cut(line.words))
    return lines


def _choice(difference: Mapping[str, Any], texts: Texts) -> str:
    label = _in(difference.get("choice_label", {}), texts)
    return f"{difference.get('choice', '')} “{_cut(label)}”" if label else str(difference.get("choice", ""))


def _in(words: Mapping[str, str], texts: Texts) -> str:
    return words.get(texts.language) or next(iter(words.values()), "")


def _short(text: object, texts: Texts) -> str:
    return _cut(" ".join(str(text).split())) if text else texts("form_release.nothing")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
