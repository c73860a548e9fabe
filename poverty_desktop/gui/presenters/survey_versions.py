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
        words = "version.left_one" if len(left) == 1 else "version.left"
        rest = f" {texts(words, count=len(left), named=_named(left, texts))}" if left else ""
        return f"{texts('version.moved', before=sheet.moved_from, now=sheet.form.version)}{rest}"
    return texts("version.newer", version=sheet.newer, present=sheet.form.version) if sheet.newer else ""


def kept_words(carried: Carried, texts: Texts) -> str:
    """What is said right after a survey was moved: how much went along. The notice says where to, and names the rest."""
    if carried.left:
        return texts("version.carried_with_left", kept=carried.kept)
    return texts("version.carried_one" if carried.kept == 1 else "version.carried", kept=carried.kept) if carried.kept else ""


def _named(left: Sequence[tuple[str, str]], texts: Texts) -> str:
    more = texts("version.more", count=len(left) - MOST_NAMED) if len(left) > MOST_NAMED else ""
    return "; ".join(f"{label}: {value}" for label, value in left[:MOST_NAMED]) + more
