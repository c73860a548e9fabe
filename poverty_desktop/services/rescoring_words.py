"""A survey under another standard, in words and signs: for the screen, the command line and the workbook. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.rescoring import Rescored, Row
from poverty_desktop.services.rescoring_rounds import HouseholdRescored, Transition

SHAPES = {"deprived": "■", "not_deprived": "□", "not_applicable": "–", "not_asked": "?"}


@dataclass(frozen=True)
class ComparedLine:
    """One line of the table: cells in the order of its heads, and the kind of a badge for each, or "". `id` of a round's line is
    the household."""

    id: str
    cells: tuple[str, ...]
    badges: tuple[str, ...] = ()
    differs: bool = False


@dataclass(frozen=True)
class ComparedTable:
    """Everything that is shown or written: nothing of it is official, and `notes` say so."""

    title: str
    notes: tuple[str, ...]
    heads: tuple[str, ...]
    lines: tuple[ComparedLine, ...]


def compared_survey(found: Rescored, name: str, texts: Texts) -> ComparedTable:
    """One survey: what, under the one, under the other, the difference by word and sign, and why."""
    before, after = (_side(side.standard, texts) for side in (found.before, found.after))
    heads = (texts("explain.head_what"), before, after, texts("explain.head_difference"), texts("explain.head_why"))
    lines = tuple(_line(number, row, texts) for number, row in enumerate(found.rows))
    notes = (f"{_view_only(texts)} {_forms(found, texts)}", *_marks(found, texts))
    return ComparedTable(texts("explain.compare_title", name=name), notes, heads, lines)


def compared_round(found: Sequence[HouseholdRescored], standard: PovertyStandard, year: int, texts: Texts) -> ComparedTable:
    """All finished surveys of a round, those that change class first."""
    heads = [texts(f"explain.head_{what}") for what in ("household", "village", "class_before", "class_after")]
    heads += [texts("explain.head_difference"), "B1", "B2"]
    lines = sorted((_household(one, texts) for one in found), key=lambda line: not line.differs)
    title = texts("explain.compare_round", year=year, period=standard.period)
    return ComparedTable(title, (_view_only(texts),), tuple(heads), tuple(lines))


def summary(counted: Sequence[Transition], texts: Texts) -> tuple[str, ...]:
    """How many households go from one class to another; those that keep theirs in one line each too."""
    lines = []
    for one in counted:
        facts = {"count": one.households, "before": class_words(one.before, texts), "after": class_words(one.after, texts)}
        lines.append(texts("explain.stay" if one.before == one.after else "explain.move", **facts))
    return tuple(lines)


def class_words(household_class: str | None, texts: Texts) -> str:
    return texts(f"review.class_{household_class}") if household_class else texts("explain.unclassified")


def _view_only(texts: Texts) -> str:
    return texts("explain.view_only")


def _marks(found: Rescored, texts: Texts) -> tuple[str, ...]:
    """What is missing of the other standard, said before anything is read."""
    if not found.after.lacks:
        return ()
    what = "; ".join(texts(f"explain.why_{code}") for code in found.after.lacks)
    return (f"{found.after.standard.name(texts.language)}: {texts('explain.undecided', what=what)}",)


def _side(standard: PovertyStandard, texts: Texts) -> str:
    return texts("explain.head_side", period=standard.period)


def _forms(found: Rescored, texts: Texts) -> str:
    before, after = (f"{side.form[0]} {side.form[1]}" for side in (found.before, found.after))
    same = found.before.form == found.after.form
    return texts("explain.form_note", before=before) if same else texts("explain.forms_note", before=before, after=after)


# --- one line -------------------------------------------------------------------------------------------------------------


def _line(number: int, row: Row, texts: Texts) -> ComparedLine:
    shown = [_shown(row, side, texts) for side in (row.before, row.after)]
    why = "; ".join(texts(f"explain.why_{code}") for code in row.why)
    badges = [str(side or "none") if row.what == "class" else "" for side in (row.before, row.after)]
    cells = (_what(row, texts), shown[0], shown[1], _difference(row, texts), why)
    return ComparedLine(str(number), cells, ("", *badges, "", ""), row.differs)


def _what(row: Row, texts: Texts) -> str:
    if row.indicator is None:
        return texts(f"explain.what_{row.what}")
    was, now = row.numbers
    numbers = f"{was}" if was == now else f"{was or '–'} → {now or '–'}"
    return f"{numbers} {row.indicator.name(texts.language)}"


def _shown(row: Row, value: str | int | None, texts: Texts) -> str:
    if row.what == "class":
        return class_words(str(value) if value else None, texts)
    if value is None:
        return f"? {texts('explain.state_untold')}"
    return f"{SHAPES[str(value)]} {texts(f'survey.state_{value}')}" if row.what == "indicator" else str(value)


def _difference(row: Row, texts: Texts) -> str:
    if not row.differs:
        return f"= {texts('explain.same')}"
    if {None, "not_asked"} & {row.before, row.after}:
        return f"? {texts('explain.not_comparable')}"
    if isinstance(row.before, int) and isinstance(row.after, int):
        points = row.after - row.before
        return texts("explain.points", points=f"+{points}" if points > 0 else f"−{-points}")
    if row.what == "class":
        return f"→ {texts('explain.other_class')}"
    if row.after == "deprived":
        return f"+ {texts('explain.more')}"
    return f"− {texts('explain.less')}" if row.before == "deprived" else f"→ {texts('explain.other_state')}"


def _household(one: HouseholdRescored, texts: Texts) -> ComparedLine:
    before, after = one.rescored.before, one.rescored.after
    both = (before.household_class, after.household_class)
    differs = both[0] != both[1]
    sign, told = ("→", "other_class") if differs else ("=", "same")
    if differs and None in both:
        sign, told = "?", "not_comparable"
    names = " · ".join(part for part in (one.line.head_name, one.line.household_code) if part)
    classes = [class_words(side.household_class, texts) for side in (before, after)]
    points = [_pair(before.b1_score, after.b1_score), _pair(before.b2_score, after.b2_score)]
    badges = ("", "", before.household_class or "none", after.household_class or "none", "", "", "")
    cells = (names, one.line.village_name or "", *classes, f"{sign} {texts(f'explain.{told}')}", *points)
    return ComparedLine(one.line.id, cells, badges, differs)


def _pair(before: int | None, after: int | None) -> str:
    shown = ["–" if one is None else str(one) for one in (before, after)]
    return shown[0] if before == after else f"{shown[0]} → {shown[1]}"
