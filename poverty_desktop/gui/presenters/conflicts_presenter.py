"""The conflict inbox: one clash at a time, both values, and the choice of the person who knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.decision import Choice, Decision, SideView
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.gui.presenters.sync_words import day, moment
from poverty_desktop.gui.presenters.typed_values import to_lexical
from poverty_desktop.services.sync_conflicts import ConflictSheet, Side
from poverty_desktop.services.syncing import Syncing

MOST_CHOICES = 20  # more than that help nobody
_NUMBERS_AND_DAYS = ("integer", "decimal", "date", "time", "datetime")


@dataclass(frozen=True)
class ConflictLine:
    """One line of the list: whose record, which question, and what tells it from its like: village, who wrote, on which day."""

    id: str
    title: str
    label: str
    about: str
    by: str


@dataclass(frozen=True)
class ConflictsState:
    """What the screen shows; `selected` is the place in `lines`, -1 when there is none. `first` is the value in use."""

    loaded: bool = False
    lines: tuple[ConflictLine, ...] = ()
    selected: int = -1
    title: str = ""
    label: str = ""
    first: SideView = field(default_factory=SideView)
    second: SideView = field(default_factory=SideView)
    third_possible: bool = False
    choices: str = ""  # help with a third value
    decision: Decision = field(default_factory=Decision)
    busy: bool = False
    told: str = ""


class ConflictsView(Protocol):
    def render(self, state: ConflictsState) -> None: ...


class ConflictsPresenter:
    def __init__(
        self, backstage: Backstage, frame: Frame, syncing: Syncing, texts: Texts, settled: Callable[[], None] = lambda: None
    ) -> None:
        """`settled` hears of every clash that was settled here (the sign in the status line)."""
        self._backstage, self._frame, self._syncing, self._texts = backstage, frame, syncing, texts
        self._heard = settled
        self.view: ConflictsView | None = None
        self._sheets: list[ConflictSheet] = []
        self.state = ConflictsState()

    def load(self) -> None:
        self._backstage.storage(self._syncing.conflicts, self._loaded)

    def select(self, place: int) -> None:
        """Look at another clash; what was typed for this one is forgotten, for nothing was decided."""
        if 0 <= place < len(self._sheets) and place != self.state.selected:
            self._open(place)

    def choose(self, choice: Choice) -> None:
        self._decide(self.state.decision.choosing(choice))

    def type_third(self, text: str) -> None:
        self._decide(self.state.decision.writing(text))

    def type_reason(self, text: str) -> None:
        self._decide(self.state.decision.giving(text))

    def settle(self) -> None:
        """Settle the clash that is open, when a value is chosen and a reason given."""
        state = self.state
        if state.busy or state.selected < 0:
            return
        missing = "" if state.decision.choice else self._texts("conflict.choice_missing")
        decision = state.decision.checked(missing, self._texts("conflict.reason_missing"))
        if decision.is_refused:
            self._decide(decision)
            return
        sheet = self._sheets[state.selected]
        self._show(replace(state, busy=True))
        self._backstage.storage(lambda: self._settle(sheet, decision), lambda done: self._settled(*done), self._refused)

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _settle(self, sheet: ConflictSheet, decision: Decision) -> tuple[datetime, str]:
        """On the storage lane."""
        value, words = sheet.current.value, sheet.current.text
        if decision.choice == "second":
            value, words = sheet.other.value, sheet.other.text
        elif decision.choice == "third":
            typed = to_lexical(sheet.kind, decision.third) if sheet.kind in _NUMBERS_AND_DAYS else decision.third
            value, words = self._syncing.understood(sheet.id, typed), decision.third.strip()
        return self._syncing.settle(sheet.id, value, decision.reason), words

    def _settled(self, at: datetime, words: str) -> None:
        self._frame.saved(at)
        self._heard()
        self._show(replace(self.state, busy=False, told=self._texts("conflict.settled", value=words)))
        self.load()

    def _refused(self, problem: Exception) -> None:
        self._show(replace(self.state, busy=False))
        if isinstance(problem, KnownProblem) and problem.code == "conflict.bad_value":
            self._decide(replace(self.state.decision, choice_problem=self._texts.problem(problem)))
            return
        self._frame.problem(problem)
        self.load()

    def _loaded(self, sheets: list[ConflictSheet]) -> None:
        """Stay at the same clash where it still stands, else at the next."""
        before = self._sheets[self.state.selected].id if 0 <= self.state.selected < len(self._sheets) else ""
        place = next((place for place, sheet in enumerate(sheets) if sheet.id == before), None)
        self._sheets = sheets
        lines = tuple(self._line(sheet) for sheet in sheets)
        if place is not None:
            self._show(replace(self.state, loaded=True, lines=lines, selected=place))
            return
        self.state = ConflictsState(loaded=True, lines=lines, told=self.state.told)
        self._open(min(max(self.state.selected, 0), len(sheets) - 1))

    def _line(self, sheet: ConflictSheet) -> ConflictLine:
        sides = (sheet.current, sheet.other)
        who, days = (", ".join(dict.fromkeys(said)) for said in ([one.who for one in sides], [day(one.at) for one in sides]))
        return ConflictLine(sheet.id, sheet.title, sheet.label, sheet.about, " · ".join(filter(None, (who, days))))

    def _open(self, place: int) -> None:
        if place < 0:
            self._show(replace(self.state, selected=-1))
            return
        sheet = self._sheets[place]
        self._show(
            ConflictsState(
                loaded=True,
                lines=self.state.lines,
                selected=place,
                title=" · ".join(filter(None, (sheet.title, sheet.about))),
                label=self._texts("conflict.field", field=sheet.label),
                first=self._side("conflict.current", sheet.current),
                second=self._side("conflict.other", sheet.other),
                third_possible=sheet.third_possible,
                choices="; ".join(words for _, words in sheet.choices) if len(sheet.choices) <= MOST_CHOICES else "",
                told=self.state.told,
            )
        )

    def _side(self, heading: str, side: Side) -> SideView:
        texts = self._texts
        when = moment(side.at) or texts("conflict.unknown_moment")
        saw = texts("conflict.saw_unknown") if side.saw is None else texts("conflict.saw", value=side.saw) if side.saw else ""
        return SideView(texts(heading), side.text, texts("conflict.by", who=side.who, moment=when), saw)

    def _decide(self, decision: Decision) -> None:
        self._show(replace(self.state, decision=decision))

    def _show(self, state: ConflictsState) -> None:
        self.state = state
        if self.view is not None:
            self.view.render(state)
