"""The panel from top to bottom as a list of blocks, so that only those that changed are painted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.explanation_state import ExplanationLine, ExplanationState, Ink, PanelList

Kind = Literal["heading", "text", "line", "badge", "bar", "band"]
SHAPES = {"deprived": "■", "not_deprived": "□", "not_applicable": "–", "not_asked": "?"}


@dataclass(frozen=True)
class Block:
    """One piece of the panel. `figures`: of a badge the class, of the bar B1 and the cut-off."""

    kind: Kind
    text: str
    sign: str = ""
    detail: str = ""
    ink: Ink = "plain"
    tip: str = ""
    figures: tuple[str | int | None, ...] = ()

    @property
    def spoken(self) -> str:
        return " ".join(part for part in (self.text, self.detail) if part)


def blocks_of(state: ExplanationState, texts: Texts) -> tuple[Block, ...]:
    """What is said first is what an officer looks for first: class, B1, B2, how near another class is, the indicators."""
    return tuple(_blocks(state, texts))


def _blocks(state: ExplanationState, texts: Texts) -> Iterator[Block]:
    yield Block("heading", texts("survey.explanation"), ink="soft")
    yield from _told(Block("band", state.official))
    yield from _list(state.tried, "band")
    yield Block("badge", state.class_word, figures=(state.household_class or "none",))
    yield Block("text", state.before, ink="soft")
    yield from _told(Block("text", state.undecided, ink="amber"))
    yield Block("text", state.b1_words, ink="strong")
    if state.cutoff is not None:
        yield Block("bar", "", figures=(state.b1, state.cutoff))
    yield from _told(Block("text", state.distance_words))
    yield Block("text", ". ".join(part for part in (state.cutoff_words, state.source_words) if part), ink="soft")
    yield from _list(state.given)
    yield Block("text", state.b2_words, ink="strong")
    yield from _list(state.near)
    yield from (_indicator(line) for line in state.lines)
    yield from _list(state.since)


def _told(block: Block) -> Iterator[Block]:
    if block.text:
        yield block


def _list(listed: PanelList, title: Kind = "text") -> Iterator[Block]:
    if listed.lines:
        yield Block(title, listed.title, ink="strong")
    for line in listed.lines:
        yield Block("line", line.text, line.sign, line.detail, line.ink)


def _indicator(line: ExplanationLine) -> Block:
    """Shape, number and name, the state in words, and below it who or what; the open square says "not deprived" by itself."""
    words = f"{line.number} {line.name}"
    if line.state != "not_deprived":
        words = f"{words}: {line.state_word}"
    ink: Ink = "strong" if line.state == "deprived" else "soft"
    tip = f"{line.number}. {line.threshold}" if line.threshold else ""
    return Block("line", words, SHAPES[line.state], line.reason, ink, tip)
