"""What the explanation panel shows, frozen and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ink = Literal["strong", "plain", "soft", "amber"]


@dataclass(frozen=True)
class ExplanationLine:
    """One indicator: `reason` says who or what makes the household deprived, or why the state cannot be told."""

    number: str
    name: str
    state: str
    state_word: str
    reason: str
    threshold: str


@dataclass(frozen=True)
class PanelLine:
    """One line of a list of the panel: a sign or points before it, the words, and in small what belongs to them."""

    sign: str
    text: str
    detail: str = ""
    ink: Ink = "plain"

    @property
    def spoken(self) -> str:
        return " ".join(part for part in (self.text, self.detail) if part)


@dataclass(frozen=True)
class PanelList:
    """Lines under a title; without lines nothing is shown."""

    title: str = ""
    lines: tuple[PanelLine, ...] = ()


@dataclass(frozen=True)
class ExplanationState:
    """The panel beside the form, in words. `b1` and `cutoff` are drawn as a bar with a mark; None: not known yet.

    `tried` says what an answer that is only tried would change (before and after), `given` what gave B1, `near` how far another
    class is, `since` what changed since the last survey.
    """

    household_class: str | None
    class_word: str
    before: str
    b1: int | None
    cutoff: int | None
    b1_words: str
    source_words: str
    cutoff_words: str
    distance_words: str
    b2: int
    b2_words: str
    lines: tuple[ExplanationLine, ...]
    undecided: str
    official: str  # "" or the sentence that the form is not official
    given: PanelList = PanelList()
    near: PanelList = PanelList()
    since: PanelList = PanelList()
    tried: PanelList = PanelList()
