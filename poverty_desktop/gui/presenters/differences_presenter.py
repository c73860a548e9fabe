"""One survey keyed twice: every difference with both values, settled one by one with one key and a reason. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from poverty_desktop.domain.names import fold
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.typed_values import to_lexical
from poverty_desktop.services.double_entry import Difference, DoubleEntries, EntrySheet
from poverty_desktop.services.ports import Tasks

Choice = Literal["", "first", "second", "third"]


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
    first_by: str = ""
    second_by: str = ""
    summary: str = ""
    lines: tuple[DifferenceLine, ...] = ()
    selected: int = -1
    label: str = ""
    first: str = ""
    second: str = ""
    choices: str = ""
    choice: Choice = ""
    third: str = ""
    reason: str = ""
    choice_problem: str = ""
    reason_problem: str = ""
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
        before, reason = self.state.selected, self.state.reason
        self._found = sheet.differences
        left = [place for place, one in enumerate(self._found) if one.value is None]
        place = next((place for place in left if place >= before), left[0] if left else before)
        facts = {"compared": sheet.compared, "count": len(self._found), "left": len(left)}
        summary = "double.same" if not self._found else "double.left" if left else "double.all_settled"
        self.state = DifferencesState(
            loaded=True,
            title=sheet.title,
            first_by=sheet.first_by,
            second_by=sheet.second_by,
            summary=self._texts(summary, **facts),
            lines=tuple(self._line(one) for one in self._found),
            reason=reason,
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
                first=one.first_words or empty,
                second=one.second_words or empty,
                choices="; ".join(words for _, words in one.choices),
                choice="",
                third="",
                choice_problem="",
                reason_problem="",
                busy=False,
            )
        )

    # --- settling --------------------------------------------------------------------------------------------------

    def choose(self, choice: Choice) -> None:
        if self.state.selected >= 0:
            self._show(replace(self.state, choice=choice, choice_problem=""))

    def type_third(self, text: str) -> None:
        self._show(replace(self.state, third=text, choice="third" if text else self.state.choice, choice_problem=""))

    def type_reason(self, text: str) -> None:
        self._show(replace(self.state, reason=text, reason_problem=""))

    def settle(self) -> None:
        """Settle the difference in sight, when a value is chosen and a reason given."""
        state = self.state
        if state.busy or state.selected < 0:
            return
        one = self._found[state.selected]
        value = self._value(one)
        if value is None or not state.reason.strip():
            key = "double.third_unknown" if state.choice == "third" else "double.choice_missing"
            self._show(
                replace(
                    state,
                    choice_problem="" if value is not None else self._texts(key),
                    reason_problem="" if state.reason.strip() else self._texts("double.reason_missing"),
                )
            )
            return
        self._show(replace(state, busy=True))
        entry_id, reason = self._entry_id, state.reason
        self._tasks.storage(lambda: self._entries.settle(entry_id, one.key, value, reason), self._settled, self._refused)

    def _value(self, one: Difference) -> str | None:
        """The answer that was chosen; None when none was, or a third one is not understood."""
        if self.state.choice != "third":
            return {"first": one.first, "second": one.second}.get(self.state.choice)
        typed = self.state.third.strip()
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
