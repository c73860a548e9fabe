"""The round as a list of households: who is not started, half typed, finished, and with what class. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from poverty_desktop.domain.dates import format_vietnamese, parse_typed
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ReviewRound, Village
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.services.ports import HouseholdLine, Page, Tasks
from poverty_desktop.services.review_rounds import ReviewChoice
from poverty_desktop.services.reviewing import Reviewing

STATES = ("none", "draft", "saved", "finished")


@dataclass(frozen=True)
class ReviewState:
    """Everything the list of the round shows. `recognising` is the number of finished surveys while the form is open."""

    round_id: str = ""
    title: str = ""
    line: str = ""
    recognised: bool = False
    text: str = ""
    village_id: str | None = None
    state: str | None = None
    villages: tuple[tuple[str, str], ...] = ()
    lines: tuple[HouseholdLine, ...] = ()
    total: int = 0
    counting: bool = False  # more match than `total`; their number is on its way
    selected_id: str | None = None
    recognising: int | None = None
    choices: tuple[ReviewChoice, ...] = ()
    choice_words: tuple[str, ...] = ()
    chosen: int = 0
    loaded: bool = False


class ReviewPresenter:
    """Keeps filters and the chosen line between visits: after a survey one comes back to the next household."""

    def __init__(self, reviewing: Reviewing, tasks: Tasks, texts: Texts, frame: Frame) -> None:
        self._reviewing, self._tasks, self._texts, self._frame = reviewing, tasks, texts, frame
        self.show: Callable[[ReviewState], None] = lambda state: None
        self.state = ReviewState()
        self._query = self._answered = 0  # answers of an older search are dropped
        self._open_when_found = False

    def opened(self, village_id: str | None = None, state: str | None = None) -> None:
        """The list was gone to; a village or state given (from the first screen) becomes the filter."""
        if village_id or state:
            self.state = replace(self.state, text="", village_id=village_id, state=state)
        self._tasks.storage(self._read_round, lambda found: self._round_came(*found))
        self._tasks.storage(self._reviewing.choices, self._choices_came, lambda problem: None)  # said by the round already
        self._load()

    def _read_round(self) -> tuple[ReviewRound, str, list[Village]]:
        current = self._reviewing.current_round()
        return current, self._reviewing.standard_name(current), self._reviewing.villages()

    def _round_came(self, current: ReviewRound, standard: str, villages: list[Village]) -> None:
        self._change(
            round_id=current.id,
            title=self._texts("review.title_round", year=current.year),
            line=self._line(current, standard),
            recognised=current.state == "recognised",
            villages=tuple((village.id, village.name) for village in villages),
        )

    def _line(self, current: ReviewRound, standard: str) -> str:
        if current.state == "recognised":
            facts = {"decision_no": current.decision_no, "decided_on": format_vietnamese(current.decided_on)}
            return self._texts("review.recognised_line", **facts)
        days = {"starts_on": format_vietnamese(current.starts_on), "ends_on": format_vietnamese(current.ends_on)}
        return self._texts("review.round_line", standard=standard, **days)

    # --- several reviews -------------------------------------------------------------------------------------------

    def _choices_came(self, choices: list[ReviewChoice]) -> None:
        words = tuple(self._choice_words(one) for one in choices)
        chosen = next((place for place, one in enumerate(choices) if one.chosen), 0)
        self._change(choices=tuple(choices), choice_words=words, chosen=chosen)

    def _choice_words(self, one: ReviewChoice) -> str:
        words = "explain.review_choice" if one.begun else "explain.review_not_begun"
        return self._texts(words, year=one.year, period=one.standard.period)

    def choose_review(self, place: int) -> None:
        """Work in another review. One that nobody began is begun only after it was asked: every laptop will see it."""
        one = self.state.choices[place]
        facts = {"year": one.year, "standard": one.standard.name(self._texts.language)}
        if one.begun:
            self._choose(one, facts)
            return
        self._change()  # the box shows the present review until the officer decides
        question = self._texts("explain.begin_question", **facts)
        self._frame.tell("amber", question, self._texts("explain.begin"), lambda: self._choose(one, facts))

    def _choose(self, one: ReviewChoice, facts: dict[str, object]) -> None:
        def chosen(_: ReviewRound) -> None:
            self._frame.tell("grey", self._texts("explain.begun", **facts))
            self.state = replace(self.state, selected_id=None)
            self.opened()

        self._tasks.storage(lambda: self._reviewing.choose(one.year, one.standard.id), chosen, self._frame.problem)

    def compare(self) -> None:
        """The finished surveys of the round under another standard."""
        self._frame.go("rescoring")

    # --- the list ------------------------------------------------------------------------------------------------

    def search(self, text: str) -> None:
        if text != self.state.text:
            self._filter(text=text, selected_id=None)

    def choose_village(self, village_id: str | None) -> None:
        self._filter(village_id=village_id)

    def choose_state(self, state: str | None) -> None:
        self._filter(state=state)

    def _filter(self, **wanted: str | None) -> None:
        fresh = replace(self.state, **wanted)  # type: ignore[arg-type]
        if fresh != self.state:
            self.state = fresh
            self._load()

    def more(self) -> None:
        """The end of what is loaded came into sight."""
        if len(self.state.lines) < self.state.total:
            self._load(offset=len(self.state.lines))

    def _load(self, offset: int = 0) -> None:
        self._query += 1
        query, now = self._query, self.state

        def read() -> Page:
            return self._reviewing.cases(now.village_id, now.state, now.text, offset)

        self._tasks.storage(read, lambda page: self._came(query, offset, page))

    def _came(self, query: int, offset: int, page: Page) -> None:
        if query != self._query:
            return
        self._answered = query
        lines = (*self.state.lines[:offset], *page.lines)
        ids = [line.id for line in lines]
        chosen = self.state.selected_id if self.state.selected_id in ids else next(iter(ids), None)
        self._change(lines=lines, total=page.total, counting=page.at_least, selected_id=chosen, loaded=True)
        if page.at_least:
            self._count(query)
        if self._open_when_found:
            self._open_when_found = False
            self.open_chosen(chosen)

    def _count(self, query: int) -> None:
        """How many match is found out when the first lines are shown, so that no key waits for it."""
        now = self.state

        def came(total: int) -> None:
            if query == self._query:
                self._change(total=total, counting=False)

        self._tasks.storage(lambda: self._reviewing.case_count(now.village_id, now.state, now.text), came)

    def select(self, household_id: str) -> None:
        self.state = replace(self.state, selected_id=household_id)

    def open_chosen(self, household_id: str | None) -> None:
        """Enter on a line. While the lines of what was typed are still on their way, their first is opened when they come: an
        officer who types on must never land in the survey of the search before."""
        self._open_when_found = self._query != self._answered
        if household_id is not None and not self._open_when_found:
            self.open(household_id)

    def open(self, household_id: str) -> None:
        """Type the survey of this household; the line after it is chosen when one comes back."""
        ids = [line.id for line in self.state.lines]
        after = ids.index(household_id) + 1 if household_id in ids else len(ids)
        self.state = replace(self.state, selected_id=ids[after] if after < len(ids) else household_id)
        self._frame.go("survey", household_id=household_id)

    def releases(self) -> None:
        """To the forms of the commune."""
        self._frame.go("releases")

    def double_entry(self) -> None:
        """To the sample that is keyed a second time."""
        self._frame.go("double_entry")

    # --- recognition -----------------------------------------------------------------------------------------------

    def begin_recognition(self) -> None:
        """Open the small form, with the number of surveys that would become official."""
        round_id = self.state.round_id
        self._tasks.storage(lambda: self._reviewing.finished_count(round_id), lambda count: self._change(recognising=count))

    def cancel_recognition(self) -> None:
        self._change(recognising=None)

    def recognise(self, decision_no: str, decided_on: str, today: date) -> None:
        """Make the results official by the chair's decision; what cannot be read is told and nothing happens."""
        try:
            day = parse_typed(decided_on, today)
            if len(day) != 10:
                raise KnownProblem("date.unreadable", typed=decided_on)
        except KnownProblem as problem:
            self._frame.problem(problem)
            return
        round_id = self.state.round_id

        def done(count: int) -> None:
            self._change(recognising=None)
            self._frame.tell("grey", self._texts("review.recognised", count=count, decision_no=decision_no.strip()))
            self.opened()

        self._tasks.storage(lambda: self._reviewing.recognise(round_id, decision_no, day), done, self._frame.problem)

    def _change(self, **facts: object) -> None:
        self.state = replace(self.state, **facts)  # type: ignore[arg-type]
        self.show(self.state)
