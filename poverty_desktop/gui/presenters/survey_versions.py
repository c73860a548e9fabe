"""What the survey screen says of the version of its form: a newer one, or the one the survey was moved from. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.form_versions import Carried, left_words
from poverty_desktop.services.survey_sheet import SurveySheet

MOST_NAMED = 6


def offer(sheet: SurveySheet, texts: Texts) -> str:
    """The notice above the paper; "" when there is nothing to say."""
    if sheet.locked:
        return ""
    if sheet.moved_from:
        left = left_words(sheet.draft)
        rest = texts("version.left", count=len(left), named=_named(left, texts)) if left else texts("version.nothing_left")
        return f"{texts('version.moved', before=sheet.moved_from, now=sheet.form.version)} {rest}"
    return texts("version.newer", version=sheet.newer, present=sheet.form.version) if sheet.newer else ""


def moved_words(carried: Carried, texts: Texts) -> str:
    """What is said right after a survey was moved."""
    named = _named([(one.label, one.value) for one in carried.left], texts)
    key = "version.carried_with_left" if carried.left else "version.carried"
    return texts(key, kept=carried.kept, version=carried.now, count=len(carried.left), named=named)


def _named(left: Sequence[tuple[str, str]], texts: Texts) -> str:
    more = texts("version.more", count=len(left) - MOST_NAMED) if len(left) > MOST_NAMED else ""
    return "; ".join(f"{label}: {value}" for label, value in left[:MOST_NAMED]) + more
