"""One survey keyed twice: every difference with both values, settled one by one with one key and a reason. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from poverty_desktop.domain.names import fold
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.decision import Choice, Decision, SideView
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.typed_values import to_lexical
from poverty_desktop.services.double_entry import Difference, DoubleEntries, EntrySheet
from poverty_desktop.services.ports import Tasks


@dataclass(frozen=True)
class DifferenceLine:
    """One line of the list. `settled` in words, "" while it is open."""

    key: str
    section: str
    label: str
    settled: str


@dataclass(frozen=True)
class DifferencesState:
    """`selected` is the place in `lines`, -1 when there is none; `choices` help with a third value of a choice."""

    loaded: bool = False
    title: str = ""
    summary: str = ""
    lines: tuple[DifferenceLine, ...] = ()
    selected: int = -1
    label: str = ""
    first: SideView = field(default_factory=SideView)
    second: SideView = field(default_factory=SideView)
    choices: str = ""
    decision: Decision = field(default_factory=Decision)
    busy: bool = False
    done: bool = False


class DifferencesPresenter:
    """The reason of the difference before stays in its field: most of a paper's have the same."""

    def __init__(self, entries: DoubleEntries, tasks: Tasks, texts: Texts, frame: Frame) -> None:
        self._entries, self._tasks, self._texts, self._frame = entries, tasks, texts, frame
        self.show: Callable[[DifferencesState], None] = lambda state: None
        self.state = DifferencesState()
        self._entry_id = ""
        self._found: tuple[Difference, ...] = ()
        self._headings = ("", "")

    def open(self, entry_id: str) -> None:
        self._entry_id, self._found = entry_id, ()
        self._show(DifferencesState())
        self._load()

    def _load(self) -> None:
        entry_id = self._entry_id
        self._tasks.storage(lambda: self._entries.open(entry_id), self._came, self._gone)

    def _gone(self, problem: Exception) -> None:
        self._frame.back()
        self._frame.problem(problem)

    def _came(self, sheet: EntrySheet) -> None:
        if sheet.entry_id != self._entry_id:
            return
        before, reason = self.state.selected, self.state.decision.reason
        self._found = sheet.differences
        first, second = (name or self._texts("double.somebody") for name in (sheet.first_by, sheet.second_by))
        self._headings = self._texts("double.first_by", name=first), self._texts("double.second_by", name=second)
        left = [place for place, one in enumerate(self._found) if one.value is None]
        place = next((place for place in left if place >= before), left[0] if left else before)
        facts = {"compared": sheet.compared, "count": len(self._found), "left": len(left)}
        summary = "double.same" if not self._found else "double.left" if left else "double.all_settled"
        self.state = DifferencesState(
            loaded=True,
            title=sheet.title,
            summary=self._texts(summary, **facts),
            lines=tuple(self._line(one) for one in self._found),
            decision=Decision(reason=reason),
            done=not left,
        )
        self._stand_on(min(max(place, 0), len(self._found) - 1))

    def _line(self, one: Difference) -> DifferenceLine:
        empty = self._texts("double.empty")
        settled = "" if one.value is None else self._texts("double.settled", value=one.value_words or empty, reason=one.reason)
        return DifferenceLine(one.key, one.section, one.label, settled)

    def select(self, place: int) -> None:
        """Look at another difference; what was typed for this one is forgotten, but the reason."""
        if 0 <= place < len(self._found) and place != self.state.selected:
            self._stand_on(place)

    def _stand_on(self, place: int) -> None:
        if place < 0:
            self._show(replace(self.state, selected=-1))
            return
        one, empty = self._found[place], self._texts("double.empty")
        self._show(
            replace(
                self.state,
                selected=place,
                label=one.label,
                first=SideView(self._headings[0], one.first_words or empty),
                second=SideView(self._headings[1], one.second_words or empty),
                choices="; ".join(words for _, words in one.choices),
                decision=Decision(reason=self.state.decision.reason),
                busy=False,
            )
        )

    # --- settling --------------------------------------------------------------------------------------------------

    def choose(self, choice: Choice) -> None:
        if self.state.selected >= 0:
            self._decide(self.state.decision.choosing(choice))

    def type_third(self, text: str) -> None:
        self._decide(self.state.decision.writing(text))

    def type_reason(self, text: str) -> None:
        self._decide(self.state.decision.giving(text))

    def settle(self) -> None:
        """Settle the difference in sight, when a value is chosen and a reason given."""
        state = self.state
        if state.busy or state.selected < 0:
            return
        one = self._found[state.selected]
        value = self._value(one)
        key = "double.third_unknown" if state.decision.choice == "third" else "double.choice_missing"
        missing = "" if value is not None else self._texts(key)
        decision = state.decision.checked(missing, self._texts("double.reason_missing"))
        if value is None or decision.is_refused:
            self._decide(decision)
            return
        self._show(replace(state, busy=True))
        entry_id, reason = self._entry_id, decision.reason
        self._tasks.storage(lambda: self._entries.settle(entry_id, one.key, value, reason), self._settled, self._refused)

    def _value(self, one: Difference) -> str | None:
        """The answer that was chosen; None when none was, or a third one is not understood."""
        decision = self.state.decision
        if decision.choice != "third":
            return {"first": one.first, "second": one.second}.get(decision.choice)
        typed = decision.third.strip()
        if not one.choices:
            return to_lexical(one.kind, typed)
        parts = [part.strip() for part in typed.replace(";", ",").split(",") if part.strip()]
        names = [_choice_of(one, part) for part in parts]
        return " ".join(name for name in names if name) if names and all(names) else None

    def _settled(self, at: datetime) -> None:
        self._frame.saved(at)
        self._load()

    def _refused(self, problem: Exception) -> None:
        self._show(replace(self.state, busy=False))
        self._frame.problem(problem)

    def _decide(self, decision: Decision) -> None:
        self._show(replace(self.state, decision=decision))

    def _show(self, state: DifferencesState) -> None:
        self.state = state
        self.show(state)


def _choice_of(one: Difference, typed: str) -> str:
    """The choice of a number or a label; "" when there is none."""
    for value, words in one.choices:
        number, _, label = words.partition(" ")
        if typed == number or fold(typed) == fold(label):
            return value
    return ""
