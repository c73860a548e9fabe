"""The explanation panel in words: why the household is poor, under which cut-off, what is not decided, how near another class.

Pure. What an answer that is only tried would change is added by `what_if.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from poverty_desktop.domain.classification import Classification, IndicatorLine, Nearness
from poverty_desktop.domain.reference import is_certain
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.explanation_state import ExplanationLine, ExplanationState, PanelLine, PanelList
from poverty_desktop.services.explaining import SurveyExplanation
from poverty_desktop.services.since_last import SinceLast

MOST_GIVEN = 6
"""So many contributions to B1 are named; the rest is one line."""


def explanation_state(explained: SurveyExplanation, texts: Texts) -> ExplanationState:
    judged, outcome = explained.explanation.classification, explained.outcome
    return ExplanationState(
        household_class=judged.household_class,
        class_word=texts(f"review.class_{judged.household_class or 'undecided'}"),
        before=_before(explained, texts),
        b1=judged.b1_score,
        cutoff=judged.cutoff,
        b1_words=_b1(judged, texts),
        source_words=texts(f"survey.b1_{outcome.b1_source}") if outcome.b1_source else "",
        cutoff_words=_cutoff(judged, outcome.area_class, texts),
        distance_words=_distance(judged.distance, texts),
        b2=judged.b2_score,
        b2_words=_b2(explained, texts),
        lines=tuple(_line(explained, one, texts) for one in explained.explanation.lines),
        undecided=_undecided(explained, texts),
        official="" if explained.official else texts("survey.not_official"),
        given=_given(explained, texts),
        near=_near(explained.explanation.nearness, judged, texts),
        since=_since(explained.since, texts) if explained.since else PanelList(),
    )


def signed(number: int) -> str:
    """With its sign, for differences: "+5", "−5", "0"."""
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"


def _before(explained: SurveyExplanation, texts: Texts) -> str:
    """The class of the list in force, and whether it changes."""
    previous = explained.explanation.previous_class
    word = texts(f"review.class_{previous}") if previous else texts("review.class_none")
    return texts("survey.class_changed" if explained.explanation.changed else "survey.class_before", before=word)


def _b1(judged: Classification, texts: Texts) -> str:
    if judged.b1_score is not None:
        return texts("survey.b1_known", b1=judged.b1_score)
    return texts("explain.b1_without_method" if "b1_cutoffs" in judged.lacks else "survey.b1_unknown")


def _cutoff(judged: Classification, area: str | None, texts: Texts) -> str:
    if not area:
        return texts("survey.area_unknown")
    if judged.cutoff is None:
        return texts("explain.no_cutoff", area=texts(f"survey.area_{area}"))
    return texts("survey.cutoff", cutoff=judged.cutoff, area=texts(f"survey.area_{area}"))


def _distance(distance: int | None, texts: Texts) -> str:
    if distance is None:
        return ""
    if distance > 0:
        return texts("survey.above", points=distance)
    return texts("survey.below", points=-distance) if distance else texts("survey.at_cutoff")


def _b2(explained: SurveyExplanation, texts: Texts) -> str:
    count = len(explained.explanation.deprived)
    if "b2_rule" in explained.explanation.classification.lacks:
        return texts("explain.b2_without_rule", count=count)
    return texts("survey.b2", b2=explained.explanation.classification.b2_score, count=count)


def _line(explained: SurveyExplanation, line: IndicatorLine, texts: Texts) -> ExplanationLine:
    indicator = line.indicator
    number, name = str(indicator.no), indicator.name(texts.language)
    threshold = (indicator.threshold_vi if texts.language == "vi" else indicator.threshold_en) or ""
    if threshold and not is_certain(indicator.confidence):
        threshold = texts("survey.threshold_unsure", threshold=threshold)
    elif not threshold:
        threshold = texts("explain.threshold_unseen")
    if number in explained.gaps:
        why = texts(f"explain.why_gap_{explained.gaps[number]}")
        return ExplanationLine(number, name, "not_asked", texts("explain.state_untold"), why, threshold)
    return ExplanationLine(number, name, line.state, texts(f"survey.state_{line.state}"), line.because or "", threshold)


def _undecided(explained: SurveyExplanation, texts: Texts) -> str:
    told = []
    if not explained.in_force:
        told.append(texts("explain.not_in_force", standard=explained.explanation.standard.name(texts.language)))
    lacks = explained.explanation.classification.lacks
    if lacks:
        told.append(texts("explain.undecided", what="; ".join(texts(f"explain.why_{code}") for code in lacks)))
    waiting = list(_waiting(explained, texts))
    if waiting:
        told.append(texts("survey.undecided", what="; ".join(waiting)))
    return " ".join(told)


def _waiting(explained: SurveyExplanation, texts: Texts) -> Iterator[str]:
    """What the answers still leave open; not what the standard itself lacks."""
    judged = explained.explanation.classification
    numbers = [str(line.indicator.no) for line in explained.explanation.not_asked]
    unasked = [number for number in numbers if number not in explained.gaps]
    if not explained.outcome.area_class:
        yield texts("survey.undecided_area")
    if judged.b1_score is None and "b1_cutoffs" not in judged.lacks:
        yield texts("survey.undecided_b1")
    if unasked:
        yield texts("survey.undecided_indicators", numbers=", ".join(unasked))


# --- the lists of the panel ---------------------------------------------------------------------------------------------


def _given(explained: SurveyExplanation, texts: Texts) -> PanelList:
    """The answers that gave most of B1. Nothing where B1 was typed from the paper: `source_words` says so."""
    given = [one for one in explained.given if one.points]
    named, rest = given[:MOST_GIVEN], given[MOST_GIVEN:]
    lines = [PanelLine(signed(one.points), one.question, one.answer) for one in named]
    if rest:
        points = sum(one.points for one in rest)
        lines.append(PanelLine(signed(points), texts("explain.given_rest", count=len(rest)), ink="soft"))
    return PanelList(texts("explain.given"), tuple(lines))


def _near(near: Nearness, judged: Classification, texts: Texts) -> PanelList:
    """How little would change the class: points of B1, a number of deprivations, one indicator alone."""
    lines = []
    if near.b1_step is not None and judged.household_class is not None:
        way = "up" if near.b1_step > 0 else "down"
        lines.append(PanelLine(signed(near.b1_step), texts(f"explain.near_b1_{way}", points=abs(near.b1_step))))
    if near.b2_step is not None:
        way = "more" if near.b2_step > 0 else "fewer"
        lines.append(PanelLine(signed(near.b2_step), texts(f"explain.near_b2_{way}", count=abs(near.b2_step))))
    if near.flips:
        numbers = ", ".join(map(str, near.flips))
        lines.append(PanelLine("◆", texts("explain.near_one", numbers=numbers), ink="strong"))
    return PanelList(texts("explain.near"), tuple(lines))


def _since(since: SinceLast, texts: Texts) -> PanelList:
    title = texts("explain.since", year=since.year)
    if not since.anything:
        return PanelList(title, (PanelLine("=", texts("explain.since_nothing"), ink="soft"),))
    return PanelList(title, tuple(_changes(since, texts)))


def _changes(since: SinceLast, texts: Texts) -> Iterator[PanelLine]:
    if since.class_now is not None and since.class_now != since.class_before:
        before, now = (texts(f"review.class_{one or 'undecided'}") for one in (since.class_before, since.class_now))
        words = texts("explain.change", what=texts("explain.the_class"), before=before, now=now)
        yield PanelLine("→", words, ink="strong")
    if since.b1_difference:
        facts = {"what": "B1", "before": since.b1_before, "now": since.b1_now}
        yield PanelLine(signed(since.b1_difference), texts("explain.change", **facts))
    for one in since.changes:
        states = [texts(f"survey.state_{state}") for state in (one.before, one.now)]
        name = f"{one.indicator.no} {one.indicator.name(texts.language)}"
        sign = "+" if one.now == "deprived" else "−" if one.before == "deprived" else "→"
        yield PanelLine(sign, texts("explain.change", what=name, before=states[0], now=states[1]))
