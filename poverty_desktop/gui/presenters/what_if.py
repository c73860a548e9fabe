"""Answers that are only tried: on a copy of the form, with nothing kept anywhere. Before and after stand side by side. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from poverty_desktop.domain.classification import IndicatorLine
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.explanation_picture import explanation_state, signed
from poverty_desktop.gui.presenters.explanation_state import ExplanationState, PanelLine, PanelList
from poverty_desktop.gui.presenters.survey_answering import Answering
from poverty_desktop.services.explaining import SurveyExplanation


class Nowhere:
    """Where tried answers are kept: nowhere. Reasons and notes last as long as the trial."""

    def __init__(self, reasons: Mapping[str, str], notes: Mapping[str, str]) -> None:
        self.reasons, self.notes = dict(reasons), dict(notes)

    def keep(self, answers: Mapping[str, str | None], cursor: str) -> None:
        """Nothing is written."""

    def accept(self, key: str, reason: str) -> None:
        self.reasons[key] = reason

    def note(self, key: str, note: str) -> None:
        self.notes[key] = note


@dataclass(frozen=True)
class WhatIf:
    """What to come back to when the trial ends: the form as it was, its judgement, the section and the question."""

    filling: Answering
    before: SurveyExplanation
    section: str
    key: str


def tried_state(now: SurveyExplanation, before: SurveyExplanation, texts: Texts) -> ExplanationState:
    """The panel by the tried answers, with what they change on top."""
    lines = tuple(_changes(now, before, texts)) or (PanelLine("=", texts("explain.tried_nothing"), ink="soft"),)
    return replace(explanation_state(now, texts), tried=PanelList(texts("explain.tried"), lines))


def _changes(now: SurveyExplanation, before: SurveyExplanation, texts: Texts) -> Iterator[PanelLine]:
    if now.household_class != before.household_class:
        was, becomes = (texts(f"review.class_{one.household_class or 'undecided'}") for one in (before, now))
        yield PanelLine("→", _change(texts("explain.the_class"), was, becomes, texts), ink="strong")
    for name, was_points, points in _points(now, before):
        if was_points != points:
            sign = "→" if was_points is None or points is None else signed(points - was_points)
            told = ["–" if one is None else str(one) for one in (was_points, points)]
            yield PanelLine(sign, _change(name, told[0], told[1], texts))
    for was_line, line in zip(before.explanation.lines, now.explanation.lines, strict=True):
        if was_line.state != line.state:
            yield _indicator(was_line, line, texts)


def _points(now: SurveyExplanation, before: SurveyExplanation) -> Iterator[tuple[str, int | None, int | None]]:
    was, judged = before.explanation.classification, now.explanation.classification
    yield "B1", was.b1_score, judged.b1_score
    yield "B2", was.b2_score, judged.b2_score


def _indicator(was: IndicatorLine, now: IndicatorLine, texts: Texts) -> PanelLine:
    sign = "+" if now.state == "deprived" else "−" if was.state == "deprived" else "→"
    name = f"{now.indicator.no} {now.indicator.name(texts.language)}"
    words = _change(name, texts(f"survey.state_{was.state}"), texts(f"survey.state_{now.state}"), texts)
    return PanelLine(sign, words, now.because or "")


def _change(what: str, before: object, now: object, texts: Texts) -> str:
    return texts("explain.change", what=what, before=before, now=now)
