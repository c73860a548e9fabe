"""The explanation panel in words: why the household is poor, under which cut-off, and what is not decided yet. Pure."""

from __future__ import annotations

from poverty_desktop.domain.classification import Classification, IndicatorLine
from poverty_desktop.domain.reference import is_certain
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.explanation_state import ExplanationLine, ExplanationState
from poverty_desktop.services.explaining import SurveyExplanation


def explanation_state(explained: SurveyExplanation, texts: Texts) -> ExplanationState:
    judged, outcome = explained.explanation.classification, explained.outcome
    return ExplanationState(
        household_class=judged.household_class,
        class_word=texts(f"review.class_{judged.household_class or 'undecided'}"),
        before=_before(explained, texts),
        b1=judged.b1_score,
        cutoff=judged.cutoff,
        b1_words=texts("survey.b1_known", b1=judged.b1_score) if judged.b1_score is not None else texts("survey.b1_unknown"),
        source_words=texts(f"survey.b1_{outcome.b1_source}") if outcome.b1_source else "",
        cutoff_words=_cutoff(judged, outcome.area_class, texts),
        distance_words=_distance(judged.distance, texts),
        b2=judged.b2_score,
        b2_words=texts("survey.b2", b2=judged.b2_score, count=len(explained.explanation.deprived)),
        lines=tuple(_line(one, texts) for one in explained.explanation.lines),
        undecided=_undecided(explained, texts),
        official="" if explained.official else texts("survey.not_official"),
    )


def _before(explained: SurveyExplanation, texts: Texts) -> str:
    """The class of the list in force, and whether it changes."""
    previous = explained.explanation.previous_class
    word = texts(f"review.class_{previous}") if previous else texts("review.class_none")
    return texts("survey.class_changed" if explained.explanation.changed else "survey.class_before", before=word)


def _cutoff(judged: Classification, area: str | None, texts: Texts) -> str:
    if judged.cutoff is None or not area:
        return texts("survey.area_unknown")
    return texts("survey.cutoff", cutoff=judged.cutoff, area=texts(f"survey.area_{area}"))


def _distance(distance: int | None, texts: Texts) -> str:
    if distance is None:
        return ""
    if distance > 0:
        return texts("survey.above", points=distance)
    return texts("survey.below", points=-distance) if distance else texts("survey.at_cutoff")


def _line(line: IndicatorLine, texts: Texts) -> ExplanationLine:
    indicator = line.indicator
    threshold = (indicator.threshold_vi if texts.language == "vi" else indicator.threshold_en) or ""
    if threshold and not is_certain(indicator.confidence):
        threshold = texts("survey.threshold_unsure", threshold=threshold)
    word, name = texts(f"survey.state_{line.state}"), indicator.name(texts.language)
    return ExplanationLine(str(indicator.no), name, line.state, word, line.because or "", threshold)


def _undecided(explained: SurveyExplanation, texts: Texts) -> str:
    judged, numbers = explained.explanation.classification, [str(line.indicator.no) for line in explained.explanation.not_asked]
    open_parts = []
    if judged.cutoff is None:
        open_parts.append(texts("survey.undecided_area"))
    if judged.b1_score is None:
        open_parts.append(texts("survey.undecided_b1"))
    if numbers:
        open_parts.append(texts("survey.undecided_indicators", numbers=", ".join(numbers)))
    return texts("survey.undecided", what="; ".join(open_parts)) if open_parts else ""
